"""The life of flags over publications: every pattern of coming and going, through the journal and the model's SQL."""

import json
from datetime import UTC, date, datetime, timedelta
from itertools import groupby

import pytest

from expectations.flag_table import WRITTEN, add_flags, create_flag_table
from publish.publication import write_disclosed
from vocabulary.flags import FlagCode
from warehouse import agreement_tables, board_tables, ledger_tables
from warehouse.connections import create_tables, reading, writing
from warehouse.journal import Journal, JournalEntry
from warehouse.journal_tables import load_journal
from warehouse.paths import PUBLICATION_FILE, Paths
from warehouse.runs import SCHEMA

NIGHTS = [date(2024, 1, 1) + timedelta(days=7 * night) for night in range(5)]
PATTERNS = [f"{number:05b}" for number in range(1, 32)]
"""On which of the five nights a flag is raised: «10100» on the first and the third."""

ACKNOWLEDGED = "00111"
FLAGS = "from quality.flag"


@pytest.fixture(scope="module")
def model(sample_night) -> str:
    """The SQL that dbt compiled for quality.flag_history."""
    settings, _ = sample_night
    manifest = json.loads((Paths.of(settings).logs / "publish" / "target" / "manifest.json").read_text())
    (node,) = [one for one in manifest["nodes"].values() if one["name"] == "flag_history"]
    return node["compiled_code"]


@pytest.fixture
def publish(tmp_path, model):
    """Publish flags as of a day, given by their `detail`, and return the lives that the publication tells."""
    journal = Journal(tmp_path / "journal")

    def night(as_of, details, *, number=None, forget=()):
        number = len(journal.entries()) if number is None else number
        entry = JournalEntry(
            publication_id=f"{as_of}-{number:08}",
            as_of=as_of,
            published_at=datetime(2030, 1, 1, tzinfo=UTC) + timedelta(hours=number),
            build_id="b",
        )
        folder = tmp_path / f"{number}_{datetime.now(UTC):%f}"
        folder.mkdir()
        warehouse, publication = folder / "warehouse.duckdb", folder / PUBLICATION_FILE
        with writing(warehouse) as connection:
            create_tables(connection, agreement_tables.TABLES | ledger_tables.TABLES | board_tables.TABLES)
            load_journal(connection, journal, as_of)
            create_flag_table(connection)
            blank = dict.fromkeys(WRITTEN)
            flag = {**blank, "flag_code": FlagCode.MONTH_GAP, "severity": "warns", "message": "m"}
            add_flags(connection, [{**flag, "detail": detail} for detail in details], as_of)
            connection.execute(
                "update quality.flag set acknowledged_until = ?, acknowledged_by = 'x' where detail = ?",
                [as_of, ACKNOWLEDGED],
            )
            kept = connection.sql(f"select * exclude ({', '.join(forget)}) from quality.flag" if forget else FLAGS)
            if all(earlier.publication_id != entry.publication_id for earlier in journal.entries()):
                journal.append(entry, figures=kept, shown=kept, flags=kept)
            first_seen = dict(connection.execute("select detail, first_seen from quality.flag").fetchall())
            flags = connection.sql(FLAGS).df()
        write_disclosed(publication, warehouse, {"flag": flags}, entry, SCHEMA.empty_table())
        with reading(publication) as connection:
            lives = connection.execute(
                f"select detail, first_seen, last_seen, resolved_on, state, times_published from ({model})"
            ).fetchall()
        assert {(row[0], row[1]) for row in lives if row[3] is None} == set(first_seen.items())
        return sorted(lives, key=str)

    return night


def expected(pattern, until):
    """What a flag's life is on a night, straight from the pattern: a row per run of ones."""
    runs = [(bit, [at for at, _ in run]) for bit, run in groupby(enumerate(pattern[: until + 1]), key=lambda at: at[1])]
    for bit, nights in runs:
        if bit == "0":
            continue
        last = nights[-1]
        is_open = last == until
        state = ("acknowledged" if pattern == ACKNOWLEDGED else "open") if is_open else "resolved"
        yield (
            pattern, NIGHTS[nights[0]], NIGHTS[last], None if is_open else NIGHTS[last + 1], state, len(nights),
        )  # fmt: skip


def test_every_way_to_come_and_go_in_five_nights(publish):
    for number, as_of in enumerate(NIGHTS):
        lives = publish(as_of, [pattern for pattern in PATTERNS if pattern[number] == "1"])
        assert lives == sorted((life for pattern in PATTERNS for life in expected(pattern, number)), key=str)


def test_two_findings_of_one_place_are_one_life(publish):
    publish(NIGHTS[0], ["same", "same"])
    assert publish(NIGHTS[1], ["same", "same", "same"]) == [("same", NIGHTS[0], NIGHTS[1], None, "open", 2)]


def test_gone_and_back_on_one_day_is_one_stretch(publish):
    publish(NIGHTS[0], ["flag"])
    assert publish(NIGHTS[0], []) == [("flag", NIGHTS[0], NIGHTS[0], NIGHTS[0], "resolved", 1)]
    assert publish(NIGHTS[0], ["flag"]) == [("flag", NIGHTS[0], NIGHTS[0], None, "open", 2)]


def test_a_publication_that_is_made_again_is_not_counted_twice(publish):
    publish(NIGHTS[0], ["stays", "goes"])
    first = publish(NIGHTS[1], ["stays"])
    assert publish(NIGHTS[1], ["stays"], number=1) == first
    assert first == [
        ("goes", NIGHTS[0], NIGHTS[0], NIGHTS[1], "resolved", 1),
        ("stays", NIGHTS[0], NIGHTS[1], None, "open", 2),
    ]


def test_a_journal_of_an_earlier_version_is_read(publish):
    publish(NIGHTS[0], ["lost"], forget=("detail", "acknowledged_until", "acknowledged_by", "acknowledged_reason"))
    lives = publish(NIGHTS[1], ["new"])
    assert [(life[0], life[4]) for life in lives] == [("new", "open"), (None, "resolved")]


def test_a_replay_sees_the_journal_of_its_day(publish):
    publish(NIGHTS[0], ["a"])
    publish(NIGHTS[3], ["b"])
    assert publish(NIGHTS[1], ["a"], number=7) == [("a", NIGHTS[0], NIGHTS[1], None, "open", 2)]
