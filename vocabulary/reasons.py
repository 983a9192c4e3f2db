"""Why a row is quarantined or a file refused. Order of RowReason is order of precedence."""

from enum import StrEnum


class RowReason(StrEnum):
    """One per quarantined row: the first that applies."""

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


FILE_REASON_REMEDIES = {
    FileReason.UNKNOWN_SOURCE: "Add a descriptor in ingest/sources/, or move the file to the folder of its source.",
    FileReason.UNKNOWN_FORMAT: "Deliver one of the formats that the source's descriptor names.",
    FileReason.EMPTY_FILE: "Ask the owner of the source to deliver the file again.",
    FileReason.FILE_UNREADABLE: "Open the file in its own programme; if it is damaged, ask for a new delivery.",
    FileReason.UNDECODABLE: "Export the file again as UTF-8, or add its encoding to the descriptor.",
    FileReason.MISSING_COLUMN: "Add the new heading to the descriptor, or ask for the missing column.",
    FileReason.DUPLICATE_COLUMN: "Ask for a file in which every heading stands once.",
    FileReason.UNKNOWN_PERIOD: "Put the year in the file or sheet name, as in earlier deliveries.",
    FileReason.UNKNOWN_AREA_IN_NAME: "Put the name of exactly one area of agreements/areas.yaml in the file name.",
    FileReason.NOT_ONE_FILE: "Deliver the files one by one, or each in an archive of its own.",
    FileReason.UNSAFE_ARCHIVE: "Ask for the file itself, or packed once, under a plain name.",
    FileReason.ENCRYPTED: "Ask for the file without a password.",
    FileReason.TOO_LARGE: "Ask for the file in parts; where memory was the limit, OMRAADETAL_READING_MEMORY raises it.",
    FileReason.TOOK_TOO_LONG: "Open the file in its own programme; if it is sound, raise OMRAADETAL_READING_SECONDS.",
    FileReason.READER_CRASHED: "Open the file in its own programme and save it anew; else ask for a new delivery.",
}

ROW_REASON_LABELS_DA = {
    RowReason.COLUMN_COUNT: "forkert antal felter",
    RowReason.MISSING_KEY: "nøgle mangler",
    RowReason.INVALID_DATE: "ugyldig dato",
    RowReason.INVALID_NUMBER: "ugyldigt tal",
    RowReason.UNKNOWN_AREA: "ukendt område",
    RowReason.UNKNOWN_CODE: "ukendt svar eller kode",
    RowReason.OUTSIDE_PERIOD: "uden for filens periode",
}

FILE_REASON_LABELS_DA = {
    FileReason.UNKNOWN_SOURCE: "mappen hører ikke til en kendt kilde",
    FileReason.UNKNOWN_FORMAT: "ukendt filformat",
    FileReason.EMPTY_FILE: "filen er tom",
    FileReason.FILE_UNREADABLE: "filen er beskadiget",
    FileReason.UNDECODABLE: "ukendt tegnsæt",
    FileReason.MISSING_COLUMN: "en kolonne mangler",
    FileReason.DUPLICATE_COLUMN: "en kolonne står to gange",
    FileReason.UNKNOWN_PERIOD: "året fremgår ikke af navnet",
    FileReason.UNKNOWN_AREA_IN_NAME: "området fremgår ikke af filens navn",
    FileReason.NOT_ONE_FILE: "arkivet rummer ikke netop én fil",
    FileReason.UNSAFE_ARCHIVE: "arkivet er pakket på en måde, der ikke åbnes",
    FileReason.ENCRYPTED: "filen er låst med adgangskode",
    FileReason.TOO_LARGE: "filen er for stor",
    FileReason.TOOK_TOO_LONG: "filen tog for lang tid at læse",
    FileReason.READER_CRASHED: "filen kunne ikke læses uden nedbrud",
}
