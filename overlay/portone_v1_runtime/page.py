"""One page of a list: it iterates over its items and has their number as its length."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, TypeVar

from .model import Model

__all__ = ["Page"]

T = TypeVar("T")


class Page(Model, Generic[T]):
    """A page: `for item in page`, `len(page)`, `page.items`, and `page.next`, the number of the page after it."""

    __slots__ = ()

    items: list[T]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        """An empty page is an answer as well."""
        return True
