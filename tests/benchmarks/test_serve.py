"""Readers meet no error and no answer of two publications; and the benchmark would tell if they did."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

import pytest

from benchmarks.readers import serve, variants
from benchmarks.reading_sides import FileSide, PostgresSide
from warehouse.paths import Paths


@pytest.fixture(scope="module")
def publications(sample_night, tmp_path_factory):
    return variants(sample_night[1].publication, tmp_path_factory.mktemp("variants"), 3)


QUICK = {"readers": 4, "swaps": 2, "seconds": 1.0}


def require_clean(found):
    for phase in (found.quiet, found.swapping):
        assert (phase.errors, phase.mixed) == ([], 0)
        assert phase.answers
    assert len(found.swaps) == QUICK["swaps"]


def test_postgresql_gives_no_error_and_no_mix(publications, tmp_path):
    with PostgresSide.opened(Paths(tmp_path)) as side:
        found = serve(side, publications, **QUICK)
    require_clean(found)
    assert found.seen >= 2


def test_the_file_gives_no_error_and_no_mix(publications, tmp_path):
    found = serve(FileSide(Paths(tmp_path)), publications, **QUICK)
    require_clean(found)
    assert found.seen == len(publications)


@dataclass(frozen=True)
class Torn(FileSide):
    """Answers lack a row, or have one of another publication."""

    spoil: Callable[[list], object] = list.clear

    @contextmanager
    def reader(self):
        with super().reader() as whole:

            def ask(queries):
                found = whole(queries)
                self.spoil(found[-1])
                return found

            yield ask


@pytest.mark.parametrize("spoil", [list.pop, lambda rows: rows.__setitem__(0, ("another", *rows[0][1:]))])
def test_answers_that_are_not_of_one_publication_are_counted(publications, tmp_path, spoil):
    found = serve(Torn(Paths(tmp_path), spoil=spoil), publications, **QUICK)
    assert found.quiet.mixed == len(found.quiet.answers) > 0


@dataclass(frozen=True)
class Broken(FileSide):
    """Puts a publication in force whose file is not there."""

    def show(self, publication):
        super().show(publication if publication.name.endswith("0") else publication / "gone")


def test_errors_are_counted(publications, tmp_path):
    assert serve(Broken(Paths(tmp_path)), publications, **QUICK).swapping.errors
