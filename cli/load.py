"""The commands that load: a whole night, or one stage of it."""

from typing import Annotated

import typer

from cli.demo import demo
from cli.options import AsOfOption, BuildOption, HoldOption, HomeOption, LandingOption, day, settings_for
from cli.summary import print_summary
from nightly import stages
from nightly.night import describe, run_night
from vocabulary.errors import NoticeNotSent

NOTHING_NEW = "Nothing new to tell."
NOBODY = "Nobody is told: OMRAADETAL_SMTP_URL and OMRAADETAL_WEBHOOK_URL are empty."


def register(app: typer.Typer) -> None:
    for command in (nightly, ingest, build, check, publish, notify, demo):
        app.command()(command)


def nightly(
    landing: LandingOption = None, home: HomeOption = None, as_of: AsOfOption = None, hold: HoldOption = None
) -> None:
    """Run all stages: ingest, build, check, publish, report, notify. Run twice, it does nothing twice."""
    settings = settings_for(home, landing, hold)
    night = run_night(settings, day(as_of), progress=typer.echo)
    print_summary(settings, night.publication, night.report, files_read=len(night.new_files))
    if night.undone:
        raise night.undone[0]


def ingest(landing: LandingOption = None, home: HomeOption = None, as_of: AsOfOption = None) -> None:
    """Read new deliveries into raw Parquet, quarantine and ledger."""
    settings = settings_for(home, landing)
    found = stages.find_new(settings, day(as_of))
    for line in found.passed_over:
        typer.echo(f"passed over {line}")
    records = stages.ingest_files(
        settings,
        found.files,
        progress=lambda record: typer.echo(describe(record).strip()),
        pass_over=lambda error: typer.echo(f"passed over {error}"),
    )
    typer.echo(f"{len(records)} new files, {found.unchanged} already read")


def build(home: HomeOption = None, as_of: AsOfOption = None) -> None:
    """Build a new warehouse file with dbt, up to the confidential figures. Prints the build id."""
    typer.echo(stages.build_warehouse(settings_for(home), day(as_of)).build_id)


def check(home: HomeOption = None, build_id: BuildOption = None) -> None:
    """Judge a build with Great Expectations and write its flags."""
    settings = settings_for(home)
    record = stages.check(settings, build_id or stages.latest_build(settings).build_id)
    for severity, count in (record.flags_by_severity or {}).items():
        typer.echo(f"{severity}: {count}")


def publish(home: HomeOption = None, build_id: BuildOption = None) -> None:
    """Publish a checked build: disclosure control, marts, curated, one atomic swap."""
    settings = settings_for(home)
    typer.echo(str(stages.publish(settings, build_id or stages.latest_build(settings).build_id)))


def notify(
    home: HomeOption = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be sent, and to whom.")] = False,
) -> None:
    """Send by mail and webhook what is new since last night; what was sent once is not sent again.

    Where to is set by OMRAADETAL_SMTP_URL, OMRAADETAL_MAIL_FROM, OMRAADETAL_MAIL_TO and OMRAADETAL_WEBHOOK_URL.
    """
    settings = settings_for(home)
    if not dry_run:
        sent = stages.notify(settings)
        for line in sent:
            typer.echo(f"sent {line}")
        if not sent:
            typer.echo(NOTHING_NEW if settings.notices.is_set else NOBODY)
        return
    notices, problems = stages.preview_notices(settings)
    for place, notice in notices:
        typer.echo(f"--- {place}\nSubject: {notice.subject}\n\n{notice.text}")
    if not notices:
        typer.echo(NOTHING_NEW)
    if problems:
        raise NoticeNotSent(problems="; ".join(problems))
