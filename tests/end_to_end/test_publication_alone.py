"""Nothing in a publication leads back to what is confidential: no name, no path, no byte of what was hidden."""

import re
import shutil
import stat
import struct
from contextlib import closing
from dataclasses import replace

import duckdb
import pytest

from nightly.stages import publish, report
from tests.end_to_end.traces import traces
from warehouse.builds import Builds
from warehouse.connections import writing
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.publications import RECORD_FILE

INNER = {"contributors", "hits_count", "person_key", "record_key", "weight", "pseudonym_key_id"}
"""Columns of the warehouse that would tell of persons."""

SENTINEL, SECRET = 48151.62342, "hemmeligheden48151"
WAYS_BACK = re.compile(rb"warehouse\.duckdb|/builds/|/journal/|/raw/|\.built")


@pytest.fixture(scope="module")
def world(sample_night, tmp_path_factory):
    """A copy of the sample night in which a figure, its weighted sums and its flags hold a sentinel, published."""
    settings, night = sample_night
    home = tmp_path_factory.mktemp("copy") / "home"
    shutil.copytree(settings.home, home, symlinks=True)
    settings = replace(settings, home=home, store=str(home))
    paths = Paths(home)
    record = Builds(paths).get(night.build.build_id)
    with writing(paths.warehouse(record.build_id)) as connection:
        hidden = connection.execute(
            "update confidential.indicator_figure set value = $1, numerator = $1, contributors = 2, n = 2 "
            "where indicator_id = 'boern_i_boernedemokrati' and value_state = 'observed' and area_id = 'sydbyen'",
            [SENTINEL],
        ).fetchone()[0]
        sums = connection.execute(
            "update confidential.indicator_figure set numerator = ?, denominator = ? where figure_type = 'share'",
            [SENTINEL, SENTINEL],
        ).fetchone()[0]
        connection.execute(
            "insert into quality.flag by name select 'jump' as flag_code, 'warns' as severity, "
            "agreement_id, indicator_id, area_id, year_kind, year, $1 as message, $1 as observed, $1 as expected, "
            "date '2025-11-01' as first_seen from confidential.indicator_figure where value = $2",
            [SECRET, SENTINEL],
        )
        connection.execute("checkpoint")
    assert hidden and sums
    publication = publish(settings, record.build_id)
    report(settings, publication)
    assert publication.name != night.publication.name
    return paths, record.build_id, publication


def test_the_search_would_find_what_was_hidden(world):
    paths, build_id, _ = world
    found = b"".join(content for _, content in traces(paths.build(build_id)))
    assert SECRET.encode() in found and str(SENTINEL).encode() in found


def test_no_byte_of_what_was_hidden_is_published(world):
    _, _, publication = world
    for place, content in traces(publication):
        assert SECRET.encode() not in content, place
        assert str(SENTINEL).encode() not in content and struct.pack("<d", SENTINEL) not in content, place


def test_no_path_and_no_build_is_named_but_in_the_record(world):
    paths, build_id, publication = world
    for place, content in traces(publication):
        assert str(paths.home).encode() not in content, place
        assert not WAYS_BACK.search(content), (place, WAYS_BACK.search(content))
        assert build_id.encode() not in content or place == RECORD_FILE, place


def test_the_published_database_holds_tables_only_and_no_inner_column(world):
    _, _, publication = world
    with closing(duckdb.connect(str(publication / PUBLICATION_FILE), read_only=True)) as connection:

        def made(kind, what="count(*)"):
            return [
                row[0]
                for row in connection.execute(f"select {what} from duckdb_{kind}() where not internal").fetchall()
            ]

        assert [made(kind) for kind in ("views", "functions", "types")] == [[0]] * 3
        assert set(made("tables", "schema_name")) == {"marts", "quality", "curated"}
        assert not INNER & set(made("columns", "column_name"))
        assert made("databases", "database_name") == ["omraadetal"]
        free = connection.execute("select free_blocks, wal_size from pragma_database_size()").fetchone()
    assert free == (0, "0 bytes"), "a block that is free may still hold what was deleted"


def test_what_a_night_writes_is_for_its_owner_alone(sample_night):
    """Whatever the umask of the process that called the stages."""
    settings, _ = sample_night
    open_to_others = [
        f"{stat.S_IMODE(path.lstat().st_mode):o} {path.relative_to(settings.home)}"
        for path in [settings.home, *settings.home.rglob("*")]
        if not path.is_symlink() and path.lstat().st_mode & 0o077
    ]
    assert open_to_others == []
