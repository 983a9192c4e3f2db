"""Packed deliveries: the file inside is read as if it lay there; what is no packed file is refused with a reason."""

import gzip
import io
import stat
import zipfile
from datetime import date

import pytest

from ingest import unpacking
from ingest.every_row import every_row
from ingest.stage import Ingest
from ingest.unpacking import unpacked
from tests.ingest.hostile_files import GOOD, cells_without_end, gzip_bomb, with_locked_flag, zipped
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from vocabulary.settings import PROJECT_ROOT

DAY = date(2025, 11, 1)
LANDING = PROJECT_ROOT / "samples" / "landing"
WORKBOOK = (LANDING / "aktiviteter" / "2022-01-20" / "Aktiviteter.xlsx").read_bytes()


def link(target: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo("v_2022.csv")
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(info, target)
    return file.getvalue()


def with_name(archive: bytes, name: bytes) -> bytes:
    """The same zip file with another name of its member, which must be as long."""
    return archive.replace(b"v_2022.csv", name)


def changed(archive: bytes, at: int) -> bytes:
    return archive[:at] + bytes([archive[at] ^ 0x55]) + archive[at + 1 :]


STORED = zipped(GOOD, method=zipfile.ZIP_STORED)


@pytest.mark.parametrize(
    ("source", "name", "content", "inside"),
    [
        ("vejledninger", "v_2022.csv.gz", gzip.compress(GOOD), GOOD),
        ("vejledninger", "V_2022.CSV.GZ", gzip.compress(GOOD[:90]) + gzip.compress(GOOD[90:]), GOOD),
        ("vejledninger", "levering_2022.zip", zipped(GOOD, "udtræk.csv"), GOOD),
        ("vejledninger", "levering_2022.zip", zipped(GOOD, "mappe/", "mappe/v_2022.csv", "__MACOSX/._v.csv"), GOOD),
        ("vejledninger", "levering_2022.zip", zipped(GOOD, "mappe\\v.csv", method=zipfile.ZIP_LZMA), GOOD),
        ("aktiviteter", "Aktiviteter.xlsx.gz", gzip.compress(WORKBOOK), WORKBOOK),
        ("aktiviteter", "Aktiviteter.zip", zipped(WORKBOOK, "Aktiviteter.xlsx"), WORKBOOK),
    ],
    ids=["gz", "gz in two parts", "zip", "zip by macOS", "zip by lzma", "workbook in gz", "workbook in zip"],
)
def test_a_packed_file_is_read_as_the_file_inside_it(settings, deliver, source, name, content, inside):
    plain = {"vejledninger": "v_2022.csv", "aktiviteter": "Aktiviteter.xlsx"}[source]
    deliver(source, "2023-01-12", plain, inside)
    deliver(source, "2023-01-13", name, content)
    ingest = Ingest(settings)
    first, second = ingest.read_files(ingest.find_new(DAY).files)
    assert second.rows_loaded and second.file_name == name and second.file_id != first.file_id
    raw = [ingest.ledger.store.read_parquet("raw", source, f"{one.reading_id}.parquet") for one in (first, second)]
    assert raw[0].equals(raw[1])
    assert ingest.find_new(DAY).files == ()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("v_2022.zip", zipped(GOOD, "a.csv", "b.csv"), FileReason.NOT_ONE_FILE),
        ("v_2022.zip", zipped(b"", "mappe/"), FileReason.NOT_ONE_FILE),
        ("v_2022.zip", zipped(GOOD)[-22:], FileReason.FILE_UNREADABLE),
        ("v_2022.zip", with_locked_flag(zipped(GOOD)), FileReason.ENCRYPTED),
        ("v_2022.zip", zipped(zipped(GOOD), "v_2022.zip"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", zipped(zipped(GOOD), "v_2022.csv"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", zipped(gzip.compress(GOOD), "v_2022.csv"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.csv.gz", gzip.compress(gzip.compress(GOOD)), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip.gz", gzip.compress(zipped(GOOD)), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", zipped(GOOD, "../v_2022.csv"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", zipped(GOOD, "a/../../v.csv"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", zipped(GOOD, "/etc/v.csv"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", zipped(GOOD, "C:\\v.csv"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", with_name(STORED, b"v.csv\0.txt"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", link("/etc/passwd"), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", changed(STORED, STORED.index(b"Sydbyen")), FileReason.FILE_UNREADABLE),
        ("v_2022.zip", STORED[:-40], FileReason.FILE_UNREADABLE),
        ("v_2022.zip", GOOD, FileReason.FILE_UNREADABLE),
        ("v_2022.csv.gz", GOOD, FileReason.FILE_UNREADABLE),
        ("v_2022.csv.gz", gzip.compress(GOOD)[:-12], FileReason.FILE_UNREADABLE),
        ("v_2022.csv.gz", changed(gzip.compress(GOOD), -6), FileReason.FILE_UNREADABLE),
        ("v_2022.csv.gz", gzip.compress(GOOD) + b"more", FileReason.FILE_UNREADABLE),
        ("v_2022.csv.gz", gzip.compress(b""), FileReason.EMPTY_FILE),
        ("v_2022.zip", zipped(b" \n"), FileReason.EMPTY_FILE),
        ("v_2022.zip", b"", FileReason.EMPTY_FILE),
        ("v_2022.zip", zipped(GOOD, "v_2022.docx"), FileReason.UNKNOWN_FORMAT),
        ("v_2022.tar.gz", gzip.compress(GOOD), FileReason.UNSAFE_ARCHIVE),
        ("v_2022.zip", zipped(GOOD, "v_2023.csv"), FileReason.UNKNOWN_PERIOD),
        ("levering.zip", zipped(GOOD, "v_2022.csv"), FileReason.UNKNOWN_PERIOD),
    ],
    ids=lambda given: "packed" if isinstance(given, bytes) else str(given),  # archives hold the time
)
def test_what_is_not_one_plain_packed_file_is_refused(read, name, content, reason):
    with pytest.raises(FileRefused) as caught:
        read("vejledninger", name, content)
    assert caught.value.facts["reason"] is reason and str(caught.value).startswith(f"{name}: ")
    assert caught.value.__cause__ is None and caught.value.__context__ is None


def test_what_an_archive_declares_is_checked_before_it_is_unpacked(monkeypatch):
    bomb = zipped(bytes(unpacking.RATIO_FROM + 1))
    monkeypatch.setattr(zipfile.ZipFile, "open", None)
    with pytest.raises(FileRefused, match="more than 250 times") as caught:
        unpacked(bomb, "v_2022.zip")
    assert caught.value.facts["reason"] is FileReason.TOO_LARGE
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", unpacking.RATIO_FROM)
    with pytest.raises(FileRefused, match="more than 32 MiB"):
        unpacked(bomb, "v_2022.zip")


def test_what_comes_out_is_checked_while_it_does(monkeypatch):
    taken = []
    bounded = unpacking.CHUNK * 2
    monkeypatch.setattr(unpacking, "MOST_UNPACKED", bounded)
    monkeypatch.setattr(unpacking, "_refuse_size", told(taken, unpacking._refuse_size))
    with pytest.raises(FileRefused, match="unpacks to more than 2 MiB"):
        unpacked(gzip_bomb(50), "v_2022.csv.gz")
    assert max(taken) <= bounded + unpacking.CHUNK


def told(taken, check):
    def checked(size, packed):
        taken.append(size)
        check(size, packed)

    return checked


def test_an_archive_that_lies_about_its_size_gives_no_more_than_it_declares(read):
    bomb = zipped(bytes(40 << 20))
    lying = bomb.replace((40 << 20).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lying != bomb
    with pytest.raises(FileRefused) as caught:
        read("vejledninger", "v_2022.zip", lying)
    assert caught.value.facts["reason"] in (FileReason.FILE_UNREADABLE, FileReason.UNDECODABLE)


@pytest.mark.parametrize("name", ["a_2022.xlsx", "a_2022.xlsx.gz", "a_2022.zip"])
def test_a_workbook_that_declares_too_much_is_refused_unopened(read, name):
    bomb = cells_without_end(60)
    packed = {"a_2022.xlsx": bomb, "a_2022.xlsx.gz": gzip.compress(bomb), "a_2022.zip": zipped(bomb, "a.xlsx")}[name]
    with pytest.raises(FileRefused) as caught:
        read("aktiviteter", name, packed)
    assert caught.value.facts["reason"] is FileReason.TOO_LARGE


def test_a_search_looks_into_packed_files(settings):
    descriptor = Ingest(settings).descriptors["vejledninger"]
    plain = list(every_row(GOOD, "v_2022.csv", descriptor))
    assert len(plain) == 2
    assert list(every_row(gzip.compress(GOOD), "v_2022.csv.gz", descriptor)) == plain
    assert list(every_row(zipped(GOOD), "v_2022.zip", descriptor)) == plain
