"""Extend the strict decoder's structs at run time: by unknown fields, and for values of undocumented types.

msgspec refuses or drops a field that a struct lacks; it cannot keep it. So the field is added to the struct: each name
once, and few names, because they come from outside. A field that came with an odd value (`"3"` for a number, a new
value of an enumeration) accepts any value from then on, and an odd value is read as `from_dict` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from copy import copy
from enum import Enum
from functools import cache
from operator import attrgetter
from threading import Lock
from typing import Any, Final, NamedTuple, get_args, get_type_hints

import msgspec
from msgspec.structs import fields

from .depth import shallow

__all__ = ["extended", "learn"]

MOST: Final = 16
"""The most names that one struct learns. A body with more unknown fields is read leniently."""

_UNKNOWN: Final = re.compile(r"Object contains unknown field `(?P<name>.*?)`(?: - at `(?P<path>[^`]*)`)?", re.DOTALL)
_ODD: Final = re.compile(r".* - at `(?P<path>[^`]*)\.(?P<name>[^`.\[]+)`", re.DOTALL)
_NO_NAME: Final = re.compile(r'["\\\x00-\x1f]')
"""Characters that msgspec refuses in the name of a field: a struct with such a field could decode nothing any more."""
_STEP: Final = re.compile(r"\.([^.\[]+)|\[\.\.\.\]|\[\d*\]")
_learned: dict[Any, tuple[str, ...]] = {}
_widened: dict[Any, tuple[str, ...]] = {}
_extended: dict[Any, Any] = {}
_learning = Lock()


def learn(struct: Any, message: str, within: str = "$") -> bool:
    """Add the unknown field, or allow the odd value, that a decoder's message names. Return False if it names neither.

    `within`: the path of the struct in the decoded body.
    """
    unknown = _UNKNOWN.fullmatch(message)
    found = unknown or _ODD.fullmatch(message)
    if found is None or not (path := found["path"] or "$").startswith(within):
        return False
    holder = _holder(struct, path.removeprefix(within))
    if holder is None:
        return False
    name = found["name"]
    if _NO_NAME.search(name):
        return False
    if unknown is None and name not in {scalar.field.encode_name for scalar in _scalars(holder)}:
        return False
    with _learning:
        table = _widened if unknown is None else _learned
        known = table.get(holder, ())
        if name in known:
            return True  # another thread was first
        if unknown is not None and len(known) >= MOST:
            return False
        table[holder] = (*known, name)
        _extended.clear()
    return True


def extended(struct: Any) -> Any:
    """Return the struct, extended by what it and the structs within it have learned."""
    if not _learned and not _widened:
        return struct
    found = _extended.get(struct)
    if found is None:
        with _learning:
            found = _extended[struct] = _build(struct, ())
    return found


def _build(struct: Any, above: tuple[Any, ...]) -> Any:
    if struct in above:  # a struct that contains itself: the inner one stays unchanged
        return struct
    changed: list[tuple[str, Any, Any]] = []
    for each, hint, item in _nested(struct):
        new = _build(item, (*above, struct))
        if new is not item:
            changed.append((each.name, _with(hint, item, new), msgspec.field(name=each.encode_name, default=None)))
    names = _learned.get(struct, ())
    wide = [scalar for scalar in _scalars(struct) if scalar.field.encode_name in _widened.get(struct, ())]
    if not changed and not names and not wide:
        return struct
    changed += [(each.name, Any, msgspec.field(name=each.encode_name, default=None)) for each, *_ in wide]
    changed += [
        (f"learned_{number}", Any, msgspec.field(name=name, default=msgspec.UNSET)) for number, name in enumerate(names)
    ]

    return msgspec.defstruct(
        struct.__name__,
        changed,
        bases=(struct,),
        namespace={
            "to_model": _keeping_learned(struct, names, _reading_odd_values(struct, wide)),
            "__odd__": bool(wide),
        },
        forbid_unknown_fields=True,
        gc=False,
    )


def _keeping_learned(struct: Any, names: tuple[str, ...], to_model: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a `to_model` that keeps learned fields. Most answers have none, so the check for them has to be cheap."""
    if not names:
        return to_model
    attributes = [f"learned_{number}" for number in range(len(names))]
    only: Callable[[Any], Any] = attrgetter(attributes[0])
    values: Callable[[Any], tuple[Any, ...]] = attrgetter(*attributes) if names[1:] else lambda one: (only(one),)
    nothing = (msgspec.UNSET,) * len(names)

    def collect(self: Any) -> Any:
        made, came = to_model(self), values(self)
        if came != nothing:
            both = zip(names, came, strict=True)
            found = {name: shallow(value) for name, value in both if value is not msgspec.UNSET}
            setattr(made, struct.__unknown__, found)
        return made

    return collect


class _Scalar(NamedTuple):
    """A field with a text, a number, a flag or a value of an enumeration."""

    field: Any
    kind: type[Any]
    members: dict[Any, Any]


def _reading_odd_values(struct: Any, wide: list[_Scalar]) -> Callable[[Any], Any]:
    """Return a `to_model` for a struct with fields that may hold anything: `from_dict` reads their odd values."""
    to_model: Callable[[Any], Any] = struct.to_model
    if not wide:
        return to_model
    from_dict = struct.__model__.from_dict
    widened = [(each.name, each.encode_name, kind, members) for each, kind, members in wide]

    def build(self: Any) -> Any:
        odd: dict[str, dict[str, Any]] | None = None
        plain = self
        for name, wire, kind, members in widened:
            value = getattr(self, name)
            if value.__class__ is kind:
                if members:
                    setattr(plain, name, members.get(value, value))
            elif value is not None:
                if odd is None:  # two threads may be here at once, and each has to see the odd values
                    odd, plain = {}, copy(self)
                odd[name] = {wire: value}
                setattr(plain, name, None)
        made = to_model(plain)
        if odd is not None:
            for name, data in odd.items():
                setattr(made, name, getattr(from_dict(data), name))
        return made

    return build


@cache
def _scalars(struct: Any) -> list[_Scalar]:
    hints = get_type_hints(struct)
    found: list[_Scalar] = []
    for each in fields(struct):
        kinds = [one for one in get_args(hints[each.name]) if one is not type(None)]
        if len(kinds) != 1 or not isinstance(kind := kinds[0], type):
            continue
        if issubclass(kind, Enum):
            base = int if issubclass(kind, int) else str
            found.append(_Scalar(each, base, {member.value: member for member in kind}))
        elif kind in (str, int, bool):
            found.append(_Scalar(each, kind, {}))
    return found


@cache
def _nested(struct: Any) -> list[tuple[Any, Any, Any]]:
    """Return the fields that hold structs, each with its type and the struct within."""
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
    """Return the struct at a path such as `.list[...].cancel_history[...]`."""
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
