"""The help of a command, from the docstring of its method."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

__all__ = ["describe", "explain_arguments"]

SECTION = re.compile(r"^(Args|Raises|Returns):$", re.MULTILINE)
ARGUMENT = re.compile(r"^    ([a-z_][a-z_0-9, ]*): (.*)$")


def describe(method: Callable[..., Any]) -> str:
    """Return the docstring up to its arguments."""
    text = inspect.getdoc(method) or ""
    return SECTION.split(text, maxsplit=1)[0].strip()


def explain_arguments(method: Callable[..., Any]) -> dict[str, str]:
    """Return the description of each argument."""
    text = inspect.getdoc(method) or ""
    _, found, after = text.partition("\nArgs:\n")
    words: dict[str, str] = {}
    names: list[str] = []
    for line in SECTION.split(after, maxsplit=1)[0].splitlines() if found else []:
        if head := ARGUMENT.match(line):
            names = [name.strip() for name in head[1].split(",")]
            words.update(dict.fromkeys(names, head[2].strip()))
        elif line.strip():
            words.update({name: _joined(words[name], line.strip()) for name in names})
    return words


def _joined(before: str, after: str) -> str:
    """Join two lines of a sentence; a hyphen at the end of the first is part of a word."""
    return f"{before}{after}" if before.endswith("-") else f"{before} {after}"
