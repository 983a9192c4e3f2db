"""The area of a file that holds one area: it stands in the file's name."""

import re
import unicodedata

from agreements.areas import AreaList
from ingest.descriptor import Descriptor
from vocabulary.errors import FileRefused
from vocabulary.reasons import FileReason
from vocabulary.states import AreaLevel


def areas_in(file_name: str, areas: AreaList) -> list[str]:
    """The ids of the housing areas whose name or alias stands in a file name as a whole word, sorted.

    Anything that is neither letter nor digit ends a word, so that `vejledninger_Ringparken_2022.csv` names Ringparken.
    """
    names = {
        _words(name): area.area_id
        for area in areas.areas
        if area.level is AreaLevel.AREA
        for name in (area.name, *area.aliases)
    }
    text, found = _words(file_name), set()
    for name in sorted(names, key=len, reverse=True):  # a name that is part of a longer one is not meant by it
        if name in text:
            found.add(names[name])
            text = text.replace(name, " | ")
    return sorted(found)


def file_area(file_name: str, descriptor: Descriptor, areas: AreaList) -> str | None:
    """The area that a file of a source with one file per area holds; None for other sources.

    Raises FileRefused (unknown_area_in_name) where the name holds no area, or more than one.
    """
    if descriptor.one_file_per != "area":
        return None
    found = areas_in(file_name, areas)
    if len(found) != 1:
        raise FileRefused(
            problem=f"the file name holds {'no known area' if not found else 'more than one area'}.",
            reason=FileReason.UNKNOWN_AREA_IN_NAME,
        )
    return found[0]


def _words(text: str) -> str:
    words = re.split(r"[\W_]+", unicodedata.normalize("NFC", text).casefold())
    return f" {' '.join(filter(None, words))} "
