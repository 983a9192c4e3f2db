"""The typeface of the report, Source Sans Pro, from its package: charts and PDF use these files and no other."""

import struct
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from vocabulary.errors import FontsMissing

FAMILY = "Source Sans Pro"
PACKAGE = "font-source-sans-pro"
STYLES = ("Regular", "Semibold", "Bold")
"""The cuts that the report is set in."""

SEGMENTED = 4
"""The format of a character map that is read here; every font has one for the common characters."""

_UNICODE_TABLES = {(3, 1), (3, 10), (0, 3), (0, 4)}
"""(platform, encoding) of a character map that goes by Unicode."""


def font_directory() -> Path:
    """The folder of the font files. Raises FontsMissing when the package or a cut that the report needs is gone."""
    spec = find_spec(PACKAGE.replace("-", "_"))
    folder = Path(spec.origin).parent / "files" if spec and spec.origin else None
    missing = [style for style in STYLES if folder is None or not (folder / f"SourceSansPro-{style}.ttf").is_file()]
    if folder is None or missing:
        raise FontsMissing(family=FAMILY, package=PACKAGE, missing=", ".join(missing))
    return folder


@cache
def shown_characters(folder: Path) -> frozenset[int]:
    """Code points that every cut of the report has a sign for.

    Source: OpenType, table `cmap`, format 4 (https://learn.microsoft.com/typography/opentype/spec/cmap).
    """
    files = [folder / f"SourceSansPro-{style}.{kind}" for style in STYLES for kind in ("ttf", "otf")]
    return frozenset.intersection(*(_characters(file.read_bytes()) for file in files if file.is_file()))


def _characters(data: bytes) -> frozenset[int]:
    """The code points of one font file."""
    tables = {
        data[at : at + 4]: struct.unpack_from(">I", data, at + 8)[0]
        for at in range(12, 12 + 16 * struct.unpack_from(">H", data, 4)[0], 16)
    }
    start = tables[b"cmap"]
    shown: set[int] = set()
    for index in range(struct.unpack_from(">H", data, start + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, start + 4 + 8 * index)
        table = start + offset
        if (platform, encoding) in _UNICODE_TABLES and struct.unpack_from(">H", data, table)[0] == SEGMENTED:
            shown |= _segments(data, table)
    return frozenset(shown)


def _segments(data: bytes, table: int) -> set[int]:
    """The characters of one map of format 4: segments of code points with their glyphs, glyph 0 meaning none."""
    count = struct.unpack_from(">H", data, table + 6)[0] // 2
    ends = struct.unpack_from(f">{count}H", data, table + 14)
    starts = struct.unpack_from(f">{count}H", data, table + 16 + 2 * count)
    deltas = struct.unpack_from(f">{count}H", data, table + 16 + 4 * count)
    ranges_at = table + 16 + 6 * count
    ranges = struct.unpack_from(f">{count}H", data, ranges_at)
    shown = set()
    for segment, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = code
            if ranges[segment]:
                at = ranges_at + 2 * segment + ranges[segment] + 2 * (code - first)
                glyph = struct.unpack_from(">H", data, at)[0]
            if (glyph + deltas[segment]) % 0x10000 and glyph:
                shown.add(code)
    return shown
