"""Publications after they are published: rolled back to, kept, removed."""

import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime

import duckdb
import pyarrow as pa
import pytest

from nightly.dbt import run_dbt
from nightly.lock import run_lock
from nightly.serving import rollback
from publish.stage import publish_build
from vocabulary.errors import (
    NothingPublished,
    PublicationAlreadyInForce,
    PublicationDamaged,
    PublicationNotFound,
    RunLocked,
)
from warehouse.builds import Builds
from warehouse.editions import Edition, Editions
from warehouse.paths import PUBLICATION_FILE, Paths, swap_link
from warehouse.publications import list_published, remove_old
from warehouse.rollbacks import Rollbacks

BY = {"role": "projektleder", "reason": "Forkert fil fra kommunen"}


@pytest.fixture
def two(nights):
    """HOME with two whole publications; the ids of the earlier and of the one in force."""
    earlier = nights.entries[0].publication_id
    return nights, earlier, whole(nights, date(2025, 11, 2))


def whole(nights, day: date, number: int = 1) -> str:
    """One more publication that holds what the one in force holds, with a record of its own."""
    record = json.loads((nights.paths.current / "publication.json").read_text())
    entry = nights.publish(day, "update quality.flag set message = message", number)
    folder = nights.paths.publication(entry.publication_id)
    (folder / "publication.json").write_text(json.dumps(record | {"publication_id": entry.publication_id}))
    return entry.publication_id


def in_force(nights) -> str:
    (one,) = [one.publication_id for one in list_published(nights.paths) if one.is_in_force]
    return one


def test_the_list_says_what_each_publication_holds(two):
    nights, earlier, later = two
    first, second = list_published(nights.paths)
    assert (first.publication_id, second.publication_id) == (earlier, later)
    assert (first.is_in_force, second.is_in_force) == (False, True)
    assert first.figures > 300 and set(first.flags_by_severity) == {"warns", "notes"}
    assert first.size_bytes > 1_000_000 and first.is_whole


def test_a_rollback_moves_the_link_and_is_noted(two):
    nights, earlier, later = two
    made = rollback(nights.settings, earlier, **BY)
    assert in_force(nights) == earlier
    assert Rollbacks(nights.paths).in_effect() == made
    assert (made.replaced_id, made.role, made.reason) == (later, BY["role"], BY["reason"])
    (record,) = nights.paths.rollbacks.iterdir()
    assert record.stat().st_mode & 0o777 == 0o600
    assert len(nights.entries) == 2, "the journal keeps what was published"


def test_a_rollback_can_be_taken_back(two):
    nights, earlier, later = two
    rollback(nights.settings, earlier, **BY)
    rollback(nights.settings, later, **BY)
    assert in_force(nights) == later and [one.publication_id for one in Rollbacks(nights.paths).all()] == [
        earlier,
        later,
    ]


def test_a_reader_that_opened_the_file_before_reads_on(two):
    nights, earlier, later = two
    with duckdb.connect(str(nights.paths.current / PUBLICATION_FILE), read_only=True) as reader:
        rollback(nights.settings, earlier, **BY)
        shutil.rmtree(nights.paths.publication(later))
        assert reader.execute("select count(*) from marts.fct_figure").fetchone()[0] > 300


def _cut_parquet(folder):
    file = next((folder / "parquet" / "marts").glob("*.parquet"))
    file.write_bytes(file.read_bytes()[:-1])


def _other_row(folder):
    with duckdb.connect(str(folder / PUBLICATION_FILE)) as connection:
        connection.execute("delete from quality.flag where flag_code = (select min(flag_code) from quality.flag)")


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / PUBLICATION_FILE).unlink(),
        lambda folder: (folder / PUBLICATION_FILE).write_bytes(b"not a database"),
        lambda folder: (folder / "publication.json").unlink(),
        lambda folder: (folder / "publication.json").write_text("{"),
        lambda folder: (folder / "publication.json").write_text('{"publication_id": "another", "tables": {}}'),
        _cut_parquet,
        _other_row,
    ],
)
def test_a_damaged_publication_is_not_put_in_force(two, damage):
    nights, earlier, later = two
    damage(nights.paths.publication(earlier))
    with pytest.raises(PublicationDamaged, match="Nothing has changed"):
        rollback(nights.settings, earlier, **BY)
    assert in_force(nights) == later and not Rollbacks(nights.paths).all()


@pytest.mark.parametrize("name", ["2020-01-01-00000000", "..", "../published/current", ""])
def test_an_unknown_id_is_told_with_those_that_exist(two, name):
    nights, earlier, later = two
    with pytest.raises(PublicationNotFound, match=f"{later}, {earlier}"):
        rollback(nights.settings, name, **BY)


def test_what_is_in_force_cannot_be_rolled_back_to(two):
    nights, _, later = two
    with pytest.raises(PublicationAlreadyInForce):
        rollback(nights.settings, later, **BY)


def test_where_nothing_is_published_there_is_nothing_to_roll_back_to(settings):
    with pytest.raises(NothingPublished):
        rollback(settings, "x", **BY)


def test_a_rollback_waits_for_no_night(two):
    nights, earlier, _ = two
    with run_lock(nights.paths, "another night"), pytest.raises(RunLocked):
        rollback(nights.settings, earlier, **BY)


def test_the_nights_after_a_rollback(nights):
    """The same day gives the same publication again; the next day a new one; both end the rollback."""
    settings = replace(nights.settings, publications_kept=2)
    (build,) = (one.name for one in nights.paths.builds.iterdir())
    first = nights.entries[0].publication_id

    def publish(day: int) -> str:
        builds = Builds(nights.paths)
        builds.save(builds.get(build).model_copy(update={"as_of": date(2025, 11, day)}))
        with run_lock(nights.paths, "publish") as fence:
            return publish_build(settings, build, run_dbt, fence).name

    second = publish(2)
    rollback(settings, first, **BY)
    assert Rollbacks(nights.paths).in_effect().replaced_id == second

    assert publish(2) == second == in_force(nights)
    assert Rollbacks(nights.paths).in_effect() is None and len(nights.entries) == 2

    rollback(settings, first, **BY)
    replay = publish(1)
    assert in_force(nights) == first, "a day before the last publication is a replay, whatever is in force"
    assert (nights.paths.replays / replay).exists()

    third = publish(3)
    assert in_force(nights) == third and Rollbacks(nights.paths).in_effect() is None
    assert [one.publication_id for one in nights.entries] == [first, second, third]
    assert [one.publication_id for one in list_published(nights.paths)] == [second, third], "two are kept"


class TestRetention:
    @pytest.fixture
    def five(self, nights):
        return nights, [nights.entries[0].publication_id, *(whole(nights, date(2025, 11, day)) for day in range(2, 6))]

    def kept(self, nights) -> list[str]:
        return [one.publication_id for one in list_published(nights.paths)]

    def test_the_newest_stay_and_the_journal_keeps_all(self, five):
        nights, ids = five
        assert remove_old(nights.paths, 2) == ids[:3]
        assert self.kept(nights) == ids[3:] and len(nights.entries) == 5
        assert remove_old(nights.paths, 2) == []

    def test_the_one_in_force_stays_whatever_its_age(self, five):
        nights, ids = five
        rollback(nights.settings, ids[1], **BY)
        remove_old(nights.paths, 1)
        assert self.kept(nights) == [ids[1], ids[4]] and in_force(nights) == ids[1]

    def test_what_an_edition_was_made_from_stays(self, five):
        nights, ids = five
        edition = Edition(
            agreement_id="a",
            year_kind="agreement",
            year=2024,
            year_label="2024/25",
            number=1,
            minutes="Møde 1",
            approved_on=date(2025, 12, 9),
            recorded_at=datetime(2025, 12, 9, tzinfo=UTC),
            publication_id=ids[0],
            as_of=date(2025, 11, 1),
        )
        Editions.of(nights.paths).keep(edition, {}, pa.table({}), [])
        remove_old(nights.paths, 1)
        assert self.kept(nights) == [ids[0], ids[4]]

    @pytest.mark.parametrize("content", ["{", "{}"])
    def test_nothing_goes_where_an_edition_cannot_be_read(self, five, content):
        nights, ids = five
        broken = nights.paths.editions / "a_agreement_2024_1" / "edition.json"
        broken.parent.mkdir(parents=True)
        broken.write_text(content)
        assert remove_old(nights.paths, 1) == [] and self.kept(nights) == ids

    def test_a_removal_that_was_stopped_leaves_nothing_that_counts(self, five, monkeypatch):
        nights, ids = five

        def stopped(folder):
            (folder / PUBLICATION_FILE).unlink()
            raise OSError(5, "stopped")

        monkeypatch.setattr(shutil, "rmtree", stopped)
        with pytest.raises(OSError, match="stopped"):
            remove_old(nights.paths, 4)
        assert self.kept(nights) == ids[1:]
        with pytest.raises(PublicationNotFound):
            rollback(nights.settings, ids[0], **BY)

    def test_replays_are_kept_as_many(self, nights):
        for number in range(3):
            (nights.paths.replays / f"2024-01-0{number + 1}-00000000").mkdir(parents=True)
        oldest = nights.paths.replays / "2024-01-01-00000000"
        removed = remove_old(nights.paths, 1, made=oldest)
        assert oldest.exists() and len(removed) >= 1 and len(self.kept(nights)) == 1


def test_a_link_to_a_folder_that_is_gone_is_nothing_published(nights):
    swap_link(nights.paths.current, nights.paths.publication("gone"))
    assert not any(one.is_in_force for one in list_published(Paths(nights.paths.home)))
