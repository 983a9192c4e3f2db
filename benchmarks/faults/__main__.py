"""Kill nights and fill disks, and count what it does: `make faults`, `python -m benchmarks.faults --help`."""

import argparse
import logging
import random
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import islice
from pathlib import Path

from benchmarks.faults.chains import BY, drawn_chains, for_kills
from benchmarks.faults.disk import FullNight, bytes_needed, can_mount, try_full
from benchmarks.faults.found import full_table, keep, kill_table, read, usual_file, wrongs
from benchmarks.faults.trial import SAMPLES, TONIGHT, NightFailed, Trial, World, know, know_stages, make_base, try_kills
from publish.postgres.server import start
from vocabulary.errors import OmraadetalError
from vocabulary.settings import LOCAL_ZONE, PROJECT_ROOT
from warehouse.paths import Paths

MOST_OF_NEED = 1.1
"""The widest disk has this much of the room that the night leaves filled."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Kill nights at moments drawn by chance and aimed at, and let others run out of disk.

    Each trial is a line in a file of results, which several runs may add to; told are a table of all kills in it and
    one of all full disks. The exit code is 1 where anything was lost, partial, mixed, left behind, or not as an
    undisturbed night has it. Where it is ended early (Ctrl-C) it tells what it has found; run again it goes on.
    """
    options = _options().parse_args(arguments)
    logging.disable(logging.WARNING)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server is stopped
    results = options.results or usual_file(options.seed)
    is_done = _run_lanes(options, results) if options.lanes > 1 else _run(options, results)
    found = read(results)
    if not options.is_lane:
        sys.stdout.writelines(f"{line}\n" for line in (*kill_table(found.trials), "", *full_table(found.full)))
    return 0 if is_done and (options.is_lane or found.is_good) else 1


def _run(options: argparse.Namespace, results: Path) -> bool:
    """Try what was asked for; False where a night that nobody disturbed failed."""
    if not options.kills and not options.disks:
        return True
    work = Path(tempfile.mkdtemp(prefix="omraadetal_faults_", dir=options.work))
    _tell(f"seed {options.seed}, in {work}")
    is_good = True
    try:
        with nullcontext(None) if options.without_database else start(Paths(work / "server")) as server:
            make_base(work, _tell)
            world = know(work, SAMPLES, TONIGHT, server.admin_url if server else None, _tell)
            for trial in _kills(world, options, read(results).by_seed.get(options.seed, 0)):
                keep(results, options.seed, trial)
                is_good = is_good and not wrongs(trial)
            for night in _full_nights(world, options.disks):
                keep(results, options.seed, night)
                is_good = is_good and not night.wrong
    except (NightFailed, OmraadetalError) as error:
        _tell(f"ended: {error}")
        return False
    except KeyboardInterrupt:
        _tell("ended early")
    if is_good and not options.keep:
        shutil.rmtree(work)
    return True


def _run_lanes(options: argparse.Namespace, results: Path) -> bool:
    """Share it out among processes, each with a HOME, a server and a seed of its own; False where one could not."""
    lanes = []
    for lane in range(options.lanes):
        kills, disks = ((number + lane) // options.lanes for number in (options.kills, options.disks))
        asked = {"kills": kills, "disks": disks, "seed": options.seed + lane, "by": options.by, "results": results}
        asked |= {"work": options.work} if options.work else {}
        words = [word for name, value in asked.items() for word in (f"--{name}", str(value))]
        words += ["--without-database"] if options.without_database else []
        words += ["--keep"] if options.keep else []
        command = [sys.executable, "-m", "benchmarks.faults", "--is-lane", *words]
        lanes.append(subprocess.Popen(command, cwd=PROJECT_ROOT, start_new_session=True))
    try:
        return not any([lane.wait() for lane in lanes])
    except KeyboardInterrupt:
        for lane in lanes:
            lane.terminate()
        return not any([lane.wait() for lane in lanes])


def _kills(world: World, options: argparse.Namespace, done_before: int) -> Iterator[Trial]:
    """Those that the seed draws after so many chains."""
    if not options.kills:
        return
    if options.by != "night":
        world = know_stages(world, _tell)
    drawn = drawn_chains(world.aims, tuple(world.alone), options.by, random.Random(options.seed))  # noqa: S311
    done = 0
    for at, chain in enumerate(for_kills(islice(drawn, done_before, None), options.kills)):
        trial = try_kills(world, chain.aims, f"trial_{at}", chain.alone)
        done += len(trial.kills)
        hit = ", ".join(f"{kill.at} (hit {kill.stage or 'nothing'})" for kill in trial.kills)
        what = f" of {chain.alone} alone" if chain.alone else ""
        _tell(f"{done}/{options.kills} kills{what}: {hit}: {'; '.join(wrongs(trial)) or 'nothing wrong'}")
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
    parser.add_argument(
        "--by", choices=BY, default="both", help="kill whole nights, stages run alone, or both by turns"
    )
    parser.add_argument("--lanes", type=int, default=1, help="how many at a time, one a core; their seeds follow (1)")
    parser.add_argument("--results", type=Path, help="file to add to (benchmarks/results/faults_<seed>.jsonl)")
    parser.add_argument("--seed", type=int, default=today, help=f"draws the moments; today's number ({today})")
    parser.add_argument("--without-database", action="store_true", help="do not load into PostgreSQL")
    parser.add_argument("--work", type=Path, help="an existing folder to work in; a temporary one by default")
    parser.add_argument("--keep", action="store_true", help="keep every HOME to look into")
    parser.add_argument("--is-lane", action="store_true", help=argparse.SUPPRESS)
    return parser


def _tell(line: str) -> None:
    """Progress, and when."""
    sys.stderr.write(f"{datetime.now(LOCAL_ZONE):%H:%M:%S}  {line}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
