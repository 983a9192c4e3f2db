"""Read JSON-stat 1 (a bundle of datasets) and 2 (a dataset, or a collection with datasets in it) as cubes.

https://json-stat.org/full/ names what a file may leave out and in which of several forms it may write the rest.
"""

import json
from collections.abc import Iterator
from typing import Any

from ingest.readers.cube import Cell, Cube, Variable, cell_count, plain_number, refuse_many, unreadable

Object = dict[str, Any]

MOST_PLACES = 12
"""Digits of a size or a place; Python takes long over what is much longer."""


class Written(str):
    """A number with a point or an exponent as the file writes it: none is rounded, and none too large to be held."""

    __slots__ = ()


def read_json_stat(content: bytes) -> list[Cube]:
    """One cube per dataset. Raises FileRefused (file_unreadable)."""
    try:
        root = json.loads(content, parse_float=Written, parse_constant=_no_number)
        found = list(_embedded(root)) if isinstance(root, dict) else []
    except RecursionError:
        what = "too deep"
    except ValueError as error:  # the message of UnicodeDecodeError quotes the file
        what = type(error).__name__
    else:
        if found:
            return [_cube(kind, dataset) for kind, dataset in found]
        raise unreadable("is JSON, but holds no dataset of JSON-stat (it may name some that lie elsewhere).")
    raise unreadable(f"is no readable JSON ({what}).")


def _no_number(_: str) -> None:
    raise ValueError("JSON has no such number")


def _embedded(root: Object) -> Iterator[tuple[str, Object]]:
    """Every dataset with what the file is."""
    match root.get("class"):
        case "dataset":
            if "value" in root:
                yield "JSON-stat 2, dataset", root
        case "collection":
            link = root.get("link")
            items = link.get("item") if isinstance(link, dict) else None
            for item in items if isinstance(items, list) else ():
                if isinstance(item, dict):
                    yield from (("JSON-stat 2, collection", dataset) for _, dataset in _embedded(item))
        case None:
            for dataset in root.values():
                if isinstance(dataset, dict) and "dimension" in dataset:
                    yield "JSON-stat 1", dataset


def _cube(kind: str, dataset: Object) -> Cube:
    dimension = _object(dataset.get("dimension"), "dimension")
    # version 1 keeps beside the dimensions what version 2 has above them
    ids = _list(dataset.get("id", dimension.get("id")), "id")
    sizes = [_whole(size) for size in _list(dataset.get("size", dimension.get("size")), "size")]
    role = _object(dataset.get("role", dimension.get("role", {})), "role")
    if len(ids) != len(sizes) or len(set(map(str, ids))) != len(ids) or not ids:
        raise unreadable("id and size of its dimensions do not agree.")
    refuse_many(ids)
    count = cell_count(sizes)
    times, metrics = (_texts(role.get(name)) for name in ("time", "metric"))
    variables = [
        _variable(str(name), _object(dimension.get(name), "dimension"), size, str(name) in times, str(name) in metrics)
        for name, size in zip(ids, sizes, strict=True)
    ]
    told = [dataset, *(dimension[name] for name in ids)]
    return Cube(
        kind=kind,
        title=_text(dataset.get("label")),
        variables=variables,
        cells=_cells(dataset.get("value"), count),
        symbols=_symbols(dataset.get("status"), count),
        notes=[note for one in told for note in _texts(one.get("note"))],
    )


def _variable(name: str, dimension: Object, size: int, is_time: bool, is_measure: bool) -> Variable:
    category = _object(dimension.get("category"), "category")
    label = _object(category.get("label", {}), "label")
    index = category.get("index")
    if index is None and len(label) == 1:  # a single category needs none
        codes = list(label)
    elif isinstance(index, dict):
        places = {code: _whole(place) for code, place in index.items()}
        codes = sorted(places, key=places.__getitem__)
        if sorted(places.values()) != list(range(len(places))):
            raise unreadable("the categories of a dimension are not numbered from 0.")
    else:
        codes = [str(code) for code in _list(index, "index")]
    if len(codes) != size or len(set(codes)) != size:
        raise unreadable("a dimension has not as many categories as its size says.")
    texts = tuple(_text(label.get(code)).strip() or code for code in codes)
    names = tuple(dict.fromkeys(one for one in (_text(dimension.get("label")).strip(), name) if one))
    return Variable(names, texts, tuple(codes), is_time=is_time, is_measure=is_measure)


def _cells(value: Any, count: int) -> list[Cell]:
    if isinstance(value, list):
        if len(value) != count:
            raise unreadable(f"it has {len(value)} values for {count} cells.")
        return [_cell(one) for one in value]
    cells: list[Cell] = [None] * count
    for place, one in _object(value, "value").items():
        cells[_place(place, count)] = _cell(one)
    return cells


def _cell(value: Any) -> Cell:
    if value is None:
        return None
    if type(value) is int:  # true and false are whole numbers to Python
        return str(value)
    if not isinstance(value, str):
        raise unreadable("a value is no number.")
    return plain_number(value.strip()) or value.strip() or None


def _symbols(status: Any, count: int) -> list[str | None]:
    """A status for all, one for each, or one for some of the values."""
    if status is None:
        return []
    if isinstance(status, str):
        return [status] * count
    if isinstance(status, list):
        if len(status) not in (1, count):
            raise unreadable(f"it has {len(status)} statuses for {count} cells.")
        return [_text(one) or None for one in status] * (1 if len(status) == count else count)
    symbols: list[str | None] = [None] * count
    for place, one in _object(status, "status").items():
        symbols[_place(place, count)] = _text(one) or None
    return symbols


def _place(key: str, count: int) -> int:
    place = _whole(key)
    if place >= count:
        raise unreadable("a value stands outside the table.")
    return place


def _whole(value: Any) -> int:
    text = str(value) if type(value) is int else value
    if not isinstance(text, str) or not (text.isascii() and text.isdigit()) or len(text) > MOST_PLACES:
        raise unreadable("a size or place is no whole number.")
    return int(text)


def _object(value: Any, what: str) -> Object:
    if not isinstance(value, dict):
        raise unreadable(f"«{what}» is missing, or no object.")
    return value


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise unreadable(f"«{what}» is missing, or no array.")
    return value


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _texts(value: Any) -> list[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]
