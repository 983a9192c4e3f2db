"""Files that mean harm, small enough to be written in a moment."""

import gzip
import io
import struct
import zipfile
from collections.abc import Iterable

HEAD = "Løbenr;Dato;Boligområde;CPR-nr;Navn;Vejleder;Tema;Brobygget til;Samtykke;Varighed (timer);Bemærkning\n"
ROW = "1;05-01-2022;Sydbyen;010190-1234;Hemmelig Person;LSO;Bolig;Politi;Ja;1,00;hemmelig\n"
GOOD = (HEAD + ROW).encode()

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{MAIN}" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="2022" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(rows: Iterable[bytes], before: bytes = b"", prolog: bytes = b"") -> bytes:
    """A workbook whose one sheet holds the pieces of XML given as its rows."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in PARTS.items():
            archive.writestr(name, text)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            sheet.write(prolog + f'<worksheet xmlns="{MAIN}">'.encode() + before + b"<sheetData>")
            for piece in rows:
                sheet.write(piece)
            sheet.write(b"</sheetData></worksheet>")
    return file.getvalue()


def cell(text: str, at: str = "A1") -> bytes:
    return f'<row r="1"><c r="{at}" t="inlineStr"><is><t>{text}</t></is></c></row>'.encode()


FAR_CELL = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
"""Asks for a sheet of 17,000 million cells."""


def cells_without_end(megabytes: int) -> bytes:
    """Nothing but `<c>`: a thousandth of its size when packed."""
    return workbook([b"<row>", *[b"<c><v>1</v></c>" * 70_000] * megabytes, b"</row>"])


def zipped(content: bytes, *names: str, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name in names or ("v_2022.csv",):
            archive.writestr(name, content)
    return file.getvalue()


def gzip_bomb(megabytes: int) -> bytes:
    """Zeros that shrink to a thousandth."""
    file = io.BytesIO()
    with gzip.open(file, "wb") as packed:
        for _ in range(megabytes):
            packed.write(bytes(1 << 20))
    return file.getvalue()


def with_locked_flag(archive: bytes) -> bytes:
    """The same zip file, which says that its member is locked with a password."""
    changed = bytearray(archive)
    changed[6] |= 1
    at = archive.rindex(b"PK\x01\x02")
    changed[at + 8] |= 1
    return bytes(changed)


def lying_survey(content: bytes, cases: int, variables: int) -> bytes:
    """A survey file whose header promises other counts than it holds."""
    return content[:68] + struct.pack("<i", variables) + content[72:80] + struct.pack("<i", cases) + content[84:]
