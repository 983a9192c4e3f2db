"""Charts of the report as specifications of Vega-Lite: what is drawn where, and how it looks.

They say the same in black and white: a line with markers, the target dashed, the interval as whiskers, hollow markers
for a part of a year, gaps with the word why. No colour carries meaning, and every line bears its own label.
"""

from typing import Any

from publish.report.figures import Chart
from publish.report.fonts import FAMILY
from publish.report.series import (
    HEIGHT,
    TOP,
    WIDTH,
    decimals,
    gap_word,
    labelled,
    left,
    levels,
    plot_size,
    segments,
    shown,
    value_range,
    year_name,
)

INK, SOFT, ACCENT, PAPER, GRID = "#1c2530", "#4f5964", "#0b4f8a", "#ffffff", "#d9dee3"
SIZE = 12
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"

HALO = {"stroke": PAPER, "strokeWidth": 3.5, "strokeJoin": "round"}
"""Keeps a number readable where a line runs behind it."""

CROWDED = 52
"""Pixels a year must have for a word to stand level in it; below, words stand upright."""

FALLBACKS = f"{FAMILY}, Segoe UI, Noto Sans, Helvetica, Arial, sans-serif"
"""In a page the reader's own typefaces stand in, since a page loads nothing."""

Spec = dict[str, Any]


def chart_spec(chart: Chart) -> Spec:
    """The chart as a Vega-Lite specification; its data are the rows of `publish.report.series`."""
    width, height = plot_size(chart)
    years = [year_name(point) for point in chart.points]
    scales = {
        "x": {
            "field": "year",
            "type": "nominal",
            "sort": None,
            "title": None,
            "scale": {"type": "band", "domain": years, "padding": 0},
            "axis": {
                "labelAngle": 0,
                "labelOverlap": "greedy",
                "labelSeparation": 8,
                "labelPadding": 5,
                "domainColor": SOFT,
            },
        },
        "y": {
            "field": "value",
            "type": "quantitative",
            "title": None,
            "scale": {"domain": list(value_range(chart)), "nice": False},
            "axis": {"format": ",~f", "tickCount": 4, "domain": False, "gridColor": GRID, "labelPadding": 6},
        },
    }
    is_crowded = width / max(len(years), 1) < CROWDED
    return {
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "padding": {
            "left": left(chart),
            "right": WIDTH - left(chart) - width,
            "top": TOP,
            "bottom": HEIGHT - TOP - height,
        },
        "autosize": {"type": "none"},
        "background": "transparent",
        "config": {
            "font": FALLBACKS,
            "view": {"stroke": None},
            "axis": {"labelFontSize": SIZE, "labelColor": SOFT, "ticks": False, "grid": False},
            "axisY": {"grid": True},
            "text": {"fontSize": SIZE},
        },
        "layer": [
            {"data": {"values": []}, "mark": "point", "encoding": scales},
            *_level_layers(chart),
            *_series_layers(chart),
            *_gap_layers(chart, upright=is_crowded, height=height),
        ],
    }


def _series_layers(chart: Chart) -> list[Spec]:
    """Whiskers, lines, markers and numbers."""
    values = [point.value for point in chart.points if point.value is not None]
    if not values:
        return []
    places = decimals(values)
    texts = ["" if point.value is None else shown(point.value, places) for point in chart.points]
    rows = [
        {
            "year": year_name(point),
            "value": point.value,
            "segment": segment,
            "hollow": point.is_preliminary,
            "low": point.ci_low,
            "high": point.ci_high,
            "label": text if fits else "",
            "label_at": point.value if point.ci_high is None else max(point.value, point.ci_high),
        }
        for point, segment, text, fits in zip(
            chart.points, segments(chart.points), texts, labelled(chart, texts), strict=True
        )
        if point.value is not None
    ]
    spans = [row for row in rows if row["low"] is not None and row["high"] is not None]
    whisker = {"color": SOFT, "strokeWidth": 1.2}
    end = {"type": "tick", "color": SOFT, "thickness": 1.2, "size": 9, "orient": "horizontal"}
    fill = {"condition": {"test": "datum.hollow", "value": PAPER}, "value": ACCENT}
    marker = {"type": "point", "size": 46, "strokeWidth": 1.8, "stroke": ACCENT, "opacity": 1}
    number = {"type": "text", "dy": -11}
    return [
        _layer(spans, {"type": "rule"} | whisker, y=_value("low"), y2={"field": "high"}),
        _layer(spans, end, y=_value("low")),
        _layer(spans, end, y=_value("high")),
        _layer(rows, {"type": "line", "color": ACCENT, "strokeWidth": 1.8}, detail={"field": "segment"}),
        _layer(rows, marker, fill=fill),
        _layer(rows, number | HALO, y=_value("label_at"), text={"field": "label"}),
        _layer(rows, number | {"color": INK, "fontWeight": "bold"}, y=_value("label_at"), text={"field": "label"}),
    ]


def _level_layers(chart: Chart) -> list[Spec]:
    """Target and baseline: lines over the years they hold for, each with its label."""
    layers = []
    width, _ = plot_size(chart)
    for level in levels(chart):
        row = {"year": level.first, "last": level.last, "value": level.value, "at": level.label_at}
        look = {"color": INK, "strokeDash": [6, 4]} if level.is_target else {"color": SOFT, "strokeDash": [1.5, 3]}
        across = {"x": _year(0), "x2": {"field": "last", "bandPosition": 1}}
        layers.append(_layer([row], {"type": "rule", "strokeWidth": 1.3} | look, **across))
        text = {"y": _value("at"), "text": {"value": level.label}}
        if level.is_last:
            beside = {"align": "left", "baseline": "middle", "dx": 7, "limit": WIDTH - left(chart) - width - 8}
            layers.append(_layer([row], {"type": "text", "color": INK} | beside, x={"value": width}, **text))
        else:
            row = row | {"year": level.last if level.is_named_late else level.first}
            side = {"align": "right", "dx": -4} if level.is_named_late else {"align": "left", "dx": 2}
            layers += [
                _layer([row], {"type": "text", "dy": -8} | side | ink, x=_year(int(level.is_named_late)), **text)
                for ink in (HALO, {"color": INK})
            ]
    return layers


def _gap_layers(chart: Chart, *, upright: bool, height: int) -> list[Spec]:
    """The word for each year without a number, and a rule before each year that is measured otherwise."""
    word = {"type": "text", "color": SOFT, "fontSize": SIZE - 1}
    turned = {"angle": 270, "align": "left", "dx": 6, "baseline": "middle"} if upright else {"dy": -10}
    gaps = [{"year": year_name(point), "word": gap_word(point.state)} for point in chart.points if point.value is None]
    breaks = [{"year": year_name(point), "word": "brud i serien"} for point in chart.points if point.is_break]
    rule = {"type": "rule", "color": SOFT, "strokeDash": [2, 2], "strokeWidth": 1}
    text = {"field": "word"}
    return [
        _layer(gaps, word | turned, y={"value": height}, text=text),
        _layer(breaks, rule, x=_year(0), y={"value": -4}, y2={"value": height}),
        _layer(breaks, word, x=_year(0), y={"value": -11}, text=text),
    ]


def _layer(rows: list[Spec], mark: Spec, **encoding: Spec) -> Spec:
    """One layer over the years and values that all layers share, unless `encoding` says otherwise."""
    return {"data": {"values": rows}, "mark": mark, "encoding": {"x": _year(0.5), "y": _value("value")} | encoding}


def _year(position: float) -> Spec:
    """The year across, at this part of its width."""
    return {"field": "year", "type": "nominal", "sort": None, "bandPosition": position}


def _value(field: str) -> Spec:
    return {"field": field, "type": "quantitative"}
