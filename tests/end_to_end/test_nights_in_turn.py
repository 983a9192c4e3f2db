"""Nights one after the other: versions of deliveries, restated figures, replays; and years that are not whole."""

import shutil
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from nightly.night import run_night
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.connections import reading
from warehouse.journal import Journal
from warehouse.paths import PUBLICATION_FILE, Paths

SAMPLES = PROJECT_ROOT / "samples" / "landing"
FIGURES = "select * from confidential.indicator_figure order by all"


def figures(settings, night):
    with reading(Paths.of(settings).warehouse(night.build.build_id)) as connection:
        return connection.execute(FIGURES).fetchall()


def states(settings, night, indicator, area="alle_omraader"):
    with reading(Paths.of(settings).warehouse(night.build.build_id)) as connection:
        rows = connection.execute(
            "select year_key, value_state, value from confidential.indicator_figure "
            "where indicator_id = ? and area_id = ?",
            [indicator, area],
        ).fetchall()
    return {key: (state, value) for key, state, value in rows}


ACKNOWLEDGEMENTS = """acknowledgements:
  - acknowledgement_id: sessions_2022
    flag: restated
    scope: {indicator: brobygningssamtaler, year_kind: calendar, year: 2022}
    observed: "1.414"
    reason: The partner delivered the year again.
    by: head of the programme
    decided_on: 2023-03-20
    until: 2026-03-31
  - acknowledgement_id: residents_2020
    flag: missing_figure
    scope: {indicator: beboertal, year: 2020}
    observed: null
    reason: The publisher promised the table.
    by: head of the programme
    decided_on: 2023-03-20
    until: 2024-12-31
"""


@pytest.fixture(scope="module")
def walked(tmp_path_factory):
    """The nights before and after the correction of 2022, then the last one, when two flags had been acknowledged."""
    folder = tmp_path_factory.mktemp("walk")
    agreements = folder / "agreements"
    shutil.copytree(PROJECT_ROOT / "agreements", agreements, ignore=shutil.ignore_patterns("acknowledgements", "*.py"))
    (agreements / "acknowledgements").mkdir()
    (agreements / "acknowledgements" / "known.yaml").write_text(ACKNOWLEDGEMENTS)
    settings = replace(Settings.from_environment(home=folder / "home", landing=SAMPLES), agreements=agreements)
    days = [date(2023, 1, 12), date(2023, 3, 2), date(2025, 11, 1)]
    return settings, [run_night(settings, day) for day in days]


def test_nights_in_turn_end_with_the_figures_of_one_night_alone(walked, sample_night):
    assert figures(walked[0], walked[1][-1]) == figures(*sample_night)


def test_what_was_restated_keeps_old_value_new_value_and_cause(walked):
    _, nights = walked
    with reading(nights[-1].publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select area_id, observed, expected, file_name, first_seen from quality.flag "
            "where flag_code = 'restated' and indicator_id = 'brobygningssamtaler' "
            "and year_kind = 'calendar' and year = 2022 order by area_id"
        ).fetchall()
    assert rows[0] == ("alle_omraader", "1.414", "1.355", "vejledninger_2022_rettet.csv", date(2023, 3, 2))
    assert [row[0] for row in rows] == ["alle_omraader", "motalavej", "ringparken", "sydbyen"]


def test_only_figures_that_were_final_are_restated(walked):
    with reading(walked[1][-1].publication / PUBLICATION_FILE) as connection:
        found = connection.execute(
            "select distinct indicator_id, year_kind, year from quality.flag where flag_code = 'restated' order by all"
        ).fetchall()
    # the correction of 2022 also changed sessions of the agreement year 2021/22, which had ended
    assert found == [("brobygningssamtaler", "agreement", 2021), ("brobygningssamtaler", "calendar", 2022)]


def test_history_keeps_every_version(walked):
    with reading(walked[1][-1].publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select value, value_state, valid_to_publication is null from marts.figure_history "
            "where indicator_id = 'brobygningssamtaler' and area_id = 'alle_omraader' and year_kind = 'calendar' "
            "and year = 2022 order by published_at"
        ).fetchall()
    assert rows == [(1355.0, "observed", False), (1414.0, "observed", True)]


def test_an_acknowledgement_covers_the_number_it_was_given_for(walked):
    _, nights = walked
    query = (
        "select area_id, acknowledged_until, acknowledged_by, flag_count, flag.severity = worst_severity "
        "from quality.flag inner join marts.indicator_by_area_year as figure "
        "using (agreement_id, indicator_id, area_id, year_kind, year) where flag_code = 'restated' "
        "and indicator_id = 'brobygningssamtaler' and year_kind = 'calendar' and year = 2022 order by area_id"
    )
    with reading(nights[-1].publication / PUBLICATION_FILE) as connection:
        total, *areas = connection.execute(query).fetchall()
    assert total == ("alle_omraader", date(2026, 3, 31), "head of the programme", 1, True)
    assert [until for _, until, *_ in areas] == [None] * 3  # their numbers are others
    with reading(nights[1].publication / PUBLICATION_FILE) as connection:
        assert {row[1] for row in connection.execute(query).fetchall()} == {None}  # seen on the day, not decided yet


def test_an_acknowledgement_that_ran_out_while_the_gap_stayed_is_flagged(walked):
    with reading(walked[1][-1].publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select indicator_id, year, area_id, detail from quality.flag where flag_code = 'acknowledgement_expired'"
        ).fetchall()
    assert rows == [("beboertal", 2020, None, "residents_2020")]


def test_the_life_of_every_flag_is_told(walked):
    settings, nights = walked
    days = {night.build.as_of for night in nights}
    with reading(nights[-1].publication / PUBLICATION_FILE) as connection:
        lives = connection.execute(
            "select flag_code, first_seen, last_seen, resolved_on, state, times_published from quality.flag_history"
        ).fetchall()
        there = connection.execute(
            "select flag_code, first_seen, acknowledged_until is not null from quality.flag"
        ).fetchall()
    assert Counter((code, first, state == "acknowledged") for code, first, _, gone, state, _ in lives if not gone) == (
        Counter(there)
    )
    assert {day for life in lives for day in life[1:4] if day} <= days
    assert {(code, state) for code, *_, state, _ in lives} >= {("restated", "acknowledged"), ("restated", "open")}
    for _, first, last, gone, state, times in lives:
        assert times == sum(first <= day <= last for day in days)
        assert (state == "resolved") == (gone is not None) == (last != nights[-1].build.as_of)
    assert Journal(Paths.of(settings).journal).entries()[-1].publication_id == nights[-1].publication.name


def test_an_earlier_day_is_a_replay_that_moves_nothing(walked):
    settings, _ = walked
    paths = Paths.of(settings)
    entries, current = Journal(paths.journal).entries(), paths.current.resolve()
    replay = run_night(settings, date(2023, 1, 31))
    assert states(settings, replay, "brobygningssamtaler")["calendar-2022"] == ("observed", 1355.0)
    assert replay.publication.parent == paths.replays
    with reading(paths.warehouse(replay.build.build_id)) as connection:
        assert connection.execute("select count(*) from agreement.acknowledgement").fetchall() == [(0,)]
    assert Journal(paths.journal).entries() == entries and paths.current.resolve() == current


def test_a_year_that_has_not_been_delivered_and_one_delivered_in_part(settings):
    landing = Path(settings.landing)
    shutil.copytree(SAMPLES, landing, dirs_exist_ok=True)
    shutil.rmtree(landing / "vejledninger" / "2024-01-09")  # all of 2023
    last = landing / "vejledninger" / "2025-10-06"
    last.rename(landing / "vejledninger" / "2025-03-31")  # 2025 now ends in March
    shutil.rmtree(landing / "tryghedssurvey" / "2022-03-15")  # the wave of 2021
    night = run_night(settings, date(2025, 11, 1))
    found = {key: state for key, (state, _) in states(settings, night, "brobygningssamtaler").items()}
    assert found == {
        "calendar-2021": "observed",
        "calendar-2022": "observed",
        "calendar-2023": "missing",
        "calendar-2024": "observed",
        "calendar-2025": "incomplete",
        "agreement-2021": "observed",
        "agreement-2022": "incomplete",
        "agreement-2023": "incomplete",
        "agreement-2024": "incomplete",
    }
    assert states(settings, night, "oplever_faellesskab")["calendar-2021"] == ("missing", None)
    with reading(night.publication / PUBLICATION_FILE) as connection:
        flags = connection.execute(
            "select flag_code, count(*) from quality.flag where indicator_id = 'brobygningssamtaler' group by all"
        ).fetchall()
        status = connection.execute(
            "select distinct target_status from marts.indicator_by_area_year "
            "where target_value is not null and value_state = 'incomplete'"
        ).fetchall()
    # of the incomplete years only two are due by now, each in four areas
    assert {code: count for code, count in flags if code in ("missing_figure", "incomplete_period")} == {
        "missing_figure": 4,
        "incomplete_period": 8,
    }
    assert status == [("not_assessable",)]


def test_one_source_alone_makes_a_night(settings):
    shutil.copytree(SAMPLES / "aktiviteter", Path(settings.landing) / "aktiviteter")
    night = run_night(settings, date(2022, 6, 1))
    found = states(settings, night, "stoerre_aktiviteter")
    assert found["calendar-2021"] == ("observed", 4.0)
    assert found["agreement-2021"][0] == "incomplete"  # delivered until 20 January
    assert found["calendar-2022"][0] == "not_due" and found["calendar-2025"][0] == "not_due"
    assert states(settings, night, "brobygningssamtaler")["calendar-2021"] == ("missing", None)


def test_a_real_zero_names_the_file_it_rests_on(settings, deliver):
    deliver(
        "vejledninger",
        "2022-01-10",
        "v_2021.csv",
        (SAMPLES / "vejledninger" / "2022-01-10" / "vejledninger_2021.csv").read_bytes().splitlines(keepends=True)[0],
    )
    night = run_night(settings, date(2022, 1, 31))
    assert states(settings, night, "brobygningssamtaler")["calendar-2021"] == ("observed", 0.0)
    with reading(night.publication / PUBLICATION_FILE) as connection:
        rows = connection.execute(
            "select file_name, rows_count from marts.figure_source "
            "where indicator_id = 'brobygningssamtaler' and area_id = 'sydbyen' and year_kind = 'calendar'"
        ).fetchall()
    assert rows == [("v_2021.csv", 0)]
