"""Backup and restore: byte for byte, whole or not at all, and nothing that a file claims is trusted."""

import gzip
import hashlib
import io
import json
import os
import stat
import tarfile
import zlib
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nightly.backup import back_up, check, restore
from nightly.lock import run_lock
from vocabulary.errors import (
    BackupDisturbed,
    BackupNotWritable,
    BackupUnusable,
    BackupVersionUnknown,
    HomeNotEmpty,
    NothingToBackUp,
    RunLocked,
    StoreNotRestorable,
)
from warehouse import restoring
from warehouse.backup_contents import FOLDERS
from warehouse.backup_record import LINK_NAME, is_safe
from warehouse.ledger import Ledger, LedgerRecord
from warehouse.paths import Paths, swap_link

PUBLICATION = "2025-11-01-0000000a"
KEY = "a key that must not be in any backup, ever"
FOREIGN = {
    "nothing": b"",
    "a zip": b"PK\x03\x04 a zip",
    "gzip without tar": gzip.compress(b"no tar"),
    "gzip of zeros": gzip.compress(b"\0" * 20_000),
}


def quiet(*_):
    """No progress."""


@pytest.fixture
def settings(settings):
    """A small HOME with something in every place, and a key that was put where it should not be."""
    paths = Paths.of(settings)
    paths.create()
    record = LedgerRecord(
        source_id="s",
        delivered_on=date(2023, 1, 12),
        file_name="b.csv",
        file_id="1" * 16,
        sha256="1" * 64,
        size_bytes=1,
        status="loaded",
        reading_id="r",
        pseudonym_key_id="abcd1234",
        read_at=datetime(2023, 1, 12, tzinfo=UTC),
    )
    Ledger.of(settings).commit(record)
    files = {
        "raw/s/r.parquet": os.urandom(3000),
        "withdrawals/s/_applied.json": b"{}",
        "journal/20251101_x/entry.json": b"{}",
        "journal/decisions/one.json": "{æøå}".encode(),
        "journal/secrets/pseudonym.key": KEY.encode(),
        f"publications/{PUBLICATION}/publication.json": b'{"as_of": "2025-11-01"}',
        f"publications/{PUBLICATION}/parquet/marts/Borgere i år.parquet": b"",
        "publications/.2025-10-01-removed/omraadetal.duckdb": b"half removed",
        "warehouse/builds/b/warehouse.duckdb": b"made again",
        "logs/build/dbt.log": b"made again",
        "superset/secret_key": KEY.encode(),
        "noter/mine.txt": b"somebody's own",
    }
    for name, content in files.items():
        (paths.home / name).parent.mkdir(parents=True, exist_ok=True)
        (paths.home / name).write_bytes(content)
        os.utime(paths.home / name, (1_700_000_000, 1_700_000_000))
    swap_link(paths.current, paths.publication(PUBLICATION))
    return replace(settings, key_file=paths.journal / "secrets" / "pseudonym.key")


@pytest.fixture
def file(settings, tmp_path):
    made = tmp_path / "backup.tar.gz"
    back_up(settings, made, quiet)
    return made


@pytest.fixture
def fresh(settings, tmp_path):
    """Another machine: the same settings for another HOME."""
    return replace(settings, home=tmp_path / "fresh", store=str(tmp_path / "fresh"), key_file=tmp_path / "key")


def kept(home: Path) -> dict[str, tuple[bytes, float]]:
    """Content and time of every file that a backup is to hold, as the docs list them."""
    return {
        str(path.relative_to(home)): (path.read_bytes(), path.stat().st_mtime)
        for folder in ("ledger", "raw", "withdrawals", "journal", "publications")
        for path in (home / folder).rglob("*")
        if path.is_file() and path.name != "pseudonym.key" and "/." not in str(path)
    }


def repack(file: Path, change) -> None:
    """Write a backup anew, with its checksums right, after `change(record, entries)` has altered it."""
    with tarfile.open(file) as tar:
        found = [(one, tar.extractfile(one).read() if one.isfile() else b"") for one in tar.getmembers()]
    record = json.loads(found[0][1])
    entries = found[1:]
    change(record, entries)
    content = json.dumps(record).encode()
    found[0][0].size = len(content)
    with tarfile.open(file, "w:gz") as tar:
        for entry, body in [(found[0][0], content), *entries]:
            tar.addfile(entry, io.BytesIO(body))


def assert_refused(settings, file, error=BackupUnusable) -> str:
    with pytest.raises(error) as told:
        restore(settings, file, quiet)
    assert not settings.home.exists()
    with pytest.raises(error):
        check(file, quiet)
    return str(told.value)


def test_what_is_restored_is_what_was_backed_up(settings, file, fresh):
    record = restore(fresh, file, quiet)
    assert kept(fresh.home) == kept(settings.home) and len(kept(fresh.home)) == 7
    assert Paths.of(fresh).current.readlink() == Paths.of(settings).current.readlink()
    assert (record.publication_id, record.as_of, record.pseudonym_key_ids) == (
        PUBLICATION,
        date(2025, 11, 1),
        {"abcd1234": 1},
    )
    for path in fresh.home.rglob("*"):
        if not path.is_symlink():
            assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_a_backup_is_for_its_owner_names_its_members_first_and_holds_no_key(settings, file):
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with tarfile.open(file) as tar:
        names = tar.getnames()
        record = json.loads(tar.extractfile("backup.json").read())
    assert names[0] == "backup.json" and [one["name"] for one in record["members"]] == names[1:-1]
    assert names[1].startswith("store/ledger/") and names[-1] == LINK_NAME
    assert not {name.split("/")[1] for name in names[1:]} - {*FOLDERS["home"], *FOLDERS["store"], "published"}
    assert KEY.encode() not in gzip.decompress(file.read_bytes())


def test_what_is_left_out_and_not_made_again_is_told(settings, tmp_path):
    assert back_up(settings, tmp_path / "b.tar.gz", quiet).left_out == ["noter", "superset"]


@pytest.mark.parametrize("at", [0.0, 0.01, 0.3, 0.6, 0.9, 0.99])
def test_a_backup_that_is_cut_short_is_refused_and_leaves_nothing(file, fresh, at):
    content = file.read_bytes()
    file.write_bytes(content[: int(len(content) * at)])
    assert_refused(fresh, file)
    file.write_bytes(content[:-1])
    assert_refused(fresh, file)


def test_every_altered_byte_is_noticed(file, fresh):
    """From behind the header of gzip, which tells a time and a system, up to the checksum of the whole. Where content
    repeats itself, a copy of another place may unpack to the same: that is the same backup.
    """
    content = file.read_bytes()
    whole, refused = unpacked(content), 0
    for at in range(10, len(content), max(1, len(content) // 60)):
        altered = content[:at] + bytes([content[at] ^ 0x55]) + content[at + 1 :]
        if unpacked(altered) == whole:
            continue
        file.write_bytes(altered)
        assert_refused(fresh, file)
        refused += 1
    assert refused > 50


def unpacked(content):
    """None for what is damaged."""
    try:
        return gzip.decompress(content)
    except (EOFError, OSError, zlib.error):
        return None


@pytest.mark.parametrize("kind", FOREIGN)
def test_a_foreign_file_is_refused(file, fresh, kind):
    file.write_bytes(FOREIGN[kind])
    assert_refused(fresh, file)


def add(name, body=b"evil", *, told=True, **changed):
    """Smuggle a member in, with a record that names it or does not."""

    def change(record, entries):
        entry = tarfile.TarInfo(name)
        entry.size = len(body)
        for field, value in changed.items():
            setattr(entry, field, value)
        entries.append((entry, body))
        if told:
            digest = hashlib.sha256(body).hexdigest()
            record["members"].append({"name": name, "size_bytes": len(body), "sha256": digest})

    return change


def other_content(record, entries):
    at = next(at for at, (_, body) in enumerate(entries) if len(body) > 1000)
    entries[at] = (entries[at][0], entries[at][1][:-1] + b"!")


def without_link(record, entries):
    assert entries.pop()[0].name == LINK_NAME


def link_to(target):
    def change(record, entries):
        entries[-1][0].linkname = target

    return change


def publication(name):
    def change(record, entries):
        record["publication_id"] = name
        entries[-1][0].linkname = f"../publications/{name}"

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(add("home/journal/extra", told=False), id="a member that the record does not name"),
        pytest.param(add("home/journal/extra", type=tarfile.SYMTYPE, linkname="/etc"), id="a link"),
        pytest.param(add("home/journal/extra", b"", type=tarfile.LNKTYPE, linkname="backup.json"), id="a hard link"),
        pytest.param(add("home/journal/extra", b"", type=tarfile.DIRTYPE), id="a folder as a file"),
        pytest.param(add("home/journal/extra", b"", type=tarfile.FIFOTYPE), id="a pipe"),
        pytest.param(add("home/journal/../../../evil"), id="a way out"),
        pytest.param(add("/etc/evil"), id="an absolute path"),
        pytest.param(add("home/run.json"), id="the lock's own record"),
        pytest.param(add("home/superset/secret_key"), id="a folder that no backup holds"),
        pytest.param(add("home/journal/decisions"), id="a file where there is a folder"),
        pytest.param(add("home/journal/decisions/one.json"), id="a file twice"),
        pytest.param(lambda record, entries: entries.pop(0), id="a file that is missing"),
        pytest.param(other_content, id="other content of the same size"),
        pytest.param(without_link, id="the link is missing"),
        pytest.param(link_to("../../../etc"), id="the link leads out"),
        pytest.param(link_to("../publications/other"), id="the link points elsewhere"),
        pytest.param(publication("../../etc"), id="a publication outside"),
        pytest.param(lambda record, entries: record.update(kind="other"), id="another kind"),
        pytest.param(lambda record, entries: record.update(more=1), id="an unknown field"),
        pytest.param(lambda record, entries: record.update(has_store=False), id="a store it says it has not"),
    ],
)
def test_a_backup_that_was_made_by_hand_is_refused(file, fresh, change):
    repack(file, change)
    assert_refused(fresh, file)


def test_repacked_without_a_change_it_is_restored(file, fresh):
    """So that what is refused above is refused for what was changed."""
    repack(file, quiet)
    restore(fresh, file, quiet)


@pytest.mark.parametrize("version", [0, 2])
def test_another_format_version_is_refused_by_its_number(file, fresh, version):
    repack(file, lambda record, entries: record.update(schema_version=version))
    assert f"format version {version}" in assert_refused(fresh, file, BackupVersionUnknown)


STEPS = [
    "home",
    "store",
    "journal",
    "ledger",
    "raw",
    "publications",
    "..",
    ".",
    "",
    "a",
    "a b",
    "æ",
    ".a",
    "\\",
    "\n",
    "~",
]


@given(st.lists(st.sampled_from(STEPS), max_size=6))
def test_a_safe_path_stays_visible_in_a_folder_of_its_part(steps):
    name = "/".join(steps)
    if is_safe(name):
        part, folder, *inside = PurePosixPath(name).parts
        assert folder in FOLDERS[part] and inside and "/".join((part, folder, *inside)) == name
        assert os.path.normpath(name) == name and not any(step.startswith(".") for step in inside)


@pytest.mark.parametrize("name", ["home/journal/a", "home/publications/p/a b/æ", "store/raw/s/_applied.json"])
def test_our_own_paths_are_safe(name):
    assert is_safe(name)


def test_a_home_with_something_in_it_is_refused_and_stays_as_it_is(settings, file, fresh):
    restore(fresh, file, quiet)
    before = kept(fresh.home)
    with pytest.raises(HomeNotEmpty):
        restore(fresh, file, quiet)
    assert kept(fresh.home) == before


@pytest.mark.parametrize("name", [".restore.0.part/journal/x", "logs/build/dbt.log", "published/current"])
def test_whatever_lies_in_a_home_is_something(file, fresh, name):
    path = fresh.home / name
    path.parent.mkdir(parents=True)
    path.symlink_to("nowhere")
    with pytest.raises(HomeNotEmpty, match=path.name):
        restore(fresh, file, quiet)


def test_empty_folders_of_a_started_installation_are_nothing(settings, file, fresh):
    Paths.of(fresh).create()
    with run_lock(Paths.of(fresh), "an earlier run"):
        pass
    restore(fresh, file, quiet)
    assert kept(fresh.home) == kept(settings.home)


def test_an_error_while_it_is_put_in_place_leaves_nothing(file, fresh, monkeypatch):
    def broken(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(restoring, "swap_link", broken)
    with pytest.raises(OSError, match="gone"):
        restore(fresh, file, quiet)
    assert {path.name for path in fresh.home.rglob("*") if not path.is_dir()} == {"run.lock", "run.json", "run.guard"}


def test_folders_may_be_volumes_of_their_own(settings, file, fresh, monkeypatch):
    Paths.of(fresh).create()

    def other_device(source, target):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(restoring.shutil.os, "rename", other_device)
    restore(fresh, file, quiet)
    assert kept(fresh.home) == kept(settings.home)


def test_a_store_in_a_folder_of_its_own_is_restored_there(settings, fresh, tmp_path):
    (tmp_path / "store").mkdir()
    for folder in ("ledger", "raw", "withdrawals"):
        (settings.home / folder).rename(tmp_path / "store" / folder)
    made = tmp_path / "apart.tar.gz"
    back_up(replace(settings, store=str(tmp_path / "store")), made, quiet)
    restore(replace(fresh, store=str(tmp_path / "other")), made, quiet)
    assert {path.name for path in (tmp_path / "other").iterdir()} == {"ledger", "raw", "withdrawals"}
    assert not (fresh.home / "ledger").exists() and (fresh.home / "journal" / "decisions" / "one.json").exists()


def test_an_object_store_is_left_to_its_own_versions(settings, file, fresh, tmp_path):
    away = "memory://omraadetal-backup"
    made = tmp_path / "away.tar.gz"
    record = back_up(replace(settings, store=away), made, quiet).record
    assert not record.has_store and all(member.name.startswith("home/") for member in record.members)
    with pytest.raises(StoreNotRestorable):
        restore(replace(fresh, store=away), file, quiet)
    assert not fresh.home.exists()
    restore(replace(fresh, store=away), made, quiet)
    assert not (fresh.home / "ledger").exists()


def test_a_delivery_that_is_read_meanwhile_stops_the_backup(settings, tmp_path):
    written = settings.home / "raw" / "s" / "r2.parquet"
    with pytest.raises(BackupDisturbed, match=r"r2\.parquet"):
        back_up(settings, tmp_path / "b.tar.gz", lambda *_: written.write_bytes(b"new"))
    with pytest.raises(BackupDisturbed, match=r"r2\.parquet"):
        back_up(settings, tmp_path / "b.tar.gz", lambda *_: written.unlink(missing_ok=True))
    assert not list(tmp_path.glob("*b.tar.gz*"))


def test_a_backup_takes_the_place_of_nothing(settings, file, tmp_path):
    before = file.read_bytes()
    for place in (file, settings.home / "b.tar.gz", tmp_path / "no" / "b.tar.gz"):
        with pytest.raises(BackupNotWritable):
            back_up(settings, place, quiet)
    assert file.read_bytes() == before and not (settings.home / "b.tar.gz").exists()


def test_nothing_is_no_backup(fresh, tmp_path):
    with pytest.raises(NothingToBackUp):
        back_up(fresh, tmp_path / "b.tar.gz", quiet)
    assert not fresh.home.exists()


def test_a_home_that_another_run_writes_to_is_not_backed_up(settings, tmp_path):
    with run_lock(Paths.of(settings), "night"), pytest.raises(RunLocked, match="night by"):
        back_up(settings, tmp_path / "b.tar.gz", quiet)
