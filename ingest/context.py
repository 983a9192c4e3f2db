"""What decides how a content is read, beside the content itself."""

import hashlib
from dataclasses import dataclass

from agreements.areas import AreaList
from ingest.descriptor import Descriptor
from ingest.file_areas import areas_in
from ingest.left_out import LeftOut
from ingest.periods import Span, years_in
from ingest.pseudonyms import PseudonymKey
from ingest.readers.table import READER_VERSION


@dataclass(frozen=True)
class Context:
    """Everything beside the content that decides how it is read; it goes into the reading_id.

    Not so the `retired` keys, under which withdrawals are noted too: they change no row of the reading.
    """

    descriptor: Descriptor
    areas: AreaList
    span: Span
    key: PseudonymKey | None
    retired: tuple[PseudonymKey, ...]
    left_out: LeftOut

    @property
    def left_out_digest(self) -> str | None:
        return self.left_out.digest

    def reading_id(self, file_id: str, file_name: str) -> str:
        """Equal content that is read in the same way is the same reading.

        Of the file's name only what decides the reading counts: the years and areas in it and the layouts it fits. So
        a file that was given its year is read again, and a copy under another name is not.
        """
        parts = [
            file_id,
            READER_VERSION,
            ",".join(layout.layout for layout in self.descriptor.layouts_for(file_name)),
            ",".join(years_in(file_name)) if self.descriptor.period.origin == "file_name" else "",
            ",".join(areas_in(file_name, self.areas)) if self.descriptor.one_file_per == "area" else "",
            self.descriptor.model_dump_json(exclude={"retention", "fetch"}),
            self.areas.model_dump_json(),
            str(self.span),
            self.key.key_id if self.key else "",
            *([self.left_out_digest] if self.left_out_digest else []),
        ]
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
