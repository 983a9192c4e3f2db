"""What a storage that is not this machine's disk answers, as errors of the catalogue.

Libraries of object stores raise errors of their own, whose messages may quote the name of a file: only their kind is
told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from vocabulary.errors import StorageBucketMissing, StorageDenied, StorageUnreachable, StorageUrlHoldsPassword

OF_ONE_FILE = (FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError, NotImplementedError)
"""Answers about the file that was asked for, on whatever storage: whoever asked knows what they mean."""


@contextmanager
def asking(url: str, *, one_file: bool = False) -> Iterator[None]:
    """Ask a storage for something below `url`.

    Raises StorageDenied (of `one_file` PermissionError, so that the others can go on) and StorageUnreachable.
    """
    try:
        yield
    except OF_ONE_FILE:
        raise
    except PermissionError:
        if one_file:
            raise
        raise StorageDenied(url=url) from None
    except Exception as error:  # noqa: BLE001 (every library has errors of its own, and each is told)
        raise StorageUnreachable(url=url, cause=_kind(error)) from None


def refuse_password(url: str) -> None:
    """Raises StorageUrlHoldsPassword: addresses are shown and logged, so that a secret in one is none."""
    try:
        address = urlsplit(url)
    except ValueError:
        return  # no address: opening it says so
    if address.password is not None:
        raise StorageUrlHoldsPassword(url=f"{address.scheme}://…@{address.netloc.rpartition('@')[2]}{address.path}")


def _kind(error: Exception) -> str:
    """The code of an S3 server's answer, else the kind of the error; never its message."""
    answer = getattr(error.__cause__ or error, "response", None)
    code = answer.get("Error", {}).get("Code") if isinstance(answer, dict) else None
    return str(code or type(error).__name__)


def bucket_missing(url: str) -> StorageBucketMissing:
    """The error for an address whose bucket is not there."""
    address = urlsplit(url)
    return StorageBucketMissing(bucket=address.netloc, url=url)
