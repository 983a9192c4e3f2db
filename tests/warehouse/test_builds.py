"""Which builds are kept when rows have been left out since."""

import pytest

from warehouse.builds import BuildRecord, Builds
from warehouse.paths import Paths


@pytest.fixture
def builds(settings):
    """Four builds by hour, of which the second and the third leave the same out, and a folder that a crash left."""
    paths = Paths.of(settings)
    paths.create()
    found = Builds(paths)
    for hour, digest in enumerate([None, "a", "a", "b"]):
        paths.build(f"build{hour}").mkdir()
        found.save(
            BuildRecord(
                build_id=f"build{hour}",
                as_of="2025-11-01",
                started_at=f"2025-11-01T0{hour}:00:00+00:00",
                left_out_digest=digest,
            )
        )
    paths.build("crashed").mkdir()
    return found


def there(builds):
    return sorted(path.name for path in builds.paths.builds.iterdir())


def test_earlier_builds_that_hold_more_go_with_those_that_were_never_finished(builds):
    builds.remove_other_worlds("build2")
    assert there(builds) == ["build1", "build2", "build3"]
    builds.remove_other_worlds("build3")
    assert there(builds) == ["build3"]


def test_where_nothing_is_left_out_every_build_stays(builds):
    builds.remove_other_worlds("build0")
    assert len(there(builds)) == 5


def test_all_builds_go_with_the_link_to_the_last(builds):
    link = builds.paths.latest_warehouse
    link.symlink_to(builds.paths.build("build3"))
    builds.remove_all()
    assert there(builds) == [] and not link.is_symlink()
