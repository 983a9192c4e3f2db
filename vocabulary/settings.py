"""Settings, one home: environment variables with their defaults (listed in .env.example)."""

import os
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from vocabulary.errors import SettingInvalid

PROJECT_ROOT = Path(__file__).resolve().parents[1]
LOCAL_ZONE = ZoneInfo("Europe/Copenhagen")
STATBANK_URL = "https://api.statbank.dk/v1"

SECRET_PREFIXES = (
    "OMRAADETAL_PSEUDONYM_KEY",
    "OMRAADETAL_SMTP_URL",
    "OMRAADETAL_WEBHOOK_URL",
    "OMRAADETAL_POSTGRES_URL",
    "OMRAADETAL_BI_URL",
    "AIRFLOW__",
)
SECRET_WORDS = ("PASSWORD", "SECRET", "TOKEN")

YES = ("1", "yes", "true", "on")
NO = ("0", "no", "false", "off")


@dataclass(frozen=True)
class NoticeSettings:
    """Where news of a night is sent; nothing is sent to a place that is not named.

    `mail_to` is a list with commas between. The URLs hold secrets, so they are shown nowhere.
    """

    smtp_url: str | None = field(default=None, repr=False)
    mail_from: str | None = None
    mail_to: str | None = None
    webhook_url: str | None = field(default=None, repr=False)
    public_url: str | None = None

    @property
    def is_set(self) -> bool:
        """Whether somebody is to be told at all."""
        return bool(self.smtp_url or self.mail_to or self.webhook_url)


@dataclass(frozen=True)
class ReadingSettings:
    """What reading one file may take, to which something is added with its size (ingest/isolation.py).

    `seconds` of computing; `memory_mib` beyond what the reader has before it reads.
    """

    seconds: int = 30
    memory_mib: int = 1024

    @classmethod
    def from_environment(cls) -> "ReadingSettings":
        """Raises SettingInvalid."""
        env = os.environ
        return cls(
            _at_least_one("OMRAADETAL_READING_SECONDS", env.get("OMRAADETAL_READING_SECONDS"), default=cls.seconds),
            _at_least_one("OMRAADETAL_READING_MEMORY", env.get("OMRAADETAL_READING_MEMORY"), default=cls.memory_mib),
        )


@dataclass(frozen=True)
class Settings:
    """Where a run reads and writes.

    `landing` and `store` are paths or fsspec URLs; `home` is a local folder; `agreements`, `sources` and `corrections`
    are the folders of YAML that say what was promised, how files are read, and which of their errors are known.
    `erasures` is the folder of the erasure list, outside `home` and `store` so that no restored backup loses it.
    `hold_restatements`: a night that would change a figure published as final waits for a person. `postgres_url`: the
    database that publications are loaded into, none without it; `bi_url`: one that Superset reads. `publications_kept`:
    how many stay for rollback. `statbank_url`: where `refresh-statbank` asks; nothing else does. `reading`: what one
    file may take.
    """

    home: Path
    landing: str
    store: str
    agreements: Path
    sources: Path
    corrections: Path
    key: str | None = field(repr=False)
    key_file: Path
    erasures: Path
    notices: NoticeSettings
    hold_restatements: bool
    postgres_url: str | None = field(repr=False)
    publications_kept: int
    bi_url: str | None = field(repr=False)
    statbank_url: str = field(repr=False)
    reading: ReadingSettings

    @classmethod
    def from_environment(
        cls,
        *,
        home: str | Path | None = None,
        landing: str | Path | None = None,
        hold_restatements: bool | None = None,
    ) -> "Settings":
        """Command line arguments win over OMRAADETAL_* variables, which win over the defaults.

        Raises SettingInvalid.
        """
        env = os.environ
        chosen_home = Path(home or env.get("OMRAADETAL_HOME") or PROJECT_ROOT / "data").expanduser().resolve()
        return cls(
            home=chosen_home,
            landing=str(landing or env.get("OMRAADETAL_LANDING") or PROJECT_ROOT / "samples" / "landing"),
            store=env.get("OMRAADETAL_STORE") or str(chosen_home),
            agreements=Path(env.get("OMRAADETAL_AGREEMENTS") or PROJECT_ROOT / "agreements"),
            sources=Path(env.get("OMRAADETAL_SOURCES") or PROJECT_ROOT / "ingest" / "sources"),
            corrections=Path(env.get("OMRAADETAL_CORRECTIONS") or PROJECT_ROOT / "ingest" / "corrections"),
            key=env.get("OMRAADETAL_PSEUDONYM_KEY") or None,
            key_file=Path(env.get("OMRAADETAL_KEY_FILE") or "~/.config/omraadetal/pseudonym.key").expanduser(),
            erasures=Path(env.get("OMRAADETAL_ERASURES") or "~/.config/omraadetal/erasures").expanduser(),
            notices=NoticeSettings(
                smtp_url=env.get("OMRAADETAL_SMTP_URL") or None,
                mail_from=env.get("OMRAADETAL_MAIL_FROM") or None,
                mail_to=env.get("OMRAADETAL_MAIL_TO") or None,
                webhook_url=env.get("OMRAADETAL_WEBHOOK_URL") or None,
                public_url=env.get("OMRAADETAL_PUBLIC_URL") or None,
            ),
            hold_restatements=(
                _yes_or_no("OMRAADETAL_HOLD_RESTATEMENTS", env.get("OMRAADETAL_HOLD_RESTATEMENTS"))
                if hold_restatements is None
                else hold_restatements
            ),
            postgres_url=env.get("OMRAADETAL_POSTGRES_URL") or None,
            bi_url=env.get("OMRAADETAL_BI_URL") or None,
            statbank_url=env.get("OMRAADETAL_STATBANK_URL") or STATBANK_URL,
            reading=ReadingSettings.from_environment(),
            publications_kept=_at_least_one(
                "OMRAADETAL_KEEP_PUBLICATIONS", env.get("OMRAADETAL_KEEP_PUBLICATIONS"), default=30
            ),
        )


def task_queue() -> str | None:
    """The queue that Airflow's tasks are put into; None leaves them in Airflow's own."""
    env = os.environ
    return env.get("OMRAADETAL_QUEUE") or None


def is_secret(variable: str) -> bool:
    """Whether an environment variable may hold a secret, of ours or of Airflow, under which we run."""
    return variable.startswith(SECRET_PREFIXES) or any(word in variable.upper() for word in SECRET_WORDS)


def _yes_or_no(name: str, value: str | None) -> bool:
    """A word that means neither is an error: a misspelt «on» must not count as off."""
    word = (value or "no").strip().lower()
    if word not in (*YES, *NO):
        raise SettingInvalid(name=name, value=value, problem="means neither yes nor no", known=", ".join((*YES, *NO)))
    return word in YES


def local_date(moment: datetime | None = None) -> date:
    """The date in Europe/Copenhagen of an aware moment, or of now: the default of every --as-of."""
    return (moment or datetime.now(LOCAL_ZONE)).astimezone(LOCAL_ZONE).date()


def _at_least_one(name: str, value: str | None, *, default: int) -> int:
    if not value:
        return default
    if not value.strip().isdecimal() or int(value) < 1:
        raise SettingInvalid(name=name, value=value, problem="is no whole number from 1 on", known="1, 2, 3, …")
    return int(value)
