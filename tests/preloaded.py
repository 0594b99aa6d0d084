"""gunicorn's configuration: what others wrote is imported once. Each worker imports the shop and the SDK for itself."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Final

SQLALCHEMY: Final = "attrs httpx sqlalchemy.orm sqlalchemy.dialects.postgresql.psycopg"
IMPORTS: Final = {
    "django": "attrs httpx django.core.wsgi django.db.models django.db.backends.postgresql.base",
    "fastapi": f"{SQLALCHEMY} fastapi",
    "flask": f"{SQLALCHEMY} flask",
}
CONFIGURED: Final = ("--config", f"python:{__name__}")

for name in IMPORTS.get(os.environ.get("GUNICORN_IMPORTS", ""), "").split():
    import_module(name)
