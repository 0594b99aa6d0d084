"""Models are attrs classes, but attrs is imported only when one is first created by hand or asked for its fields."""

from __future__ import annotations

from collections.abc import Callable
from threading import RLock
from typing import Any

from .deferred import deferrable, made_on_demand

__all__ = ["Factory", "complete", "define"]

_completing = RLock()


class Factory:
    """A stand-in for `attrs.Factory` until attrs is imported."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def define(**_: bool) -> Callable[[Any], Any]:
    """Add slots, the only part of `attrs.define` that reading an answer needs. `complete` lets attrs do the rest."""
    return _with_slots


def _with_slots(kind: Any) -> Any:
    body: dict[str, Any] = {**vars(kind)}
    body.pop("__dict__")
    body.pop("__weakref__", None)
    names = (*body["_names"], body.get("_unknown", "extra"))
    body["_defaults"] = {name: body.pop(name) for name in names if name in body}
    body["__slots__"] = (*names, "__weakref__")
    made = type(kind)(kind.__name__, kind.__bases__, body)
    for name in body.get("_deferred", ()):
        setattr(made, name, deferrable(vars(made)[name]))
    unknown = body.get("_unknown", "extra")
    setattr(made, unknown, made_on_demand(vars(made)[unknown]))
    return made


def complete(kind: Any) -> None:
    """Let attrs add the rest in place: the initialiser, and the fields for `attrs.fields`, `evolve` and `asdict`."""
    import attrs

    with _completing:  # no other thread may see a class that is half done
        for one in reversed(kind.__mro__):
            if "_defaults" in vars(one) and "__attrs_attrs__" not in vars(one):
                names = [name for name in one.__annotations__ if name in one.__slots__]
                these: dict[str, Any] = {name: attrs.field(**_default(one, name)) for name in names}
                attrs.define(one, these=these, slots=False, eq=False, repr=False, kw_only=True)


def _default(kind: Any, name: str) -> dict[str, Any]:
    defaults: dict[str, Any] = kind.__dict__["_defaults"]
    if name not in defaults:
        return {}
    value = defaults[name]
    return {"factory": value.make} if isinstance(value, Factory) else {"default": value}
