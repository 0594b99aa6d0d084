"""Read the payload of an answer into what an operation returns: a model, a page or a list."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Generic, Protocol, Self, TypeVar, cast

from .decode import as_integer
from .depth import shallow

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl

    from .models.frames import Money

__all__ = [
    "BulkList",
    "Reader",
    "UnknownModel",
    "UnreadablePayload",
    "is_counted",
    "list_of",
    "model",
    "models",
    "named",
    "optional_object",
    "page",
    "union_of",
]

T = TypeVar("T")


class UnreadablePayload(ValueError):
    """`code` was 0, but the payload is not what the operation returns. The error holds no part of it."""


class BulkList(list[T]):
    """A list answer. `missing` has the requested ids that are not in it (HTTP 207 or not)."""

    missing: tuple[str, ...] = ()
    model: type[Any] | None = None
    """The class of the items, so that an empty list knows its columns."""

    def _repr_html_(self) -> str:
        """Return a table for notebooks, masked like `repr`."""
        from .models.html import list_table

        return list_table(self, "" if self.model is None else self.model.__name__)

    def to_pandas(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pd.DataFrame:
        """표로 변환: Return the items as a pandas DataFrame: see `portone_v1.frames.to_pandas`."""
        from .models.frames import to_pandas

        return to_pandas(self, self.model, columns=columns, personal=personal, money=money)

    def to_polars(
        self, *, columns: Sequence[str] | None = None, personal: bool = False, money: Money = "auto"
    ) -> pl.DataFrame:
        """표로 변환: Return the items as a polars DataFrame: see `portone_v1.frames.to_polars`."""
        from .models.frames import to_polars

        return to_polars(self, self.model, columns=columns, personal=personal, money=money)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        from .models.pydantic_schema import list_schema

        return list_schema(cls, source, handler)


class _Readable(Protocol):
    @classmethod
    def from_dict(cls, data: Mapping[str, Any], /) -> Self: ...


M = TypeVar("M", bound=_Readable)
N = TypeVar("N", bound=_Readable)


def _object(payload: Any) -> dict[str, Any]:
    if payload.__class__ is list and len(payload) == 1:
        payload = payload[0]  # old pages of the vendor show a list of one in place of an object
    if payload.__class__ is dict:
        return cast("dict[str, Any]", payload)
    raise UnreadablePayload(f"expected an object, got {type(payload).__name__}")


class Reader(Generic[T]):
    """Reads a payload. `model`, or a list of it if `listed`, is what the strict decoder has to expect."""

    __slots__ = ("listed", "model", "read")

    def __init__(self, read: Callable[[Any], T], model: type[Any] | None = None, *, listed: bool = False) -> None:
        self.read: Callable[[Any], T] = read
        self.model: type[Any] | None = model
        self.listed: bool = listed

    def __call__(self, payload: Any) -> T:
        return self.read(payload)


def model(of: type[M]) -> Reader[M]:
    """Return the reader of one model, or of a page."""
    if getattr(of, "_paged", False):
        return Reader(lambda payload: of.from_dict(_with_items(_object(payload))), of)
    return Reader(lambda payload: of.from_dict(_object(payload)), of)


def union_of(plain: type[M], marked: type[N], marks: tuple[str, ...]) -> Callable[[Any], M | N]:
    """Return a reader that builds `marked` if one of the fields in `marks` is there, else `plain`."""

    def read(payload: Any) -> M | N:
        data = _object(payload)
        return marked.from_dict(data) if any(mark in data for mark in marks) else plain.from_dict(data)

    return read


class UnknownModel(dict[str, Any]):
    """An object whose discriminator names no known class: kept unchanged, with only its keys in its `repr`."""

    def __repr__(self) -> str:
        from .models.fields import field_labels

        return f"<UnknownModel {field_labels(self)}>"


def named(field: str, models: Mapping[Any, Any]) -> Callable[[Any], Any]:
    """Return a reader that builds the model named by a field of the object, and keeps an object of unknown name."""

    def read(value: Any) -> Any:
        if value.__class__ is not dict:
            return None
        tag = value.get(field)
        model = models.get(tag) if isinstance(tag, str | int) else None
        return UnknownModel(shallow(value)) if model is None else model.from_dict(value)

    return read


def is_counted(total: Any) -> bool:
    """Whether a page says that there are items. One without its list must not read as one that found nothing."""
    return as_integer(total) not in (None, 0)


def _with_items(data: dict[str, Any]) -> dict[str, Any]:
    items = data.get("list")
    if items.__class__ is not list and items.__class__ is not dict and (items or is_counted(data.get("total"))):
        raise UnreadablePayload(f"expected a list of items, got {type(items).__name__}")
    return data


def page(model: type[M]) -> Reader[M]:
    """Return the reader of a page. A bare list is read as the only page."""

    def read(payload: Any) -> M:
        if payload.__class__ is list:
            return model.from_dict({"total": len(payload), "previous": 0, "next": 0, "list": payload})
        return model.from_dict(_with_items(_object(payload)))

    return Reader(read, model)


def models(item: type[M]) -> Reader[BulkList[M]]:
    """Return the reader of a list of models."""
    read_all = list_of(item.from_dict)

    def read(payload: Any) -> BulkList[M]:
        found = read_all(payload)
        found.model = item
        return found

    return Reader(read, item, listed=True)


def list_of(read_item: Callable[[Any], T]) -> Callable[[Any], BulkList[T]]:
    """Return the reader of a list whose items `read_item` reads."""

    def read(payload: Any) -> BulkList[T]:
        if payload.__class__ is not list:
            raise UnreadablePayload(f"expected a list, got {type(payload).__name__}")
        return BulkList([read_item(entry) for entry in payload if entry.__class__ is dict])

    return read


def optional_object(payload: Any) -> dict[str, Any] | None:
    """Return the object, or None: a success of some operations may come without a payload."""
    return payload if payload.__class__ is dict else None
