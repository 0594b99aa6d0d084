"""Results of a search, which are read from the indexes only as far as they are needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar, overload

__all__ = ["NEAR_THE_END", "Arrivals", "Begun", "Found", "newest_first", "part_of"]

T = TypeVar("T")
NEAR_THE_END: Final = 200
"""Number of records at the end of a long list, where most pages are: each place there is found in one step."""


def part_of(rows: Sequence[T], places: range) -> list[T]:
    """Return the rows at these places. A sorted list finds a place in many steps, and its neighbours in one."""
    if not places or abs(places.step) != 1:
        return [rows[place] for place in places]
    part = list(rows[min(places[0], places[-1]) : max(places[0], places[-1]) + 1])
    return part if places.step == 1 else part[::-1]


class Found(Sequence[T]):
    """A part of a sorted list, the oldest first or the newest first."""

    def __init__(self, rows: Sequence[T], first: int, last: int, *, descending: bool) -> None:
        self._rows = rows
        self._places = range(last - 1, first - 1, -1) if descending else range(first, last)

    def __len__(self) -> int:
        return len(self._places)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, int):
            return self._rows[self._places[index]]
        return part_of(self._rows, self._places[index])


def newest_first(rows: Sequence[T]) -> Found[T]:
    """Return rows that are sorted by time, in reverse order."""
    return Found(rows, 0, len(rows), descending=True)


class Begun(Sequence[T]):
    """A known number of rows from an iterator. Rows that were read are kept."""

    def __init__(self, rows: Iterator[T], total: int) -> None:
        self._rest, self._total = rows, total
        self._taken: list[T] = []

    def __len__(self) -> int:
        return self._total

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, int):
            index = range(self._total)[index]
            self._take(index + 1)
            return self._taken[index]
        start, stop, _ = index.indices(self._total)
        self._take(max(start, stop))
        return self._taken[index]

    def _take(self, count: int) -> None:
        self._taken += islice(self._rest, max(0, count - len(self._taken)))


class Arrivals(Sequence[T]):
    """The records of a dict in the order of arrival. The latest ones are found without a list of all."""

    def __init__(self, records: Mapping[Any, T]) -> None:
        self._records = records
        self._latest = list(islice(reversed(records), NEAR_THE_END))
        self._keys: list[Any] = []

    def __len__(self) -> int:
        return len(self._records)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, slice):
            return [self._records[key] for key in list(self._records)[index]]
        place = range(len(self._records))[index]
        from_end = len(self._records) - 1 - place
        if from_end < len(self._latest):
            return self._records[self._latest[from_end]]
        self._keys = self._keys or list(self._records)
        return self._records[self._keys[place]]
