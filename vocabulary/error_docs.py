"""docs/errors.md, made from the catalogue of errors: `python -m vocabulary.error_docs`."""

import string
import sys
from collections.abc import Iterator

from vocabulary import errors
from vocabulary.errors import EXIT_CODES, FileRefused, OmraadetalError
from vocabulary.settings import PROJECT_ROOT

PAGE = PROJECT_ROOT / "docs" / "errors.md"

OPENING = """\
# What a command says when it cannot go on

Every error by its name, which stands first in what the command line prints. Made by `python -m vocabulary.error_docs`
from vocabulary/errors.py. What is wrong with a delivered file is no error of a command: [refusals.md](refusals.md).

`‹…›` is filled in: the file, the folder, the number that is meant.
"""


def catalogue() -> list[type[OmraadetalError]]:
    """Every error of the command line, in the order of vocabulary/errors.py."""
    return [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, OmraadetalError) and one not in (OmraadetalError, FileRefused)
    ]


def page() -> str:
    """The whole page as Markdown."""
    lines = [OPENING]
    for exit_code, meaning in EXIT_CODES.items():
        own = [error for error in catalogue() if error.exit_code == exit_code]
        if own:
            lines.append(f"\n## Exit code {exit_code}: {meaning}")
            lines += [line for error in own for line in _entry(error)]
    return "\n".join(lines) + "\n"


def _entry(error: type[OmraadetalError]) -> Iterator[str]:
    yield f"\n### {error.__name__}\n"
    yield f"{_told(error.template)}\n"
    yield f"- **What to do**: {_told(error.remedy)}"
    if error.is_worth_another_try:
        yield "- The same command may go through later, and Airflow tries it again."


def _told(template: str) -> str:
    """A template with a mark in place of each fact."""
    names = {name for _, name, _, _ in string.Formatter().parse(template) if name}
    told = template.format(**{name: f"‹{name.replace('_', ' ')}›" for name in names})
    return " ".join(told.replace("<", "&lt;").split())


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")
