"""The commands that load: a whole night, or one stage of it."""

import typer

from cli.demo import demo
from cli.options import AsOfOption, BuildOption, HomeOption, LandingOption, day, settings_for
from cli.summary import print_summary
from nightly import stages
from nightly.night import describe, run_night
from publish.pages import QUALITY_FILE


def register(app: typer.Typer) -> None:
    for command in (nightly, ingest, build, check, publish, report, demo):
        app.command()(command)


def nightly(landing: LandingOption = None, home: HomeOption = None, as_of: AsOfOption = None) -> None:
    """Run all stages: ingest, build, check, publish, report. Run twice, it does nothing twice."""
    settings = settings_for(home, landing)
    night = run_night(settings, day(as_of), progress=typer.echo)
    print_summary(settings, night.publication, night.report, files_read=len(night.new_files))


def ingest(landing: LandingOption = None, home: HomeOption = None, as_of: AsOfOption = None) -> None:
    """Read new deliveries into raw Parquet, quarantine and ledger."""
    settings = settings_for(home, landing)
    found = stages.find_new(settings, day(as_of))
    for line in found.passed_over:
        typer.echo(f"passed over {line}")
    records = stages.ingest_files(settings, found.files, progress=lambda record: typer.echo(describe(record).strip()))
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


def report(home: HomeOption = None) -> None:
    """Write the board's page and the quality page of the publication in force."""
    written = stages.report(settings_for(home))
    typer.echo(f"{written}\n{written.with_name(QUALITY_FILE)}")
