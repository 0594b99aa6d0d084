"""A list that only grows. Entries are read from the file when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Generic, TypeVar, overload

__all__ = ["Log"]

T = TypeVar("T")


class Log(Sequence[T], Generic[T]):
    """The entries of the file, then those that were added since."""

    def __init__(self, stored: int = 0, read: Callable[[int, int], list[T]] | None = None) -> None:
        self._stored = stored
        """How many entries are still only in the file."""
        self._read = read
        self._entries: list[T] = []

    def append(self, entry: T) -> None:
        self._entries.append(entry)

    def extend(self, entries: list[T]) -> None:
        self._entries.extend(entries)

    def __len__(self) -> int:
        return self._stored + len(self._entries)

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> list[T]: ...
    def __getitem__(self, index: int | slice) -> T | list[T]:
        if isinstance(index, int):
            at = range(len(self))[index]
            self._read_from(at)
            return self._entries[at - self._stored]
        if index.step is None and index.stop is None and (index.start or 0) >= self._stored:
            return self._entries[(index.start or 0) - self._stored :]
        wanted = range(*index.indices(len(self)))
        if wanted:
            self._read_from(min(wanted[0], wanted[-1]))
        return [self._entries[at - self._stored] for at in wanted]

    def __iter__(self) -> Iterator[T]:
        return iter(self._all())

    def __reversed__(self) -> Iterator[T]:
        """Iterate from the newest entry to the oldest. The file is read only when the added entries are used up."""
        yield from reversed(self._entries)
        if self._stored:
            older = len(self._entries)
            yield from reversed(self._all()[: len(self) - older])

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return False
        entries: Sequence[Any] = other  # pyright: ignore[reportUnknownVariableType]
        return list(self) == list(entries)

    def __repr__(self) -> str:
        return f"{self._entries}" if not self._stored else f"[{self._stored} in the file, {self._entries}]"

    def __hash__(self) -> int:
        return id(self)

    def _all(self) -> list[T]:
        self._read_from(0)
        return self._entries

    def _read_from(self, first: int) -> None:
        """Read the entries from this one on that are still only in the file, so that the latest ones cost little."""
        if first < self._stored:
            assert self._read is not None  # noqa: S101
            self._entries[:0] = self._read(first, self._stored)
            self._stored = first
