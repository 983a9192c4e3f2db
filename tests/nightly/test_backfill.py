"""Nights that were missed are caught up in order; past years are replays as of the day after they were due."""

import shutil
from dataclasses import replace
from datetime import date

import pytest

from nightly import backfill as backfill_module
from nightly.backfill import Asked, backfill, missed_nights, require_areas, years_when_due
from vocabulary.errors import AreaUnknown, BuildBlocked, NothingBuilt, YearNotExpected
from vocabulary.states import YearKind
from warehouse.journal import Journal
from warehouse.paths import Paths

TODAY = date(2025, 11, 3)


@pytest.fixture
def home(sample_night, tmp_path):
    """Settings of a copy of the sample HOME, whose last night was 1 November 2025."""
    settings, _ = sample_night
    shutil.copytree(settings.home, tmp_path / "home", symlinks=True)
    return replace(settings, home=tmp_path / "home", store=str(tmp_path / "home"))


def test_every_day_since_the_last_publication_was_missed(sample_night):
    settings, _ = sample_night
    assert missed_nights(settings, TODAY) == [Asked(date(2025, 11, 2)), Asked(date(2025, 11, 3))]
    assert missed_nights(settings, date(2025, 11, 1)) == []
    assert missed_nights(settings, date(2025, 10, 1)) == [], "a clock that is behind catches up nothing"


def test_where_nothing_was_published_today_is_the_first_night(settings):
    assert missed_nights(settings, TODAY) == [Asked(TODAY)]


def test_a_year_is_asked_for_on_the_day_after_its_last_figures_were_due(sample_night):
    settings, _ = sample_night
    found = years_when_due(settings, YearKind.AGREEMENT, [2023, 2022, 2023], TODAY)
    # agreement year 2022/23 ends on 30 September 2023; 45 days later is 14 November, and then nothing is still to come
    assert found == [
        Asked(date(2023, 11, 15), YearKind.AGREEMENT, 2022),
        Asked(date(2024, 11, 15), YearKind.AGREEMENT, 2023),
    ]


def test_a_year_that_is_not_due_yet_is_asked_for_today(sample_night):
    settings, _ = sample_night
    assert years_when_due(settings, YearKind.AGREEMENT, [2024], TODAY) == [Asked(TODAY, YearKind.AGREEMENT, 2024)]


def test_what_is_not_known_is_refused_with_what_is(sample_night, settings):
    done, _ = sample_night
    with pytest.raises(YearNotExpected, match=r"years 1999.*2021, 2022"):
        years_when_due(done, YearKind.AGREEMENT, [1999, 2022], TODAY)
    with pytest.raises(AreaUnknown, match=r"no area atlantis.*sydbyen"):
        require_areas(done, ["sydbyen", "atlantis"])
    with pytest.raises(NothingBuilt):
        years_when_due(settings, YearKind.AGREEMENT, [2022], TODAY)


def test_a_past_year_is_a_replay_and_a_missed_night_is_in_force(home):
    paths = Paths.of(home)
    before = paths.current.resolve()
    nights = [*years_when_due(home, YearKind.AGREEMENT, [2022], TODAY), *missed_nights(home, date(2025, 11, 2))]
    replay, night = backfill(home, nights, ["sydbyen"])
    assert replay.publication.parent == paths.replays
    assert replay.publication.name.startswith("2023-11-15")
    # six indicators of Sydbyen have agreement years; January to September 2023 are delivered in January 2024
    assert sum(replay.states.values()) == 6 and "not_due" not in replay.states
    assert paths.current.resolve() == night.publication != before
    assert [entry.as_of for entry in Journal(paths.journal).entries()] == [date(2025, 11, 1), date(2025, 11, 2)]
    assert missed_nights(home, date(2025, 11, 2)) == []


def test_a_night_that_is_blocked_is_told_and_the_next_goes_on(sample_night, monkeypatch):
    settings, night = sample_night

    def run(_, as_of, __):
        if as_of.day == 2:
            raise BuildBlocked(build_id="x", count=1, home=settings.home)
        return night

    monkeypatch.setattr(backfill_module, "run_night", run)
    first, second = backfill(settings, missed_nights(settings, TODAY))
    assert isinstance(first.problem, BuildBlocked) and first.publication is None
    assert second.publication == night.publication and second.problem is None
    with pytest.raises(BuildBlocked):
        monkeypatch.setattr(backfill_module, "local_date", lambda: TODAY)
        backfill_module.backfill_all(settings, "agreement", [], [])
