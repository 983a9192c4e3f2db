"""Delivered files as plain rows that a fault can change, and the bytes that are put into the landing zone."""

import csv
import io
from dataclasses import dataclass, field
from datetime import date

Cells = list[str | float | None]


@dataclass
class CsvFile:
    """Headings and rows; the last line may tell their number, give or take `total_off`."""

    headings: list[str]
    rows: list[Cells]
    has_total: bool = False
    total_off: int = 0

    def content(self) -> bytes:
        text = io.StringIO(newline="")
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(self.headings)
        writer.writerows(self.rows)
        if self.has_total:
            total = len(self.rows) + self.total_off
            writer.writerow([f"I alt: {total}", *[""] * (len(self.headings) - 1)])
        return text.getvalue().encode("utf-8-sig")


@dataclass
class Workbook:
    """Sheets by name, each with all of its rows, headings included."""

    sheets: dict[str, list[Cells]] = field(default_factory=dict)

    def content(self) -> bytes:
        from openpyxl import Workbook as Book

        book = Book(write_only=True)
        for name, rows in self.sheets.items():
            sheet = book.create_sheet(name)
            for row in rows:
                sheet.append(row)
        target = io.BytesIO()
        book.save(target)
        return target.getvalue()


@dataclass
class Damaged:
    """Bytes that no reader takes."""

    bytes_: bytes

    def content(self) -> bytes:
        return self.bytes_


File = CsvFile | Workbook | Damaged


@dataclass
class Delivery:
    """One file in the landing zone."""

    source: str
    delivered_on: date
    file_name: str
    file: File
