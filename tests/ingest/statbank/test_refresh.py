"""A table comes into the landing zone whole, once, and only when there is something new; else the zone is as it was."""

import json
import stat
from datetime import date
from pathlib import Path

import pytest

from ingest.descriptor import read_descriptors
from ingest.statbank.refresh import plan, refresh
from tests.statbank_server import cut, page, status
from vocabulary.errors import (
    LandingNotFound,
    LandingNotWritable,
    StatbankAnswerWrong,
    StatbankDeliveredToday,
    StatbankFormatUnread,
    StatbankTableUnknown,
    StatbankUnreachable,
)
from warehouse.paths import owner_only
from warehouse.store import Folder

TODAY, NEXT_MONTH = date(2026, 11, 15), date(2026, 12, 15)
DESCRIPTOR = """
source_id: folketal
name: Folketal
owner: Danmarks Statistik
description: One row per region, sex and type.
cadence: quarterly
replacement: replaces_period
period: {{origin: column, cut_to_agreement: false}}
fetch:
  lang: en
  format: {format}
  most_cells: {most_cells}
  tables:
    - table: FOLK9
      variables:
        - {{code: TYPE, values: [One]}}
        - {{code: KØN, values: all}}
        - {{code: OMRÅDE, values: all}}
columns:
  type: {{treatment: public}}
  sex: {{treatment: public}}
  region: {{treatment: public, type: region}}
layouts:
  - {layout}
"""
WIDE = "{layout: wide, format: wide_excel, file_name: FOLK9, dataset: FOLK9, dimensions: [type, sex, region]}"
RECORDS = "{layout: records, format: csv, file_name: FOLK9, headings: {region: [OMRÅDE], sex: [KØN], type: [TYPE]}}"


@pytest.fixture
def describe(tmp_path):
    """describe(format=…, most_cells=…) is a descriptor that asks for FOLK9 and reads workbooks or CSV."""

    def one(format="XLSX", most_cells=1_000_000):
        layout = RECORDS if format == "CSV" else WIDE
        (tmp_path / "folketal.yaml").write_text(DESCRIPTOR.format(format=format, most_cells=most_cells, layout=layout))
        return read_descriptors(tmp_path)["folketal"]

    return one


@pytest.fixture
def landing(tmp_path):
    (tmp_path / "landing").mkdir()
    return Folder.at(str(tmp_path / "landing"))


@pytest.fixture
def run(client, landing, describe):
    """run(day, since=…, **changed) refreshes FOLK9 and tells how it went."""

    def one(today=TODAY, since=None, told=None, **changed):
        descriptor = describe(**changed)
        planned = plan(client, descriptor, descriptor.fetch.tables[0], since)
        return refresh(client, landing, planned, today, (told if told is not None else []).append)

    return one


def lying(landing):
    """Every file of the landing zone, hidden ones included, with its content."""
    root = Path(landing.root)
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_table_is_delivered_under_the_date_with_a_hidden_receipt(bank, run, landing):
    told = []
    done = run(told=told)
    assert [one.file_name for one in done.files] == ["FOLK9.xlsx"] and done.periods == ("2023K1", "2024K4")
    assert sorted(lying(landing)) == ["folketal/2026-11-15/.FOLK9.fetched.json", "folketal/2026-11-15/FOLK9.xlsx"]
    receipt = json.loads(lying(landing)["folketal/2026-11-15/.FOLK9.fetched.json"])
    assert (receipt["unit"], receipt["footnote"], receipt["updated"], receipt["suppressed_data_value"]) == (
        "number",
        "Counted by hand.",
        "2026-11-10T08:00:00",
        "0",
    )
    assert told == ["FOLK9: piece 1 of 1, 360 cells", "FOLK9: delivered FOLK9.xlsx"]


def test_a_table_that_was_not_updated_is_not_even_asked_for(bank, run, landing):
    run()
    before = lying(landing)
    done = run(NEXT_MONTH)
    assert (done.files, done.delivered_on) == ((), TODAY)
    assert [function for function, _ in bank.asked] == ["tableinfo", "data", "tableinfo"]
    assert lying(landing) == before


def test_an_update_with_the_same_content_is_not_delivered_again(bank, run, landing):
    run(format="CSV")
    before = lying(landing)
    bank.tables["FOLK9"].updated = "2026-12-10T08:00:00"
    assert run(NEXT_MONTH, format="CSV").files == ()
    assert lying(landing) == before
    assert len(bank.asked_for("data")) == 2


def test_an_update_is_a_new_delivery_beside_the_old(bank, run, landing):
    run()
    before = lying(landing)
    table = bank.tables["FOLK9"]
    table.updated, table.cells = "2026-12-10T08:00:00", {key: 7 for key in table.cells}
    assert len(run(NEXT_MONTH).files) == 1
    after = lying(landing)
    assert after.items() > before.items()
    assert sorted(set(after) - set(before)) == [
        "folketal/2026-12-15/.FOLK9.fetched.json",
        "folketal/2026-12-15/FOLK9.xlsx",
    ]


@pytest.mark.parametrize("lost", ["FOLK9.csv", ".FOLK9.fetched.json"])
def test_what_is_gone_from_the_landing_zone_is_fetched_again(run, landing, lost):
    """A run that was killed between two files leaves no receipt: the next one of the day completes it."""
    run(format="CSV")
    before = lying(landing)
    Path(landing.path("folketal", "2026-11-15", lost)).unlink()
    assert len(run(format="CSV").files) == 1
    assert lying(landing) == before


def test_another_question_is_asked_anew_and_a_day_has_one_content(bank, run, landing):
    run()
    before = lying(landing)
    with pytest.raises(StatbankDeliveredToday, match="FOLK9 was delivered today already"):
        run(since=2024)
    assert lying(landing) == before
    done = run(NEXT_MONTH, since=2024)
    assert done.periods == ("2024K1", "2024K4") and len(done.files) == 1


def test_a_large_table_comes_in_files_of_periods_of_their_own(bank, run, landing):
    told = []
    done = run(told=told, most_cells=100)
    names = [one.file_name for one in done.files]
    assert names == [
        "FOLK9_2023K1-2023K2.xlsx",
        "FOLK9_2023K3-2023K4.xlsx",
        "FOLK9_2024K1-2024K2.xlsx",
        "FOLK9_2024K3-2024K4.xlsx",
    ]
    assert [
        next(one["values"] for one in body["variables"] if one["code"] == "Tid") for body in bank.asked_for("data")
    ] == [[f"{year}K{first}", f"{year}K{first + 1}"] for year in (2023, 2024) for first in (1, 3)]
    assert told[:2] == ["FOLK9: piece 1 of 4, 90 cells", "FOLK9: piece 2 of 4, 90 cells"]


def test_what_statbank_calls_things_leads_nowhere_else(bank, run, landing):
    """Codes of periods go into the names of files."""
    table = bank.tables["FOLK9"]
    *others, (code, label, periods, _) = table.variables
    strange = {f"2023/../{one}": text for one, text in periods.items()}
    table.variables = [*others, (code, label, strange, False)]
    table.cells = {(*rest, f"2023/../{period}"): cell for (*rest, period), cell in table.cells.items()}
    table.id = "../../FOLK9"
    names = [one.file_name for one in run(format="CSV", most_cells=100).files]
    assert names[0] == "FOLK9_20232023K1-20232023K2.csv"
    assert set(Path(landing.root).parent.rglob("*FOLK9*")) == set(Path(landing.root, "folketal").rglob("*FOLK9*"))


def test_pieces_of_one_period_are_numbered(run):
    names = [one.file_name for one in run(since=2024, most_cells=25).files]
    assert names[:3] == ["FOLK9_2024K1.xlsx", "FOLK9_2024K1_2.xlsx", "FOLK9_2024K1_3.xlsx"]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("mishaps", "error"),
    [([page], StatbankAnswerWrong), ([status(500)] * 5, StatbankUnreachable), ([cut] * 5, StatbankUnreachable)],
    ids=["a page in its place", "broken", "cut"],
)
@pytest.mark.parametrize("good", [0, 2], ids=["at first", "after two pieces"])
def test_nothing_of_a_table_is_delivered_where_one_piece_fails(bank, run, landing, mishaps, error, good):
    answer = bank.answer
    bank.mishaps["data"] += [lambda handler: handler.answer(*answer("data", bank.asked[-1][1]))] * good
    bank.mishaps["data"] += mishaps
    with pytest.raises(error):
        run(most_cells=100)
    assert lying(landing) == {}
    assert len(run(most_cells=100).files) == 4, "the next run is as if nothing had been"


def test_a_table_that_statbank_does_not_have_is_told_with_the_nearest(bank, run):
    bank.tables["FOLK1A"] = bank.tables.pop("FOLK9")
    bank.tables["FOLK1A"].id = "FOLK1A"
    with pytest.raises(StatbankTableUnknown, match=r"has no table FOLK9. Nearest: FOLK1A \(Population\)"):
        run()


def test_a_format_that_no_night_would_read_is_told_before_anything_is_asked(bank, run):
    with pytest.raises(StatbankFormatUnread, match=r"no layout reads FOLK9\.px"):
        run(format="PX")
    assert bank.asked == []


def test_without_a_landing_zone_nothing_is_fetched(bank, run, landing):
    Path(landing.root).rmdir()
    with pytest.raises(LandingNotFound):
        run()
    assert bank.asked_for("data") == []


def test_a_landing_zone_that_may_not_be_written_to_is_told(run, landing, monkeypatch):
    """The zone's user may be root, who may write everywhere: the system's answer is given in its place."""

    def denied(self, *_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", denied)
    with pytest.raises(LandingNotWritable, match=r"Cannot write into the landing zone .*2026-11-15: Permission denied"):
        run()
    assert lying(landing) == {}


def test_no_file_is_seen_before_all_are_there(tmp_path):
    """A copy that fails leaves nothing behind, neither its own beginning nor the whole ones before it."""
    (tmp_path / "whole").write_bytes(b"1")
    (tmp_path / "landing").mkdir(mode=0o755)
    folder = Folder.at(str(tmp_path / "landing"))
    with pytest.raises(FileNotFoundError):
        folder.write_together({"a": tmp_path / "whole", "b": tmp_path / "gone"}, "folketal", "2026-11-15")
    assert list((tmp_path / "landing" / "folketal" / "2026-11-15").iterdir()) == []
    folder.write_together({"a": tmp_path / "whole", "b": tmp_path / "whole"}, "folketal", "2026-11-15")
    assert folder.names("folketal", "2026-11-15") == ["a", "b"]


def test_the_first_file_appears_last(tmp_path):
    """Where it stands, all others do: so the receipt is never without its files."""
    (tmp_path / "whole").write_bytes(b"1")
    (tmp_path / "landing" / "folketal" / "a").mkdir(parents=True)
    with pytest.raises(OSError, match="directory"):  # in whose place no file can be put
        Folder.at(str(tmp_path / "landing")).write_together(dict.fromkeys("ab", tmp_path / "whole"), "folketal")
    assert (tmp_path / "landing" / "folketal" / "b").is_file()


@pytest.mark.parametrize(("mode", "of_files"), [(0o755, 0o644), (0o750, 0o640), (0o700, 0o600)])
def test_a_delivery_is_for_whoever_may_see_the_landing_zone(run, landing, mode, of_files):
    """Nights may be run by another user than the one who fetches; what StatBank publishes is no secret."""
    Path(landing.root).chmod(mode)
    with owner_only():
        run()
    day = Path(landing.root, "folketal", "2026-11-15")
    assert {stat.S_IMODE(folder.stat().st_mode) for folder in (day, day.parent)} == {mode}
    assert {stat.S_IMODE(file.stat().st_mode) for file in day.iterdir()} == {of_files}


def test_a_landing_zone_in_an_object_store_is_delivered_into_as_well(client, describe):
    landing = Folder.at("memory://statbank-landing")
    landing.filesystem.makedirs(landing.root, exist_ok=True)
    descriptor = describe()
    done = refresh(client, landing, plan(client, descriptor, descriptor.fetch.tables[0]), TODAY, print)
    assert landing.names("folketal", "2026-11-15") == [".FOLK9.fetched.json", "FOLK9.xlsx"]
    again = refresh(client, landing, plan(client, descriptor, descriptor.fetch.tables[0]), NEXT_MONTH, print)
    assert len(done.files) == 1 and again.files == ()
