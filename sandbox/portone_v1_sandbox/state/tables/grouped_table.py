"""A table whose records are found by group and by time without looking at the others."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from typing import Any, Final, TypeVar

from sortedcontainers import SortedList

from .found import part_of
from .indexed_table import IndexedTable
from .lock import StateLock

__all__ = ["GroupedTable", "Groups"]

K = TypeVar("K")
V = TypeVar("V")
Groups = Mapping[Hashable, tuple[int, ...]]
"""The groups that a record belongs to, with its time and serial number in each."""

FEW: Final = 500
"""From this length on, a sorted list is faster than a plain one. It takes more memory."""


class GroupedTable(IndexedTable[K, V]):
    """Records in groups, each sorted by time. Those of `late_groups_of` are made when they are first asked for."""

    def __init__(
        self,
        groups_of: Callable[[V], Groups],
        lock: StateLock | None = None,
        late_groups_of: Callable[[V], Groups] | None = None,
    ) -> None:
        super().__init__(lock or StateLock())
        self._groups_of = groups_of
        self._late_groups_of = late_groups_of
        self._has_late_groups = False
        self._groups_by_key: dict[K, Groups] = {}
        self._groups: dict[Hashable, list[Any] | SortedList[Any]] = {}

    def empty(self, lock: StateLock) -> GroupedTable[K, V]:
        """Return another table with the same groups."""
        return GroupedTable(self._groups_of, lock, self._late_groups_of)

    def take_in(self, records: Mapping[K, V]) -> None:
        """Add the records of the file. The table is empty, so each group is sorted once."""
        dict[K, V].update(self, records)
        groups: dict[Hashable, list[Any]] = {}
        for key, record in records.items():
            if now := self._groups_of(record):
                self._groups_by_key[key] = now
                for group, at in now.items():
                    groups.setdefault(group, []).append((at, key))
        self._sort(groups)

    def with_late_groups(self) -> GroupedTable[K, V]:
        """Make the late groups, if they do not exist yet, and return this table."""
        if self._late_groups_of is None or self._has_late_groups:
            return self
        self._refresh()
        groups: dict[Hashable, list[Any]] = {}
        for key in self:
            late = self._late_groups_of(self.get_clean(key))
            self._groups_by_key[key] = {**self._groups_by_key.get(key, {}), **late}
            for group, at in late.items():
                groups.setdefault(group, []).append((at, key))
        self._sort(groups)
        self._has_late_groups = True
        return self

    def _sort(self, groups: Mapping[Hashable, list[Any]]) -> None:
        for group, rows in groups.items():
            self._groups[group] = sorted(rows) if len(rows) <= FEW else SortedList(rows)

    def count(self, group: Hashable, since: int | None = None, until: int | None = None) -> int:
        """Return the number of records of a group from `since` on and before `until`."""
        return len(self._range(group, since, until)[1])

    def found(self, group: Hashable, since: int | None = None, until: int | None = None) -> Sequence[V]:
        """Return the records of a group from `since` on and before `until`, the oldest first."""
        return _Rows(self, *self._range(group, since, until))

    def reread(self, key: K, record: V | None) -> None:
        """Forget unsaved changes of a record: use this one of the file, or remove it if None."""
        self._handed_out.discard(key)
        if record is None:
            dict[K, V].pop(self, key, None)
        else:
            dict[K, V].__setitem__(self, key, record)
        self._put(key)

    def _range(self, group: Hashable, since: int | None, until: int | None) -> tuple[Sequence[Any], range]:
        self._refresh()
        rows: list[Any] | SortedList[Any] = self._groups.get(group, [])
        first = 0 if since is None else _place(rows, since)
        last = len(rows) if until is None else _place(rows, until)
        return rows, range(first, max(first, last))

    def _refresh(self) -> None:
        for key in self._handed_out:
            self._put(key)

    def _put(self, key: K) -> None:
        before = self._groups_by_key.get(key, {})
        now = self._groups_now(key)
        if before == now:
            return
        for group, at in before.items():
            if now.get(group) != at:
                self._groups[group].remove((at, key))
                if not self._groups[group]:
                    del self._groups[group]
        for group, at in now.items():
            if before.get(group) != at:
                self._add(group, (at, key))
        if now:
            self._groups_by_key[key] = now
        else:
            self._groups_by_key.pop(key, None)

    def _groups_now(self, key: K) -> Groups:
        if key not in self:
            return {}
        record = self.get_clean(key)
        if self._late_groups_of is None or not self._has_late_groups:
            return self._groups_of(record)
        return {**self._groups_of(record), **self._late_groups_of(record)}

    def _add(self, group: Hashable, row: Any) -> None:
        rows = self._groups.setdefault(group, [])
        if not isinstance(rows, list):
            rows.add(row)
        elif len(rows) < FEW:
            insort(rows, row)
        else:
            self._groups[group] = SortedList([*rows, row])

    def __setitem__(self, key: K, value: V, /) -> None:
        self._handed_out.add(key)
        super().__setitem__(key, value)

    def setdefault(self, key: Any, default: Any = None, /) -> Any:
        self._handed_out.add(key)
        return super().setdefault(key, default)

    def __delitem__(self, key: K, /) -> None:
        super().__delitem__(key)
        self._handed_out.add(key)

    def pop(self, key: Any, *default: Any) -> Any:
        self._handed_out.add(key)
        return super().pop(key, *default)

    def clear(self) -> None:
        super().clear()
        self._groups_by_key.clear()
        self._groups.clear()


def _place(rows: list[Any] | SortedList[Any], at: int) -> int:
    """Return where the rows of a time begin. A sorted list has a faster search of its own."""
    before = ((at, -1),)
    return bisect_left(rows, before) if isinstance(rows, list) else rows.bisect_left(before)


class _Rows(Sequence[Any]):
    """Found records. Each is read from the table when it is needed."""

    def __init__(self, table: GroupedTable[Any, Any], rows: Sequence[Any], places: range) -> None:
        self._table, self._rows, self._places = table, rows, places

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._record(row) for row in part_of(self._rows, self._places[index])]
        return self._record(self._rows[self._places[index]])

    def __iter__(self) -> Iterator[Any]:
        return iter(self[:])

    def _record(self, row: Any) -> Any:
        return self._table[row[1]]
