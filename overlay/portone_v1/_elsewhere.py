"""Load public names on first use, and name the right module to users who import a name from another one."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Final

__all__ = ["loader", "refuse_elsewhere"]

NONE: Final[Mapping[str, str]] = MappingProxyType({})
MODULES: Final = (
    *("enums", "results", "webhooks", "subscriptions", "inbox", "intents", "errors", "events", "clock"),
    *("codes", "frames", "pg_rules", "pg_profiles", "serialization", "compat.iamport", "models"),
    *("contrib.django", "contrib.fastapi", "contrib.flask", "contrib.starlette", "contrib.sqlalchemy"),
    *("contrib.redis", "contrib.aiohttp", "contrib.otel"),
)


def refuse_elsewhere(name: str, here: str) -> None:
    """Raise ImportError, whose text `from … import …` shows, for a name that belongs to another module."""
    if name.startswith("_") or _is_module(f"{here}.{name}"):  # `from portone_v1 import inbox` asks here first
        return
    homes = [home for home in (*(f"portone_v1.{module}" for module in MODULES), "portone_v1_sandbox") if home != here]
    if found := [home for home in homes if name in _names(home)]:
        where = " or ".join(f"from {home} import {name}" for home in found)
        raise ImportError(f"{name} is in another module: {where}", name=here)
    if name.endswith("Annotation"):
        getattr(import_module("portone_v1.models"), name)  # raises an error that says what it is called here


def loader(here: str, homes: Mapping[str, str] = NONE) -> Callable[[str], object]:
    """Return a module's `__getattr__`.

    Args:
        here: the module's name.
        homes: the module of each name, which is imported on first use; one that begins with a dot is relative to
            `here`.
    """

    def load(name: str) -> object:
        if name in homes:
            value: object = getattr(import_module(homes[name], here), name)
            setattr(sys.modules[here], name, value)
            return value
        refuse_elsewhere(name, here)
        raise AttributeError(f"module {here!r} has no attribute {name!r}")

    return load


def _is_module(name: str) -> bool:
    from importlib.util import find_spec  # only a wrong name needs it

    try:
        return find_spec(name) is not None
    except ImportError:  # its parent is no package
        return False


def _names(module: str) -> frozenset[str]:
    try:
        return frozenset(import_module(module).__all__)
    except ImportError:  # an extra that is not installed
        return frozenset()
