"""An attacker who has kept every publication: what a linear program makes of them.

It is written apart from the control it is set on (publish/disclosure) and knows what any reader may know: that figures
are at least 0, that areas and parts of years add up where records are counted, that a number of distinct persons lies
between the largest area (or part) and the sum, which figures did not change from one publication to the next, and that
a figure moves in public by 3 or more. It is not told which cells were hidden for being small and which to hide others.
"""

import itertools
from collections import Counter
from datetime import UTC, date, datetime

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from nightly.stages import build_warehouse, find_new, ingest_files
from publish.disclosure.control import control
from publish.grain import FAMILY
from vocabulary.settings import PROJECT_ROOT, Settings
from warehouse.connections import reading
from warehouse.journal import Journal, JournalEntry
from warehouse.paths import Paths

AREAS = ("a", "b", "c")
TOTAL = "alle_omraader"
STARTS = ("2021-10-01", "2022-01-01", "2022-10-01", "2023-01-01")
YEARS = {
    ("calendar", 2021): STARTS[:1],
    ("calendar", 2022): STARTS[1:3],
    ("calendar", 2023): STARTS[3:],
    ("agreement", 2021): STARTS[:2],
    ("agreement", 2022): STARTS[2:],
}
"""Which parts each year has, by their first day: calendar years and years from October share their quarters."""

Years = dict[tuple[str, int], tuple[object, ...]]
Record = tuple[int, str, str]
"""Person, area, first day of the part of time."""


class Attacker:
    """Collects what was published and asks how far each figure can lie."""

    def __init__(self, *, are_persons: bool, years: Years = YEARS, areas: tuple[str, ...] = AREAS) -> None:
        self.are_persons, self.years, self.areas = are_persons, years, areas
        self.numbers: dict[object, int] = {}
        self.limits: dict[int, tuple[float, float | None]] = {}
        self.equal: list[tuple[dict[int, float], float]] = []
        self.at_most: list[tuple[dict[int, float], float]] = []
        self.hidden: list[int] = []
        self.versions: dict[object, list[float]] = {}

    def read(self, truth: pd.DataFrame, shown: pd.DataFrame, parts: list[tuple]) -> None:
        """One publication. The truth says only which figures are as they were, and `parts` which ones hold one or two
        persons and so must not be found out; their values are not used.
        """
        names = {}
        for (_, true), (_, public) in zip(truth.iterrows(), shown.iterrows(), strict=True):
            if pd.isna(true["value"]):
                continue
            cell = (true["area_id"], (true["year_kind"], true["year"]))
            known = self.versions.setdefault(cell, [])
            if true["value"] not in known:
                known.append(true["value"])
            variable = self._variable((cell, known.index(true["value"])))
            names[cell] = variable
            if public["value_state"] == "suppressed":
                assert pd.isna(public["value"])
                self.hidden.append(variable)
            elif public["value"] == true["value"]:
                self.limits[variable] = (public["value"], public["value"])
            else:
                self._narrow(variable, public["value"] - 2, public["value"] + 2)
        self.hidden += [self._part(area, start, names) for area, start, persons in parts if persons in (1, 2)]
        self._tie_together(names)

    def _tie_together(self, names: dict) -> None:
        for year, own in self.years.items():
            if all((area, year) in names for area in (*self.areas, TOTAL)):
                self._tie(names[TOTAL, year], [names[area, year] for area in self.areas])
            for area in (*self.areas, TOTAL):
                if (area, year) in names and own:
                    self._tie(names[area, year], [self._part(area, part, names) for part in own])
        for part in dict.fromkeys(part for own in self.years.values() for part in own):
            self._tie(self._part(TOTAL, part, names), [self._part(area, part, names) for area in self.areas])

    def _variable(self, name: object) -> int:
        number = self.numbers.setdefault(name, len(self.numbers))
        self.limits.setdefault(number, (0, None))
        return number

    def _part(self, area: str, part: object, names: dict) -> int:
        """A part is the same as before while no year that it is part of has changed."""
        years = tuple(names.get((area, year)) for year, parts in self.years.items() if part in parts)
        return self._variable(("part", area, part, years))

    def _narrow(self, variable: int, low: float, high: float) -> None:
        lowest, highest = self.limits[variable]
        self.limits[variable] = (max(lowest, low), high if highest is None else min(highest, high))

    def _tie(self, total: int, parts: list[int]) -> None:
        sign = Counter({total: 1.0})
        sign.subtract(Counter(parts))
        if not self.are_persons or len(parts) == 1:
            self.equal.append((dict(sign), 0.0))
            return
        self.at_most.append((dict(sign), 0.0))
        self.at_most += [({part: 1.0, total: -1.0}, 0.0) for part in parts]

    def narrowest(self) -> float:
        """Of all hidden figures, the distance between the ends of the one that is pinned most closely."""
        return min((self._range(variable) for variable in set(self.hidden)), default=np.inf)

    def _range(self, variable: int) -> float:
        ends = []
        for direction in (1, -1):
            objective = np.zeros(len(self.numbers))
            objective[variable] = direction
            answer = self._solved(objective)
            if answer.status == 2:  # presolve says so of some programs without an end
                answer = self._solved(objective, presolve=False)
            assert answer.status in (0, 3), answer.message  # solved, unbounded
            ends.append(np.inf if answer.status == 3 else answer.fun * direction)
        return abs(ends[1] - ends[0])

    def _solved(self, objective: np.ndarray, **options: bool):
        return linprog(
            objective,
            A_eq=self._matrix(self.equal),
            b_eq=[right for _, right in self.equal] or None,
            A_ub=self._matrix(self.at_most),
            b_ub=[right for _, right in self.at_most] or None,
            bounds=[self.limits[number] for number in range(len(self.numbers))],
            method="highs",
            options=options,
        )

    def _matrix(self, rows: list[tuple[dict[int, float], float]]) -> np.ndarray | None:
        if not rows:
            return None
        matrix = np.zeros((len(rows), len(self.numbers)))
        for at, (signs, _) in enumerate(rows):
            for number, sign in signs.items():
                matrix[at, number] = sign
        return matrix


def figures(world, records: list[Record], *, are_persons: bool, years=YEARS) -> tuple[list[dict], list[tuple]]:
    """Figures of every area and year, and their parts, counted one by one."""
    rows, parts = [], []
    for area, (year, own) in itertools.product((*AREAS, TOTAL), years.items()):
        inside = [record for record in records if record[2] in own and area in (TOTAL, record[1])]
        value, persons = _counted(inside, are_persons)
        kind = "distinct_persons" if are_persons else "count_records"
        place = {"year_kind": year[0], "year": year[1], "measure_kind": kind, "contributors": persons}
        rows.append(world.count(area, value, **place))
        for part in own:
            value, persons = _counted([record for record in inside if record[2] == part], are_persons)
            parts.append(("x", "i", area, *year, 0, part, part, value, persons))
    return rows, parts


def small(parts: list[tuple]) -> list[tuple]:
    """Area, first day and persons."""
    return [(area, start, persons) for _, _, area, *_, start, _, _, persons in parts]


def _counted(records: list[Record], are_persons: bool) -> tuple[int, int]:
    persons = len({person for person, _, _ in records})
    return (persons if are_persons else len(records)), persons


def attacked(world, nights: list[list[Record]], *, are_persons: bool) -> tuple[float, list]:
    publications = world.new()
    attacker = Attacker(are_persons=are_persons)
    for records in nights:
        rows, parts = figures(world, records, are_persons=are_persons)
        publications.publish(rows, parts)
        attacker.read(*publications.published[-1], small(parts))
    publications.connection.close()
    return attacker.narrowest(), publications.published


NO_SHRINKING = (Phase.explicit, Phase.reuse, Phase.generate)
"""Each example is some seconds of linear programs."""

records = st.tuples(st.integers(0, 12), st.sampled_from(AREAS), st.sampled_from(STARTS))
nights = st.lists(st.lists(records, max_size=40), min_size=1, max_size=3)


ONCE_FOUND = [
    *[(person, "a", STARTS[3]) for person in (11, 11, 7, 2, 0)],
    *[(person, "a", STARTS[2]) for person in (9, 0)],
    *[(person, "b", STARTS[0]) for person in (0, 10, 12, 9, 9)],
    *[(person, "b", STARTS[2]) for person in (3, 12)],
    *[(person, "c", STARTS[3]) for person in (0, 0)],
    *[(6, "a", STARTS[1]), (3, "c", STARTS[0]), (7, "c", STARTS[2]), (2, "c", STARTS[1])],
]
"""What a figure was near while it waited told of others, after two persons were erased."""


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(nights, st.booleans())
def test_no_hidden_figure_is_pinned_by_all_publications_together(world, nights, are_persons):
    # each night adds to the one before, as deliveries do
    grown = [list(itertools.chain(*nights[: at + 1])) for at in range(len(nights))]
    narrowest, _ = attacked(world, grown, are_persons=are_persons)
    assert narrowest >= 3 - 1e-6


@settings(deadline=None, max_examples=12, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(st.lists(records, min_size=5, max_size=40), st.lists(st.integers(0, 12), min_size=1, max_size=2), st.booleans())
@example(ONCE_FOUND, [9, 11], False)
def test_nobody_is_given_away_by_being_erased(world, all_records, erased, are_persons):
    gone: set[int] = set()
    worlds = [all_records]
    for person in erased:
        gone.add(person)
        worlds.append([record for record in all_records if record[0] not in gone])
    narrowest, published = attacked(world, worlds, are_persons=are_persons)
    assert narrowest >= 3 - 1e-6
    for (_, before), (_, after) in itertools.pairwise(published):
        moved = (after["value"] - before["value"]).abs().dropna()
        assert moved[moved.gt(0)].ge(3).all()


def fewest_hidden(rows: list[dict], parts: list[tuple], years: Years) -> int:
    """How many figures must be hidden at least, found by trying all sets of them, the smallest first."""
    truth = pd.DataFrame(rows)
    few = set(truth.index[truth["contributors"].between(1, 2)])
    others = [at for at in truth.index if at not in few]
    for size in range(len(others) + 1):
        for chosen in itertools.combinations(others, size):
            shown = truth.copy()
            shown.loc[[*few, *chosen], ["value", "value_state"]] = [None, "suppressed"]
            attacker = Attacker(are_persons=False, years=years)
            attacker.read(truth, shown, small(parts))
            if attacker.narrowest() >= 3 - 1e-6:
                return len(few) + size
    raise AssertionError("hiding everything hides everything")


SMALL_TABLES = (
    {year: YEARS[year] for year in [("calendar", 2021)]},
    {year: YEARS[year] for year in [("calendar", 2021), ("calendar", 2022), ("agreement", 2021)]},
)


@settings(deadline=None, max_examples=20, suppress_health_check=[HealthCheck.too_slow], phases=NO_SHRINKING)
@given(st.lists(records, min_size=4, max_size=30), st.sampled_from(SMALL_TABLES))
def test_no_more_than_twice_the_fewest_figures_are_hidden(world, all_records, years):
    rows, parts = figures(world, all_records, are_persons=False, years=years)
    publications = world.new()
    hidden = publications.publish(rows, parts).figures["value_state"].eq("suppressed").sum()
    publications.connection.close()
    assert hidden <= 2 * fewest_hidden(rows, parts, years)


def test_the_attacker_finds_what_is_open(world):
    """An attacker who finds nothing anywhere would prove nothing."""
    all_records = [(1, "a", STARTS[0]), *((person, "b", STARTS[0]) for person in range(2, 9))]
    rows, _ = figures(world, all_records, are_persons=False)
    truth = pd.DataFrame(rows)
    shown = truth.copy()
    only_one = shown["area_id"].eq("a") & shown["value"].eq(1)
    shown.loc[only_one, ["value", "value_state"]] = [None, "suppressed"]
    attacker = Attacker(are_persons=False)
    attacker.read(truth, shown, [])
    assert attacker.narrowest() == 0


SAMPLE_DAYS = (
    *("2019-03-01", "2022-01-20", "2022-03-15", "2023-01-19"),
    *("2023-03-02", "2024-02-01", "2025-01-21", "2025-11-01"),
)
"""Nights by which the figures of persons had changed, the correction of 2022 among them."""


@pytest.fixture(scope="module")
def sample_history(tmp_path_factory):
    """What is published of the samples, night after night: true figures, shown ones, parts of years."""
    landing = PROJECT_ROOT / "samples" / "landing"
    settings = Settings.from_environment(home=tmp_path_factory.mktemp("history") / "home", landing=landing)
    journal, published = Journal(Paths.of(settings).journal), []
    for day in SAMPLE_DAYS:
        as_of = date.fromisoformat(day)
        ingest_files(settings, find_new(settings, as_of).files)
        build = build_warehouse(settings, as_of)
        with reading(Paths.of(settings).warehouse(build.build_id)) as connection:
            truth = connection.table("confidential.indicator_figure").df()
            parts = connection.sql("from confidential.disclosure_stretch").df()
            shown = control(truth, connection).figures
        entry = JournalEntry(publication_id=day, as_of=as_of, published_at=datetime.now(UTC), build_id=build.build_id)
        with duckdb.connect() as memory:
            figures, told = memory.from_df(truth), memory.from_df(shown)
            journal.append(entry, figures=figures, shown=told, flags=memory.sql("select null as flag_code where false"))
        published.append((truth, shown, parts))
    return published


def test_the_attacker_finds_nothing_in_the_history_of_the_samples(sample_history):
    areas = ("motalavej", "ringparken", "sydbyen")
    last = sample_history[-1][0]
    own = last[last["contributors"].notna() & last["numerator_id"].isna()]
    families = own[[*FAMILY, "measure_kind"]].drop_duplicates()
    assert len(families) > 3
    for agreement, indicator, kind in families.itertuples(index=False):
        parts = of_family(sample_history[-1][2], agreement, indicator)
        years = {
            year: tuple(sorted(rows["stretch_start"].unique())) for year, rows in parts.groupby(["year_kind", "year"])
        }
        years |= dict.fromkeys(
            (year for year in zip(own["year_kind"], own["year"], strict=True) if year not in years), ()
        )
        attacker = Attacker(are_persons=kind == "distinct_persons", years=years, areas=areas)
        for truth, shown, then in sample_history:
            few = of_family(then, agreement, indicator)
            attacker.read(
                counted(of_family(truth, agreement, indicator), areas),
                counted(of_family(shown, agreement, indicator), areas),
                list(few[["area_id", "stretch_start", "contributors"]].itertuples(index=False, name=None)),
            )
        assert attacker.narrowest() >= 3 - 1e-6, indicator


def of_family(rows, agreement, indicator):
    return rows[rows["agreement_id"].eq(agreement) & rows["indicator_id"].eq(indicator)]


def counted(rows, areas):
    """The figures of areas and total; a share by its answers."""
    inside = rows[rows["area_id"].isin([*areas, TOTAL])]
    is_share = inside["figure_type"].eq("share")
    return inside.assign(value=inside["n"].astype(float).where(is_share, inside["value"]))


def test_the_total_stays_visible_and_few_figures_are_hidden_in_the_samples(sample_history):
    truth, shown, _ = sample_history[-1]
    hidden = shown[shown["value_state"].eq("suppressed") & shown["numerator_id"].isna()]
    small = truth["contributors"].between(1, 2) & truth["numerator_id"].isna()
    assert small.sum() <= len(hidden) <= 2 * small.sum() and not hidden["area_id"].eq(TOTAL).any()
