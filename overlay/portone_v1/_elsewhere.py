"""Where a public name is, for who imports it from another module."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NoReturn

__all__ = ["finder", "refuse_elsewhere"]

MODULES: Final = (
    *("enums", "results", "webhooks", "subscriptions", "inbox", "intents", "errors", "events", "clock"),
    *("codes", "frames", "pg_rules", "pg_profiles", "serialization", "compat.iamport", "models"),
    *("contrib.django", "contrib.fastapi", "contrib.flask", "contrib.starlette", "contrib.sqlalchemy"),
    *("contrib.redis", "contrib.aiohttp", "contrib.otel"),
)


def refuse_elsewhere(name: str, here: str) -> None:
    """Raise ImportError, whose text `from … import …` shows, for a name that has its place in another module."""
    if name.startswith("_") or _is_module(f"{here}.{name}"):  # `from portone_v1 import inbox` asks here first
        return
    homes = [home for home in (*(f"portone_v1.{module}" for module in MODULES), "portone_v1_sandbox") if home != here]
    if found := [home for home in homes if name in _names(home)]:
        where = " or ".join(f"from {home} import {name}" for home in found)
        raise ImportError(f"{name} is in another module: {where}", name=here)
    if name.endswith("Annotation"):
        getattr(import_module("portone_v1.models"), name)  # raises one that says what it is called here


def finder(here: str) -> Callable[[str], NoReturn]:
    """Return a `__getattr__` for a module that loads nothing itself."""

    def find(name: str) -> NoReturn:
        refuse_elsewhere(name, here)
        raise AttributeError(f"module {here!r} has no attribute {name!r}")

    return find


def _is_module(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except ImportError:  # what it would be in is no package
        return False


def _names(module: str) -> frozenset[str]:
    try:
        return frozenset(import_module(module).__all__)
    except ImportError:  # an extra that is not installed
        return frozenset()
