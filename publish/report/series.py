"""What a chart shows, worked out as data: which points a line joins, what each gap is called, which labels fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from publish.report.figures import Chart, Point
from vocabulary.states import LABELS_DA, ValueState
from vocabulary.wording import number_da

WIDTH, HEIGHT = 640, 168
"""Size of a chart in pixels: 16 cm × 4.2 cm in print, where its type is 8.5 points."""

TOP, BOTTOM = 22, 24
"""Room above and below the plot: for the heading of a break, and for the years."""

RIGHT, RIGHT_WITH_LABELS = 20, 140
"""Room on the right, without and with a target or a baseline to name there."""

PARTIAL_SIGN = " ‡"
"""Stands at a year of which the figure covers a part, here as in the tables."""

CHARACTER, LINE = 6.2, 13
"""Width of a digit and height of a line of type, in pixels."""

_STATES = LABELS_DA["value_state"]
GAP_WORDS = {
    _STATES[ValueState.NOT_MEASURED]: "ikke målt",
    _STATES[ValueState.NOT_DUE]: "ikke målt",
    _STATES[ValueState.SUPPRESSED]: "skjult",
}
"""The short word for why a year has no point; any other state stands as it is, cut to `GAP_LENGTH`."""

GAP_LENGTH = 22


@dataclass(frozen=True)
class Level:
    """A target or a baseline: a level from one year to another, with its label, `label_at` as a value of the axis.

    `is_last` ones are named beside the plot, earlier ones above their line, at the end where no point is near.
    """

    first: str
    last: str
    value: float
    label: str
    label_at: float
    is_target: bool
    is_last: bool
    is_named_late: bool


def plot_size(chart: Chart) -> tuple[int, int]:
    """Width and height of the plot inside the chart."""
    has_levels = chart.baseline is not None or any(point.target is not None for point in chart.points)
    return WIDTH - left(chart) - (RIGHT_WITH_LABELS if has_levels else RIGHT), HEIGHT - TOP - BOTTOM


def left(chart: Chart) -> int:
    """Room for the numbers of the axis."""
    return 16 + int(CHARACTER * max(len(number_da(end, 0)) for end in value_range(chart)))


def year_name(point: Point) -> str:
    """The year as it stands below the axis."""
    return point.year_label + (PARTIAL_SIGN if point.is_preliminary else "")


def value_range(chart: Chart) -> tuple[float, float]:
    """The axis: from 0 (or the lowest negative value) to above the highest mark, with room for its label."""
    marks = [0.0, *(level for level in (chart.baseline,) if level is not None)]
    for point in chart.points:
        marks += [mark for mark in (point.value, point.ci_low, point.ci_high, point.target) if mark is not None]
    low, high = min(marks), max(marks)
    if low == high:
        high = low + 1
    room = (high - low) * 0.16
    return (low - room if low < 0 else 0.0), high + room


def shown(value: float, places: int) -> str:
    """A number as it stands in a chart: whole ones near zero without decimals, and a minus that is no hyphen."""
    return number_da(value, 0 if places > 1 and float(value).is_integer() else places).replace("-", "−")


def decimals(values: Sequence[float]) -> int:
    """As many as tell the values apart: none for whole numbers, one as a rule, more for numbers near zero."""
    if all(float(value).is_integer() for value in values):
        return 0
    largest = max(abs(value) for value in values)
    return 1 if largest >= 1 else 3


def segments(points: Sequence[Point]) -> list[int | None]:
    """For each point the number of its line, None where there is no value: gaps and breaks of the series end a line."""
    numbers: list[int | None] = []
    current, joined = 0, False
    for point in points:
        if point.value is None:
            numbers.append(None)
            joined = False
            continue
        if point.is_break or not joined:
            current += 1
        numbers.append(current)
        joined = True
    return numbers


def gap_word(state: str) -> str:
    word = GAP_WORDS.get(state, state)
    return word if len(word) <= GAP_LENGTH else word[: GAP_LENGTH - 1].rstrip() + "…"


def labelled(chart: Chart, texts: Sequence[str]) -> list[bool]:
    """Which points bear their number: all where they fit, else every second, third … counted from the last."""
    width = max((len(text) for text in texts), default=0) * CHARACTER + 4
    step = plot_size(chart)[0] / max(len(chart.points), 1)
    stride = max(1, -(-int(width) // max(int(step), 1)))
    return [(len(texts) - 1 - index) % stride == 0 for index in range(len(texts))]


def levels(chart: Chart) -> list[Level]:
    """Runs of years with one target, and the baseline over all years; labels beside the last ones never overlap."""
    years = [year_name(point) for point in chart.points]
    found: list[tuple[str, str, float, str, bool, bool, bool]] = []
    for target, points in groupby(chart.points, lambda point: point.target):
        run = list(points)
        if target is not None:
            first, last = year_name(run[0]), year_name(run[-1])
            text = f"mål {shown(target, decimals([target]))}"
            found.append((first, last, target, text, True, last == years[-1], run[-1].value is None))
    if chart.baseline is not None and years:
        text = chart.baseline_label or f"baseline {shown(chart.baseline, decimals([chart.baseline]))}"
        found.append((years[0], years[-1], chart.baseline, text, False, True, True))
    low, high = value_range(chart)
    line = (high - low) * LINE / plot_size(chart)[1]
    places = iter(_apart([value for _, _, value, _, _, is_last, _ in found if is_last], line))
    return [
        Level(first, last, value, label, next(places) if is_last else value, is_target, is_last, is_late)
        for first, last, value, label, is_target, is_last, is_late in found
    ]


def _apart(values: Sequence[float], line: float) -> list[float]:
    """Where labels of these values stand: each beside its level, but a line of type (in units of the axis) apart."""
    places = list(values)
    order = sorted(range(len(values)), key=lambda index: values[index])
    for below, above in pairwise(order):
        lacking = line - (places[above] - places[below])
        if lacking > 0:
            places[above] += lacking / 2
            places[below] -= lacking / 2
    return places
