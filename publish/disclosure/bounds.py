"""How closely what is known pins what is not: the view of somebody who subtracts and compares, as a linear program.

Unknown figures are variables of at least 0. What ties them to the known ones are relations of a total and its parts;
HiGHS (scipy) finds the smallest and the largest value that an unknown figure can have.
"""

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

Variable = Hashable

SOLVED, INFEASIBLE = 0, 2
"""What linprog says when it has found an end of the range, and when nothing fits."""

ROUNDING = 1e-6
"""Sums of decimals are compared within this."""


@dataclass(frozen=True)
class Relation:
    """A total and its parts.

    total = sum of parts - overlap, where `overlap` is known; otherwise (None) the total is at most the sum of parts.
    In both cases it is at least the largest of them.
    """

    total: Variable
    parts: tuple[Variable, ...]
    overlap: float | None = 0.0

    @property
    def variables(self) -> tuple[Variable, ...]:
        return (self.total, *self.parts)


class Web:
    """Relations, and where each figure stands in them."""

    def __init__(self, relations: Iterable[Relation]) -> None:
        self.relations = tuple(relations)
        self.by_variable: dict[Variable, list[int]] = defaultdict(list)
        for at, relation in enumerate(self.relations):
            for one in relation.variables:
                self.by_variable[one].append(at)


@dataclass(frozen=True)
class Knowledge:
    """Figures that are known, and those that are known to lie between two values."""

    known: Mapping[Variable, float]
    near: Mapping[Variable, tuple[float, float]]


def width(target: Variable, web: Web, knowledge: Knowledge, *, truth: float, enough: float) -> float:
    """From the smallest to the largest value that `target` can have; infinite where nothing holds it.

    The true value is one of them, so where one end lies `enough` away from it the other is not looked for, and the
    distance to that end is returned.
    """
    known = _with_what_follows(web, _reached(target, web, knowledge.known), knowledge.known)
    if target in known:
        return 0.0
    reached = [web.relations[at] for at in _reached(target, web, known)]
    program = _Program(target, reached, Knowledge(known, knowledge.near))
    above = program.end(upper=True) - truth
    return above if above >= enough else above + truth - program.end(upper=False)


def _with_what_follows(web: Web, reached: Iterable[int], given: Mapping[Variable, float]) -> dict[Variable, float]:
    """The given figures and those that a single subtraction in the `reached` relations gives, again and again."""
    known = dict(given)
    unknown = {at: sum(one not in known for one in web.relations[at].variables) for at in reached}
    ready = [at for at, count in unknown.items() if count == 1]
    while ready:
        relation = web.relations[ready.pop()]
        found = next((one for one in relation.variables if one not in known), None)
        if found is None or relation.overlap is None:
            continue
        parts = sum(known.get(part, 0.0) for part in relation.parts) - relation.overlap
        known[found] = parts if found == relation.total else known[relation.total] - parts
        for at in web.by_variable[found]:
            unknown[at] -= 1
            if unknown[at] == 1:
                ready.append(at)
    return known


def neighbours(target: Variable, web: Web, knowledge: Knowledge) -> list[Variable]:
    """What is known, or nearly known, and holds `target`, directly or through unknown figures; the nearest first."""
    reached = _reached(target, web, knowledge.known)
    held_by = dict.fromkeys(one for at in reached for one in web.relations[at].variables)
    return [one for one in held_by if one in knowledge.known or one in knowledge.near]


def _reached(target: Variable, web: Web, known: Mapping[Variable, float]) -> Iterator[int]:
    """Where the relations stand that hold `target`, directly or through other unknown figures; the nearest first."""
    seen, waiting, reached = {target}, deque([target]), set()
    while waiting:
        for at in web.by_variable[waiting.popleft()]:
            if at in reached:
                continue
            reached.add(at)
            yield at
            fresh = [one for one in web.relations[at].variables if one not in known and one not in seen]
            seen.update(fresh)
            waiting.extend(fresh)


class _Program:
    """The linear program over the unknown figures that hold `target`."""

    def __init__(self, target: Variable, relations: Sequence[Relation], knowledge: Knowledge) -> None:
        names = {target: 0}
        for relation in relations:
            for one in relation.variables:
                if one not in knowledge.known:
                    names.setdefault(one, len(names))
        equal, at_most = _Rows(names, knowledge.known), _Rows(names, knowledge.known)
        for relation in relations:
            signs = {relation.total: 1.0, **dict.fromkeys(relation.parts, -1.0)}
            if relation.overlap is None:
                at_most.add(signs, 0.0)
            else:
                equal.add(signs, -relation.overlap)
            if relation.overlap != 0.0:
                for part in relation.parts:
                    at_most.add({part: 1.0, relation.total: -1.0}, 0.0)
        self.constraints = {**equal.matrices("A_eq", "b_eq"), **at_most.matrices("A_ub", "b_ub")}
        self.limits = [knowledge.near.get(one, (0.0, None)) for one in names]

    def end(self, *, upper: bool) -> float:
        """The largest or the smallest value; infinite where there is none."""
        objective = np.zeros(len(self.limits))
        objective[0] = -1.0 if upper else 1.0
        answer = linprog(objective, **self.constraints, bounds=self.limits, method="highs")
        if answer.status == INFEASIBLE:  # what presolve also says of some programs without an end
            options = {"presolve": False}
            answer = linprog(objective, **self.constraints, bounds=self.limits, method="highs", options=options)
        # unbounded, or contradictory as figures counted in two ways are: nothing follows from them
        found = answer.fun if answer.status == SOLVED else -np.inf
        return -found if upper else found


class _Rows:
    """Rows of a sparse matrix over the unknown figures, the known ones moved to the right."""

    def __init__(self, names: Mapping[Variable, int], known: Mapping[Variable, float]) -> None:
        self.names, self.known = names, known
        self.values: list[float] = []
        self.rows: list[int] = []
        self.columns: list[int] = []
        self.right: list[float] = []

    def add(self, signs: Mapping[Variable, float], right: float) -> None:
        unknown = {one: sign for one, sign in signs.items() if one not in self.known}
        right -= sum(sign * self.known[one] for one, sign in signs.items() if one in self.known)
        if not unknown:
            return
        for one, sign in unknown.items():
            self.values.append(sign)
            self.rows.append(len(self.right))
            self.columns.append(self.names[one])
        self.right.append(right)

    def matrices(self, left: str, right: str) -> dict[str, object]:
        if not self.right:
            return {}
        shape = (len(self.right), len(self.names))
        return {left: csr_array((self.values, (self.rows, self.columns)), shape=shape), right: np.array(self.right)}
