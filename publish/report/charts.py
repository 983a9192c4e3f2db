"""Charts of the report as SVG, drawn by Vega-Lite through vl-convert, which needs neither browser nor network.

They say the same in black and white: a line with markers, the target dashed, the interval as whiskers, hollow markers
for a part of a year, gaps with the word why. No colour carries meaning, and every line bears its own label.
"""

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from publish.report.fonts import FAMILY, font_directory
from publish.report.model import Chart
from publish.report.series import (
    HEIGHT,
    LEFT,
    TOP,
    WIDTH,
    decimals,
    gap_word,
    labelled,
    levels,
    plot_size,
    segments,
    value_range,
    year_name,
)
from vocabulary.wording import number_da

if TYPE_CHECKING:
    import altair

INK, SOFT, ACCENT, PAPER, GRID = "#1c2530", "#4f5964", "#0b4f8a", "#ffffff", "#d9dee3"
SIZE = 12
CROWDED = 52
"""Pixels a year must have for a word to stand level in it; below, words stand upright."""

FALLBACKS = f"{FAMILY}, Segoe UI, Noto Sans, Helvetica, Arial, sans-serif"
"""In a page the reader's own typefaces stand in, since a page loads nothing."""


@lru_cache(maxsize=256)
def chart_svg(chart: Chart) -> str:
    """The chart as one `<svg>` without ids, styles or references of its own; raises FontsMissing.

    Drawn once for PDF and HTML. `role="img"` and `aria-label` carry the chart's alt text; what is inside is hidden from screen readers.
    """
    import vl_convert

    _register_fonts()
    drawn = vl_convert.vegalite_to_svg(
        chart_spec(chart), format_locale="da-DK", allowed_base_urls=[], show_warnings=False
    )
    return _plain(drawn, chart.alt)


def chart_spec(chart: Chart) -> dict[str, Any]:
    """The chart as a Vega-Lite specification; its data are the rows of `publish.report.series`."""
    import altair as alt

    width, height = plot_size(chart)
    years = [year_name(point) for point in chart.points]
    low, high = value_range(chart)
    step = width / max(len(years), 1)
    x = alt.X(
        "year:N",
        sort=None,
        title=None,
        scale=alt.Scale(type="band", domain=years, padding=0),
        axis=alt.Axis(
            labelAngle=0, labelOverlap="greedy", labelSeparation=8, labelPadding=5, ticks=False, domainColor=SOFT
        ),
    )
    y = alt.Y(
        "value:Q",
        title=None,
        scale=alt.Scale(domain=[low, high], nice=False, zero=True),
        axis=alt.Axis(format=",~f", tickCount=4, domain=False, ticks=False, gridColor=GRID, labelPadding=6),
    )
    layers = [
        *_level_layers(chart, x, y),
        *_series_layers(chart, x, y),
        *_gap_layers(chart, x, upright=step < CROWDED, height=height),
    ]
    return (
        alt.layer(*layers)
        .properties(
            width=width,
            height=height,
            padding={"left": LEFT, "right": WIDTH - LEFT - width, "top": TOP, "bottom": HEIGHT - TOP - height},
            autosize="none",
            background="transparent",
        )
        .configure(font=FALLBACKS)
        .configure_view(stroke=None)
        .configure_axis(labelFontSize=SIZE, labelColor=SOFT, labelFont=FALLBACKS)
        .configure_text(font=FALLBACKS, fontSize=SIZE)
        .to_dict()
    )


def _series_layers(chart: Chart, x: Any, y: Any) -> list["altair.Chart"]:
    """Whiskers, lines, markers and numbers."""
    import altair as alt

    values = [point.value for point in chart.points if point.value is not None]
    if not values:
        return []
    places = decimals(values)
    texts = ["" if point.value is None else number_da(point.value, places) for point in chart.points]
    rows = [
        {
            "year": year_name(point),
            "value": point.value,
            "segment": segment,
            "hollow": point.is_preliminary,
            "low": point.ci_low,
            "high": point.ci_high,
            "label": text if shown else "",
            "label_at": point.value if point.ci_high is None else max(point.value, point.ci_high),
        }
        for point, segment, text, shown in zip(
            chart.points, segments(chart.points), texts, labelled(chart, texts), strict=True
        )
        if point.value is not None
    ]
    base = _on(rows).encode(x=x)
    layers = []
    spans = [row for row in rows if row["low"] is not None and row["high"] is not None]
    if spans:
        span = _on(spans).encode(x=x)
        layers.append(span.mark_rule(color=SOFT, strokeWidth=1.2).encode(y=alt.Y("low:Q"), y2="high:Q"))
        for end in ("low", "high"):
            layers.append(
                span.mark_tick(color=SOFT, thickness=1.2, size=9, orient="horizontal").encode(y=alt.Y(f"{end}:Q"))
            )
    marker = base.mark_point(filled=False, size=46, strokeWidth=1.8, stroke=ACCENT, opacity=1).encode(
        y=y, fill=alt.condition("datum.hollow", alt.value(PAPER), alt.value(ACCENT))
    )
    number = alt.Y("label_at:Q")
    return [
        *layers,
        base.mark_line(color=ACCENT, strokeWidth=1.8).encode(y=y, detail="segment:N"),
        marker,
        base.mark_text(dy=-11, stroke=PAPER, strokeWidth=3.5, strokeJoin="round").encode(y=number, text="label:N"),
        base.mark_text(dy=-11, color=INK, fontWeight="bold").encode(y=number, text="label:N"),
    ]


def _level_layers(chart: Chart, x: Any, y: Any) -> list["altair.Chart"]:
    """Target and baseline: lines over the years they hold for, each with its label."""
    import altair as alt

    layers = []
    width, _ = plot_size(chart)
    for level in levels(chart):
        rows = [{"year": level.first, "last": level.last, "value": level.value, "at": level.label_at}]
        start = _across(x, 0)
        layers.append(
            _on(rows)
            .mark_rule(
                color=INK if level.is_target else SOFT,
                strokeDash=[6, 4] if level.is_target else [1.5, 3],
                strokeWidth=1.3,
            )
            .encode(x=start, x2=alt.X2("last:N", bandPosition=1), y=y)
        )
        if level.is_last:
            label = {"align": "left", "dx": 7, "x": width, "limit": WIDTH - LEFT - width - 8}
            text = _on(rows).mark_text(color=INK, baseline="middle", **label)
            layers.append(text.encode(y=alt.Y("at:Q"), text=alt.value(level.label)))
        else:
            text = _on(rows).mark_text(color=INK, align="left", dx=2, dy=-7)
            layers.append(text.encode(x=start, y=alt.Y("at:Q"), text=alt.value(level.label)))
    return layers


def _gap_layers(chart: Chart, x: Any, *, upright: bool, height: int) -> list["altair.Chart"]:
    """The word for each year without a number, and a rule before each year that is measured otherwise."""

    gaps = [{"year": year_name(point), "word": gap_word(point.state)} for point in chart.points if point.value is None]
    turned = {"angle": 270, "align": "left", "dx": 6, "baseline": "middle"} if upright else {"dy": -10}
    layers = []
    if gaps:
        words = _on(gaps).mark_text(color=SOFT, fontStyle="italic", y=height, fontSize=SIZE - 1, **turned)
        layers.append(words.encode(x=x, text="word:N"))
    breaks = [{"year": year_name(point), "word": "brud i serien"} for point in chart.points if point.is_break]
    if breaks:
        start = _across(x, 0)
        rule = _on(breaks).mark_rule(color=SOFT, strokeDash=[2, 2], strokeWidth=1, y=-4, y2=height)
        words = _on(breaks).mark_text(color=SOFT, fontStyle="italic", y=-11, fontSize=SIZE - 1)
        layers += [rule.encode(x=start), words.encode(x=start, text="word:N")]
    return layers


def _across(x: Any, position: float) -> Any:
    """The same years, but at this part of each year's width."""
    moved = x.copy()
    moved["bandPosition"] = position
    return moved


def _on(rows: list[dict[str, Any]]) -> "altair.Chart":
    import altair as alt

    return alt.Chart(alt.InlineData(values=rows))


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(font_directory()))


def _plain(svg: str, alt_text: str) -> str:
    """The drawing without what a page's policy refuses or repeats: roles of parts, inline styles, classes."""
    from markupsafe import escape

    bare = re.sub(r'\s(?:class|style|role|aria-[a-z]+)="[^"]*"', "", svg)
    return bare.replace("<svg", f'<svg role="img" aria-label="{escape(alt_text)}"', 1)
