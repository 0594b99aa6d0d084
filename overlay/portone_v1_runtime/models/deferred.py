"""Models within a model, read when they are first asked for: most who look a payment up never look at its refunds."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

__all__ = ["DEFERRED", "came_as", "deferrable", "made_on_demand", "to_model", "to_models"]


class _Deferred:
    __slots__ = ()


DEFERRED: Final = _Deferred()
"""`DEFERRED, read, value` in a slot: what reads the value, and the value as it came. No field is a tuple."""


class _Deferrable(property):
    stored: Callable[[Any], Any]
    """Gets what the slot holds, read or not."""


def came_as(model: object, name: str) -> list[Any] | None:
    """What a strict decoder made of a list of models, as long as nobody has asked for the models; else None."""
    field = getattr(type(model), name, None)
    value: Any = field.stored(model) if isinstance(field, _Deferrable) else None
    if value.__class__ is tuple and value and value[0] is DEFERRED and value[1] is to_models:
        came: list[Any] = value[2]
        return came
    return None


def deferrable(slot: Any) -> property:
    """Return the property that reads what was deferred, over the slot that holds it."""
    get: Callable[[Any], Any] = slot.__get__
    put: Callable[[Any, Any], None] = slot.__set__

    def read_once(self: Any) -> Any:
        value = get(self)
        if value.__class__ is tuple and value and value[0] is DEFERRED:
            _, read, came = value
            value = read(came)
            put(self, value)  # where two threads meet, the later model stays
        return value

    found = _Deferrable(read_once, put, slot.__delete__)
    found.stored = get
    return found


def made_on_demand(slot: Any) -> property:
    """Return the property of unknown fields: an answer as documented has none, so the dict is made for who looks."""
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
    """The model of what a strict decoder made."""
    return struct.to_model()


def to_models(structs: Any) -> list[Any]:
    """The models of what a strict decoder made: in a list of their own, because two threads may be here at once."""
    return [struct.to_model() for struct in structs]
