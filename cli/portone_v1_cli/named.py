"""Load what a shop names as `module:attribute`: the store of its journal, or its webhook inbox."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from .exit_codes import usage_error

__all__ = ["is_name", "load"]

NAME: Final = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")


def is_name(text: str) -> bool:
    """Return whether a text is `module:attribute`; anything else is a path."""
    return NAME.fullmatch(text) is not None


def load(option: str, text: str) -> Any:
    """Import `module:attribute` and return it. A function without arguments is called: it may build the object.

    Modules of the current folder are found too, as `python -m` finds them.
    """
    module, _, path = text.partition(":")
    if (here := str(Path.cwd())) not in sys.path:
        sys.path.insert(0, here)
    if os.environ.get("DJANGO_SETTINGS_MODULE"):
        _set_up_django()
    try:
        found: Any = import_module(module)
    except ModuleNotFoundError as error:
        usage_error(
            f"{option} {text}: 모듈 {error.name}을 찾을 수 없습니다",
            f"{option} {text}: there is no module {error.name}",
        )
    for name in path.split("."):
        if not hasattr(found, name):
            usage_error(f"{option} {text}: {name}이 없습니다", f"{option} {text}: {module} has no {name}")
        found = getattr(found, name)
    if isinstance(found, type) or type(found).__name__ in ("function", "method", "builtin_function_or_method"):
        found = found()
    return found


def _set_up_django() -> None:
    try:
        django: Any = import_module("django")
    except ModuleNotFoundError:  # the variable is used for something else
        return
    django.setup()
