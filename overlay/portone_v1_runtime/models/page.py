"""One page of a list: it iterates over its items, and its length is their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from .model import Model

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from .frames import Money

__all__ = ["Page"]

T = TypeVar("T")


class Page(Model, Generic[T]):
    """A page: `for item in page`, `len(page)`, `page.items`, and `page.next`, the number of the page after it."""

    __slots__ = ()

    _paged: ClassVar[bool] = True
    items: list[T]

    def __iter__(self) -> Iterator[T]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __bool__(self) -> bool:
        """Return True even for an empty page, which is an answer too."""
        return True

    def _repr_html_(self) -> str:
        """Return a table for notebooks, masked like `repr`."""
        from .html import list_table

        return list_table(self.items, type(self).__name__)

    def to_pandas(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pd.DataFrame:
        """표로 변환: Return the items as a pandas DataFrame: see `portone_v1.frames.to_pandas`."""
        from .frames import item_model, to_pandas

        return to_pandas(self.items, item_model(type(self)), columns=columns, personal=personal, money=money)

    def to_polars(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pl.DataFrame:
        """표로 변환: Return the items as a polars DataFrame: see `portone_v1.frames.to_polars`."""
        from .frames import item_model, to_polars

        return to_polars(self.items, item_model(type(self)), columns=columns, personal=personal, money=money)
