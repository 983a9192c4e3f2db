"""Which further figures must be hidden so that the hidden ones stay hidden, beside all that was published before."""

import logging
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain

from publish.disclosure.bounds import ROUNDING, Knowledge, Variable, neighbours, width
from publish.disclosure.exchange import Exchange
from publish.disclosure.family import Cell, Family
from publish.disclosure.limits import Limits
from publish.disclosure.system import System, Version, make_system

log = logging.getLogger(__name__)

MOST_CANDIDATES = 12
"""Areas that are tried as companions of one figure, the best ones; and totals."""

MOST_PROGRAMS = 600
"""Linear programs, at the most, to find companions that turn out not to be needed."""


def hidden_cells(family: Family, limits: Limits) -> frozenset[Cell]:
    """The cells of tonight that must not be shown: too small ones, and those that would give one away.

    No hidden cell, waiting cell or sensitive part of a year, tonight or in an earlier publication, is then known more
    closely than `narrowest_range`, unless earlier publications alone have told it, which nothing can take back.
    """
    control = _Control(family, limits, make_system(family))
    control.hide_what_gives_away()
    control.show_what_need_not_hide()
    return frozenset(control.hidden)


@dataclass
class _Control:
    family: Family
    limits: Limits
    system: System
    safe: set[Variable] = field(default_factory=set)
    lost: set[Variable] = field(default_factory=set)
    programs: int = 0

    def __post_init__(self) -> None:
        tonight = self.system.tonight
        self.news = {cell for cell in self.family.tonight.tables[0] if tonight[cell] not in self.system.told}
        self.bound = self.family.primary | {cell for cell in self.news if tonight[cell] in self.system.hidden}
        self.hidden = set(self.bound)
        self.exchange = Exchange(self.family, self.system)
        told = self.system.told | {tonight[cell] for cell in self.news}
        self.tellable = [{version: table[version] for version in told} for table in self.system.tables]

    def hide_what_gives_away(self) -> None:
        settled = False
        while not settled:
            settled = True
            for target in list(self._targets()):
                if target not in self.safe and target not in self.lost:
                    settled &= self._hide_around(target)

    def _hide_around(self, target: Variable) -> bool:
        """Hide until `target` is safe; whether nothing had to be."""
        settled = True
        while not self._is_safe(target):
            companions = self._companions(target)
            if not companions:
                log.warning("a hidden figure follows from earlier publications alone; nothing can hide it now")
                self.lost.add(target)
                return settled
            self.hidden |= companions
            settled = False
        self.safe.add(target)
        return settled

    def show_what_need_not_hide(self) -> None:
        """Companions that later ones made superfluous: whole years, then totals, then those with the most persons."""
        companions = self.hidden - self.bound
        self.programs = 0
        years: dict[tuple[str, int], set[Cell]] = defaultdict(set)
        for cell in companions:
            years[cell.year_kind, cell.year].add(cell)
        one_by_one = sorted(companions, key=lambda cell: (not cell.is_total, -self._persons(cell), cell))
        for cells in (*(years[year] for year in sorted(years)), *({cell} for cell in one_by_one)):
            if cells <= self.hidden:
                self.hidden -= cells
                if not self._all_safe():
                    self.hidden |= cells

    def _all_safe(self) -> bool:
        for target in self._targets():
            if target not in self.lost and not self._is_safe(target):
                return False
            if self.programs > MOST_PROGRAMS:
                return False
        return True

    def _targets(self) -> Iterator[Variable]:
        """What must stay hidden; what was hidden before is looked at only where tonight adds to what is known."""
        tonight = self.system.tonight
        own = [*sorted(self.hidden), *sorted(set(self.family.waiting) - self.hidden)]
        yield from (tonight[cell] for cell in own)
        yield from (tonight[part] for part in sorted(self.family.sensitive_parts))
        if self.news - self.hidden:
            yield from sorted(self.system.hidden - {tonight[cell] for cell in own})

    def _is_safe(self, target: Variable) -> bool:
        return self._narrowest(target) >= self.limits.narrowest_range.value - ROUNDING

    def _narrowest(self, target: Variable) -> float:
        """Over all that is counted; a part of a year stands in the first table only."""
        found = []
        for number, (table, web) in enumerate(zip(self.system.tables, self.system.webs, strict=True)):
            if number and not isinstance(target, Version):
                continue
            room = self._room(target, number)
            if room >= self.limits.narrowest_range.value:
                found.append(room)
                continue
            self.programs += 1
            knowledge = Knowledge(self._known(number), self._near(number))
            truth = table[target] if isinstance(target, Version) else self.family.parts[target.part]
            found.append(width(target, web, knowledge, truth=truth, enough=self.limits.narrowest_range.value))
        return min(found)

    def _room(self, target: Variable, number: int) -> float:
        """What tonight's version of a figure is known to have room for, without a linear program."""
        name = target.cell if isinstance(target, Version) else target.part
        if self.system.tonight.get(name) != target:
            return 0.0
        free = {cell for cell in self.hidden & self.news if self.system.tonight[cell] not in self.system.waited}
        return self.exchange.room(name, number, free)

    def _known(self, number: int) -> dict[Variable, float]:
        """In a table: what was told, and what tonight tells as long as it neither hides nor waits."""
        known = dict(self.tellable[number])
        for cell in self.hidden.union(self.family.waiting) & self.news:
            del known[self.system.tonight[cell]]
        return known

    def _near(self, number: int) -> dict[Variable, tuple[float, float]]:
        """A cell that waits or waited is known to lie nearer to the value that it shows than the smallest move."""
        if number:
            return {}
        move = self.limits.smallest_move.value - 1
        shown = dict(self.system.waited)
        for cell, value in self.family.waiting.items():
            if cell not in self.hidden:
                version = self.system.tonight[cell]
                shown[version] = (*shown.get(version, ()), value)
        truth = self.system.tables[0]
        # amounts that are no whole numbers may lie between the largest move that waits and the smallest that doesn't
        return {
            version: (max(0.0, min(truth[version], max(values) - move)), max(truth[version], min(values) + move))
            for version, values in shown.items()
            if version not in self.system.told
        }

    def _companions(self, target: Variable) -> set[Cell]:
        """The cells that hide `target` best: near it, no total if it can be helped, hidden before, with few persons.

        An area that the same year of another kind shows hides little in this one, so both are tried before a total is.
        """
        candidates = self._candidates(target)
        areas = [cell for cell in candidates if not cell.is_total][:MOST_CANDIDATES]
        totals = [cell for cell in candidates if cell.is_total][:MOST_CANDIDATES]
        beside = [cell for cell in areas if _is_beside(cell, target)]
        # made one by one: mostly the first will do
        tried = chain(
            ({cell} for cell in areas),
            ({cell, other} for cell in beside for other in self._overlapping(cell)),
            ({cell, *self._overlapping(cell)} for cell in beside),
            ({cell} for cell in totals),
        )
        best, best_width = set(), self._narrowest(target)
        for cells in tried:
            self.hidden |= cells
            reached = self._narrowest(target)
            self.hidden -= cells
            if reached >= self.limits.narrowest_range.value - ROUNDING:
                return cells
            if not best or reached > best_width + ROUNDING:
                best, best_width = cells, reached
        return best

    def _candidates(self, target: Variable) -> list[Cell]:
        """Cells that only tonight tells, and that hold `target`."""
        free = self.news - self.hidden
        # all that is counted is tied together alike
        near = neighbours(target, self.system.webs[0], Knowledge(self._known(0), self._near(0)))
        reached = {one.cell for one in near if isinstance(one, Version) and one == self.system.tonight.get(one.cell)}
        before = {version.cell for version in self.system.hidden}
        return sorted(
            reached & free,
            key=lambda cell: (
                cell.is_total,
                not _is_beside(cell, target),
                cell not in before,
                self._persons(cell) == 0,
                self._persons(cell),
                cell,
            ),
        )

    def _overlapping(self, cell: Cell) -> list[Cell]:
        """Cells of the same area that only tonight tells and that have a part in common with a cell."""
        parts = self.family.structure.parts_of.get(cell, ())
        found = {one for part in parts for one in self.exchange.cells_of[part]}
        return sorted((found & self.news) - self.hidden - {cell})

    def _persons(self, cell: Cell) -> float:
        return self.family.contributors.get(cell, 0.0)


def _is_beside(cell: Cell, target: Variable) -> bool:
    """Another area of the same year; of a part of a year, the same area."""
    if isinstance(target, Version):
        return (cell.year_kind, cell.year) == (target.cell.year_kind, target.cell.year)
    return cell.area_id == target.part.area_id
