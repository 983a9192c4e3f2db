"""The secrets of a standing Airflow: made once per HOME, in files that only their owner reads."""

import base64
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from warehouse.store import Folder

SECRETS_FILE = "secrets.json"
PASSWORDS_FILE = "passwords.json"
"""In the form that Airflow's SimpleAuthManager reads: a password by user."""

USER = "admin"
KEY_BYTES = 32
SIGNING_BYTES = 64
"""Airflow signs with HS512, whose key should be no shorter than its hash (RFC 7518, 3.2)."""


@dataclass(frozen=True)
class Secrets:
    """`fernet_key` encrypts connections in the database, `jwt_secret` signs tokens of logins and tasks, `api_secret`
    signs sessions and requests for logs; `database_password` is that of the database server's administrator,
    `metadata_password` that of Airflow's own user.
    """

    fernet_key: str = field(repr=False)
    jwt_secret: str = field(repr=False)
    api_secret: str = field(repr=False)
    database_password: str = field(repr=False)
    metadata_password: str = field(repr=False)

    @classmethod
    def of(cls, folder: Path) -> "Secrets":
        """Those of a folder; made where there are none."""
        file = folder / SECRETS_FILE
        if file.exists():
            return cls(**json.loads(file.read_text()))
        made = cls(
            fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES)).decode(),
            jwt_secret=secrets.token_urlsafe(SIGNING_BYTES),
            api_secret=secrets.token_urlsafe(SIGNING_BYTES),
            database_password=secrets.token_hex(KEY_BYTES),
            metadata_password=secrets.token_hex(KEY_BYTES),
        )
        Folder.at(str(folder)).write(json.dumps(asdict(made), indent=1).encode(), SECRETS_FILE)
        return made


def new_password(folder: Path) -> str | None:
    """The password of USER where it is made now; None where there is one, which is told again nowhere."""
    if (folder / PASSWORDS_FILE).exists():
        return None
    password = secrets.token_urlsafe(16)
    Folder.at(str(folder)).write(json.dumps({USER: password}).encode(), PASSWORDS_FILE)
    return password
