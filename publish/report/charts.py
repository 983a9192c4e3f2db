"""Charts of the report as SVG, drawn by Vega-Lite through vl-convert, which needs neither browser nor network."""

import re
from functools import cache, lru_cache

from publish.report.chart_specs import chart_spec
from publish.report.figures import Chart
from publish.report.fonts import font_directory


@lru_cache(maxsize=256)
def chart_svg(chart: Chart) -> str:
    """The chart as one `<svg>` without ids, styles or references of its own; raises FontsMissing.

    Drawn once for PDF and HTML. `role="img"` and `aria-label` carry the chart's alt text.
    """
    import vl_convert

    _register_fonts()
    drawn = vl_convert.vegalite_to_svg(
        chart_spec(chart), vl_version="6.4", format_locale="da-DK", allowed_base_urls=[], show_warnings=False
    )
    return _plain(drawn, chart.alt)


@cache
def _register_fonts() -> None:
    import vl_convert

    vl_convert.register_font_directory(str(font_directory()))


def _plain(svg: str, alt_text: str) -> str:
    """The drawing without what a page's policy refuses, what repeats, and what is drawn but not to be seen.

    That is inline styles and classes, roles of parts, and numbers of years that give way to others.
    """
    from markupsafe import escape

    seen = re.sub(r'<text [^>]*opacity="0"[^>]*>[^<]*</text>', "", svg)
    bare = re.sub(r'\s(?:class|style|role|aria-[a-z]+)="[^"]*"', "", seen)
    return bare.replace("<svg", f'<svg role="img" aria-label="{escape(alt_text)}"', 1)
