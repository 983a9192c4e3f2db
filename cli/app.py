"""The command `omraadetal`; each catalogued error has its exit code, and the help lists them."""

import logging
import os
import sys

import typer
from rich.console import Console

from cli import (
    agreement,
    approve,
    backfill,
    backup,
    erase,
    flags,
    keys,
    load,
    look,
    peek,
    person,
    publications,
    refused,
    report,
    retention,
    serve,
    source,
    statbank,
    status,
    superset,
    up,
    watch,
)
from vocabulary.errors import EXIT_CODES, OmraadetalError
from warehouse.paths import OWNER_ONLY_UMASK

app = typer.Typer(
    name="omraadetal",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Yearly figures of a boligsocial delaftale: what was promised, what was delivered, what is missing and why.",
    epilog=f"Exit codes: {', '.join(f'{code} {meaning}' for code, meaning in EXIT_CODES.items())}.",
)
load.register(app)
status.register(app)
look.register(app)
peek.register(app)
source.register(app)
flags.register(app)
agreement.register(app)
approve.register(app)
publications.register(app)
serve.register(app)
superset.register(app)
refused.register(app)
report.register(app)
keys.register(app)
erase.register(app)
person.register(app)
retention.register(app)
backfill.register(app)
statbank.register(app)
up.register(app)
backup.register(app)
watch.register(app)


def main() -> None:
    """Run the command line; a catalogued error becomes one message, its name first, and its exit code."""
    os.umask(OWNER_ONLY_UMASK)
    # the commands tell what is refused or passed over themselves
    logging.basicConfig(level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except OmraadetalError as error:
        told = f"omraadetal: {type(error).__name__}: {error}"
        Console(stderr=True, soft_wrap=True).print(told, style="red", markup=False, highlight=False)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
