"""StatBank's API over HTTP: asks patiently, follows nobody elsewhere, and reads no more than is allowed."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import httpx
from pydantic import BaseModel, Field, ValidationError

from ingest.statbank.patience import OutOfPatience, Passing, Patience, seconds_asked
from ingest.statbank.table_info import TableInfo
from vocabulary.errors import (
    StatbankAddressRefused,
    StatbankAnswerWrong,
    StatbankRedirected,
    StatbankRefused,
    StatbankTooLarge,
    StatbankUnreachable,
)

NOT_FOUND = "EXTRACT-NOTFOUND"
"""StatBank's code for a table, a variable or a value that it does not have."""

MOST_BYTES_OF_ERROR = 64 * 1024
PASSING_STATUS = frozenset({408, 425, 429})


@dataclass(frozen=True)
class Limits:
    """Of one answer: bytes, seconds from the request to its end, seconds without a byte."""

    most_bytes: int = 512 * 1024 * 1024
    most_seconds: float = 900.0
    silent_seconds: float = 120.0
    clock: Callable[[], float] = time.monotonic


class StatbankError(BaseModel):
    """What StatBank answers with where it refuses."""

    code: str = Field(default="", alias="errorTypeCode")
    message: str = ""


class StatbankClient:
    """One address. `tell` hears of every wait. Raises StatbankAddressRefused; see each method for what else."""

    def __init__(
        self,
        url: str,
        *,
        patience: Patience = Patience(),
        limits: Limits = Limits(),
        tell: Callable[[str], None] = lambda line: None,
    ) -> None:
        address = _address(url)
        self.host = address.netloc.decode()
        self._url = str(address).rstrip("/")
        self._patience, self._limits, self._tell = patience, limits, tell
        self._http = httpx.Client(
            timeout=httpx.Timeout(limits.silent_seconds, connect=min(30.0, limits.silent_seconds)),
            headers={"user-agent": f"omraadetal/{version('omraadetal')}"},
            follow_redirects=False,
            # proxies and certificates as the environment says; a proxy cannot reach this machine for us
            trust_env=address.scheme == "https",
        )

    def __enter__(self) -> "StatbankClient":
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def table_info(self, table: str, lang: str) -> TableInfo:
        """TABLEINFO. Raises as `download`, and StatbankAnswerWrong where the answer is no description of a table."""
        what = f"the description of {table}"
        content = self._content("tableinfo", {"table": table, "lang": lang, "format": "JSON"}, what)
        try:
            return TableInfo.model_validate_json(content)
        except ValidationError as error:
            problem = f"no description of a table ({error.error_count()} faults)"
        raise StatbankAnswerWrong(host=self.host, what=what, problem=problem)

    def tables(self, lang: str) -> list[tuple[str, str]]:
        """Every table that is there, as id and title (TABLES). Raises as `table_info`."""
        what = "the list of tables"
        content = self._content("tables", {"lang": lang, "format": "JSON", "includeInactive": True}, what)
        try:
            return [(str(one["id"]), str(one["text"])) for one in json.loads(content)]
        except (ValueError, LookupError, TypeError) as error:
            problem = f"no list of tables ({type(error).__name__})"
        raise StatbankAnswerWrong(host=self.host, what=what, problem=problem)

    def download(self, body: dict[str, Any], target: Path, what: str) -> None:
        """Write the answer of DATA to a file, as it came.

        Raises StatbankRefused, StatbankRedirected and StatbankTooLarge at once, and StatbankUnreachable when patience
        is at an end.
        """

        def once() -> None:
            with self._answer("data", body, what) as chunks, target.open("wb") as file:
                for chunk in chunks:
                    file.write(chunk)

        self._patiently(once, what)

    def _content(self, function: str, body: dict[str, Any], what: str) -> bytes:
        def once() -> bytes:
            with self._answer(function, body, what) as chunks:
                return b"".join(chunks)

        return self._patiently(once, what)

    def _patiently(self, once: Callable[[], Any], what: str) -> Any:
        try:
            return self._patience.until_answered(once, lambda line: self._tell(f"{what}: {line}"))
        except OutOfPatience as end:
            facts = {"attempts": end.attempts, "cause": end.cause}
        raise StatbankUnreachable(host=self.host, what=what, **facts)

    @contextmanager
    def _answer(self, function: str, body: dict[str, Any], what: str) -> Iterator[Iterator[bytes]]:
        """The body of one answer in chunks; whatever may pass is raised as Passing."""
        began = self._limits.clock()
        try:
            with self._http.stream("POST", f"{self._url}/{function}", json=body) as answer:
                self._refuse_other_than_ok(answer, what)
                yield self._within_limits(answer, began, what)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError) as error:
            raise Passing(f"no connection ({error})") from None
        except httpx.TimeoutException:
            raise Passing(f"nothing came for {self._limits.silent_seconds:.0f} seconds") from None
        except httpx.RequestError as error:
            raise Passing(f"the answer broke off ({type(error).__name__})") from None

    def _refuse_other_than_ok(self, answer: httpx.Response, what: str) -> None:
        if answer.status_code == httpx.codes.OK:
            return
        if answer.has_redirect_location:
            target = answer.url.join(answer.headers["location"])
            raise StatbankRedirected(host=self.host, what=what, target=f"{target.scheme}://{target.netloc.decode()}")
        if answer.is_server_error or answer.status_code in PASSING_STATUS:
            asked = seconds_asked(answer.headers.get("retry-after"), self._patience.now())
            raise Passing(f"it answered {answer.status_code} {answer.reason_phrase}".rstrip(), asked)
        said = _error_of(answer)
        raise StatbankRefused(
            host=self.host,
            what=what,
            code=said.code or answer.status_code,
            message=" ".join(said.message.split())[:300] or answer.reason_phrase,
        )

    def _within_limits(self, answer: httpx.Response, began: float, what: str) -> Iterator[bytes]:
        limits, size = self._limits, 0
        for chunk in answer.iter_bytes():
            size += len(chunk)
            if size > limits.most_bytes:
                limit = f"{limits.most_bytes // 1024} KiB"
                raise StatbankTooLarge(host=self.host, what=what, limit=limit)
            if limits.clock() - began > limits.most_seconds:
                raise Passing(f"the answer had no end after {limits.most_seconds:.0f} seconds")
            yield chunk


def _error_of(answer: httpx.Response) -> StatbankError:
    """What a refusal says, in StatBank's own words; nothing where something else answered in its place."""
    content = b""
    for chunk in answer.iter_bytes():
        content += chunk
        if len(content) > MOST_BYTES_OF_ERROR:
            return StatbankError()
    try:
        return StatbankError.model_validate_json(content)
    except ValidationError:
        return StatbankError()


def _address(url: str) -> httpx.URL:
    """Raises StatbankAddressRefused for what is neither https nor http to this machine."""
    try:
        address = httpx.URL(url)
    except httpx.InvalidURL:
        raise StatbankAddressRefused(problem="it is no address") from None
    if address.userinfo:
        raise StatbankAddressRefused(problem="it holds a user or a password")
    if address.scheme not in ("http", "https") or not address.host:
        raise StatbankAddressRefused(problem="it is no http or https address")
    if address.scheme == "http" and not _is_this_machine(address.host):
        raise StatbankAddressRefused(problem="http would be open to everybody on the way")
    return address


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
