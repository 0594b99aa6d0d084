"""A dict that knows which of its records may have changed."""

from __future__ import annotations

from collections.abc import ItemsView, ValuesView
from typing import Any, TypeVar

from ._guard import Guard

__all__ = ["Table"]

K = TypeVar("K")
V = TypeVar("V")


class Table(dict[K, V]):
    """Whoever gets a record out of it may change it, unless the guard says that it is only looked at.

    `dict.values(table)` looks without being noticed.
    """

    def __init__(self, guard: Guard, *records: Any) -> None:
        super().__init__(*records)
        self._guard = guard
        self.touched: set[K] = set()
        """Handed out or put in since the last time it was emptied."""
        self.removed: set[K] = set()
        """Taken out meanwhile; what came back in has lost its old place."""

    def _touch(self, key: K) -> None:
        if not self._guard.only_looking:
            self.touched.add(key)

    def _touch_all(self) -> None:
        if not self._guard.only_looking:
            self.touched.update(self)

    def __getitem__(self, key: K, /) -> V:
        value = super().__getitem__(key)
        self._touch(key)
        return value

    def get(self, key: Any, default: Any = None, /) -> Any:
        if key in self:
            self._touch(key)
        return super().get(key, default)

    def values(self) -> ValuesView[V]:  # type: ignore[override]  # a view all the same
        self._touch_all()
        return super().values()

    def items(self) -> ItemsView[K, V]:  # type: ignore[override]  # a view all the same
        self._touch_all()
        return super().items()

    def __setitem__(self, key: K, value: V, /) -> None:
        self.touched.add(key)
        super().__setitem__(key, value)

    def setdefault(self, key: Any, default: Any = None, /) -> Any:
        self.touched.add(key)
        return super().setdefault(key, default)

    def update(self, *records: Any, **more: Any) -> None:
        for key, value in dict(*records, **more).items():
            self[key] = value

    def __ior__(self, records: Any, /) -> Any:
        self.update(records)
        return self

    def __delitem__(self, key: K, /) -> None:
        super().__delitem__(key)
        self.removed.add(key)

    def pop(self, key: Any, *default: Any) -> Any:
        if key in self:
            self.removed.add(key)
        return super().pop(key, *default)

    def popitem(self) -> tuple[K, V]:
        key, value = super().popitem()
        self.removed.add(key)
        return key, value

    def clear(self) -> None:
        self.removed.update(self)
        super().clear()
