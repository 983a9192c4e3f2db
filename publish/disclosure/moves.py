"""Small changes wait: a figure that was shown moves in public only by `smallest_move` or more."""

import pandas as pd

from publish.disclosure.limits import Limits
from publish.disclosure.tables import VERSION
from publish.grain import GRAIN
from vocabulary.states import BaselineTrend, TargetStatus

LAST = "last_"
"""Prefix of the columns of the version that was shown last."""

JUDGED = {
    TargetStatus.REACHED: (TargetStatus.REACHED, TargetStatus.MISSED),
    TargetStatus.MISSED: (TargetStatus.REACHED, TargetStatus.MISSED),
    TargetStatus.ON_TRACK: (TargetStatus.ON_TRACK, TargetStatus.BEHIND),
    TargetStatus.BEHIND: (TargetStatus.ON_TRACK, TargetStatus.BEHIND),
}
"""What a status could have been instead: met and not met."""

COMPARED = (BaselineTrend.BETTER, BaselineTrend.WORSE, BaselineTrend.NO_CLEAR_CHANGE)


def with_last_shown(figures: pd.DataFrame, last_shown: pd.DataFrame) -> pd.DataFrame:
    """The figures with the columns `last_value`, `last_n` … of the version that each was last shown with."""
    last = last_shown.rename(columns={name: LAST + name for name in VERSION})
    merged = figures.merge(last, on=GRAIN, how="left", validate="1:1")
    return merged.set_axis(figures.index, axis=0)


def waits(figures: pd.DataFrame, limits: Limits) -> pd.Series:
    """Which figures differ from what was last shown by less than the smallest move.

    Shares are measured by answers, hits and misses: per cent say nothing of how many persons moved.
    """
    is_share = figures["figure_type"].eq("share")
    counts = _is_small(figures["value"] - figures["last_value"], limits)
    answers = figures["n"] - figures["last_n"]
    hits = figures["hits_count"] - figures["last_hits_count"]
    shares = _is_small(answers, limits) | _is_small(hits, limits) | _is_small(answers - hits, limits)
    return counts.where(~is_share, shares)


def _is_small(change: pd.Series, limits: Limits) -> pd.Series:
    size = change.astype(float).abs()
    return size.gt(0) & size.lt(limits.smallest_move.value)


def show_last(figures: pd.DataFrame, waiting: pd.Series) -> pd.DataFrame:
    """The figures with the last shown version in place of the true one where they wait; statuses
    rest on what is shown.
    """
    shown = figures.copy()
    is_share = shown["figure_type"].eq("share")
    counts = waiting & ~is_share
    for name in VERSION:
        moved = waiting & is_share if name == "baseline_trend" else waiting
        shown[name] = shown[name].mask(moved, shown[LAST + name].astype(shown[name].dtype))
    direction = shown["better"].eq("lower").map({True: -1.0, False: 1.0})
    judged = waiting & shown["target_status"].isin(JUDGED)
    is_met = direction * shown["value"] >= direction * shown["target_needed"]
    for status, (met, unmet) in JUDGED.items():
        own = judged & figures["target_status"].eq(status)
        shown.loc[own & is_met, "target_status"] = met.value
        shown.loc[own & ~is_met, "target_status"] = unmet.value
    compared = counts & figures["baseline_trend"].isin(COMPARED)
    gain = direction * (shown["value"] - shown["baseline_value"])
    for trend, holds in (
        (BaselineTrend.BETTER, gain.gt(0)),
        (BaselineTrend.WORSE, gain.lt(0)),
        (BaselineTrend.NO_CLEAR_CHANGE, gain.eq(0)),
    ):
        shown.loc[compared & holds, "baseline_trend"] = trend.value
    return shown


def without_last(figures: pd.DataFrame) -> pd.DataFrame:
    """The figures without the columns of the last shown version."""
    return figures.drop(columns=[LAST + name for name in VERSION])
