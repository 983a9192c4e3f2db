"""Text in the encoding that a descriptor declares, as UTF-8."""

import codecs
from collections.abc import Iterator, Sequence

import numpy as np

from ingest.content import Content
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason

ALMOST_LATIN = {"cp1252", "windows-1252"}
"""Encodings that differ from ISO-8859-1, which is decoded at the speed of a copy, in few bytes."""

UNLIKE_LATIN = (0x80, 0x9F)


def decode(content: bytes, encodings: Sequence[str]) -> str:
    """The text in the first declared encoding that fits every byte. Raises FileRefused (undecodable)."""
    return content.decode(encoding_of(Content.of(content), encodings))


def encoding_of(content: Content, encodings: Sequence[str]) -> str:
    """The first declared encoding that fits every byte. Raises FileRefused (undecodable)."""
    for encoding in encodings:
        try:
            # bytes of UTF-16 fit into one-byte encodings
            if not any("\x00" in text for text in _texts(content, encoding)):
                return encoding
        except UnicodeDecodeError:
            continue
    raise FileRefused(problem=f"the text is not {' or '.join(encodings)}.", reason=FileReason.UNDECODABLE)


def in_utf8(content: Content, encoding: str) -> Iterator[bytes]:
    """The text of a content, whose encoding is known to fit, in pieces that end anywhere but within a character."""
    for text in _texts(content, encoding):
        yield text.encode()


def _texts(content: Content, encoding: str) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)()
    is_almost_latin = codecs.lookup(encoding).name in ALMOST_LATIN
    for chunk in content.chunks():
        yield chunk.decode("latin-1") if is_almost_latin and _is_latin(chunk) else decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _is_latin(chunk: bytes) -> bool:
    signs = np.frombuffer(chunk, dtype=np.uint8)
    return not ((signs >= UNLIKE_LATIN[0]) & (signs <= UNLIKE_LATIN[1])).any()
