"""What the checks are measured against: expectations/thresholds.yaml."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from agreements.yaml_files import Strict, read_model
from vocabulary.flags import FlagCode

THRESHOLDS_FILE = Path(__file__).with_name("thresholds.yaml")
PREFIX = "limit_"


class ThresholdException(Strict):
    """Another value for one indicator of one agreement, and why."""

    agreement: str
    indicator: str
    value: float
    because: str


class Threshold(Strict):
    """One number that a check is measured against, in the unit of the fact that it is compared with."""

    flag: FlagCode
    name: str
    value: float
    because: str
    exceptions: tuple[ThresholdException, ...] = ()

    @property
    def column(self) -> str:
        return PREFIX + self.name


class ThresholdFile(Strict):
    thresholds: tuple[Threshold, ...]


def read_thresholds(path: Path = THRESHOLDS_FILE) -> tuple[Threshold, ...]:
    """Raises DefinitionInvalid with file, line and key."""
    return read_model(path, ThresholdFile).thresholds


def with_limits(facts: pd.DataFrame, thresholds: Iterable[Threshold], flags: Iterable[FlagCode]) -> pd.DataFrame:
    """The facts with a column `limit_<name>` for each threshold of the flags, by indicator where it has exceptions."""
    wanted = set(flags)
    for threshold in thresholds:
        if threshold.flag not in wanted:
            continue
        facts[threshold.column] = threshold.value
        for one in threshold.exceptions:
            own = facts["agreement_id"].eq(one.agreement) & facts["indicator_id"].eq(one.indicator)
            facts.loc[own, threshold.column] = one.value
    return facts
