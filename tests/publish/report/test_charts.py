"""What a chart shows, told from its rows and its drawing: gaps stay gaps, and nothing depends on colour."""

import re
from xml.etree import ElementTree

import altair
import pytest

from publish.report import series
from publish.report.chart_specs import chart_spec
from publish.report.charts import chart_svg
from publish.report.figures import Chart, Point
from tests.publish.report.nasty import NASTY
from tests.publish.report.sample import OBSERVED, STATES, SUPPRESSED
from vocabulary.states import ValueState

SVG = "{http://www.w3.org/2000/svg}"


def chart(*points: Point, **other: object) -> Chart:
    return Chart("Titel", "antal", points, "Hvad kurven viser", **other)


def point(year: str, value: float | None, state: str = OBSERVED, **other: object) -> Point:
    return Point(year, value, state, **other)


def parsed(svg: str) -> ElementTree.Element:
    return ElementTree.fromstring(svg)  # noqa: S314 (our own drawing)


def drawn_texts(svg: str) -> list[str]:
    return [element.text for element in parsed(svg).iter(f"{SVG}text")]


@pytest.fixture
def broken():
    return NASTY["breaks_and_gaps"]().sections[0].chart


def test_a_gap_and_a_break_each_end_the_line(broken):
    assert series.segments(broken.points) == [1, 1, None, None, None, None, 2, 2, 2]
    adjacent = (point("2020", 1), point("2021", 2), point("2022", 3, is_break=True), point("2023", 4))
    assert series.segments(adjacent) == [1, 1, 2, 2]


def test_the_drawn_line_moves_over_gaps(broken):
    lines = re.findall(r'd="(M[\d.,]+(?:L[\d.,]+)+)" stroke="#0b4f8a"', chart_svg(broken))
    assert sorted(line.count("L") for line in lines) == [1, 2], "two points, then three"


def test_each_gap_says_why(broken):
    texts = drawn_texts(chart_svg(broken))
    assert [text for text in texts if text in {"mangler", "ikke målt", "skjult"}] == [
        "mangler", "ikke målt", "ikke målt", "skjult",
    ]  # fmt: skip
    assert "brud i serien" in texts


def test_a_state_without_a_short_word_is_cut():
    assert series.gap_word("afventer en meget lang forklaring fra kilden") == "afventer en meget lan…"
    assert series.gap_word(SUPPRESSED) == "skjult"
    assert series.gap_word(STATES[ValueState.NOT_DUE]) == "ikke målt"


def test_numbers_targets_and_baseline_are_written_in_danish(broken):
    texts = drawn_texts(chart_svg(broken))
    assert {"40", "61", "30", "mål 50", "mål 60", "baseline 59 % (2014)", "2023 ‡"} <= set(texts)
    large = chart(point("2023", 1234567.5, target=1500.0), point("2024", -20.0))
    assert {"1.234.567,5", "−20,0", "mål 1.500", "1.000.000"} <= set(drawn_texts(chart_svg(large)))


def test_a_part_of_a_year_is_a_hollow_marker():
    svg = chart_svg(chart(point("2023", 5.0), point("2024", 3.0, is_preliminary=True)))
    assert svg.count('fill="#0b4f8a" stroke="#0b4f8a"') == 1
    assert svg.count('fill="#ffffff" stroke="#0b4f8a"') == 1


def test_the_interval_is_drawn_and_its_numbers_are_within_the_axis(broken):
    low, high = series.value_range(broken)
    assert low == 0 and high > 67
    layers = chart_spec(broken)["layer"]
    assert [layer["encoding"].get("y2") for layer in layers].count({"field": "high"}) == 1
    assert chart_svg(broken).count('stroke="#4f5964" stroke-width="1.2"') >= 5


def test_the_axis_starts_at_zero_unless_a_value_is_negative():
    assert series.value_range(chart(point("2023", 80.0), point("2024", 81.0)))[0] == 0
    assert series.value_range(chart(point("2023", -5.0), point("2024", 81.0)))[0] < -5
    assert series.value_range(chart(point("2023", 0.0))) == (0, pytest.approx(1.16))
    assert series.value_range(chart()) == (0, pytest.approx(1.16))


def test_labels_of_target_and_baseline_keep_a_line_apart():
    near = chart(point("2023", 50.0, target=51.0), point("2024", 60.0, target=51.0), baseline=50.5)
    places = sorted(level.label_at for level in series.levels(near))
    low, high = series.value_range(near)
    assert (places[1] - places[0]) / (high - low) * series.plot_size(near)[1] >= series.LINE - 0.01


def test_numbers_that_do_not_fit_are_left_out_but_never_the_last():
    many = chart(*(point(str(2000 + index), 100000.0 + index) for index in range(30)))
    shown = series.labelled(many, ["100.000"] * 30)
    assert shown[-1] and 5 < sum(shown) < 20
    assert all(series.labelled(chart(point("2023", 1.0), point("2024", 2.0)), ["1", "2"]))


def test_every_chart_is_one_plain_drawing_that_refers_to_nothing(case, report_of):
    report = report_of(case)
    for section in (*report.sections, *report.context):
        svg = chart_svg(section.chart)
        root = parsed(svg)
        assert root.attrib["role"] == "img" and root.attrib["aria-label"] == section.chart.alt
        assert root.attrib["width"] == "640" and root.attrib["viewBox"] == "0 0 640 168"
        for element in root.iter():
            assert not {"style", "class", "id", "href", "{http://www.w3.org/1999/xlink}href"} & set(element.attrib)
            assert element.tag not in {f"{SVG}{name}" for name in ("image", "use", "script", "foreignObject", "style")}
        assert "url(" not in svg and "NaN" not in svg and "Infinity" not in svg


@pytest.mark.parametrize("name", ["breaks_and_gaps", "strange_numbers", "one_year"])
def test_specifications_hold_to_the_schema_of_vega_lite(name, report_of):
    for section in report_of(name).sections:
        altair.LayerChart.from_dict(chart_spec(section.chart))


def test_an_empty_series_gives_an_empty_chart():
    assert "0" in drawn_texts(chart_svg(chart()))
    assert "mangler" in drawn_texts(chart_svg(chart(point("2024", None, "mangler"))))
