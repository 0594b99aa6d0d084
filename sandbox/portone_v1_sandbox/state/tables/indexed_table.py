"""A table with indexes. Before they are used, they are compared with the records that were returned."""

from __future__ import annotations

from typing import TypeVar

from .lock import StateLock
from .tracked_dict import Table

__all__ = ["IndexedTable"]

K = TypeVar("K")
V = TypeVar("V")


class IndexedTable(Table[K, V]):
    """A table with indexes. Records are changed in place, so each returned one may have another place by now."""

    def __init__(self, lock: StateLock) -> None:
        super().__init__(lock)
        self._handed_out: set[K] = set()

    def commit(self) -> None:
        """Bring the indexes up to date. Records that are returned from now on may change again."""
        self._refresh()
        self._handed_out.clear()

    def clear(self) -> None:
        super().clear()
        self._handed_out.clear()

    def _refresh(self) -> None:
        """Put each record that was returned since the last commit at its place in the indexes."""
        raise NotImplementedError

    def _mark_dirty(self, key: K) -> None:
        super()._mark_dirty(key)
        if not self._lock.is_read_only:
            self._handed_out.add(key)

    def _mark_all_dirty(self) -> None:
        super()._mark_all_dirty()
        if not self._lock.is_read_only:
            self._handed_out.update(self)
