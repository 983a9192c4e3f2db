"""A backup in the middle of a warehouse's life changes nothing of what comes after it."""

import shutil
from dataclasses import replace
from datetime import date

from nightly.backup import back_up, restore
from nightly.night import run_night
from warehouse.backup_contents import HOME_FOLDERS, MADE_AGAIN, STORE_FOLDERS
from warehouse.journal import Journal
from warehouse.paths import Paths

NEXT_DAY = date(2025, 11, 2)


def quiet(*_):
    """No progress."""


def contents(home):
    return {
        str(path.relative_to(home)): path.read_bytes()
        for folder in (*HOME_FOLDERS, *STORE_FOLDERS)
        for path in (home / folder).rglob("*")
        if path.is_file()
    }


def test_backup_wipe_restore_and_the_next_night_is_what_it_would_have_been(sample_night, tmp_path):
    """Every file of the publications, the journal and the store is equal; so is what the next night publishes."""
    sample, _ = sample_night
    file = tmp_path / "backup.tar.gz"
    done = back_up(sample, file, quiet)
    assert done.left_out == []
    made_since = {path.name for path in sample.home.iterdir() if path.is_dir()} - {*HOME_FOLDERS, *STORE_FOLDERS}
    assert made_since - {"published"} <= MADE_AGAIN.keys()

    straight_on = replace(sample, home=tmp_path / "straight", store=str(tmp_path / "straight"))
    shutil.copytree(sample.home, straight_on.home, symlinks=True)
    detour = replace(sample, home=tmp_path / "lost", store=str(tmp_path / "lost"))
    shutil.copytree(sample.home, detour.home, symlinks=True)
    shutil.rmtree(detour.home)
    restore(detour, file, quiet)
    assert contents(detour.home) == contents(sample.home)
    assert Paths.of(detour).current.resolve().name == Paths.of(sample).current.resolve().name

    nights = [run_night(one, NEXT_DAY) for one in (straight_on, detour)]
    assert [len(night.new_files) for night in nights] == [0, 0]
    first, second = (night.publication.name for night in nights)  # the day and the hash of the content
    assert first == second and first.startswith(NEXT_DAY.isoformat())
    assert len(Journal(Paths.of(detour).journal).entries()) == 2
