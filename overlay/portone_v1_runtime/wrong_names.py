"""Suggest what a method or an area is called here to users who know it by another name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

__all__ = ["NamedParts", "meant"]

WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "add": ("issue", "register", "create", "schedule"),
    "cancel": ("cancel_once", "unschedule", "revoke"),
    "charge": ("again_once", "onetime_once", "ensure"),
    "cards": ("billing_keys",),
    "create": ("issue", "register", "schedule", "ensure"),
    "customers": ("billing_keys",),
    "fetch": ("get", "find"),
    "list": ("search", "list_schedules", "list_payments", "list_banks"),
    "pay": ("again_once", "onetime_once"),
    "read": ("get", "find"),
    "refund": ("cancel_once", "cancel"),
    "remove": ("delete", "revoke", "unschedule"),
    "retrieve": ("get", "find"),
}
"""Words of other payment libraries, and the names that they may stand for. Only those that exist are suggested."""

MOST: Final = 3


def meant(path: str, name: str, own: Iterable[str], parts: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the names that were probably meant, the likeliest first: those in `path` itself or in its parts."""
    from difflib import get_close_matches  # only a wrong name needs it

    words = (*((name,) if name not in WORDS else ()), *WORDS.get(name, ()), *WORDS.get(name.removesuffix("s"), ()))
    own = list(own)
    found = [f"{path}.{word}" for word in words if word in own]
    found += [f"{path}.{part}.{word}" for word in words for part, names in parts.items() if word in names]
    found += [f"{path}.{close}" for close in get_close_matches(name, own, 1, 0.7)]
    last = {each.rpartition(".")[2] for each in found}
    return [each for each in dict.fromkeys(found) if f"{each.rpartition('.')[2]}_once" not in last][:MOST]


class NamedParts:
    """An object whose AttributeError for a wrong name suggests the right one."""

    _path: ClassVar[str] = "client"
    """How users write it."""

    if not TYPE_CHECKING:  # or a type checker would take every name

        def __getattr__(self, name: str) -> Any:
            names = dir(type(self))
            if name.startswith("_") or name in names:
                return object.__getattribute__(self, name)  # raises its own AttributeError
            own = [each for each in names if not each.startswith("_")]
            parts = {
                each: [method for method in dir(type(getattr(self, each))) if not method.startswith("_")]
                for each in own
                if isinstance(getattr(type(self), each), cached_property)
            }
            found = meant(self._path, name, own, parts)
            hint = f"; did you mean {' or '.join(found)}?" if found else ""
            raise AttributeError(f"{self._path} has no {name!r}{hint}")
