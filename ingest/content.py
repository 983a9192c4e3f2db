"""What a delivered file holds, read in pieces or whole."""

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

CHUNK_BYTES = 8 << 20


@dataclass(frozen=True, repr=False)
class Content:
    """The bytes of a file, opened anew for each look at them."""

    opened: Callable[[], BinaryIO]

    @classmethod
    def of(cls, content: bytes) -> "Content":
        return cls(lambda: io.BytesIO(content))

    def whole(self) -> bytes:
        with self.opened() as file:
            return file.read()

    def chunks(self) -> Iterator[bytes]:
        with self.opened() as file:
            while chunk := file.read(CHUNK_BYTES):
                yield chunk
