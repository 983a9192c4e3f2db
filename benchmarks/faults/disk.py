"""Nights on a disk with too little room: the catalogued error, whole publications only, and then a next night."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.faults.reader import Reader
from benchmarks.faults.state import left_behind, let_a_day_pass, lost_rows, partial
from benchmarks.faults.trial import NightFailed, World, finish, settings_of

FULL = "The disk ran full"
MEBIBYTE = 2**20
ROOM = 512 * MEBIBYTE
"""The size of the disk; what is not to be free is filled."""

BLOCK = 64 * 1024


@dataclass(frozen=True)
class FullNight:
    """A night with `free` bytes: its exit code, whether it named the full disk, and all that was wrong."""

    free: int
    code: int | None
    is_named: bool
    stage: str
    wrong: list[str]


def can_mount() -> bool:
    """Whether this user may mount a disk of its own."""
    return os.geteuid() == 0 and shutil.which("mount") is not None


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk in memory, for as long as the block lasts. Raises CalledProcessError where it may not be mounted."""
    folder.mkdir()
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", str(folder)],  # noqa: S607
        check=True,
        capture_output=True,
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True, capture_output=True)  # noqa: S607
        folder.rmdir()


def bytes_needed(world: World) -> int:
    """What the undisturbed night left more than there was before it."""
    sizes = [
        sum(path.lstat().st_size for path in (world.work / name).rglob("*") if not path.is_dir())
        for name in ("base", "undisturbed")
    ]
    return sizes[1] - sizes[0]


def try_full(world: World, free: int) -> FullNight:
    """A night on a disk with so many bytes free, temporary files included; then room, and the next night."""
    world = replace(world, url=None)
    with small_disk(world.work / "disk") as disk:
        home, ballast, temporary = disk / "home", disk / "ballast", disk / "tmp"
        shutil.copytree(world.work / "base", home, symlinks=True)
        temporary.mkdir()
        current = home / "published" / "current"
        may_be_in_force = (current.resolve().name, world.expected.publication_id)
        fill(ballast, free)
        with Reader(home, None) as reader:
            night = world.start(home, TMPDIR=str(temporary))
            ended = night.end()
            reader.look()
        wrong = [*reader.problems, *partial(settings_of(home)), *lost_rows(settings_of(home))]
        if ended.code and FULL not in ended.output:
            wrong.append(f"ended with {ended.code}: {ended.output[-1500:]}")
        if current.resolve().name not in may_be_in_force:
            wrong.append("another publication is in force")
        ballast.unlink()
        let_a_day_pass(home)
        try:
            finish(world.start(home))
        except NightFailed as error:
            wrong.append(str(error))
        else:
            wrong += world.differences(home) + left_behind(home)
    return FullNight(free, ended.code, FULL in ended.output, night.stage, wrong)


def fill(ballast: Path, free: int) -> None:
    """Fill the disk until so many bytes are left."""
    with ballast.open("wb", buffering=0) as file:
        while True:
            room = os.statvfs(ballast.parent)
            left = room.f_bavail * room.f_frsize - free
            if left <= 0:
                return
            file.write(bytes(min(left, BLOCK)))
