"""The encoding of a content that nobody declared."""

import codecs

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins like that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 4096
MOSTLY = 0.3
"""Share of zero bytes at even or odd places from which a text without a mark is UTF-16; in western text it is all."""


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding. Every content has one: of the last encoding tried each byte is a character."""
    for mark, name in BOMS:
        if content.startswith(mark):
            return content.decode(name, errors="replace"), name
    sample = content[:SAMPLE_BYTES]
    half = len(sample) // 2
    for name, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        if half > 1 and sample[start::2].count(0) > MOSTLY * half and not sample[1 - start :: 2].count(0):
            return content.decode(name, errors="replace"), name
    for name in ("utf-8", "cp1252"):
        try:
            return content.decode(name), name
        except UnicodeDecodeError:
            continue
    return content.decode("iso-8859-1"), "iso-8859-1"
