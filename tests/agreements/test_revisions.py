"""Revisions: versions over time as known on a day, and what is refused, with the line of the revision."""

import re
from datetime import date, timedelta
from itertools import pairwise
from textwrap import dedent

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from agreements.living import LivingAgreement
from agreements.loader import read_agreements
from agreements.revisions import Revision
from vocabulary.errors import DefinitionInvalid
from vocabulary.settings import PROJECT_ROOT

AGREEMENT_FILE = "sammenhaengskraft_og_medborgerskab.yaml"
DAY = date(2025, 11, 1)


def revision(revision_id, decided_on, effective_from, *changes, replaces=None):
    """The text of a revision."""
    lines = [
        f"- revision_id: {revision_id}",
        f"  decided_on: {decided_on}",
        f"  effective_from: {effective_from}",
        "  minutes: Referat, punkt 4",
        "  reason: Bestyrelsen ønsker det",
        *([f"  replaces: {replaces}"] if replaces else []),
        "  changes:" if changes else "",
        *(f"    - {change}" for change in changes),
    ]
    return "\n".join(line for line in lines if line) + "\n"


def target(value, indicator="brobygningssamtaler", **other):
    keys = {"value": value, "basis": "per_year", "year_kind": "agreement", "pacing": "linear", "quote": "x"} | other
    inner = ", ".join(f"{key}: {text}" for key, text in keys.items())
    return f"{{indicator: {indicator}, set: {{target: {{{inner}}}}}}}"


def targets(versions, indicator_id="brobygningssamtaler"):
    return [
        (version.number, version.valid_from, version.valid_to, one.target and one.target.value)
        for version in versions
        for one in version.agreement.indicators
        if one.indicator_id == indicator_id
    ]


def test_without_revisions_the_text_as_signed_is_the_only_version(read_agreement):
    living = read_agreement()
    assert targets(living.versions(DAY)) == [(0, date(2021, 10, 1), date(2025, 9, 30), 1500)]
    assert living.versions(DAY)[0].agreement == living.signed


def test_versions_follow_one_another_and_cover_the_agreement(read_agreement):
    living = read_agreement(
        revision("r1", "2022-09-12", "2022-10-01", target(1600))
        + revision("r2", "2023-09-12", "2023-10-01", target(1700))
    )
    assert targets(living.versions(DAY)) == [
        (0, date(2021, 10, 1), date(2022, 9, 30), 1500),
        (1, date(2022, 10, 1), date(2023, 9, 30), 1600),
        (2, date(2023, 10, 1), date(2025, 9, 30), 1700),
    ]
    assert [one[3] for one in targets(living.versions(date(2022, 9, 11)))] == [1500]
    assert [one[3] for one in targets(living.versions(date(2022, 9, 12)))] == [1500, 1600]


def test_a_decision_that_reaches_back_is_not_known_before_it_was_taken(read_agreement):
    living = read_agreement(revision("r1", "2024-02-01", "2022-10-01", target(1600)))
    day = date(2023, 1, 1)
    assert targets([living.in_force(day, date(2024, 1, 31))])[0][3] == 1500
    assert targets([living.in_force(day, date(2024, 2, 1))])[0][3] == 1600


def test_a_later_decision_that_takes_effect_earlier_holds_until_the_other_does(read_agreement):
    living = read_agreement(
        revision("r1", "2022-09-12", "2023-10-01", target(1600))
        + revision("r2", "2022-11-12", "2023-01-01", target(1400))
    )
    assert [one[1:] for one in targets(living.versions(DAY))] == [
        (date(2021, 10, 1), date(2022, 12, 31), 1500),
        (date(2023, 1, 1), date(2023, 9, 30), 1400),
        (date(2023, 10, 1), date(2025, 9, 30), 1600),
    ]


def test_revisions_of_one_day_make_one_version_and_one_from_the_first_day_leaves_no_version_0(read_agreement):
    living = read_agreement(
        revision("r1", "2021-12-01", "2021-10-01", target(1600))
        + revision("r2", "2021-12-01", "2021-10-01", target(20, "stoerre_aktiviteter"))
    )
    (only,) = living.versions(DAY)
    assert (only.number, only.valid_from, only.valid_to) == (1, date(2021, 10, 1), date(2025, 9, 30))
    assert targets([only])[0][3] == 1600 and targets([only], "stoerre_aktiviteter")[0][3] == 20


def test_replacing_postpones_or_withdraws_and_only_once_it_is_decided(read_agreement):
    living = read_agreement(
        revision("r1", "2022-09-12", "2022-10-01", target(1600))
        + revision("r2", "2022-12-01", "2023-10-01", target(1600), replaces="r1")
        + revision("r3", "2023-02-01", "2023-10-01", replaces="r2")
    )
    starts = {day: [one[1] for one in targets(living.versions(day))][1:] for day in living.decision_days}
    assert starts == {
        date(2022, 9, 12): [date(2022, 10, 1)],
        date(2022, 12, 1): [date(2023, 10, 1)],
        date(2023, 2, 1): [date(2023, 10, 1)],
    }
    assert {one[3] for one in targets(living.versions(DAY))} == {1500}


def test_areas_goals_and_indicators_come_and_go(read_agreement):
    new = (
        "{indicator_id: unge, name: Unge, goal: unge_med, definition_version: '1', definition_da: d, quote: q, "
        "data_source: Egen registrering, unit: antal, areas: [sydbyen], "
        "calendar: {cadence: yearly, year_kinds: [calendar]}, "
        "measure: {kind: sum, type: flow, source: aktiviteter, amount: participants_count}}"
    )
    goals = (
        "[{goal_id: positivt_syn_paa_myndigheder, name: A}, {goal_id: lokalt_engagement, name: B}, "
        "{goal_id: unge_med, name: Unge er med}]"
    )
    living = read_agreement(
        revision(
            "r1",
            "2022-09-12",
            "2022-10-01",
            f"{{add_indicator: {new}}}",
            f"{{agreement: {{goals: {goals}, areas: [ringparken, sydbyen, motalavej, parkvej]}}}}",
            "{remove_indicator: boern_i_boernedemokrati}",
        )
    )
    signed, revised = (version.agreement for version in living.versions(DAY))
    ids = [{one.indicator_id for one in agreement.indicators} for agreement in (signed, revised)]
    assert ids[1] - ids[0] == {"unge"} and ids[0] - ids[1] == {"boern_i_boernedemokrati"}
    assert len(signed.goals) == 2 and len(revised.goals) == 3 and "parkvej" in revised.areas


def test_a_source_that_only_a_revision_brings_in_is_used(write_agreement):
    without = {"      source: forloeb_deltagere\n": "      source: aktiviteter\n"}
    change = (
        "{indicator: boern_i_boernedemokrati, set: {definition_version: '2', "
        "measure: {kind: distinct_persons, type: flow, source: forloeb_deltagere}}}"
    )
    assert read_agreements(write_agreement("", without)).span("forloeb_deltagere") is None
    found = read_agreements(write_agreement(revision("r1", "2022-09-12", "2022-10-01", change), without))
    assert found.span("forloeb_deltagere") == (date(2021, 10, 1), date(2025, 9, 30))


MEASURE = "measure: {kind: count_records, type: flow, source: vejledninger}"
REFUSED = {
    "unknown indicator": (revision("r1", "2022-09-12", "2022-10-01", target(1, "nix")), 7, "no indicator «nix»"),
    "unknown indicator to remove": (
        revision("r1", "2022-09-12", "2022-10-01", "{remove_indicator: nix}"),
        7,
        "no indicator «nix»",
    ),
    "measure without version": (
        revision("r1", "2022-09-12", "2022-10-01", f"{{indicator: brobygningssamtaler, set: {{{MEASURE}}}}}"),
        7,
        "two definitions under version 1",
    ),
    "target for another area": (
        revision("r1", "2022-09-12", "2022-10-01", target(5), target(5, "stoerre_aktiviteter", area="slagelse")),
        8,
        "a target for slagelse",
    ),
    "cumulative share": (
        revision(
            "r1", "2022-09-12", "2022-10-01", target(5, "oplever_faellesskab", year_kind="calendar", basis="cumulative")
        ),
        7,
        "only a flow",
    ),
    "years that nobody expects": (
        revision("r1", "2022-09-12", "2022-10-01", target(5, "oplever_faellesskab")),
        7,
        "no figure is expected",
    ),
    "unknown area": (
        revision("r1", "2022-09-12", "2022-10-01", "{agreement: {areas: [ringparken, sydbyen, motalavej, atlantis]}}"),
        7,
        "«atlantis» is not in areas.yaml",
    ),
    "area left out that figures need": (
        revision("r1", "2022-09-12", "2022-10-01", target(5), "{agreement: {areas: [ringparken, sydbyen]}}"),
        8,
        "«motalavej» is not one of the agreement's areas",
    ),
    "goal left out that indicators need": (
        revision("r1", "2022-09-12", "2022-10-01", "{agreement: {goals: [{goal_id: lokalt_engagement, name: B}]}}"),
        7,
        "positivt_syn_paa_myndigheder",
    ),
    "nothing changed": (
        revision("r1", "2022-09-12", "2022-10-01", "{indicator: brobygningssamtaler, set: {unit: antal}}"),
        7,
        "changes nothing",
    ),
    "nothing set": (
        revision("r1", "2022-09-12", "2022-10-01", "{indicator: brobygningssamtaler, set: {}}"),
        7,
        "sets nothing",
    ),
    "no changes": (revision("r1", "2022-09-12", "2022-10-01"), 1, "must change something"),
    "a key that cannot be set": (
        revision("r1", "2022-09-12", "2022-10-01", "{agreement: {valid_to: 2026-09-30}}"),
        7,
        "Extra inputs",
    ),
    "no value where one is needed": (
        revision("r1", "2022-09-12", "2022-10-01", "{indicator: brobygningssamtaler, set: {name: null}}"),
        7,
        "valid string",
    ),
    "two changes in one": (
        revision("r1", "2022-09-12", "2022-10-01", "{remove_indicator: a, agreement: {areas: []}}"),
        7,
        "a change is one of",
    ),
    "set twice": (
        revision("r1", "2022-09-12", "2022-10-01", target(5), "{remove_indicator: brobygningssamtaler}"),
        8,
        "set twice in one revision",
    ),
    "outside": (revision("r1", "2022-09-12", "2026-10-01", target(5)), 3, "outside the agreement"),
    "overlapping": (
        revision("r1", "2022-09-12", "2022-10-01", target(5)) + revision("r2", "2022-09-13", "2022-10-01", target(6)),
        14,
        "say replaces: r1",
    ),
    "id twice": (
        revision("r1", "2022-09-12", "2022-10-01", target(5)) + revision("r1", "2022-09-13", "2022-11-01", target(6)),
        8,
        "stands twice",
    ),
    "not appended": (
        revision("r1", "2022-09-12", "2022-10-01", target(5)) + revision("r2", "2022-09-11", "2022-11-01", target(6)),
        9,
        "revisions are appended",
    ),
    "replaces what is not there": (
        revision("r1", "2022-09-12", "2022-10-01", target(5), replaces="r0"),
        6,
        "no revision «r0»",
    ),
    "replaced twice": (
        revision("r1", "2022-09-12", "2022-10-01", target(5))
        + revision("r2", "2022-09-13", "2022-10-01", target(6), replaces="r1")
        + revision("r3", "2022-09-14", "2022-10-01", target(7), replaces="r1"),
        21,
        "already replaced by r2",
    ),
    "replaced by the same": (
        revision("r1", "2022-09-12", "2022-10-01", target(5))
        + revision("r2", "2022-09-13", "2022-10-01", target(5), replaces="r1"),
        14,
        "r1 says the same",
    ),
    "an older one no longer fits": (
        revision("r1", "2022-09-12", "2023-10-01", target(5))
        + revision("r2", "2022-09-13", "2022-10-01", "{remove_indicator: brobygningssamtaler}"),
        13,
        "then r1 no longer fits",
    ),
    "a version number used again": (
        revision("r1", "2022-09-12", "2022-10-01", "{remove_indicator: brobygningssamtaler}")
        + revision(
            "r2",
            "2023-09-12",
            "2023-10-01",
            "{add_indicator: {indicator_id: brobygningssamtaler, name: N, goal: null, definition_version: '1', "
            "definition_da: d, quote: null, data_source: d, unit: antal, areas: [sydbyen], "
            f"calendar: {{cadence: yearly, year_kinds: [calendar]}}, {MEASURE}}}}}",
        ),
        14,
        "two definitions under version 1",
    ),
    "a rate of nothing": (
        revision(
            "r1",
            "2023-09-12",
            "2023-10-01",
            "{indicator: brobygningssamtaler, set: {definition_version: '2', unit: pct, definition_da: d, "
            "measure: {kind: rate, type: flow, numerator: nix, denominator: beboertal}}}",
        ),
        7,
        "numerator «nix» is no indicator",
    ),
}


@pytest.mark.parametrize(("text", "line", "problem"), REFUSED.values(), ids=REFUSED)
def test_a_revision_that_does_not_fit_is_refused_at_its_own_line(write_agreement, text, line, problem):
    folder = write_agreement(text)
    lines = (folder / AGREEMENT_FILE).read_text().splitlines()
    before = lines.index("revisions:") + 1
    with pytest.raises(DefinitionInvalid) as caught:
        read_agreements(folder)
    assert problem in str(caught.value)
    assert caught.value.facts["file"] == AGREEMENT_FILE
    assert caught.value.facts["line"] - before == line, lines[caught.value.facts["line"] - 1]
    assert str(caught.value.facts["key"]).startswith("revisions.")


def test_a_fault_behind_an_alias_is_placed_where_the_alias_stands(write_agreement):
    change = "{indicator: brobygningssamtaler, set: {not_measured: *non_responses}}"
    folder = write_agreement(revision("r1", "2022-09-12", "2022-10-01", change))
    with pytest.raises(DefinitionInvalid, match="NotMeasured") as caught:
        read_agreements(folder)
    lines = (folder / AGREEMENT_FILE).read_text().splitlines()
    assert "*non_responses" in lines[caught.value.facts["line"] - 1]


SIGNED = read_agreements(PROJECT_ROOT / "agreements").agreements[0].signed
FIRST, LAST = SIGNED.valid_from, SIGNED.valid_to


def _revision(number, decided_on, effective_from, value, replaces):
    change = {
        "indicator": "brobygningssamtaler",
        "set": {"target": SIGNED.indicators[1].target.model_copy(update={"value": value})},
    }
    return Revision.model_validate(
        {
            "revision_id": f"r{number}",
            "decided_on": decided_on,
            "effective_from": effective_from,
            "minutes": "m",
            "reason": "r",
            "replaces": f"r{number - 1}" if replaces and number else None,
            "changes": [change],
        }
    )


@st.composite
def living_agreements(draw):
    days = sorted(draw(st.lists(st.dates(FIRST - timedelta(90), LAST + timedelta(90)), max_size=6)))
    return LivingAgreement(
        SIGNED,
        tuple(
            _revision(
                number,
                day,
                draw(st.dates(FIRST, LAST)),
                draw(st.floats(1, 5000)),
                draw(st.booleans()),
            )
            for number, day in enumerate(days)
        ),
    )


@hypothesis_settings(max_examples=60, deadline=None)
@given(living_agreements(), st.integers(0, 6), st.dates(FIRST, LAST))
def test_what_is_decided_later_never_changes_what_was_known(living, kept, day):
    earlier = LivingAgreement(SIGNED, living.revisions[:kept])
    later = living.revisions[kept:]
    known_on = later[0].decided_on - timedelta(1) if later else date.max
    assert living.versions(known_on) == earlier.versions(known_on)
    assert living.in_force(day, known_on) == earlier.in_force(day, known_on)


@hypothesis_settings(max_examples=60, deadline=None)
@given(living_agreements(), st.dates(FIRST, LAST))
def test_versions_have_no_gap_and_no_overlap(living, known_on):
    versions = living.versions(known_on)
    assert (versions[0].valid_from, versions[-1].valid_to) == (FIRST, LAST)
    for one, following in pairwise(versions):
        assert following.valid_from - one.valid_to == timedelta(1) and following.number == one.number + 1


def test_the_revision_of_the_documentation_fits_the_real_agreement(read_agreement):
    (example,) = re.findall(
        r"```yaml\nrevisions:\n(.+?)```", (PROJECT_ROOT / "docs" / "agreements.md").read_text(), re.S
    )
    living = read_agreement(dedent(example), keep_rates=True)
    assert targets(living.versions(DAY))[-1][3] == 1600
    assert not targets(living.versions(DAY)[1:], "boern_i_boernedemokrati")


def test_null_takes_an_optional_field_away(read_agreement):
    change = "{indicator: brobygningssamtaler, set: {target: null}}"
    living = read_agreement(revision("r1", "2022-09-12", "2022-10-01", change))
    assert [one[3] for one in targets(living.versions(DAY))] == [1500, None]
