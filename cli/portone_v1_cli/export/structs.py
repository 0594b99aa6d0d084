"""Read columns from payments that the strict decoder has made, mostly without making their models."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import NoneType
from typing import Any

from portone_v1_runtime.decode import LATEST

from .columns import Kind

__all__ = ["StructRows", "are_seconds"]

WHOLE = {int, NoneType}
NOTHING = {list, NoneType}


def are_seconds(values: Sequence[Any]) -> bool:
    """Return whether a model has each of these values as a `datetime`, or 0 and None as None."""
    return not {*map(type, values)} - WHOLE and all(0 <= value < LATEST for value in values if value is not None)


class StructRows:
    """Payments of a page. A model is made for the first column that needs it: for nested data and unusual values."""

    def __init__(self, structs: Sequence[Any]) -> None:
        self._structs = structs
        self._models: dict[int, Any] = {}
        self._empty = type(structs[0])().to_model()

    def values(self, kind: Kind, get: Callable[[Any], Any]) -> list[Any]:
        """Return the values that the column has in the models."""
        values = [*map(get, self._structs)]
        if kind == "time" or (kind == "money" and {*map(type, values)} - WHOLE):
            return [get(self._model(at)) for at in range(len(values))]
        if kind == "json":
            empty = get(self._empty)
            return [
                empty if not value and type(value) in NOTHING else get(self._model(at))
                for at, value in enumerate(values)
            ]
        return values

    def _model(self, at: int) -> Any:
        if at not in self._models:
            self._models[at] = self._structs[at].to_model()
        return self._models[at]
