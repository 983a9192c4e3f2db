"""Cells arranged as grids: per agreement and kind of year, and indicators on common years."""

from publish.coverage import Cell, arrange
from vocabulary.states import Severity, ValueState, YearKind


def cells(indicator, years, area="a", kind=YearKind.CALENDAR, agreement="x"):
    return [Cell(agreement, indicator, area, kind, year, str(year), ValueState.OBSERVED, ()) for year in years]


def shape(grids):
    return [(grid.agreement_id, grid.year_kind, list(grid.years), list(grid.rows)) for grid in grids]


def test_each_agreement_and_kind_of_year_has_a_grid_of_its_own():
    found = arrange(
        [*cells("i", [2022, 2021]), *cells("i", [2021], kind=YearKind.AGREEMENT), *cells("i", [2021], agreement="y")]
    )
    assert shape(found) == [
        ("x", "calendar", [2021, 2022], ["i"]),
        ("x", "agreement", [2021], ["i"]),
        ("y", "calendar", [2021], ["i"]),
    ]


def test_indicators_share_a_grid_where_their_years_overlap_directly_or_through_another():
    found = arrange(
        [
            *cells("recent", range(2021, 2026)),
            *cells("old", range(2004, 2010)),
            *cells("between", range(2018, 2022)),
            *cells("older", range(2009, 2012)),
        ]
    )
    assert shape(found) == [
        ("x", "calendar", list(range(2018, 2026)), ["recent", "between"]),
        ("x", "calendar", list(range(2004, 2012)), ["old", "older"]),
    ]


def test_every_cell_stands_at_its_indicator_area_and_year():
    given = [*cells("i", [2021, 2022]), *cells("i", [2022], area="b"), *cells("j", [2022])]
    (grid,) = arrange(given)
    placed = [cell for areas in grid.rows.values() for years in areas.values() for cell in years.values()]
    assert placed == given and 2021 not in grid.rows["i"]["b"]


def test_the_worst_flag_of_a_cell_is_by_severity_not_by_name():
    cell = Cell("x", "i", "a", YearKind.CALENDAR, 2022, "2022", ValueState.OBSERVED, (Severity.NOTES, Severity.WARNS))
    assert cell.worst == Severity.WARNS and cells("i", [2022])[0].worst is None
