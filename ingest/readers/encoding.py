"""Text in the encoding that a descriptor declares, as UTF-8."""

import codecs
from collections.abc import Iterator, Sequence

import numpy as np

from ingest.content import Content
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

ALMOST_LATIN = {"cp1252", "windows-1252"}
"""Encodings that differ from ISO-8859-1, which is decoded at the speed of a copy, in few bytes."""

FIRST, COUNT = np.uint8(0x80), np.uint8(0x20)
"""Of the bytes in which they differ."""

IN_CACHE = 1 << 18


def decode(content: bytes, encodings: Sequence[str]) -> str:
    """The text in the first declared encoding that fits every byte. Raises FileRefused (undecodable)."""
    return content.decode(encoding_of(Content.of(content), encodings))


def encoding_of(content: Content, encodings: Sequence[str]) -> str:
    """The first declared encoding that fits every byte. Raises FileRefused (undecodable)."""
    for encoding in encodings:
        try:
            if _holds_no_nul(content, encoding):  # bytes of UTF-16 fit into one-byte encodings
                return encoding
        except UnicodeDecodeError:
            continue
    raise FileRefused(problem=f"the text is not {' or '.join(encodings)}.", reason=FileReason.UNDECODABLE)


def in_utf8(content: Content, encoding: str) -> Iterator[bytes]:
    """The text of a content, whose encoding is known to fit, in pieces that end anywhere but within a character."""
    return (text.encode() for text in _decoded(content, encoding))


def _holds_no_nul(content: Content, encoding: str) -> bool:
    """Raises UnicodeDecodeError where the encoding does not fit."""
    return all("\x00" not in text for text in _decoded(content, encoding))


def _decoded(content: Content, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    for chunk in content.chunks():
        yield chunk.decode("latin-1") if _is_latin(chunk, encoding) else decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _is_latin(chunk: bytes, encoding: str) -> bool:
    """Whether the encoding reads a chunk as ISO-8859-1 does."""
    if codecs.lookup(encoding).name not in ALMOST_LATIN:
        return False
    signs = np.frombuffer(chunk, dtype=np.uint8)
    # below the first the difference begins anew at 255
    return not any((signs[at : at + IN_CACHE] - FIRST < COUNT).any() for at in range(0, len(signs), IN_CACHE))
