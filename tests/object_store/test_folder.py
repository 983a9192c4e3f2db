"""A folder of an object store: names as partners give them, nothing half-written, nothing remembered from before."""

import logging
import subprocess
import sys
import unicodedata

import fsspec
import pytest

from vocabulary.errors import StorageBucketMissing, StorageUrlHoldsPassword
from warehouse.store import Folder

NAMES = {
    "space": "Vejledninger 2022.csv",
    "danish": "Børn og unge på Ærø, Ålborg.csv",
    "decomposed": unicodedata.normalize("NFD", "Børn på Ålborg é.csv"),
    "hash": "nr. #1.csv",
    "question": "hvad?.csv",
    "query": "a?x=1&y=2.csv",
    "percent": "100 %.csv",
    "encoded": "a%20b%2Fc.csv",
    "plus": "a+b.csv",
    "colons": "a::b.csv",
    "glob": "a[1]*.csv",
    "quotes": "'a' \"b\".csv",
    "braces": "{a,b}.csv",
    "spaces_around": " a .csv",
}


@pytest.fixture
def folder(place):
    return Folder.at(f"{place}/en mappe")


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_a_file_keeps_its_name_whatever_it_is(folder, name):
    assert not folder.is_file("k", name) and folder.names("k") == []
    folder.write(b"content", "k", name)
    assert folder.names("k") == [name] and folder.is_file("k", name) and folder.is_folder("k")
    assert folder.read("k", name) == b"content" and folder.size("k", name) == len(b"content")
    assert 0 <= folder.age_seconds("k", name) < 600
    folder.replace_content(b"other", "k", name)
    assert folder.read("k", name) == b"other"
    folder.remove("k", name)
    folder.remove("k", name)
    assert folder.names("k") == []


def test_more_files_than_one_page_of_a_listing_are_all_listed(folder):
    names = [f"{number:04}.json" for number in range(1001)]
    folder.filesystem.pipe({folder.path("k", name): b"x" for name in names}, batch_size=16)
    assert folder.names("k") == names


def test_what_others_write_and_remove_is_seen_at_once(folder):
    other = fsspec.filesystem("s3", use_listings_cache=True, default_block_size=6 * 2**20)
    assert other is not folder.filesystem
    folder.write(b"1", "k", "a")
    assert folder.names("k") == ["a"]
    other.pipe_file(folder.path("k", "b"), b"2")
    assert folder.names("k") == ["a", "b"] and folder.is_file("k", "b")
    other.pipe_file(folder.path("k", "a"), b"longer")
    assert folder.size("k", "a") == len(b"longer") and folder.read("k", "a") == b"longer"
    other.rm_file(folder.path("k", "a"))
    assert folder.names("k") == ["b"] and not folder.is_file("k", "a")


def test_the_object_by_which_a_console_shows_an_empty_folder_is_no_file(folder):
    folder.filesystem.pipe_file(f"{folder.path('k')}/", b"")
    assert folder.is_folder("k") and folder.names("k") == []
    folder.write(b"x", "k", "a")
    folder.filesystem.pipe_file(f"{folder.root}/", b"")
    assert folder.names("k") == ["a"] and folder.names() == ["k"]


WRITER = """
import sys
from warehouse.store import Folder
Folder.at(sys.argv[1]).write(bytes(140 * 2**20), "k", "big")
"""


def pending(folder):
    """Uploads in parts that were begun in the folder and not ended."""
    found = folder.filesystem.call_s3("list_multipart_uploads", Bucket=folder.bucket).get("Uploads", [])
    own = folder.root.removeprefix(f"{folder.bucket}/")
    return [(upload["Key"], upload["UploadId"]) for upload in found if upload["Key"].startswith(own)]


def test_a_writer_that_is_killed_within_a_large_file_leaves_what_was_there(folder):
    folder.write(b"old", "k", "big")
    with subprocess.Popen([sys.executable, "-c", WRITER, folder.url]) as writer:
        while not (begun := pending(folder)):
            assert writer.poll() is None, "it ended before it could be killed"
        writer.kill()
    assert begun and folder.read("k", "big") == b"old" and folder.names("k") == ["big"]


def test_an_upload_that_is_broken_off_leaves_what_was_there_and_nothing_unfinished(folder):
    folder.write(b"old", "k", "big")
    with subprocess.Popen([sys.executable, "-c", WRITER, folder.url], stderr=subprocess.PIPE, text=True) as writer:
        while not (begun := pending(folder)):
            assert writer.poll() is None, "it ended before it could be broken off"
        for key, upload in begun:
            folder.filesystem.call_s3("abort_multipart_upload", Bucket=folder.bucket, Key=key, UploadId=upload)
        _, told = writer.communicate(timeout=120)
    assert writer.returncode == 1 and "vocabulary.errors.Storage" in told
    assert folder.read("k", "big") == b"old" and folder.names("k") == ["big"] and pending(folder) == []


def test_a_bucket_that_is_not_there_is_no_empty_folder_and_is_not_made(object_store):
    folder = Folder.at("s3://omraadetal-no-such-bucket/store")
    for ask in (
        lambda: folder.names("ledger"),
        folder.is_folder,
        lambda: folder.write(b"x", "ledger", "a"),
    ):
        with pytest.raises(StorageBucketMissing, match="omraadetal-no-such-bucket"):
            ask()
    assert not folder.filesystem.exists(folder.bucket)


def test_no_library_logs_the_name_of_a_file(folder, caplog):
    with caplog.at_level(logging.DEBUG):
        folder.write(b"x", "k", "Emma 750190-1234.csv")
        assert folder.read("k", "Emma 750190-1234.csv") == b"x" and folder.names("k")
    assert "750190" not in caplog.text and "Emma" not in caplog.text


@pytest.mark.parametrize("url", ["s3://name:secret@bucket/x", "sftp://name:secret@host/x"])
def test_a_password_in_an_address_is_refused_and_not_repeated(url):
    with pytest.raises(StorageUrlHoldsPassword) as caught:
        Folder.at(url)
    assert "secret" not in str(caught.value) and "/x" in str(caught.value)
