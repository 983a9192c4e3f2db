"""`omraadetal backup` and `restore`: what nothing can make again, in one file, and back from it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from cli.options import HomeOption, settings_for
from nightly.backup import back_up, check
from nightly.backup import restore as put_back
from vocabulary.settings import LOCAL_ZONE, Settings
from warehouse.backup_contents import KEPT_APART, MADE_AGAIN
from warehouse.backup_record import BackupRecord

MEGABYTE = 1_000_000
TOLD_IN = 10
"""How many steps of progress are told."""

WORTH_TELLING = 200 * MEGABYTE

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, a .tar.gz.", show_default=False)]


def register(app: typer.Typer) -> None:
    for command in (backup, restore):
        app.command()(command)


def backup(file: FileArgument, home: HomeOption = None) -> None:
    """Write what nothing can make again into one new file: ledger and raw files, journal, publications.

    Builds, logs and replays are left out. Neither the pseudonym key nor the erasure list is in it: back them up apart,
    and the landing zone too. A store in an object store is left to that store's own versions. FILE holds unsuppressed
    figures: keep it as you keep HOME.
    """
    settings = settings_for(home)
    done = back_up(settings, file, _told())
    _describe(done.record, f"{file}: {file.stat().st_size / MEGABYTE:.1f} MB, ")
    typer.echo(f"left out, made again: {', '.join(_there(settings, MADE_AGAIN))}")
    for name in _there(settings, KEPT_APART):
        typer.echo(f"left out, back up apart: {name} ({KEPT_APART[name]})")
    for name in done.left_out:
        if name not in KEPT_APART:
            typer.echo(f"left out, not Områdetal's: {name}")
    if not done.record.has_store:
        typer.echo("left out, in an object store: ledger, raw files, quarantine; rely on that store's own versions")
    typer.echo("Back up apart: the landing zone, the pseudonym key, the erasure list (docs/runbooks/restore.md).")


def restore(
    file: Annotated[
        Path,
        typer.Argument(metavar="FILE", help="A backup.", exists=True, dir_okay=False, readable=True),
    ],
    home: HomeOption = None,
    only_check: Annotated[bool, typer.Option("--check", help="Read and check all of it; write nothing.")] = False,
) -> None:
    """Restore a backup into an empty HOME. Every file is checked before any is in place.

    Ledger and raw files go to OMRAADETAL_STORE, by default HOME.
    """
    if only_check:
        _describe(check(file, _told()), f"{file} is whole: ")
        return
    settings = settings_for(home)
    record = put_back(settings, file, _told())
    _describe(record, f"restored into {settings.home}: ")
    typer.echo("Next, before a night runs:")
    for number, line in enumerate(_next_steps(record), start=1):
        typer.echo(f"  {number}. {line}")


def _describe(record: BackupRecord, begin: str) -> None:
    typer.echo(f"{begin}{len(record.members)} files, made {record.made_at.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}")
    if record.publication_id:
        typer.echo(f"in force: {record.publication_id}, as of {record.as_of}")
    for key_id, readings in sorted(record.pseudonym_key_ids.items()):
        typer.echo(f"pseudonym key: {key_id}, {readings} readings")


def _next_steps(record: BackupRecord) -> list[str]:
    keys = ", ".join(sorted(record.pseudonym_key_ids))
    return [
        *([f"Put the pseudonym key back ({keys}); `omraadetal keys show` says which one is there."] if keys else []),
        *([f"Put the folder of the erasure list back ({record.erasures} entries)."] if record.erasures else []),
        *([] if record.has_store else ["Point OMRAADETAL_STORE at the object store, as it was at the same time."]),
        "Put the landing zone back; what the backup has read already is not read again.",
        "`omraadetal publications load`, where PostgreSQL is used.",
        "`omraadetal nightly`. Where retention was applied since: `omraadetal retention --apply`.",
    ]


def _there(settings: Settings, folders: dict[str, str]) -> list[str]:
    return [name for name in folders if (settings.home / name).is_dir()]


@dataclass
class _Tenths:
    """Tells long work in tenths, and short work not at all."""

    told: int = 0
    doing: str = ""

    def __call__(self, doing: str, done: int, total: int) -> None:
        if doing != self.doing:
            self.doing, self.told = doing, 0
        tenth = done * TOLD_IN // total if total >= WORTH_TELLING else 0
        if tenth > self.told:
            self.told = tenth
            typer.echo(f"{doing} {tenth * 100 // TOLD_IN} % of {total / MEGABYTE:.0f} MB", err=True)


def _told() -> Callable[[str, int, int], None]:
    return _Tenths()
