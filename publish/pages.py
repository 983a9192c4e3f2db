"""Self-contained HTML pages: one environment, and a policy that loads nothing and runs the page's own script only."""

from base64 import b64encode
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from vocabulary.settings import PROJECT_ROOT
from vocabulary.wording import date_da, number_da
from warehouse.store import Folder

TEMPLATES = PROJECT_ROOT / "publish" / "templates"
REPORT_FOLDER = "report"
REPORT_FILE = "rapport.html"
QUALITY_FILE = "kvalitet.html"
"""The pages of a publication, in one folder of it; each links to the other."""


def write_page(
    publication: Path, name: str, template: str, *, styles: tuple[str, ...], script: str | None = None, **facts: object
) -> Path:
    """Render a template into the folder `report` of a publication, whole or not at all; its path."""
    page = render_page(template, styles=styles, script=script, **facts)
    Folder.at(str(publication)).write(page.encode(), REPORT_FOLDER, name)
    return publication / REPORT_FOLDER / name


def render_page(template: str, *, styles: tuple[str, ...], script: str | None = None, **facts: object) -> str:
    """A template as a page.

    `styles` and `script` are files beside the template. They stand in the page, and the page's Content-Security-Policy
    names them by their hashes: an address, or markup in a delivered file's name, does nothing.
    """
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"tal": number_da, "dato": date_da}
    style = "".join((TEMPLATES / file).read_text(encoding="utf-8") for file in styles)
    code = (TEMPLATES / script).read_text(encoding="utf-8") if script else ""
    return environment.get_template(template).render(
        policy=_policy(style, code),
        style=style,
        script=code,
        report_file=REPORT_FILE,
        quality_file=QUALITY_FILE,
        **facts,
    )


def _policy(style: str, script: str) -> str:
    allowed = f"script-src {_hash(script)}" if script else "script-src 'none'"
    return f"default-src 'none'; style-src {_hash(style)}; {allowed}; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"
