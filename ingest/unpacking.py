"""What is inside a packed file: the one home of gzip and zip, and of what is refused before or while it is unpacked.

A delivery is packed by its name (`.gz`, `.zip`) and holds one file; `peek` goes by content. Names inside an archive are
data: the last part says which layout a file has, and none is ever used as a path.
"""

import gzip
import io
import lzma
import stat
import struct
import zipfile
import zlib
from pathlib import PurePosixPath, PureWindowsPath
from typing import IO

from ingest.layouts import GZIP_SUFFIX, SUFFIXES, ZIP_SUFFIX, without_gzip
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"

MOST_UNPACKED = 1 << 30
"""Bytes; what unpacks to more is refused, by what it declares and by what comes out."""

MOST_RATIO = 250
RATIO_FROM = 32 << 20
"""From this many bytes on, unpacked data that is more than so many times the packed is no table: those shrink to a
fiftieth at most, and deflate ends at a thousandth."""

MOST_MEMBERS = 10_000
"""Of a workbook, which has a handful for each sheet."""

PACKED_SUFFIXES = {GZIP_SUFFIX, ZIP_SUFFIX, ".tgz", ".tar", ".7z", ".rar", ".bz2", ".xz", ".zst"}
ZIPPED_FORMATS = {"[Content_Types].xml", "mimetype"}
"""A member that says that a zip file is a workbook (OOXML, ODF) and no archive."""

CHUNK = 1 << 20
IS_ENCRYPTED = 0x1
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    KeyError,
)


def is_packed(file_name: str) -> bool:
    """Whether a delivery of this name holds another file."""
    return PurePosixPath(file_name).suffix.lower() in (GZIP_SUFFIX, ZIP_SUFFIX)


def unpacked(content: bytes, file_name: str) -> tuple[str, bytes]:
    """Name and content of what a delivery holds; one that is not packed is given back as it is.

    Raises FileRefused (not_one_file, unsafe_archive, encrypted, too_large, file_unreadable).
    """
    suffix = PurePosixPath(file_name).suffix.lower()
    if suffix == GZIP_SUFFIX:
        inner = without_gzip(file_name), _from_gzip(content)
    elif suffix == ZIP_SUFFIX:
        inner = _from_zip(content)
    else:
        return file_name, content
    _refuse_nested(*inner)
    return inner


def unpacked_by_content(content: bytes) -> bytes:
    """The content of a file of any name: that of gzip, of a zip file that is no workbook, or the content itself.

    Raises FileRefused.
    """
    if content.startswith(GZIP):
        inner = "", _from_gzip(content)
    elif content.startswith(ZIP) and not _is_zipped_format(content):
        inner = _from_zip(content)
    else:
        return content
    _refuse_nested(*inner)
    return inner[1]


def refuse_swollen(content: bytes) -> None:
    """Raise FileRefused (too_large) for a zipped workbook whose members declare more than is unpacked here.

    What lies about itself is left to the limits of the process that reads it.
    """
    if not content.startswith(ZIP):
        return
    try:
        members = _members(content)
    except DAMAGED:
        return  # the reader says what is wrong with it
    _refuse_members(len(members))
    _refuse_size(sum(one.file_size for one in members), len(content))


def _from_gzip(content: bytes) -> bytes:
    try:
        with gzip.open(io.BytesIO(content)) as packed:
            return _bounded(packed, len(content))
    except DAMAGED as error:
        what = type(error).__name__
    raise FileRefused(problem=f"is no whole gzip file ({what}).", reason=FileReason.FILE_UNREADABLE)


def _from_zip(content: bytes) -> tuple[str, bytes]:
    try:
        members = [one for one in _members(content) if not _is_beside_the_point(one)]
        _refuse_unsafe(members)
        member = members[0]
        with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(member) as packed:
            return _plain_name(member), _bounded(packed, len(content))
    except DAMAGED as error:
        what = type(error).__name__
    raise FileRefused(problem=f"is no whole zip file ({what}).", reason=FileReason.FILE_UNREADABLE)


def _members(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.infolist()


def _is_zipped_format(content: bytes) -> bool:
    try:
        return not ZIPPED_FORMATS.isdisjoint(one.filename for one in _members(content))
    except DAMAGED:
        return True  # whoever opens it as a workbook says that it is damaged


def _is_beside_the_point(member: zipfile.ZipInfo) -> bool:
    """A folder, or what macOS packs beside each file."""
    return member.is_dir() or member.filename.startswith("__MACOSX/")


def _plain_name(member: zipfile.ZipInfo) -> str:
    return PureWindowsPath(member.filename).name


def _refuse_unsafe(members: list[zipfile.ZipInfo]) -> None:
    """Raise FileRefused for members that are not exactly one plain file, by what they declare."""
    if len(members) != 1:
        raise FileRefused(problem=f"holds {len(members)} files, where one is expected.", reason=FileReason.NOT_ONE_FILE)
    [member] = members
    if member.flag_bits & IS_ENCRYPTED:
        raise FileRefused(problem="is locked with a password.", reason=FileReason.ENCRYPTED)
    path = PureWindowsPath(member.filename)  # understands both kinds of strokes
    is_link = stat.S_ISLNK(member.external_attr >> 16)
    if is_link or "\0" in member.orig_filename or path.anchor or ".." in path.parts:
        what = "is a link" if is_link else "has a name that leads elsewhere"
        raise FileRefused(problem=f"what it holds {what}.", reason=FileReason.UNSAFE_ARCHIVE)
    _refuse_size(member.file_size, member.compress_size)


def _refuse_members(count: int) -> None:
    if count > MOST_MEMBERS:
        raise FileRefused(problem=f"a workbook of {count} parts is no delivery.", reason=FileReason.TOO_LARGE)


def _refuse_size(unpacked_bytes: int, packed_bytes: int) -> None:
    if unpacked_bytes > MOST_UNPACKED:
        raise FileRefused(problem=f"unpacks to more than {MOST_UNPACKED >> 20} MiB.", reason=FileReason.TOO_LARGE)
    if unpacked_bytes > RATIO_FROM and unpacked_bytes > MOST_RATIO * max(packed_bytes, 1):
        raise FileRefused(problem=f"unpacks to more than {MOST_RATIO} times its size.", reason=FileReason.TOO_LARGE)


def _bounded(packed: IO[bytes], packed_bytes: int) -> bytes:
    """What comes out of it, checked while it does."""
    content = bytearray()
    while chunk := packed.read(CHUNK):
        content += chunk
        _refuse_size(len(content), packed_bytes)
    return bytes(content)


def _refuse_nested(name: str, content: bytes) -> None:
    suffix = PurePosixPath(name).suffix.lower()
    is_workbook = suffix in SUFFIXES["excel"] or (not suffix and _is_zipped_format(content))
    is_zip = content.startswith((ZIP, EMPTY_ZIP)) and not is_workbook
    if suffix in PACKED_SUFFIXES or content.startswith(GZIP) or is_zip:
        raise FileRefused(problem="holds another archive.", reason=FileReason.UNSAFE_ARCHIVE)
