"""What a delaftale leaves open, and what settles what it says ambiguously."""

from agreements.loader import read_agreements
from agreements.review import review, review_text
from vocabulary.settings import PROJECT_ROOT

TARGET = "{value: 1600, basis: per_year, year_kind: agreement, pacing: linear, quote: Der afholdes 1600 årligt"


def revision(revision_id, decided_on, effective_from, target):
    return (
        f"- {{revision_id: {revision_id}, decided_on: {decided_on}, effective_from: {effective_from}, minutes: Møde, "
        f"reason: r, changes: [{{indicator: brobygningssamtaler, set: {{target: {target}}}}}]}}\n"
    )


def found(living, subject):
    return [one for one in review(living) if one.subject == subject]


def test_i_alt_against_yearly_figures_is_settled_by_an_explicit_attribute(read_agreement):
    (finding,) = [one for one in found(read_agreement(), "stoerre_aktiviteter") if "target" in one.problem]
    assert "«i alt»" in finding.problem and "Alle indikatorer er årlige opgørelser" in finding.problem
    assert "12 større aktiviteter i alt" in finding.quote
    assert finding.settled_by.startswith("target.basis: per_year; reading: «i alt» læses som")


def test_what_the_agreement_does_not_say_is_open(read_agreement):
    living = read_agreement()
    is_open = {(one.subject, one.settle_with) for one in review(living) if one.settled_by is None}
    assert ("oplever_faellesskab", "baseline.n") in is_open
    assert ("oplever_faellesskab", "baseline.areas, if it is so") in is_open
    assert ("tillid_til_myndigheder", "baseline, if there is one") in is_open
    assert ("tillid_til_myndigheder", "target, if the board means one; else it has none") in is_open
    (update,) = [one for one in found(living, "oplever_faellesskab") if "update" in one.problem]
    assert update.quote == "Forventes opdateret efterår ´21" and "2021-11-30" in update.settled_by
    assert not found(living, "beboertal")


def test_a_baseline_that_says_its_areas_and_answers_is_settled(read_agreement):
    note = "      note: The 2017-21 plan covered Parkvej too, so the 51 per cent may stand for another set of areas.\n"
    living = read_agreement("", {note: "      n: 400\n      areas: [ringparken, parkvej]\n"})
    problems = [one for one in found(living, "oplever_faellesskab") if "baseline" in one.problem]
    assert [one.settled_by for one in problems] == ["baseline.areas: ringparken, parkvej"]


def test_a_baseline_from_a_year_without_a_wave_is_told(read_agreement):
    living = read_agreement("", {"      value: 51\n      year: 2018": "      value: 51\n      year: 2019"})
    assert any("2019, a year without a wave" in one.problem for one in found(living, "oplever_faellesskab"))


def test_a_new_target_without_a_reading_is_open(read_agreement):
    living = read_agreement(revision("r1", "2022-09-12", "2022-10-01", TARGET + "}"))
    (finding,) = [one for one in found(living, "brobygningssamtaler") if "1600" in one.problem]
    assert finding.settled_by is None and "«årligt»" in finding.problem
    assert not found(living, "r1")


def test_a_revision_inside_a_year_is_told_and_one_on_a_first_day_is_not(read_agreement):
    inside = read_agreement(revision("r1", "2022-09-12", "2023-03-15", TARGET + "}"))
    (finding,) = found(inside, "r1")
    assert "2022/23" in finding.problem and "first day" in finding.problem
    assert not found(read_agreement(revision("r1", "2022-09-12", "2023-01-01", TARGET + "}")), "r1")


def test_a_later_decision_that_takes_effect_earlier_is_told(read_agreement):
    living = read_agreement(
        revision("r1", "2022-09-12", "2023-10-01", TARGET + "}")
        + revision("r2", "2022-10-12", "2023-01-01", TARGET.replace("1600", "1400") + "}")
    )
    assert [one.settled_by for one in found(living, "r2")] == [
        "effective_from: it holds until 2023-10-01, then r1 does"
    ]


def test_the_example_shows_a_sum_across_two_definitions_and_counts_what_is_open():
    living = read_agreements(PROJECT_ROOT / "samples" / "agreements").agreements[0]
    assert any("cumulative target is counted by definition 1" in one.problem for one in review(living))
    is_open = sum(one.settled_by is None for one in review(living))
    assert review_text(living).count("OPEN: ") == is_open > 0
    assert f"{is_open} open" in review_text(living).splitlines()[0]
