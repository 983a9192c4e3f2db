"""Make Superset ready: its own tables, the first user, and the dashboards. Runs with Superset's Python, not with ours.

    python -m publish.superset.set_up

Reads OMRAADETAL_BI_URL (the database with the publication, as a role that may only read), SUPERSET_ADMIN_PASSWORD, and
what superset_config.py reads; an empty one counts as missing. Repeating it brings dashboards and connection up to date;
other users, and charts made by hand, stay. The password of `admin` is set anew, so that a lost one can be replaced.
"""

import logging
import os
import sys
from pathlib import Path

ASSETS = Path(__file__).resolve().parent / "assets"
PLACE_OF_URL = "DATABASE_URL"
ADMIN = "admin"
NEEDED = ("OMRAADETAL_BI_URL", "SUPERSET_ADMIN_PASSWORD", "SUPERSET_SECRET_KEY", "SUPERSET_HOME")


def bundle(database_url: str) -> dict[str, str]:
    """The files under assets/ as Superset imports them, by their path there, with the address of the database."""
    address = "postgresql+psycopg2" + database_url[database_url.index(":") :]
    texts = {path.relative_to(ASSETS).as_posix(): path.read_text(encoding="utf-8") for path in ASSETS.rglob("*.yaml")}
    return {
        name: text.replace(f"sqlalchemy_uri: {PLACE_OF_URL}", f'sqlalchemy_uri: "{address}"')
        for name, text in sorted(texts.items())
    }


def set_up(database_url: str, password: str) -> None:
    """Migrate, create or renew the user `admin`, and import the dashboards over what is there."""
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        from flask import g
        from flask_migrate import upgrade
        from superset.commands.importers.v1.assets import ImportAssetsCommand
        from superset.extensions import appbuilder

        upgrade()
        security = appbuilder.sm
        appbuilder.add_permissions(update_perms=True)
        security.sync_role_definitions()
        admin = security.find_user(ADMIN)
        if admin is None:
            role = security.find_role("Admin")
            admin = security.add_user(ADMIN, "Områdetal", "administrator", "admin@localhost", role, password)
        else:
            security.reset_password(admin.id, password)
        g.user = admin
        ImportAssetsCommand(bundle(database_url)).run()


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING)
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        sys.exit(f"Set {', '.join(missing)} first: publish/superset/set_up.py says what they are.")
    set_up(os.environ["OMRAADETAL_BI_URL"], os.environ["SUPERSET_ADMIN_PASSWORD"])
