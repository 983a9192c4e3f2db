"""Settings, one home: environment variables with their defaults (listed in .env.example)."""

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

PROJECT_ROOT = Path(__file__).resolve().parents[1]
LOCAL_ZONE = ZoneInfo("Europe/Copenhagen")


@dataclass(frozen=True)
class Settings:
    """Where a run reads and writes.

    `landing` and `store` are paths or fsspec URLs; `home` is a local folder; `agreements`, `sources` and `corrections`
    are the folders of YAML that say what was promised, how files are read, and which of their errors are known.
    """

    home: Path
    landing: str
    store: str
    agreements: Path
    sources: Path
    corrections: Path
    key: str | None
    key_file: Path

    @classmethod
    def from_environment(cls, *, home: str | Path | None = None, landing: str | Path | None = None) -> "Settings":
        """Command line arguments win over OMRAADETAL_* variables, which win over the defaults."""
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
        )


def local_date(moment: datetime | None = None) -> date:
    """The date in Europe/Copenhagen of an aware moment, or of now: the default of every --as-of."""
    return (moment or datetime.now(LOCAL_ZONE)).astimezone(LOCAL_ZONE).date()
