"""Recall and false alarms of the checks, as a table: `make quality-report`, `python -m benchmarks.quality --help`."""

import argparse
import inspect
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.quality.night import NightFailed, tell_terminal
from benchmarks.quality.score import mistakes, table
from benchmarks.quality.trial import COMBINATIONS, SEED, run_trial


def main(arguments: Sequence[str] | None = None) -> int:
    """Plant faults in a clean made-up world and let the night find them.

    Every flag code has its faults. Each fault is planted alone in a copy of the world, and several together in copies
    drawn by chance; every copy must give exactly the flags of its faults, each at exactly its place.

    The table says per code how many faults were planted, how many of them gave a flag of their code (found), how many
    all of their flags in the right places (exact), and how many flags nobody planted (false). Whatever is missing or
    too many is listed below it, and the exit code is 1.
    """
    options = _options().parse_args(arguments)
    folder = Path(tempfile.mkdtemp(prefix="omraadetal_quality_", dir=options.work))
    try:
        scores = run_trial(folder, number=options.combinations, seed=options.seed, tell=tell_terminal).scores
    except NightFailed as error:
        tell_terminal(f"No report: {error}")
        return 1
    finally:
        if options.keep:
            tell_terminal(f"kept: {folder}")
        else:
            shutil.rmtree(folder)
    sys.stdout.writelines(f"{line}\n" for line in (*table(scores), *mistakes(scores)))
    return 0 if all(one.is_perfect for one in scores) else 1


def _options() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.quality",
        description=inspect.cleandoc(main.__doc__ or ""),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--combinations",
        type=_count,
        default=COMBINATIONS,
        metavar="N",
        help=f"worlds of several faults ({COMBINATIONS})",
    )
    parser.add_argument(
        "--seed",
        type=int,
        default=SEED,
        help=f"draws places and combinations; the same ones for the same seed ({SEED})",
    )
    parser.add_argument("--work", type=_folder, help="an existing folder to work in; a temporary one by default")
    parser.add_argument("--keep", action="store_true", help="keep worlds, builds and flags to look into")
    return parser


def _count(text: str) -> int:
    number = int(text)
    if number < 0:
        raise argparse.ArgumentTypeError(f"{number} is no number of combinations")
    return number


def _folder(text: str) -> Path:
    if not Path(text).is_dir():
        raise argparse.ArgumentTypeError(f"{text} is no folder")
    return Path(text)


if __name__ == "__main__":
    sys.exit(main())
