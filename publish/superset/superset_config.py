"""Superset's configuration, read by Superset itself from its own environment (SUPERSET_CONFIG_PATH).

The secrets come from outside: SUPERSET_SECRET_KEY signs sessions and encrypts the password of the database connection.
SUPERSET_HOME is the folder of Superset's own data, one SQLite file.
"""

import os
from pathlib import Path
from typing import Any

SECRET_KEY = os.environ["SUPERSET_SECRET_KEY"]
GUEST_TOKEN_JWT_SECRET = SECRET_KEY
SQLALCHEMY_DATABASE_URI = f"sqlite:///{Path(os.environ['SUPERSET_HOME']) / 'superset.db'}?check_same_thread=false"

APP_NAME = "Områdetal"
BABEL_DEFAULT_LOCALE = "da"
LANGUAGES = {"da": {"flag": "dk", "name": "Dansk"}}
D3_FORMAT = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["", " kr."]}
D3_TIME_FORMAT = {
    "dateTime": "%A %d. %B %Y %X",
    "date": "%d.%m.%Y",
    "time": "%H:%M:%S",
    "periods": ["", ""],
    "days": ["søndag", "mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag"],
    "shortDays": ["søn", "man", "tir", "ons", "tor", "fre", "lør"],
    "months": [
        "januar",
        "februar",
        "marts",
        "april",
        "maj",
        "juni",
        "juli",
        "august",
        "september",
        "oktober",
        "november",
        "december",
    ],
    "shortMonths": ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"],
}

# Nothing is public, nobody registers, no figures are sent anywhere, and the page loads nothing from elsewhere.
PUBLIC_ROLE_LIKE = None
AUTH_USER_REGISTRATION = False
WTF_CSRF_ENABLED = True
TALISMAN_ENABLED = True
TALISMAN_CONFIG: dict[str, Any] = {
    "content_security_policy": {
        "base-uri": ["'self'"],
        "default-src": ["'self'"],
        "img-src": ["'self'", "blob:", "data:"],
        "worker-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "object-src": "'none'",
        "frame-ancestors": ["'none'"],
        "style-src": ["'self'", "'unsafe-inline'"],
        "font-src": ["'self'", "data:"],
        "script-src": ["'self'", "'strict-dynamic'"],
    },
    "content_security_policy_nonce_in": ["script-src"],
    "force_https": False,
    "session_cookie_secure": False,
}
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_NAME = "omraadetal_superset"
ENABLE_PROXY_FIX = False
PREVENT_UNSAFE_DB_CONNECTIONS = True
RATELIMIT_ENABLED = True
RATELIMIT_STORAGE_URI = "memory://"
FAVICONS: list[dict[str, str]] = []
TROUBLESHOOTING_LINK = ""
BUG_REPORT_URL = None
DOCUMENTATION_URL = None
FEATURE_FLAGS = {"DASHBOARD_RBAC": True, "ALERT_REPORTS": False, "DRILL_BY": True, "EMBEDDED_SUPERSET": False}
