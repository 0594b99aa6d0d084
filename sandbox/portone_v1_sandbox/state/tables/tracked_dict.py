"""A dict that tracks which of its records may have changed."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, ValuesView
from typing import Any, TypeGuard, TypeVar

from .lock import StateLock

__all__ = ["Table", "is_table", "iter_unobserved"]

K = TypeVar("K")
V = TypeVar("V")


def iter_unobserved(records: dict[K, V]) -> Iterable[V]:
    """Iterate over the records of a table or of a plain dict for reading, without marking them as changed."""
    return dict[K, V].values(records)


def is_table(value: object) -> TypeGuard[Table[Any, Any]]:
    return isinstance(value, Table)


class Table(dict[K, V]):
    """Mark each record that is returned as changed, unless the lock is held for reading.

    `iter_unobserved` reads without marking.
    """

    def __init__(self, lock: StateLock, *records: Any) -> None:
        super().__init__(*records)
        self._lock = lock
        self._read: Callable[[K], V] | None = None
        self.dirty: dict[K, None] = {}
        """Keys of records that were returned or stored since the last commit; new records in the order of arrival."""
        self.removed: set[K] = set()
        """Keys of records that were removed since then; one that is stored again gets a new place."""

    def read_later(self, keys: Iterable[K], read: Callable[[K], V]) -> None:
        """Add records of the file, each of which is read when it is first needed."""
        unread: Any = dict.fromkeys(keys)
        dict[K, V].update(self, unread)
        self._read = read

    def _read_all(self) -> None:
        if self._read is not None:
            for key in self:
                self.get_clean(key)

    def _mark_dirty(self, key: K) -> None:
        if not self._lock.is_read_only:
            self.dirty[key] = None

    def _mark_all_dirty(self) -> None:
        if not self._lock.is_read_only:
            self.dirty.update(dict.fromkeys(self))

    def __getitem__(self, key: K, /) -> V:
        value = self.get_clean(key)
        self._mark_dirty(key)
        return value

    def get_clean(self, key: K) -> V:
        """Return a record for reading, without marking it as changed."""
        value = super().__getitem__(key)
        if value is None and self._read is not None:
            value = self._read(key)
            super().__setitem__(key, value)
        return value

    def get(self, key: Any, default: Any = None, /) -> Any:
        return self[key] if key in self else default  # noqa: SIM401 - it is `get`

    def values(self) -> ValuesView[V]:  # type: ignore[override]  # a view all the same
        self._read_all()
        self._mark_all_dirty()
        return super().values()

    def items(self) -> ItemsView[K, V]:  # type: ignore[override]  # a view all the same
        self._read_all()
        self._mark_all_dirty()
        return super().items()

    def __setitem__(self, key: K, value: V, /) -> None:
        if key not in self:
            self.dirty.pop(key, None)  # It was removed since the last commit, so it gets a new place.
        self.dirty[key] = None
        super().__setitem__(key, value)

    def reread(self, key: K, record: V | None) -> None:
        """Forget unsaved changes of a record: use this one of the file, or remove it if None."""
        if record is None:
            dict[K, V].pop(self, key, None)
        else:
            dict[K, V].__setitem__(self, key, record)

    def setdefault(self, key: Any, default: Any = None, /) -> Any:
        self.dirty[key] = None
        return super().setdefault(key, default)

    def update(self, *records: Any, **more: Any) -> None:
        added: dict[Any, Any] = dict(*records, **more)
        for key, value in added.items():
            self[key] = value

    def __ior__(self, records: Any, /) -> Any:  # type: ignore[misc]  # the same as `update`
        self.update(records)
        return self

    def __delitem__(self, key: K, /) -> None:
        super().__delitem__(key)
        self.removed.add(key)

    def pop(self, key: Any, *default: Any) -> Any:
        if key in self:
            self.get_clean(key)
            self.removed.add(key)
        return super().pop(key, *default)

    def popitem(self) -> tuple[K, V]:
        key = next(reversed(self))
        return key, self.pop(key)

    def clear(self) -> None:
        self.removed.update(self)
        super().clear()
