"""Kill nights and fill disks, and count what it does: `make faults`, `python -m benchmarks.faults --help`."""

import argparse
import logging
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path

from benchmarks.faults.disk import FullNight, bytes_needed, can_mount, try_full
from benchmarks.faults.found import full_table, keep, kill_table, wrongs
from benchmarks.faults.trial import SAMPLES, TONIGHT, NightFailed, Trial, World, drawn_aims, know, make_base, try_kills
from publish.postgres.server import start
from vocabulary.errors import OmraadetalError
from vocabulary.settings import LOCAL_ZONE
from warehouse.paths import Paths

MOST_OF_NEED = 1.1
"""The widest disk has this much of the room that the night leaves filled."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill nights at moments drawn by chance and aimed at, and let others run out of disk.

    Told are a table of the kills and one of the full disks; all of it is kept in benchmarks/results. The exit code is 1
    where anything was lost, partial, mixed, left behind, or not as an undisturbed night has it. Where it is ended early
    (Ctrl-C) it tells what it has found.
    """
    options = _options().parse_args(arguments)
    logging.disable(logging.WARNING)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server is stopped
    work = Path(tempfile.mkdtemp(prefix="omraadetal_faults_", dir=options.work))
    _tell(f"seed {options.seed}, in {work}")
    trials: list[Trial] = []
    full: list[FullNight] = []
    try:
        with nullcontext(None) if options.without_database else start(Paths(work / "server")) as server:
            make_base(work, _tell)
            world = know(work, SAMPLES, TONIGHT, server.admin_url if server else None, _tell)
            for trial in _kills(world, options.kills, options.seed):
                trials.append(trial)
                keep(options.seed, trials, full)
            for night in _full_nights(world, options.disks):
                full.append(night)
                keep(options.seed, trials, full)
    except (NightFailed, OmraadetalError) as error:
        _tell(f"ended: {error}")
        return 1
    except KeyboardInterrupt:
        _tell("ended early")
    is_good = not any(wrongs(trial) for trial in trials) and not any(night.wrong for night in full)
    if is_good and not options.keep:
        shutil.rmtree(work)
    sys.stdout.writelines(f"{line}\n" for line in (*kill_table(trials), "", *full_table(full)))
    return 0 if is_good else 1


def _kills(world: World, number: int, seed: int) -> Iterator[Trial]:
    done = 0
    for at, aims in enumerate(drawn_aims(world, random.Random(seed), number)):  # noqa: S311
        trial = try_kills(world, aims, f"trial_{at}")
        done += len(aims)
        hit = ", ".join(f"{kill.at} (hit {kill.stage or 'nothing'})" for kill in trial.kills)
        _tell(f"{done}/{number} kills: {hit}: {'; '.join(wrongs(trial)) or 'nothing wrong'}")
        yield trial


def _full_nights(world: World, number: int) -> Iterator[FullNight]:
    if number and not can_mount():
        _tell("no full disks: only root mounts a disk of its own")
        return
    need = bytes_needed(world) * MOST_OF_NEED
    for at in range(number):
        night = try_full(world, int(need * at / max(1, number - 1)))
        _tell(
            f"disk {at + 1}/{number}: {night.free:,} bytes, {night.stage}: {'; '.join(night.wrong) or 'nothing wrong'}"
        )
        yield night


def _options() -> argparse.ArgumentParser:
    today = datetime.now(LOCAL_ZONE).date().toordinal()
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=main.__doc__)
    parser.add_argument("--kills", type=int, default=60, help="nights that are killed (60)")
    parser.add_argument("--disks", type=int, default=20, help="nights that run out of disk (20)")
    parser.add_argument("--seed", type=int, default=today, help=f"draws the moments; today's number ({today})")
    parser.add_argument("--without-database", action="store_true", help="do not load into PostgreSQL")
    parser.add_argument("--work", type=Path, help="an existing folder to work in; a temporary one by default")
    parser.add_argument("--keep", action="store_true", help="keep every HOME to look into")
    return parser


def _tell(line: str) -> None:
    """Progress, and when."""
    sys.stderr.write(f"{datetime.now(LOCAL_ZONE):%H:%M:%S}  {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
