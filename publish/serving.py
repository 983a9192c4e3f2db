"""The publication in force as a web site for this machine alone: an index page, pages, files and documentation.

What is in force is looked up at every request, so a night that publishes meanwhile is seen at once. Served are the
parts of a publication and the one page of dbt's documentation; everything else in HOME is not there.
"""

import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from publish.front_page import DOCS_PAGE, DOCS_PREFIX, PUBLICATION_PREFIX, DatabaseAddress, write_front_page
from publish.pages import REPORT_FOLDER
from vocabulary.errors import NothingPublished, PortTaken
from warehouse.paths import DATA_DOCS, PUBLICATION_FILE, Paths
from warehouse.publications import RECORD_FILE, in_force

ADDRESS = "127.0.0.1"
USUAL_PORT = 8765
NAMES = [ADDRESS, "localhost"]
"""What a browser may call this machine: a page from elsewhere that resolves to it is refused (DNS rebinding)."""

PARTS = frozenset({REPORT_FOLDER, DATA_DOCS, "parquet", "csv", "excel", PUBLICATION_FILE, RECORD_FILE})
"""What of a publication's folder is served: folders and files by the first part of their path."""

_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = f"{_NOTHING}; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; font-src data:"
"""Pages bring their own style and script with them, and narrow this by a policy of their own."""

DOCS_POLICY = PAGE_POLICY.replace("script-src", "script-src 'unsafe-eval'")
"""dbt's page makes code of its templates; it still loads nothing and sends nothing."""

PDF_POLICY = "frame-ancestors 'none'"
"""A browser shows a PDF by a page of its own, which a stricter policy would break."""

HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@dataclass(frozen=True)
class Site:
    """The app over a HOME, and the database that serves the same publication, if one does."""

    paths: Paths
    database: DatabaseAddress | None = None

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/", self._front_page),
                Route(f"{DOCS_PREFIX}{DOCS_PAGE}", self._docs),
                Route(f"{PUBLICATION_PREFIX}{{path:path}}", self._file),
            ],
            middleware=[
                Middleware(BaseHTTPMiddleware, dispatch=_with_headers),
                Middleware(TrustedHostMiddleware, allowed_hosts=NAMES, www_redirect=False),
            ],
            exception_handlers={HTTPException: _refused},
        )

    def _front_page(self, request: Request) -> Response:
        try:
            return HTMLResponse(write_front_page(self.paths, self.database))
        except NothingPublished:
            raise HTTPException(404) from None

    async def _docs(self, request: Request) -> Response:
        return await _file_in(self.paths.docs, DOCS_PAGE, request)

    async def _file(self, request: Request) -> Response:
        path = request.path_params["path"]
        parts = PurePosixPath(path).parts
        if not parts or parts[0] not in PARTS or any(part.startswith(".") for part in parts):
            raise HTTPException(404)
        try:
            return await _file_in(in_force(self.paths), path, request)
        except NothingPublished:
            raise HTTPException(404) from None


async def _file_in(folder: Path, path: str, request: Request) -> Response:
    """A file below a folder, and nothing that a link or a path with dots leads to outside it."""
    return await StaticFiles(directory=folder, check_dir=False).get_response(path, request.scope)


async def _with_headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    answer = await call_next(request)
    suffix = PurePosixPath(request.url.path).suffix
    is_docs = request.url.path.startswith(DOCS_PREFIX)
    policy = DOCS_POLICY if is_docs else PDF_POLICY if suffix == ".pdf" else PAGE_POLICY
    answer.headers.update(HEADERS | {"Content-Security-Policy": policy})
    return answer


async def _refused(request: Request, error: HTTPException) -> Response:
    words = {404: "Her er ingen side. Forsiden: /", 405: "Her kan kun læses."}
    return PlainTextResponse(words.get(error.status_code, error.detail), error.status_code, error.headers)


def open_socket(port: int | None, usual: int = USUAL_PORT) -> socket.socket:
    """Listen on a port of this machine alone; without one on the usual port, or on a free one where that is taken.

    0 is a free one. Raises PortTaken.
    """
    for number in (usual, 0) if port is None else (port,):
        try:
            return socket.create_server((ADDRESS, number))
        except OSError as error:
            cause = error.strerror or "unknown cause"
    raise PortTaken(port=port, cause=cause)


def serve(app: Starlette, opened: socket.socket) -> None:
    """Serve until the process is told to end; the socket is closed afterwards."""
    import uvicorn

    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, lifespan="off", timeout_graceful_shutdown=2
    )
    with opened, suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[opened])


def url_of(opened: socket.socket) -> str:
    """The address of a site's front page."""
    return f"http://{ADDRESS}:{opened.getsockname()[1]}/"
