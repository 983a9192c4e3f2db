"""How far a hidden figure can lie by what hidden figures can give each other, before any linear program is solved.

Two areas that are hidden in the same years may exchange persons, part of a year by part, and nothing that is known
changes. This is a lower bound of what `bounds.width` finds, and mostly enough.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set

from publish.disclosure.family import Cell, Family, Part
from publish.disclosure.system import System


class Exchange:
    """Tonight's figures of a family, area by area and part by part."""

    def __init__(self, family: Family, system: System) -> None:
        self.system, self.values = system, family.tonight.tables
        self.parts, self.parts_of = family.parts, family.structure.parts_of
        self.areas = family.structure.areas
        self.cells_of: dict[Part, list[Cell]] = defaultdict(list)
        for cell, parts in self.parts_of.items():
            for part in parts:
                self.cells_of[part].append(cell)
        # persons may stand in several parts and areas, which bounds an exchange in more ways than are looked at here
        overlaps = any(relation.overlap for web in system.webs for relation in web.relations)
        self.is_plain = not overlaps and not (family.structure.are_persons and self.parts_of)

    def room(self, target: Cell | Part, number: int, free: Set[Cell]) -> float:
        """At least how far the ends of what `target` can be lie apart in a table; `free` are the unknown cells."""
        if not self.is_plain or target.area_id not in self.areas:
            return 0.0
        if isinstance(target, Part):
            return self._room_of(target, self.cells_of[target], self.parts, free)
        if target not in self.parts_of:
            return self._room_of(target, [target], self.values[number], free)
        return sum(self._room_of(part, self.cells_of[part], self.parts, free) for part in self.parts_of[target])

    def _room_of(
        self, piece: Cell | Part, cells: Sequence[Cell], values: Mapping[Cell | Part, float], free: Set[Cell]
    ) -> float:
        """What the other areas can give of a figure or part of a year and, if they can take it, what it has itself."""
        if not self._are_free(cells, free):
            return 0.0
        others = {cell.area_id for cell in free} & self.areas - {piece.area_id}
        gives = [
            values[piece._replace(area_id=area)]
            for area in sorted(others)
            if self._is_partner(piece._replace(area_id=area), cells, free)
        ]
        return sum(gives) + values[piece] if gives else 0.0

    def _is_partner(self, other: Cell | Part, cells: Sequence[Cell], free: Set[Cell]) -> bool:
        """Whether an area is unknown in all the years that the piece is part of, and in the same publications."""
        others = [cell._replace(area_id=other.area_id) for cell in cells]
        if isinstance(other, Part) and set(self.cells_of.get(other, ())) != set(others):
            return False
        return self._are_free(others, free) and self._seen(others[0]) == self._seen(cells[0])

    def _are_free(self, cells: Sequence[Cell], free: Set[Cell]) -> bool:
        return all(cell in free for cell in cells) and len({self._seen(cell) for cell in cells}) == 1

    def _seen(self, cell: Cell) -> frozenset[int]:
        """The publications that tonight's version of a cell stands in."""
        return self.system.seen[self.system.tonight[cell]]
