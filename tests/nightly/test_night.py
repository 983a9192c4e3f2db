"""What a night does with its news: they come last, and undo nothing."""

from dataclasses import replace

import pytest

from cli import load
from nightly import stages
from nightly.night import run_night
from vocabulary.errors import BuildBlocked, NoticeNotSent
from vocabulary.settings import NoticeSettings
from warehouse.builds import Builds
from warehouse.paths import Paths, owner_only


@pytest.fixture
def night_with_a_closed_webhook(sample_night, monkeypatch):
    """The sample night again, from its build on, with a webhook that is not there."""
    settings, night = sample_night
    monkeypatch.setattr(stages, "build_warehouse", lambda *_: night.build)
    monkeypatch.setattr(stages, "check", lambda *_: night.build)
    return replace(settings, notices=NoticeSettings(webhook_url="http://127.0.0.1:9/hemmeligt")), night.build


def test_a_night_that_cannot_be_told_has_published(night_with_a_closed_webhook):
    settings, build = night_with_a_closed_webhook
    told = []
    night = run_night(settings, build.as_of, progress=told.append)
    assert night.report.exists() and Paths.of(settings).current.resolve() == night.publication
    (undone,) = night.undone
    assert isinstance(undone, NoticeNotSent) and undone.exit_code == 4
    assert told[-2].startswith("notify") and "ConnectError" in told[-1] and "hemmeligt" not in "".join(told)


def test_the_command_prints_its_summary_before_it_says_that_nobody_was_told(
    night_with_a_closed_webhook, monkeypatch, capsys
):
    settings, build = night_with_a_closed_webhook
    monkeypatch.setattr(load, "settings_for", lambda *_: settings)
    monkeypatch.setattr(load, "day", lambda _: build.as_of)
    with pytest.raises(NoticeNotSent):
        load.nightly()
    assert "rapport.html" in capsys.readouterr().out


def test_a_blocked_night_stays_blocked_when_it_cannot_be_told(night_with_a_closed_webhook):
    settings, build = night_with_a_closed_webhook
    builds, told = Builds(Paths.of(settings)), []
    before = builds.get(build.build_id)
    try:
        with owner_only():
            builds.save(before.model_copy(update={"flags_by_severity": {"blocks": 1}}))
        with pytest.raises(BuildBlocked):
            run_night(settings, build.as_of, progress=told.append)
    finally:
        with owner_only():
            builds.save(before)
    assert "could not be sent" in told[-1]
