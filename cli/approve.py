"""`omraadetal approve`: what a person decides about a night that was held, because it restates final figures."""

from typing import Annotated

import typer

from cli.options import HomeOption, settings_for
from nightly import stages
from nightly.following import follow
from vocabulary.settings import local_date
from warehouse.decisions import Verdict


def register(app: typer.Typer) -> None:
    app.command()(approve)


def approve(
    role: Annotated[str, typer.Option("--by", metavar="ROLE", help="Who decides, by role, not by name.")],
    build_id: Annotated[
        str | None, typer.Argument(help="The held build. [default: the latest that waits]", show_default=False)
    ] = None,
    reason: Annotated[
        str | None, typer.Option("--reason", "--note", help="Why; a rejection needs one. No personal data.")
    ] = None,
    reject: Annotated[bool, typer.Option("--reject", help="Keep the publication in force instead.")] = False,
    home: HomeOption = None,
) -> None:
    """Publish a build that was held, with its report and news; or keep the publication in force, and say why."""
    settings = settings_for(home)
    if reject and not (reason or "").strip():
        raise typer.BadParameter("say why with --reason; the next nights repeat it", param_hint="--reject")
    if not role.strip():
        raise typer.BadParameter("name the role that decides", param_hint="--by")
    verdict = Verdict.REJECTED if reject else Verdict.APPROVED
    decision = stages.decide_restatements(settings, build_id, verdict=verdict, role=role.strip(), reason=reason)
    day = local_date(decision.decided_at)
    typer.echo(f"{verdict} by {decision.role} on {day}: {len(decision.changes)} changed figures in {decision.build_id}")
    if reject:
        typer.echo("The publication in force is unchanged; the same changes are not asked about again.")
        return
    publication = stages.publish(settings, decision.build_id)
    typer.echo(f"publication: {publication}")
    followed = follow(settings, publication, typer.echo)
    if followed.report:
        typer.echo(f"report:      {followed.report}")
    for line in stages.notify(settings):
        typer.echo(line)
    if followed.undone:
        raise followed.undone[0]
