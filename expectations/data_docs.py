"""Data Docs: Great Expectations' own pages on the results of a night, made to be read offline.

Their pages load styles and scripts from elsewhere, and their index is empty without them. These lose every script and
every address outside, get a style of their own and an index that is written here. They hold counts and no value of a
row, and no hash of the rows either: a few small numbers are soon guessed.
"""

import re
import shutil
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vocabulary.settings import PROJECT_ROOT

TEMPLATES = PROJECT_ROOT / "expectations" / "templates"
SITE = "night"
INDEX_FILE = "index.html"

POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
FROM_ELSEWHERE = re.compile(r"<script\b.*?</script>|<link\b[^>]*>|<iframe\b.*?</iframe>|<img\b[^>]*>", re.S | re.I)
ADDRESS = re.compile(r"""(?:href|src)\s*=\s*(["'])https?:.*?\1|url\(\s*['"]?https?:[^)]*\)""", re.S | re.I)
STYLE = re.compile(r"<style\b.*?</style>", re.S | re.I)


def write_data_docs(context: Any, folder: Path, as_of: date, without_facts: list[str]) -> Path:
    """Build the pages of everything that `context` has validated into `folder`, and return its index.

    `without_facts` names the suites that had no row to judge.
    """
    shutil.rmtree(folder, ignore_errors=True)
    store = context.validation_results_store
    results = {key: store.get(key) for key in store.list_keys()}
    for key, result in results.items():
        result.meta.pop("batch_markers", None)  # has the hash
        store.set(key, result)
    context.add_data_docs_site(
        SITE,
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)},
        },
    )
    context.build_data_docs(site_names=[SITE])
    shutil.rmtree(folder / "static", ignore_errors=True)
    style = f"<style>{(TEMPLATES / 'data_docs.css').read_text(encoding='utf-8')}</style>"
    for page in folder.rglob("*.html"):
        _make_offline(page, style)
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    index = environment.get_template("data_docs_index.html.j2").render(
        as_of=as_of.isoformat(), suites=_suites(results, folder), without_facts=without_facts
    )
    path = folder / INDEX_FILE
    path.write_text(index.replace("</head>", f"{POLICY}{style}</head>"), encoding="utf-8")
    return path


def _make_offline(page: Path, style: str) -> None:
    text = ADDRESS.sub("", STYLE.sub("", FROM_ELSEWHERE.sub("", page.read_text(encoding="utf-8"))))
    page.write_text(text.replace("</head>", f"{POLICY}{style}</head>", 1), encoding="utf-8")


def _suites(results: dict[Any, Any], folder: Path) -> list[dict[str, object]]:
    found = []
    for key, result in results.items():
        name = key.expectation_suite_identifier.name
        (page,) = (folder / "validations" / name).rglob("*.html")
        found.append(
            {
                "name": name,
                "page": page.relative_to(folder).as_posix(),
                "success": result.success,
                "expectations": len(result.results),
                "met": sum(one.success for one in result.results),
                "failing": sum(one.result.get("unexpected_count", 0) for one in result.results),
            }
        )
    return sorted(found, key=lambda suite: (suite["success"], suite["name"]))
