"""Values that no field describes are kept as they came, down to a depth that everything else can walk."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["TOO_DEEP", "shallow"]

DEEPEST: Final = 100
"""Levels. Python reads about a thousand, but copies, pickles and converts to JSON a third of them."""
TOO_DEEP: Final = "(nested too deeply)"


def shallow(value: Any) -> Any:
    """Return the value itself; where it is nested too deeply, a copy with a text in place of what is below."""
    if value.__class__ is not dict and value.__class__ is not list:
        return value
    return _cut(value, DEEPEST) if _is_deeper(value, DEEPEST) else value


def _is_deeper(value: Any, levels: int) -> bool:
    if value.__class__ is dict:
        value = value.values()
    elif value.__class__ is not list:
        return False
    return levels == 0 or any(_is_deeper(item, levels - 1) for item in value)


def _cut(value: Any, levels: int) -> Any:
    if value.__class__ is dict:
        return {name: _cut(item, levels - 1) for name, item in value.items()} if levels else TOO_DEEP
    if value.__class__ is list:
        return [_cut(item, levels - 1) for item in value] if levels else TOO_DEEP
    return value
