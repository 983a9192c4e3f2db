"""The build stage and the handwritten query of the benchmark give the same figures."""

import duckdb
import pytest

from agreements.loader import read_agreements
from benchmarks.build import main, prepare, run_side
from benchmarks.equality import FiguresDiffer, require_equal
from benchmarks.measuring import CommandFailed
from benchmarks.registrations import CORRECTED_YEAR, deliveries
from benchmarks.sides import build_result, query_result
from benchmarks.workload import Workload, selections, settings_in
from warehouse.ledger import Ledger

TINY = Workload(records=2000, areas=5, indicators=6)


@pytest.fixture(scope="module")
def both_sides(tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmark")
    prepare(TINY, folder)
    memory = {side: run_side(side, folder).peak_bytes for side in ("build", "query")}
    return folder, memory


def test_both_sides_give_the_same_figures(both_sides):
    folder, _ = both_sides
    years = 11 + 10
    figures, above_zero = require_equal(build_result(folder), query_result(folder))
    assert figures == (TINY.areas + 1) * TINY.indicators * years
    assert 0 < above_zero <= figures


@pytest.mark.parametrize(
    "change",
    [
        "update figure set value = value + 1 where year = 2020 and area_id = 'alle_omraader'",
        "update figure set contributors = contributors + 1 where year = 2020 and area_id = 'alle_omraader'",
        "delete from figure where value = 0 and year = 2014",
        "insert into figure select * replace ('x' as area_id) from figure limit 1",
    ],
)
def test_one_figure_that_differs_is_found(both_sides, tmp_path, change):
    folder, _ = both_sides
    changed = tmp_path / "changed.duckdb"
    changed.write_bytes(query_result(folder).read_bytes())
    with duckdb.connect(str(changed)) as connection:
        assert connection.execute(change).fetchone()[0] > 0
    with pytest.raises(FiguresDiffer, match="differ"):
        require_equal(build_result(folder), changed)


def test_memory_counts_the_whole_process_tree(both_sides):
    _, memory = both_sides
    assert memory["build"] > memory["query"] > 0


def test_the_workload_is_an_agreement_and_a_ledger_like_any_other(both_sides):
    folder, _ = both_sides
    settings = settings_in(folder)
    (agreement,) = (one.signed for one in read_agreements(settings.agreements).agreements)
    records = Ledger.of(settings).records()
    assert len(agreement.indicators) == TINY.indicators and len(agreement.areas) == TINY.areas
    assert sum(record.rows_loaded for record in records) > TINY.records
    in_force = {record.periods[0].label: record.rows_loaded for record in records}  # the later of a year wins
    assert sum(in_force.values()) == TINY.records


def test_records_are_spread_over_the_years_and_one_year_comes_twice():
    made = deliveries(Workload(records=1_000_000))
    assert [one.year for one in made if one.version > 1] == [CORRECTED_YEAR]
    assert sum(one.rows for one in made if (one.year, one.version) != (CORRECTED_YEAR, 1)) == 1_000_000


def test_a_hundred_indicators_differ():
    found = list(selections(Workload(records=1)))
    assert len({(one.kind, one.conditions) for one in found}) == len(found) == 100


def test_a_disk_that_is_too_small_is_told_before_anything_is_written(tmp_path, capsys):
    assert main(["--sizes", "1000000000", "--work", str(tmp_path)]) == 1
    assert "GiB free" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_command_that_fails_is_told_with_what_it_said(tmp_path):
    with pytest.raises(CommandFailed, match="FileNotFoundError"):
        run_side("query", tmp_path)
