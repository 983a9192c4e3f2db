"""JSON-stat in the forms that its versions allow, and what of it is refused."""

import json

import pytest

from ingest.readers.json_stat_file import read_json_stat
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason


def dataset(**changed):
    """Two regions, a measure and two years: 1, 2 in Slagelse, 3, 4 in Sorø."""
    return {
        "version": "2.0",
        "class": "dataset",
        "label": "Folketal",
        "id": ["region", "Indhold", "tid"],
        "size": [2, 1, 2],
        "role": {"time": ["tid"], "metric": ["Indhold"]},
        "dimension": {
            "region": category(index=["330", "340"], label={"330": "Slagelse", "340": "Sorø"}),
            "Indhold": category(label={"N": "Antal"}),
            "tid": category(index={"2024": 1, "2023": 0}),
        },
        "value": [1, 2, 3, 4],
    } | changed


def category(**parts):
    return {"category": parts}


def read(document):
    return read_json_stat(document if isinstance(document, bytes) else json.dumps(document).encode())


def version_1(whole):
    inside = ("id", "size", "role")
    found = {key: value for key, value in whole.items() if key not in (*inside, "class", "version")}
    return found | {"dimension": whole["dimension"] | {key: whole[key] for key in inside}}


@pytest.mark.parametrize(
    "document",
    [
        dataset(),
        {"version": "2.0", "class": "collection", "link": {"item": [dataset()]}},
        {"folketal": version_1(dataset())},
        {"version": "1.0", "folketal": dataset()},
    ],
    ids=["dataset", "collection", "version 1", "bundle of datasets of version 2"],
)
def test_every_place_of_a_dataset_gives_the_same_cube(document):
    (cube,) = read(document)
    assert [one.texts for one in cube.variables] == [("Slagelse", "Sorø"), ("Antal",), ("2023", "2024")]
    assert [one.codes for one in cube.variables] == [("330", "340"), ("N",), ("2023", "2024")]
    assert [(one.is_time, one.is_measure) for one in cube.variables] == [(False, False), (False, True), (True, False)]
    assert (cube.title, cube.cells, cube.symbols) == ("Folketal", ["1", "2", "3", "4"], [])


def test_a_bundle_and_a_collection_hold_several_and_what_lies_elsewhere_is_passed_over():
    elsewhere = {"class": "dataset", "href": "https://example.com/other.json"}
    within = {"class": "collection", "link": {"item": [dataset(label="b"), elsewhere]}}
    assert [
        one.title for one in read({"a": version_1(dataset(label="a")), "b": version_1(dataset(label="b"))})
    ] == list("ab")
    assert [one.title for one in read({"class": "collection", "link": {"item": [dataset(label="a"), within]}})] == list(
        "ab"
    )


@pytest.mark.parametrize(
    ("value", "status", "cells", "symbols"),
    [
        ([1.50, None, 1e3, -0.0], None, ["1.5", None, "1000", "0"], []),
        ({"0": 1, "3": 4}, {"1": ".."}, ["1", None, None, "4"], [None, "..", None, None]),
        ([1, None, 3, 4], ["", "x", None, "p"], ["1", None, "3", "4"], [None, "x", None, "p"]),
        ([1, 2, 3, 4], "e", ["1", "2", "3", "4"], ["e"] * 4),
        ([1, 2, 3, 4], ["e"], ["1", "2", "3", "4"], ["e"] * 4),
        (["..", "7", "", "tekst"], None, ["..", "7", None, "tekst"], []),
        ({}, None, [None] * 4, []),
    ],
    ids=["array", "sparse", "a status each", "one status", "one status in a list", "texts", "nothing"],
)
def test_values_and_statuses_in_each_of_their_forms(value, status, cells, symbols):
    (cube,) = read(dataset(value=value, **({"status": status} if status is not None else {})))
    assert (cube.cells, cube.symbols) == (cells, symbols)


def test_a_number_is_kept_as_it_is_written_and_never_rounded():
    text = json.dumps(dataset()).replace("[1, 2, 3, 4]", "[12345678901234567890.10, 0.1, 1E-7, 2.50e2]")
    (cube,) = read(text.encode())
    assert cube.cells == ["12345678901234567890.1", "0.1", "0.0000001", "250"]


def test_notes_of_the_dataset_and_of_its_dimensions_are_told():
    dimensions = dataset()["dimension"]
    dimensions["tid"]["note"] = ["Databrud 2024."]
    (cube,) = read(dataset(dimension=dimensions, note="Foreløbige tal."))
    assert cube.notes == ["Foreløbige tal.", "Databrud 2024."]


def with_dimension(name, **parts):
    return dataset(dimension=dataset()["dimension"] | {name: category(**parts)})


BAD = {
    "no JSON": b"{",
    "latin-1": b'{"label": "\xe6"}',
    "too deep": b'{"a":' * 100_000,
    "deep arrays": b"[" * 100_000,
    "NaN": json.dumps(dataset(value=[1, float("nan"), 3, 4])).encode(),
    "an array": [1, 2],
    "no dataset": {"class": "dimension", "category": {"index": ["a"]}},
    "nothing here": {"class": "collection", "link": {"item": [{"class": "dataset", "href": "x"}]}},
    "collections in collections": b'{"class":"collection","link":{"item":[' * 20_000,
    "a link that is none": {"class": "collection", "link": [1]},
    "no dimension": dataset(dimension=None),
    "one dimension less": dataset(dimension={"region": dataset()["dimension"]["region"]}),
    "ids and sizes": dataset(size=[2, 2]),
    "an id twice": dataset(id=["region", "region", "tid"]),
    "hundreds of dimensions": dataset(id=[f"{at}" for at in range(101)], size=[1] * 101),
    "no ids": dataset(id=[], size=[], value=[]),
    "size and categories": dataset(size=[3, 1, 2], value=[1] * 6),
    "sizes of billions": dataset(size=[99_999, 99_999, 99_999]),
    "a size as long as a book": json.dumps(dataset()).replace('"size": [2', f'"size": [{"9" * 100_000}').encode(),
    "a negative size": dataset(size=[-2, 1, 2]),
    "half a size": dataset(size=[2.5, 1, 2]),
    "no size": dataset(size=[0, 1, 2], value=[]),
    "true as a size": dataset(size=[True, 1, 2]),
    "a place twice": with_dimension("tid", index={"2023": 0, "2024": 0}),
    "a place left out": with_dimension("tid", index={"2023": 0, "2024": 2}),
    "a code twice": with_dimension("tid", index=["2023", "2023"]),
    "no index": with_dimension("tid", label={"2023": "2023", "2024": "2024"}),
    "values too few": dataset(value=[1, 2, 3]),
    "no values": dataset(value=None),
    "a place outside": dataset(value={"4": 1}),
    "no place": dataset(value={"-1": 1}),
    "true as a value": dataset(value=[True, 2, 3, 4]),
    "an object as a value": dataset(value=[{}, 2, 3, 4]),
    "statuses too few": dataset(status=["a", "b"]),
    "a status outside": dataset(status={"9": "a"}),
}


@pytest.mark.parametrize("name", BAD)
def test_what_does_not_hang_together_is_refused(name):
    with pytest.raises(FileRefused) as caught:
        read(BAD[name])
    assert caught.value.facts["reason"] is FileReason.FILE_UNREADABLE


def test_a_number_of_a_billion_digits_is_left_as_it_stands():
    text = json.dumps(dataset()).replace("[1, 2, 3, 4]", "[1e999999999, 1e301, 3, 4]")
    (cube,) = read(text.encode())
    assert cube.cells == ["1e999999999", "1e301", "3", "4"]
