"""What the trials found: a line of JSON for each, which several runs may add to, and tables of it."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.faults.disk import FullNight
from benchmarks.faults.killing import STAGES
from benchmarks.faults.trial import Kill, Trial
from benchmarks.runs import RESULTS

WRONGS = ("lost", "partial", "mixed")


@dataclass
class Found:
    """What stands in a file of results; `by_seed`: how many trials of kills each seed has had."""

    trials: list[Trial] = field(default_factory=list)
    full: list[FullNight] = field(default_factory=list)
    by_seed: dict[int, int] = field(default_factory=dict)

    @property
    def is_good(self) -> bool:
        return not any(wrongs(trial) for trial in self.trials) and not any(night.wrong for night in self.full)


def kill_table(trials: Sequence[Trial]) -> Iterator[str]:
    """Lines of Markdown: kills by the stage that they hit, and what was wrong."""
    kills = [kill for trial in trials for kill in trial.kills]
    yield "| stage | kills | of the stage alone | lost rows | partial publications | mixed reads | readings |"
    yield "|---|---|---|---|---|---|---|"
    for stage in (*STAGES, None):
        if hit := [kill for kill in kills if kill.stage == stage]:
            yield _row(stage or "(had ended)", hit)
    yield _row("in all", kills)
    unequal, left = (sum(bool(getattr(trial, name)) for trial in trials) for name in ("unequal", "left"))
    yield f"\nnights after kills: {len(trials)}; not equal to the undisturbed one: {unequal}; with leftovers: {left}"
    if hours := sum(trial.seconds for trial in trials) / 3600:
        hit = sum(kill.stage is not None for kill in kills)
        yield f"kills that hit, by hour of one lane: {hit / hours:.0f}"


def full_table(nights: Sequence[FullNight]) -> Iterator[str]:
    """Lines of Markdown: nights without room, by the stage in which it ran out."""
    yield "| KiB free | stage | exit code | full disk named | wrong |"
    yield "|---|---|---|---|---|"
    for one in nights:
        named = "yes" if one.is_named else "no"
        yield f"| {one.free // 1024:,} | {one.stage} | {one.code} | {named} | {len(one.wrong)} |"


def usual_file(seed: int) -> Path:
    return RESULTS / f"faults_{seed}.jsonl"


def keep(file: Path, seed: int, one: Trial | FullNight) -> None:
    """Add a line. Several lanes and several runs may add to one file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    kind = "trial" if isinstance(one, Trial) else "full_disk"
    told = {"seed": seed, "told_at": datetime.now(UTC).isoformat(), kind: asdict(one)}
    with file.open("ab", buffering=0) as lines:  # in one write, so that no other line comes in between
        lines.write(f"{json.dumps(told, ensure_ascii=False)}\n".encode())


def read(file: Path) -> Found:
    """All that was added to a file; nothing where there is none."""
    found = Found()
    for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
        told = json.loads(line)
        if "full_disk" in told:
            found.full.append(FullNight(**told["full_disk"]))
            continue
        kills = [Kill(**kill) for kill in told["trial"]["kills"]]
        found.trials.append(Trial(**told["trial"] | {"kills": kills}))
        found.by_seed[told["seed"]] = found.by_seed.get(told["seed"], 0) + 1
    return found


def wrongs(trial: Trial) -> list[str]:
    """All that was wrong in a trial."""
    of_kills = [one for kill in trial.kills for name in WRONGS for one in getattr(kill, name)]
    return [*of_kills, *trial.unequal, *trial.left]


def _row(name: str, kills: Sequence[Kill]) -> str:
    counts = [sum(len(getattr(kill, wrong)) for kill in kills) for wrong in WRONGS]
    alone, readings = (sum(getattr(kill, what) for kill in kills) for what in ("is_alone", "readings"))
    return f"| {name} | {len(kills)} | {alone} | {' | '.join(map(str, counts))} | {readings} |"
