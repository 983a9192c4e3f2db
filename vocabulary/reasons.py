"""Why a file is refused, a row quarantined, a cell left out: closed lists.

reason_catalogue.yaml says what each means.
"""

from enum import StrEnum


class RowReason(StrEnum):
    """One per quarantined row: the first that applies, in the order of the list."""

    COLUMN_COUNT = "column_count"
    MISSING_KEY = "missing_key"
    INVALID_DATE = "invalid_date"
    INVALID_NUMBER = "invalid_number"
    UNKNOWN_AREA = "unknown_area"
    UNKNOWN_CODE = "unknown_code"
    OUTSIDE_PERIOD = "outside_period"


class FileReason(StrEnum):
    """Why a whole file is refused."""

    UNKNOWN_SOURCE = "unknown_source"
    UNKNOWN_FORMAT = "unknown_format"
    EMPTY_FILE = "empty_file"
    FILE_UNREADABLE = "file_unreadable"
    UNDECODABLE = "undecodable"
    MISSING_COLUMN = "missing_column"
    DUPLICATE_COLUMN = "duplicate_column"
    UNKNOWN_PERIOD = "unknown_period"
    UNKNOWN_AREA_IN_NAME = "unknown_area_in_name"
    NOT_ONE_FILE = "not_one_file"
    UNSAFE_ARCHIVE = "unsafe_archive"
    ENCRYPTED = "encrypted"
    TOO_LARGE = "too_large"
    TOOK_TOO_LONG = "took_too_long"
    READER_CRASHED = "reader_crashed"


TRIED_AGAIN = (FileReason.TOO_LARGE, FileReason.TOOK_TOO_LONG, FileReason.READER_CRASHED)
"""What depends on the machine and its limits too, not on the content alone: every night tries again."""


class CellReason(StrEnum):
    """What is counted of the cells of rows that are loaded; the ledger has a count of this name."""

    VALUES_INVALID = "values_invalid"
