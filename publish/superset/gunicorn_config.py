"""How gunicorn runs Superset, here and in a container: `gunicorn --config` reads it. The address is the caller's.

One worker, because tries to log in are counted in its memory (RATELIMIT_STORAGE_URI in superset_config.py).
"""

wsgi_app = "superset.app:create_app()"
workers = 1
threads = 8
timeout = 120
"""Seconds."""
