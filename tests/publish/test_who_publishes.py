"""Who may publish: the run that holds the lock, and no build that was begun before what is published."""

import os
from datetime import date

import pytest

from nightly import stages
from nightly.dbt import run_dbt
from nightly.lock import run_lock
from publish.stage import publish_build
from vocabulary.errors import BuildSuperseded, RunOvertaken
from warehouse.builds import Builds


@pytest.fixture
def built(nights):
    """Settings, and the id of a checked build that is not published."""
    (build_id,) = (one.name for one in nights.paths.builds.iterdir())
    builds = Builds(nights.paths)
    builds.save(builds.get(build_id).model_copy(update={"as_of": date(2025, 11, 2)}))
    return nights, build_id


def test_who_was_overtaken_publishes_nothing(built):
    nights, build_id = built
    before = nights.paths.current.resolve()
    with run_lock(nights.paths, "the first night") as fence:
        nights.paths.run_lock.unlink()
        os.utime(nights.paths.run_holder, (0, 0))
        with run_lock(nights.paths, "the second night"):
            pass
        with pytest.raises(RunOvertaken):
            publish_build(nights.settings, build_id, run_dbt, fence)
    assert nights.paths.current.resolve() == before
    assert len(nights.entries) == 1
    published = stages.publish(nights.settings, build_id)  # by one who holds it
    assert nights.paths.current.resolve() == published


def test_a_build_that_was_begun_earlier_does_not_replace_a_later_one(built):
    nights, build_id = built
    stages.publish(nights.settings, build_id)
    builds = Builds(nights.paths)
    builds.save(builds.get(build_id).model_copy(update={"started_at": "2025-11-01T04:30:00+00:00"}))
    before = nights.paths.current.resolve()
    with pytest.raises(BuildSuperseded, match=build_id):
        stages.publish(nights.settings, build_id)
    assert nights.paths.current.resolve() == before
    assert len(nights.entries) == 2
