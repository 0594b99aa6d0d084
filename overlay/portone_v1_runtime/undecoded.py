"""A page whose items stay as the strict decoder made them, for columns, which need no models."""

from __future__ import annotations

from typing import Any

from .models.deferred import came_as

__all__ = ["UndecodedPage", "is_struct"]


def is_struct(item: Any) -> bool:
    """Return whether it is a struct whose values have the documented types. Learned fields do not count."""
    return hasattr(item, "__struct_fields__") and not getattr(item, "__odd__", False)


class UndecodedPage:
    """The parts of a page that pagination looks at."""

    __slots__ = ("items", "next", "total")

    def __init__(self, page: Any) -> None:
        came = came_as(page, "items")
        self.items: list[Any] = page.items if came is None else [_as_documented(item) for item in came]
        self.next: int | None = page.next
        self.total: int | None = page.total


def _as_documented(item: Any) -> Any:
    return item if is_struct(item) else item.to_model()
