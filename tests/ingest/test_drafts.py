"""A drafted descriptor loads, a night reads the very file with it, and no person gets into it."""

import csv
import io
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from agreements.areas import read_areas
from cli.app import app
from ingest.content import Content
from ingest.context import Context
from ingest.descriptor import Descriptor, read_descriptors
from ingest.drafts.draft import draft
from ingest.erasure_list import NOBODY
from ingest.left_out import LeftOut
from ingest.pseudonyms import PseudonymKey
from ingest.reading import Reading, read_content
from tests.ingest.workbook_writers import WRITERS, openpyxl_bytes
from vocabulary.errors import DraftExists, DraftRefused, FormatUnknown
from vocabulary.settings import PROJECT_ROOT

SAMPLES = sorted(path for path in (PROJECT_ROOT / "samples" / "landing").rglob("*") if path.is_file())
AREAS = read_areas(PROJECT_ROOT / "agreements")
SPAN = (date(2015, 1, 1), date(2030, 12, 31))


def drafted(path: Path, folder: Path) -> tuple[Descriptor, str]:
    text, source_id = draft(path, AREAS.housing_names)
    folder.mkdir(exist_ok=True)
    (folder / f"{source_id}.yaml").write_text(text, encoding="utf-8")
    return read_descriptors(folder)[source_id], text


def night(path: Path, descriptor: Descriptor) -> Reading:
    key = PseudonymKey(b"x" * 32, "the test")
    left_out = LeftOut(descriptor.source_id, NOBODY)
    context = Context(descriptor, AREAS, SPAN, key, (), left_out)
    return read_content(Content.of(path.read_bytes()), path.name, context, lambda rows: None)


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: "/".join(path.parts[-3:]))
def test_a_night_reads_each_sample_with_its_draft(path, tmp_path):
    descriptor, _ = drafted(path, tmp_path / "sources")
    counts = night(path, descriptor).counts
    assert counts["rows_loaded"] > 0.8 * counts["rows_read"] > 0


def test_what_may_be_personal_never_leaves_ingest(tmp_path):
    path = next(one for one in SAMPLES if one.name == "vejledninger_2021.csv")
    descriptor, text = drafted(path, tmp_path)
    treatments = {name: column.treatment for name, column in descriptor.columns.items()}
    assert (
        treatments
        | {
            "cpr_nr": "pseudonymise",
            "navn": "drop",
            "vejleder": "drop",
            "bemaerkning": "free_text",
            "tema": "public",
        }
        == treatments
    )
    rows = list(csv.DictReader(io.StringIO(path.read_bytes().decode("cp1252")), delimiter=";"))
    personal = {row[name] for row in rows for name in ("CPR-nr", "Navn", "Vejleder", "Bemærkning") if row[name]}
    assert len(personal) > 100 and [one for one in personal if f"{one}," in text or f"{one}]" in text] == []


FIRST = st.sampled_from(["Anna", "Søren", "Fatima", "Åse", "Mohammed", "Jens-Ole"])
LAST = st.sampled_from(["Hansen", "Østergård", "Yılmaz", "de la Cruz", "Ng"])
KNOWN = ("sagsnr", "moededato", "omraade")
PERSONAL = {
    "cpr": st.dates(date(1930, 1, 1), date(2020, 1, 1)).map(lambda day: f"{day.day + 60}{day:%m%y}-1234"),
    "name": st.tuples(FIRST, LAST).map(" ".join),
    "first name": FIRST,
    "initials": st.sampled_from(["AHN", "mjn", "FYI"]),
    "mail": st.tuples(FIRST, LAST).map(lambda name: f"{name[0]}@{'x' * len(name[1])}.dk"),
    "phone": st.integers(10_000_000, 99_999_999).map(lambda number: f"+45 {number}"),
    "note": FIRST.map(lambda name: f"{name} ringer igen om et par uger, når hun har talt med sin søn om lejligheden"),
}


@pytest.mark.parametrize("kind", PERSONAL)
@pytest.mark.parametrize("suffix", [".csv", ".xlsx", ".xls", ".xlsb", ".ods"])
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(data=st.data(), heading=st.sampled_from(["Felt", "Kolonne 4", "Hvem", "Andet"]))
def test_no_cell_that_may_be_personal_is_written(kind, suffix, data, heading, tmp_path):
    """Whatever its column is called."""
    cells = data.draw(st.lists(PERSONAL[kind], min_size=12, max_size=20))
    rows = [
        ["Sagsnr", "Mødedato", "Område", heading],
        *([f"S{at:03}", f"{at % 28 + 1:02}-03-2024", "Sydbyen", cell] for at, cell in enumerate(cells)),
    ]
    path = tmp_path / f"registrering_2024{suffix}"
    writer = next((write for name, write in WRITERS.items() if name.endswith(suffix)), None)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=";").writerows(rows)
    path.write_bytes(writer(rows) if writer else text.getvalue().encode())
    descriptor, written = drafted(path, tmp_path / "sources")
    [(_, personal)] = [(name, one) for name, one in descriptor.columns.items() if name not in KNOWN]
    assert personal.treatment != "public" and personal.codes == ()
    assert not any(cell in written for cell in cells)
    assert night(path, descriptor).counts["rows_loaded"] == len(cells)


def test_what_is_proposed_for_values_of_a_closed_kind(tmp_path):
    path = tmp_path / "Møder i 2024.csv"
    head = "Løbenr;Dato;Boligområder;Antal deltagere;Tema;Større;Fødselsdato;Svar\n"
    answers = ("I høj grad", "I lav grad")
    lines = [
        f"{at};0{at % 9 + 1}-02-2024;Ringparken; Sydbyen".replace("; S", " og S")
        + f";ca. {at};{'Bolig' if at % 2 else 'Job'};{'x' if at % 3 else ''};01-01-19{at + 50};{answers[at % 2]}\n"
        for at in range(1, 19)
    ]
    path.write_text(head + "".join(lines))
    descriptor, _ = drafted(path, tmp_path / "sources")
    assert descriptor.source_id == "moeder_i" and descriptor.period.origin == "file_name"
    assert {name: (one.type, one.treatment) for name, one in descriptor.columns.items()} == {
        "loebenr": ("text", "public"),
        "dato": ("date", "public"),
        "boligomraader": ("areas", "public"),
        "antal_deltagere": ("number", "public"),
        "tema": ("code", "public"),
        "stoerre": ("boolean", "public"),
        "foedselsdato": ("date", "drop"),
        "svar": ("code", "public"),
    }
    assert descriptor.key_columns == ("loebenr",) and descriptor.columns["svar"].codes == answers
    assert night(path, descriptor).counts["rows_loaded"] == 18


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("a_2024.csv", b"1;2,5;x\n2;3,5;y\n", "no heading line"),
        ("a_2024.csv", b"", "holds no table"),
        ("a_2024.csv", b"a;b\n", "holds no table"),
        ("a_2024.dat", b"a;b\n1;2\n", "a name that ends in one of .csv, .tsv, .txt"),
        ("a_2024.csv", b"a||b||c\n1||2||3\n4||5||6\n", "between single signs"),
        ("a.csv", b"a;b;c\n1;2;3\n4;5;6\n", "says its year"),
        ("a_2024.csv", b"navn;navn;tal\nx;y;3\nz;v;6\n", "stands 2 times"),
        ("a.csv", b"sted;2020;2021\nA;3;4\nB;5;6\n", "read from workbooks only"),
    ],
)
def test_a_file_of_which_no_descriptor_can_be_drafted_is_refused_with_the_reason(tmp_path, name, content, problem):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DraftRefused, match=problem):
        draft(tmp_path / name, AREAS.housing_names)


def test_sheets_that_are_several_tables_and_files_that_are_damaged_are_refused(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["a", "b"])
    book.active.append([1, 2])
    book.create_sheet("Andet").append(["c", "d"])
    book["Andet"].append([1, 2])
    book.save(tmp_path / "a_2024.xlsx")
    with pytest.raises(DraftRefused, match="2 sheets are several tables"):
        draft(tmp_path / "a_2024.xlsx", {})
    (tmp_path / "a_2024.xlsx").write_bytes(openpyxl_bytes([["a", "b"], [1, 2]])[:-200])
    with pytest.raises(FormatUnknown):
        draft(tmp_path / "a_2024.xlsx", {})


def test_a_descriptor_that_exists_is_written_over_only_with_force(tmp_path):
    path = tmp_path / "møder_2024.csv"
    path.write_text("nr;dato\n1;01-02-2024\n2;02-02-2024\n")
    words = ["source", "draft", str(path), "--out", str(tmp_path)]
    run = CliRunner()
    assert run.invoke(app, words).exit_code == 0
    first = (tmp_path / "moeder.yaml").read_text()
    (tmp_path / "moeder.yaml").write_text("edited")
    assert isinstance(run.invoke(app, words).exception, DraftExists)
    assert (tmp_path / "moeder.yaml").read_text() == "edited"
    assert run.invoke(app, [*words, "--force"]).exit_code == 0
    assert (tmp_path / "moeder.yaml").read_text() == first == run.invoke(app, words[:3]).stdout
    assert yaml.safe_load(first)["source_id"] == "moeder"
