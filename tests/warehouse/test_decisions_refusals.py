"""Decisions and refused nights: kept for the owner alone, read back as they were, never edited."""

from datetime import UTC, date, datetime

import pytest

from vocabulary.errors import RefusalNotFound
from warehouse.decisions import Decision, Decisions, FigureChange, Verdict
from warehouse.paths import Paths
from warehouse.refusals import Refusals, RefusedFlag, RefusedNight


def change(old, new, year=2022):
    key = {"agreement_id": "x", "indicator_id": "i", "area_id": "a", "year_kind": "calendar", "year": year}
    return FigureChange(**key, old_value=old, new_value=new)


def decision(minute, verdict, *changes):
    return Decision(
        build_id=f"b{minute}",
        as_of=date(2023, 3, 2),
        decided_at=datetime(2023, 3, 3, 8, minute, tzinfo=UTC),
        verdict=verdict,
        role="programleder",
        reason=None,
        changes=changes,
    )


def test_the_last_decision_on_the_very_same_values_counts(tmp_path):
    decisions = Decisions(tmp_path / "decisions")
    assert decisions.all() == [] and decisions.on_build("b1") is None
    first = decision(1, Verdict.REJECTED, change(10, 1 / 3), change(5, 6, year=2021))
    second = decision(2, Verdict.APPROVED, change(10, 1 / 3))
    for one in (second, first):
        decisions.append(one)
    assert decisions.all() == [first, second] and decisions.on_build("b1") == first
    asked = [change(10, 1 / 3), change(5, 6, year=2021), change(10, 0.3333)]
    assert decisions.latest(asked) == {asked[0]: second, asked[1]: first}


def test_a_decision_is_for_its_owner_only(tmp_path):
    Decisions(tmp_path / "decisions").append(decision(1, Verdict.REJECTED, change(1, 2)))
    [path] = (tmp_path / "decisions").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_refused_night_gives_its_flags_back_the_blocking_ones_first(tmp_path):
    flags = [
        RefusedFlag(
            flag_code=code,
            severity=severity,
            message=code,
            **dict.fromkeys(("agreement_id", "indicator_id", "area_id", "year_kind", "year")),
            **dict.fromkeys(("source_id", "file_name", "observed", "expected")),
        )
        for code, severity in (("series_break", "notes"), ("restated", "warns"), ("share_out_of_range", "blocks"))
    ]
    refusals = Refusals(Paths(tmp_path))
    days = [datetime(2023, 3, day, tzinfo=UTC) for day in (2, 1)]
    nights = [RefusedNight(build_id=f"b{day.day}", as_of=day.date(), refused_at=day, flags=flags) for day in days]
    for night in (*nights, nights[0]):
        refusals.keep(night)
    assert refusals.all() == nights
    assert [flag.flag_code for flag in refusals.get("b1").worst_first] == [
        "share_out_of_range",
        "restated",
        "series_break",
    ]
    with pytest.raises(RefusalNotFound, match="omraadetal refused"):
        refusals.get("b3")
