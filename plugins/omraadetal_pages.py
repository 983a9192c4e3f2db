"""The pages of the publication in force inside the Airflow UI, for those whom Airflow lets see the nightly load.

Airflow loads this file in every one of its processes, so what only the API server needs is imported when it asks for
the app. Airflow does not protect the apps of plugins: here every address asks for a logged-in user who may read the DAG
`nightly_load`, before it says whether there is anything.
"""

from functools import cached_property
from pathlib import Path
from typing import Any

from airflow.plugins_manager import AirflowPlugin

DAG_ID = "nightly_load"
PREFIX = "/omraadetal"
PAGES = {"kvalitet.html": "Datakvalitet", "rapport.html": "Rapport"}
"""Files of a publication's folder `report`, each with its name in the navigation."""

DOWNLOADS = {
    "rapport.pdf": "application/pdf",
    "rapport.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""Files beside them that the report links to, with their media types; nothing else is served."""

HEADERS = {
    # a page brings its own style and script with it. It shares an address with Airflow, so it may fetch nothing and
    # send nothing, and which script runs is for the policy in the page itself to narrow.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "img-src data:; font-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

NOT_THERE = """<!doctype html>
<html lang="da"><head><meta charset="utf-8"><title>{title}</title></head>
<body style="font: 16px/1.5 'Segoe UI', Helvetica, Arial, sans-serif; margin: 2rem; max-width: 40rem;">
<h1 style="font-size: 1.3rem;">{title}</h1><p>{words}</p></body></html>
"""


class OmraadetalPages(AirflowPlugin):
    """Entries in the navigation, each of which shows a page in a frame."""

    name = "omraadetal_pages"
    external_views = [  # noqa: RUF012
        {
            "name": title,
            # relative, so that it holds behind a proxy that serves Airflow below another address
            "href": f"{PREFIX.removeprefix('/')}/{file_name}",
            "url_route": file_name.removesuffix(".html"),
            "destination": "nav",
            "nav_top_level": True,
        }
        for file_name, title in PAGES.items()
    ]

    @cached_property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        return [{"name": "Områdetal", "app": pages_app(), "url_prefix": PREFIX}]


def pages_app():
    """The app that serves the pages, read anew at each request: the publication in force changes every night."""
    from airflow.api_fastapi.core_api.security import requires_access_dag
    from fastapi import Depends, FastAPI, Request
    from fastapi.responses import FileResponse, HTMLResponse, Response

    app = FastAPI(
        title="Områdetal",
        dependencies=[Depends(requires_access_dag("GET", param_dag_id=DAG_ID))],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )

    @app.middleware("http")
    async def with_headers(request: Request, call_next):
        answer = await call_next(request)
        answer.headers.update(HEADERS)
        return answer

    @app.get("/{file_name:path}", response_class=HTMLResponse)
    def page(file_name: str) -> Response:
        if file_name not in (*PAGES, *DOWNLOADS):
            return _not_there("Siden findes ikke", f"Her er kun {', '.join((*PAGES, *DOWNLOADS))}.")
        path = report_folder() / file_name
        if not path.is_file():
            title = PAGES.get(file_name, "Rapport")
            return _not_there(title, "Siden er ikke lavet endnu. Den kommer med næste natlige indlæsning.")
        if file_name in DOWNLOADS:
            return FileResponse(path, media_type=DOWNLOADS[file_name], filename=file_name)
        return HTMLResponse(path.read_text(encoding="utf-8"))

    def _not_there(title: str, words: str) -> HTMLResponse:
        return HTMLResponse(NOT_THERE.format(title=title, words=words), status_code=404)

    return app


def report_folder() -> Path:
    """Where the pages of the publication in force lie, whether or not there is one."""
    from vocabulary.settings import Settings
    from warehouse.paths import Paths

    return Paths.of(Settings.from_environment()).current / "report"
