"""How a full disk is told from other failures: libraries pass on the words of the operating system, not its number."""

import errno
import os

NUMBERS = (errno.ENOSPC, errno.EDQUOT)
WORDS = tuple(os.strerror(number) for number in NUMBERS)


def tells_of_full_disk(text: str) -> bool:
    """Whether what a library or a program printed says that there was no room."""
    return any(words in text for words in WORDS)


def is_disk_full(error: BaseException) -> bool:
    """Whether an error, of whichever library, came of a disk without room."""
    return getattr(error, "errno", None) in NUMBERS or tells_of_full_disk(str(error))
