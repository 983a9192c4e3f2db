"""The confidential figures after an erasure are those of a world that was delivered without the person."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from ingest.erasing import take_out
from ingest.finding import find_person
from ingest.healing import heal
from ingest.stage import Ingest
from ingest.tombstoning import with_tombstones
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.paths import Paths

DAY = date(2025, 11, 1)
FIGURES = "select * from confidential.indicator_figure order by all"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """world(name): settings on a copy of the samples."""

    def make(name):
        folder = tmp_path_factory.mktemp(name)
        shutil.copytree(PROJECT_ROOT / "samples" / "landing", folder / "landing")
        settings = Settings.from_environment(home=folder / "home", landing=folder / "landing")
        settings = replace(settings, erasures=folder / "erasures")
        Paths.of(settings).create()
        return settings

    return make


def night(settings):
    ingest = Ingest(settings)
    ingest.read_files(ingest.find_new(DAY).files)
    heal(Ingest(settings))


def without_rows(settings, found):
    """Take the person's records out of the delivered files as if they had never been exported."""
    landing = Ingest(settings)
    for one in found.own:
        content = landing.landing.read(*one.file.parts)
        descriptor = landing.descriptors[one.file.source_id]
        lines = {number for _, number in one.rows}
        cut = with_tombstones(content, one.file.file_name, descriptor, lines, "\0gone\0")
        kept = b"".join(line for line in cut.splitlines(keepends=True) if b"\0gone\0" not in line)
        landing.landing.write(kept, *one.file.parts)


def ids_of_participants():
    path = PROJECT_ROOT / "samples" / "landing" / "forloeb_deltagere" / "2023-01-19" / "forloeb_2022.csv"
    lines = path.read_bytes().decode("utf-8-sig", errors="replace").splitlines()
    return lines[1].split(";")[1]


@pytest.mark.parametrize("identity", ["8405930170", "participant"])
def test_figures_equal_those_of_a_world_without_the_person(world, build_in_memory, identity):
    chosen = ids_of_participants() if identity == "participant" else identity
    erased, other = world("erased"), world("other")
    originals = shutil.copytree(erased.landing, erased.home.parent / "originals")
    night(erased)
    with build_in_memory(erased, DAY) as connection:
        before = connection.execute(FIGURES).fetchall()
    backup = shutil.copytree(erased.home, erased.home.parent / "backup")
    found = find_person(Ingest(erased), chosen)
    assert sum(found.rows_by_source.values()) > 1
    without_rows(other, found)
    night(other)
    with build_in_memory(other, DAY) as connection:
        expected = connection.execute(FIGURES).fetchall()
    assert expected != before

    take_out(erased, found, DAY, keep_files=False, progress=lambda line: None)
    with build_in_memory(erased, DAY) as connection:
        assert connection.execute(FIGURES).fetchall() == expected

    shutil.rmtree(erased.home)
    shutil.copytree(backup, erased.home)
    shutil.copytree(originals, erased.landing, dirs_exist_ok=True)
    night(erased)
    with build_in_memory(erased, DAY) as connection:
        assert connection.execute(FIGURES).fetchall() == expected
