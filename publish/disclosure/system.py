"""All publications of a family as one system: what somebody can compare who has kept every one of them."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from publish.disclosure.bounds import ROUNDING, Relation, Variable, Web
from publish.disclosure.family import Cell, Family, Part, Snapshot


class Version(NamedTuple):
    """A cell with one true value: publications between which it did not change have it in common."""

    cell: Cell
    number: int


class PartVersion(NamedTuple):
    """A part of a year, as long as none of the cells that it is part of changes."""

    part: Part
    cells: tuple[Version, ...]


@dataclass(frozen=True)
class System:
    """`tables` hold the true values by version, one table for each thing that is counted, `webs` what ties the
    versions of a table together. `tonight` names tonight's version of each cell and part. `told` are versions that an
    earlier publication showed, `hidden` those that one hid. `seen` says which publications a version stands in,
    `waited` which values were shown in its place while it waited.
    """

    tables: tuple[Mapping[Version, float], ...]
    webs: tuple[Web, ...]
    tonight: Mapping[Cell | Part, Variable]
    told: frozenset[Version]
    hidden: frozenset[Version]
    seen: Mapping[Version, frozenset[int]]
    waited: Mapping[Version, tuple[float, ...]]


def make_system(family: Family) -> System:
    """Join tonight's snapshot of a family with the earlier ones."""
    versions: dict[Cell, list[tuple[float, ...]]] = defaultdict(list)
    snapshots = [*family.earlier, family.tonight]
    names = [_names(one, versions) for one in snapshots]
    tables = tuple(
        {Version(cell, at): values[number] for cell, found in versions.items() for at, values in enumerate(found)}
        for number in range(len(family.tonight.tables))
    )
    relations: list[dict[Relation, None]] = [{} for _ in tables]
    parts_tonight: dict[Part, PartVersion] = {}
    for snapshot, own in zip(snapshots, names, strict=True):
        parts = _part_names(family, own)
        either = {**own, **parts}
        for number, table in enumerate(snapshot.tables):
            found = [_renamed(one, either) for one in family.structure.relations(table)]
            relations[number] |= dict.fromkeys(found)
        parts_tonight = parts
    totals = family.structure.totals(family.parts)
    relations[0] |= dict.fromkeys(_renamed(one, parts_tonight) for one in totals)
    told = {
        Version(cell, at)
        for one in family.earlier
        for cell, value in one.shown.items()
        for at, values in enumerate(versions[cell])
        if abs(values[0] - value) <= ROUNDING
    }
    waited: dict[Version, tuple[float, ...]] = {}
    for one, own in zip(family.earlier, names, strict=False):
        for cell, value in one.shown.items():
            if cell in own and abs(one.tables[0][cell] - value) > ROUNDING:
                waited[own[cell]] = (*waited.get(own[cell], ()), value)
    hidden = {own[cell] for one, own in zip(family.earlier, names, strict=False) for cell in one.hidden}
    return System(
        tables,
        tuple(Web(found) for found in relations),
        {**names[-1], **{part: name for part, name in parts_tonight.items() if part in family.parts}},
        frozenset(told),
        frozenset(hidden),
        {
            name: frozenset(at for at, own in enumerate(names) if own.get(cell) == name)
            for cell, name in names[-1].items()
        },
        waited,
    )


def _names(snapshot: Snapshot, versions: dict[Cell, list[tuple[float, ...]]]) -> dict[Cell, Version]:
    """The version of each cell of a snapshot; values that were not seen before are appended to `versions`."""
    found = {}
    for cell in snapshot.tables[0]:
        values = tuple(table[cell] for table in snapshot.tables)
        known = versions[cell]
        same = (
            at for at, one in enumerate(known) if all(abs(a - b) <= ROUNDING for a, b in zip(one, values, strict=True))
        )
        number = next(same, len(known))
        if number == len(known):
            known.append(values)
        found[cell] = Version(cell, number)
    return found


def _part_names(family: Family, own: Mapping[Cell, Version]) -> dict[Part, PartVersion]:
    cells: dict[Part, list[Version]] = defaultdict(list)
    for cell, parts in family.structure.parts_of.items():
        for part in parts:
            if cell in own:
                cells[part].append(own[cell])
    return {part: PartVersion(part, tuple(sorted(found))) for part, found in cells.items()}


def _renamed(relation: Relation, names: Mapping[Variable, Variable]) -> Relation:
    return Relation(names[relation.total], tuple(names[part] for part in relation.parts), relation.overlap)
