"""Models inside a model, built on first access: most callers who look up a payment never look at its refunds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

__all__ = ["DEFERRED", "came_as", "deferrable", "made_on_demand", "to_model", "to_models"]


class _Deferred:
    __slots__ = ()


DEFERRED: Final = _Deferred()
"""Marks a slot: `(DEFERRED, read, value)` until the first access, when `read` converts `value`. No field is a tuple."""


class _Deferrable(property):
    stored: Callable[[Any], Any]
    """Gets the content of the slot, converted or not."""


def came_as(model: object, name: str) -> list[Any] | None:
    """Return the strict decoder's structs for a list of models; None if it made none or the models are built by now."""
    field = getattr(type(model), name, None)
    value: Any = field.stored(model) if isinstance(field, _Deferrable) else None
    if value.__class__ is tuple and value and value[0] is DEFERRED and value[1] is to_models:
        came: list[Any] = value[2]
        return came
    return None


def deferrable(slot: Any) -> property:
    """Return a property over a slot that converts a deferred value on first access."""
    get: Callable[[Any], Any] = slot.__get__
    put: Callable[[Any, Any], None] = slot.__set__

    def read_once(self: Any) -> Any:
        value = get(self)
        if value.__class__ is tuple and value and value[0] is DEFERRED:
            _, read, came = value
            value = read(came)
            put(self, value)  # if two threads are here at once, the later model stays
        return value

    found = _Deferrable(read_once, put, slot.__delete__)
    found.stored = get
    return found


def made_on_demand(slot: Any) -> property:
    """Return the property of unknown fields. An answer as documented has none, so the dict is made on first access."""
    get: Callable[[Any], Any] = slot.__get__
    put: Callable[[Any, Any], None] = slot.__set__

    def get_or_make(self: Any) -> Any:
        try:
            return get(self)
        except AttributeError:
            put(self, {})
            return get(self)

    return property(get_or_make, put, slot.__delete__)


def to_model(struct: Any) -> Any:
    """Return the model of a struct that the strict decoder made."""
    return struct.to_model()


def to_models(structs: Any) -> list[Any]:
    """Return the models of the strict decoder's structs, in a new list because two threads may be here at once."""
    return [struct.to_model() for struct in structs]
