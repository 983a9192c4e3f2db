"""The delaftale is complete as data, and says what the paper says."""

import re
from datetime import date

import pytest

from agreements.loader import read_agreements
from vocabulary.settings import PROJECT_ROOT
from vocabulary.states import ALL_AREAS_ID

SOURCE = PROJECT_ROOT.parent / "shared" / "source" / "delaftale.txt"


@pytest.fixture(scope="module")
def agreement():
    return read_agreements(PROJECT_ROOT / "agreements").agreements[0].signed


def test_parties_period_areas_goals_activities_and_staff(agreement):
    assert (agreement.valid_from, agreement.valid_to) == (date(2021, 10, 1), date(2025, 9, 30))
    assert len(agreement.parties) == 6
    assert agreement.areas == ("ringparken", "sydbyen", "motalavej")
    assert [goal.name for goal in agreement.goals] == [
        "Beboerne har et positivt syn på myndighederne",
        "Beboerne engagerer sig lokalt",
    ]
    assert [activity.name for activity in agreement.activities] == [
        "Beboervejledning",
        "Lokalt engagement og frivillighed",
    ]
    assert {(one.position, one.share_pct) for one in agreement.staff} == {
        ("Chef for helhedsplanen", 25),
        ("Beboervejledere", 40),
        ("Boligsociale familiemedarbejdere", 25),
        ("Aktivitetsmedarbejder", 34),
    }


def test_five_promised_indicators_with_targets_for_all_areas_together_only(agreement):
    promised = [one for one in agreement.indicators if one.goal]
    assert len(promised) == 5
    targets = {one.indicator_id: one.target for one in promised if one.target}
    assert {name: target.value for name, target in targets.items()} == {
        "brobygningssamtaler": 1500,
        "stoerre_aktiviteter": 12,
        "boern_i_boernedemokrati": 12,
    }
    assert {target.area for target in targets.values()} == {ALL_AREAS_ID}


def test_the_baseline_is_the_papers_and_opgoeres_ikke_is_kept(agreement):
    by_id = {one.indicator_id: one for one in agreement.indicators}
    assert (by_id["oplever_faellesskab"].baseline.value, by_id["oplever_faellesskab"].baseline.year) == (51, 2018)
    assert by_id["tillid_til_myndigheder"].baseline is None
    assert [cell.area for cell in by_id["tillid_til_myndigheder"].not_measured] == ["slagelse"]


def test_every_quote_stands_in_the_paper(agreement):
    if not SOURCE.exists():
        pytest.skip("no ../shared/source beside the checkout")

    def letters(text):
        return re.sub(r"[^a-zæøå0-9%]", "", text.casefold())

    paper = letters(SOURCE.read_text())
    quotes = [one.quote for one in agreement.indicators if one.quote]
    quotes += [one.target.quote for one in agreement.indicators if one.target]
    quotes += [cell.quote for one in agreement.indicators for cell in one.not_measured]
    quotes += [one.expected_update.quote for one in agreement.indicators if one.expected_update]
    quotes += [activity.purpose for activity in agreement.activities]
    quotes += [agreement.revision.quote, agreement.municipal_context, *(party.name for party in agreement.parties)]
    assert len(quotes) > 20
    assert [quote for quote in quotes if letters(quote) not in paper] == []
