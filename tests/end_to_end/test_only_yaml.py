"""A new source, a new delaftale with every kind of measure, and a revision: YAML and delivered files, no code."""

from datetime import date

import pytest

from nightly.night import run_night
from vocabulary.settings import Settings
from warehouse.connections import reading
from warehouse.paths import PUBLICATION_FILE, Paths

AREAS = """
areas:
  - {area_id: nordby, name: Nordby, level: area, aliases: ["Nordby, Egestad"]}
  - {area_id: sydby, name: Sydby, level: area}
  - {area_id: havnen, name: Havnen, level: area, valid_from: 2024-01-01, predecessors: [sydby]}
  - {area_id: alle_omraader, name: Alle boligområder, level: all_areas, aliases: [Alle]}
"""

SOURCE = """
source_id: loebeklub
name: Løbeklubbens mødebog
owner: Løbeklubben
description: One row per runner and evening.
cadence: yearly
replacement: replaces_period
period: {origin: file_name}
columns:
  evening: {treatment: public, type: date, event_date: true, key: true}
  runner: {treatment: pseudonymise, key: true}
  place: {treatment: public, type: areas}
  kilometres: {treatment: public, type: number}
  group: {treatment: public}
layouts:
  - layout: moedebog
    format: csv
    headings: {evening: [Aften], runner: [Løber], place: [Sted], kilometres: [Km], group: [Hold]}
"""

RESIDENTS = """
source_id: indbyggere
name: Egestads indbyggertal
owner: Egestad Kommune
description: Residents by area, one column per year.
cadence: yearly
replacement: replaces_period
period: {origin: column, cut_to_agreement: false}
columns:
  place: {treatment: public, type: area}
layouts:
  - {layout: oversigt, format: wide_excel, dataset: indbyggere, dimensions: [place]}
"""

AGREEMENT = """
agreement_id: motion
title: Delaftale om motion
programme: Egestads helhedsplan
intervention_area: Motion
parent_agreement: Den strategiske aftale
valid_from: 2023-01-01
valid_to: 2024-12-31
parties: [{name: Løbeklubben}]
areas: [nordby, sydby, havnen]
yearly_rule: Årlige opgørelser
goals: [{goal_id: motion, name: Flere løber}]
indicators:
  - &first
    indicator_id: aftener
    name: Fremmøder
    goal: motion
    definition_version: "1"
    definition_da: Antal fremmøder.
    quote: 8 fremmøder i alt
    data_source: Mødebogen
    unit: antal
    better: higher
    areas: [nordby, sydby, havnen, alle_omraader]
    calendar: {cadence: yearly, year_kinds: [calendar], due_by: "02-15"}
    measure: {kind: count_records, type: flow, source: loebeklub}
    target: {value: 8, basis: cumulative, year_kind: calendar, pacing: linear, quote: 8 fremmøder i alt}
  - <<: *first
    indicator_id: loebere
    name: Løbere
    measure: {kind: distinct_persons, type: flow, source: loebeklub}
    target: {value: 3, basis: per_year, year_kind: calendar, pacing: none, quote: 3 løbere om året}
  - <<: *first
    indicator_id: kilometer
    name: Kilometer
    unit: km
    measure:
      kind: sum
      type: flow
      source: loebeklub
      amount: kilometres
      conditions: [{attribute: group, operator: one_of, values: [Rød, Blå]}]
    target: null
  - <<: *first
    indicator_id: beboere
    name: Beboere
    calendar: {cadence: as_delivered, year_kinds: [calendar]}
    measure: {kind: published_value, type: stock, source: indbyggere, dataset: indbyggere, all_areas: sum_of_areas}
    target: null
  - <<: *first
    indicator_id: fremmoede_pr_100
    name: Fremmøder pr. 100 beboere
    unit: pr. 100 beboere
    measure: {kind: rate, type: flow, numerator: aftener, denominator: beboere}
    target: null
activities: []
staff: []
municipal_context: ""
revision:
  {proposed_by: chefen, cadence: årligt, urgent: straks, decided_by: bestyrelsen, recorded_in: referat,
   requested_by: fonden, quote: ""}
"""

REVISION = """
revisions:
  - revision_id: "2024-1"
    decided_on: 2025-02-01
    effective_from: 2023-01-01
    minutes: Bestyrelsesmøde 1. februar 2025, punkt 3
    reason: Kun holdene tæller med.
    changes:
      - indicator: aftener
        set:
          definition_version: "2"
          definition_da: Antal fremmøder på rødt hold.
          measure:
            kind: count_records
            type: flow
            source: loebeklub
            conditions: [{attribute: group, operator: equals, value: Rød}]
"""

# 2023: nine in Nordby, of whom the runner 1 came twice, and one evening of two areas together
BOOK_2023 = "Aften;Løber;Sted;Km;Hold\n" + "".join(
    f"{day:02d}-03-2023;{runner};{place};{km};{group}\n"
    for day, runner, place, km, group in [
        (1, 1, "Nordby", "5,5", "Rød"),
        (2, 1, "Nordby", "4", "Blå"),
        (1, 2, "Nordby", "3", "Rød"),
        (1, 3, "Nordby, Egestad", "", "Rød"),
        (1, 4, "Nordby", "10", "Gul"),
        (1, 5, "Sydby", "2", "Rød"),
        (1, 6, "Sydby", "2", "Rød"),
        (1, 7, "Sydby", "2", "Rød"),
        (1, 8, '"Nordby; Sydby"', "1", "Rød"),
    ]
)
BOOK_2024 = "Aften;Løber;Sted;Km;Hold\n" + "".join(
    f"05-03-2024;{runner};{place};1;Rød\n"
    for runner, place in [(1, "Havnen"), (2, "Havnen"), (3, "Havnen"), (4, "Nordby")]
)


@pytest.fixture(scope="module")
def nights(tmp_path_factory):
    """The night before and the night after the board's decision, on nothing but written files."""
    from openpyxl import Workbook

    folder = tmp_path_factory.mktemp("motion")
    (folder / "agreements").mkdir()
    (folder / "sources").mkdir()
    (folder / "agreements" / "areas.yaml").write_text(AREAS)
    (folder / "agreements" / "motion.yaml").write_text(AGREEMENT)
    (folder / "sources" / "loebeklub.yaml").write_text(SOURCE)
    (folder / "sources" / "indbyggere.yaml").write_text(RESIDENTS)
    for day, text in (("2024-01-10", BOOK_2023), ("2025-01-10", BOOK_2024)):
        path = folder / "landing" / "loebeklub" / day / f"moedebog_{int(day[:4]) - 1}.csv"
        path.parent.mkdir(parents=True)
        path.write_text(text)
    book = Workbook()
    for row in (["Indbyggertal"], [None, 2023, 2024], ["Nordby", 200, 210], ["Sydby", 100, 0], ["Havnen", None, 50]):
        book.active.append(row)
    (folder / "landing" / "indbyggere" / "2025-01-05").mkdir(parents=True)
    book.save(folder / "landing" / "indbyggere" / "2025-01-05" / "indbyggere.xlsx")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OMRAADETAL_AGREEMENTS", str(folder / "agreements"))
        patch.setenv("OMRAADETAL_SOURCES", str(folder / "sources"))
        settings = Settings.from_environment(home=folder / "home", landing=folder / "landing")
    before = run_night(settings, date(2025, 1, 31))
    with (folder / "agreements" / "motion.yaml").open("a") as file:
        file.write(REVISION)
    return settings, before, run_night(settings, date(2025, 2, 28))


def figures(nights, which, columns="value"):
    settings, *done = nights
    with reading(Paths.of(settings).warehouse(done[which].build.build_id)) as connection:
        rows = connection.execute(
            f"select indicator_id, area_id, year, {columns} from confidential.indicator_figure"
        ).fetchall()
    return {row[:3]: row[3] if len(row) == 4 else row[3:] for row in rows}


def test_records_persons_and_sums_are_counted_as_the_yaml_says(nights):
    found = figures(nights, 0)
    # five evenings in Nordby and the shared one; three in Sydby and the shared one; nine in all
    assert [found["aftener", area, 2023] for area in ("nordby", "sydby", "alle_omraader")] == [6, 4, 9]
    # runner 1 came twice; runner 8 ran in both areas
    assert [found["loebere", area, 2023] for area in ("nordby", "sydby", "alle_omraader")] == [5, 4, 8]
    # red and blue: 5.5 + 4 + 3 + nothing said + 1 in Nordby; 2 + 2 + 2 + 1 in Sydby; the shared kilometre once in all
    assert [found["kilometer", area, 2023] for area in ("nordby", "sydby", "alle_omraader")] == [13.5, 7, 19.5]


def test_an_area_exists_from_the_day_the_yaml_says(nights):
    found = figures(nights, 0)
    assert ("aftener", "havnen", 2023) not in found and found["aftener", "havnen", 2024] == 3
    # Havnen belongs to the total of 2024 and not to that of 2023, where nobody told its residents
    assert found["beboere", "alle_omraader", 2023] == 300 and found["beboere", "alle_omraader", 2024] == 260


def test_a_rate_shows_the_year_of_its_residents(nights):
    found = figures(nights, 0, "value, denominator, denominator_year, value_state")
    assert found["fremmoede_pr_100", "nordby", 2023] == (3.0, 200, 2023, "observed")  # 100 * 6 / 200
    assert found["fremmoede_pr_100", "havnen", 2024] == (6.0, 50, 2024, "observed")  # 100 * 3 / 50
    assert found["fremmoede_pr_100", "sydby", 2024] == (None, None, None, "not_due")  # of nobody there is no rate
    late = figures(nights, 1, "value, denominator, denominator_year, value_state")
    assert late["fremmoede_pr_100", "sydby", 2024] == (None, None, None, "missing")


def test_a_target_for_the_whole_period_is_held_against_all_years_so_far(nights):
    found = figures(nights, 0, "cumulative_value, target_status")
    assert found["aftener", "alle_omraader", 2023] == (9, "reached")  # 9 of 8 before the end
    assert found["aftener", "alle_omraader", 2024] == (13, "reached")
    assert found["loebere", "alle_omraader", 2024] == (None, "reached")  # 4 persons of 3


def test_a_decision_counts_from_the_day_it_is_taken_also_for_the_years_before(nights):
    before, after = figures(nights, 0, "value, definition_version"), figures(nights, 1, "value, definition_version")
    assert before["aftener", "alle_omraader", 2023] == (9, "1")
    assert after["aftener", "alle_omraader", 2023] == (7, "2")  # one of Blå and one of Gul less
    with reading(nights[2].publication / PUBLICATION_FILE) as connection:
        flags = connection.execute(
            "select message, observed, expected from quality.flag "
            "where flag_code = 'restated' and indicator_id = 'aftener' and area_id = 'alle_omraader'"
        ).fetchall()
        history = connection.execute(
            "select value, definition_version, agreement_version from marts.figure_history "
            "where indicator_id = 'aftener' and area_id = 'alle_omraader' and year = 2023 order by published_at"
        ).fetchall()
    # in public a change of two waits, with the definition that the shown figure was counted by, and no flag tells it
    assert [(observed, expected) for _, observed, expected in flags] == [(None, None)]
    assert {(value, version) for value, version, _ in history} == {(9, "1")}


def test_a_replay_of_the_day_before_the_decision_gives_what_was_seen_then(nights):
    settings, before, _ = nights
    replay = run_night(settings, date(2025, 1, 31))
    assert figures((settings, before, replay), 1, "*") == figures((settings, before, replay), 0, "*")


def test_each_figure_leads_back_to_rows_of_a_delivered_file(nights):
    with reading(nights[1].publication / PUBLICATION_FILE) as connection:
        found = connection.execute(
            "select file_name, rows_count, row_numbers from marts.figure_source "
            "where indicator_id = 'aftener' and area_id = 'sydby' and year = 2023"
        ).fetchall()
    lines = BOOK_2023.splitlines()
    assert found == [("moedebog_2023.csv", 4, "7-10")]
    assert all("Sydby" in lines[number - 1] for number in range(7, 11))
