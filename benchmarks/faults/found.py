"""What the trials found, as tables and as JSON."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.faults.disk import FullNight
from benchmarks.faults.killing import STAGES
from benchmarks.faults.trial import Kill, Trial
from vocabulary.settings import PROJECT_ROOT

RESULTS = PROJECT_ROOT / "benchmarks" / "results"
WRONGS = ("lost", "partial", "mixed")


def kill_table(trials: Sequence[Trial]) -> Iterator[str]:
    """Lines of Markdown: kills by the stage that they hit, and what was wrong."""
    kills = [kill for trial in trials for kill in trial.kills]
    yield "| stage | kills | lost rows | partial publications | mixed reads | readings |"
    yield "|---|---|---|---|---|---|"
    for stage in (*STAGES, None):
        if hit := [kill for kill in kills if kill.stage == stage]:
            yield _row(stage or "(had ended)", hit)
    yield _row("in all", kills)
    unequal, left = (sum(bool(getattr(trial, name)) for trial in trials) for name in ("unequal", "left"))
    yield f"\nnights after kills: {len(trials)}; not equal to the undisturbed one: {unequal}; with leftovers: {left}"


def full_table(nights: Sequence[FullNight]) -> Iterator[str]:
    """Lines of Markdown: nights without room, by the stage in which it ran out."""
    yield "| KiB free | stage | exit code | full disk named | wrong |"
    yield "|---|---|---|---|---|"
    for one in nights:
        named = "yes" if one.is_named else "no"
        yield f"| {one.free // 1024:,} | {one.stage} | {one.code} | {named} | {len(one.wrong)} |"


def keep(seed: int, trials: Sequence[Trial], full: Sequence[FullNight]) -> Path:
    """Write everything that was found; called again it writes it anew."""
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / f"faults_{seed}.json"
    found = {
        "seed": seed,
        "told_at": datetime.now(UTC).isoformat(),
        "trials": [asdict(trial) for trial in trials],
        "full_disks": [asdict(one) for one in full],
    }
    path.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    return path


def wrongs(trial: Trial) -> list[str]:
    """All that was wrong in a trial."""
    of_kills = [one for kill in trial.kills for name in WRONGS for one in getattr(kill, name)]
    return [*of_kills, *trial.unequal, *trial.left]


def _row(name: str, kills: Sequence[Kill]) -> str:
    counts = [sum(len(getattr(kill, wrong)) for kill in kills) for wrong in WRONGS]
    return f"| {name} | {len(kills)} | {' | '.join(map(str, counts))} | {sum(kill.readings for kill in kills)} |"
