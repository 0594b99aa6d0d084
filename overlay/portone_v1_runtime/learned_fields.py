"""Fields that V1 sends and the specification does not know, learned by the strict decoder as they come.

msgspec refuses a field that a struct lacks, or drops it; it cannot keep it. So the struct gets it: each name once, and
few names, because they come from outside.
"""

from __future__ import annotations

import re
from functools import cache
from threading import Lock
from typing import Any, Final, get_args, get_type_hints

import msgspec
from msgspec.structs import fields

__all__ = ["extended", "learn"]

MOST: Final = 16
"""Names that one struct learns. A body with more of them is read leniently."""

_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>.*?)`(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)
_STEP: Final = re.compile(r"\.([^.\[]+)|\[\.\.\.\]|\[\d*\]")
_learned: dict[Any, tuple[str, ...]] = {}
_extended: dict[Any, Any] = {}
_learning = Lock()


def learn(struct: Any, message: str, within: str = "$") -> bool:
    """Take the unknown field that a decoder complains about; False if it complains about something else.

    `within`: the path at which the struct lies in what was decoded.
    """
    found = _UNKNOWN.fullmatch(message)
    if found is None or not (path := found["path"] or "$").startswith(within):
        return False
    holder = _holder(struct, path.removeprefix(within))
    if holder is None:
        return False
    name = found["name"]
    with _learning:
        known = _learned.get(holder, ())
        if name in known:
            return True  # another thread was first
        if len(known) >= MOST:
            return False
        _learned[holder] = (*known, name)
        _extended.clear()
    return True


def extended(struct: Any) -> Any:
    """The struct with what it and those within it have learned."""
    if not _learned:
        return struct
    found = _extended.get(struct)
    if found is None:
        with _learning:
            found = _extended[struct] = _build(struct, ())
    return found


def _build(struct: Any, above: tuple[Any, ...]) -> Any:
    if struct in above:  # it holds itself: what is within stays as it was
        return struct
    changed: list[tuple[str, Any, Any]] = []
    for each, hint, item in _nested(struct):
        new = _build(item, (*above, struct))
        if new is not item:
            changed.append((each.name, _with(hint, item, new), msgspec.field(name=each.encode_name, default=None)))
    names = _learned.get(struct, ())
    if not changed and not names:
        return struct
    learned: list[tuple[str, Any, Any]] = [
        (f"learned_{number}", Any, msgspec.field(name=name, default=msgspec.UNSET)) for number, name in enumerate(names)
    ]

    def to_model(self: Any) -> Any:
        made = struct.to_model(self)
        values = ((name, getattr(self, f"learned_{number}")) for number, name in enumerate(names))
        setattr(made, struct.__unknown__, {name: value for name, value in values if value is not msgspec.UNSET})
        return made

    return msgspec.defstruct(
        struct.__name__,
        [*changed, *learned],
        bases=(struct,),
        namespace={"to_model": to_model},
        forbid_unknown_fields=True,
        gc=False,
    )


@cache
def _nested(struct: Any) -> list[tuple[Any, Any, Any]]:
    """The fields that hold structs: each field, its type, the struct within."""
    hints = get_type_hints(struct)
    found = ((each, hints[each.name], _struct_in(hints[each.name])) for each in fields(struct))
    return [(each, hint, item) for each, hint, item in found if item is not None]


def _struct_in(hint: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, msgspec.Struct):
        return hint
    return next((item for one in get_args(hint) if (item := _struct_in(one)) is not None), None)


def _with(hint: Any, old: Any, new: Any) -> Any:
    return list[new] | None if hint == list[old] | None else new | None


def _holder(struct: Any, path: str) -> Any:
    """The struct that a path leads to: `.list[...].cancel_history[...]`."""
    here = struct
    for step in _STEP.finditer(path):
        name = step[1]
        if name is None:
            continue
        within = {each.encode_name: item for each, _, item in _nested(here)}
        if name not in within:
            return None
        here = within[name]
    return here
