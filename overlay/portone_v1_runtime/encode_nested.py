"""Convert models, lists and mappings to their wire form. Their parts are encoded by the same rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from .unset import UNSET

__all__ = [
    "each",
    "entries",
    "mapping",
    "nested",
    "nested_list",
    "nested_one_of",
]


class _RequestModel(Protocol):
    def to_dict(self) -> dict[str, Any]: ...

    @classmethod
    def from_dict(cls, data: Mapping[str, Any], /) -> _RequestModel: ...


def nested(name: str, value: Any, model: type[_RequestModel]) -> Any:
    if value is None or value is UNSET:
        return value
    if isinstance(value, model):
        return value.to_dict()
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a {model.__name__} or a mapping, not {_kind(value)}")
    return model.from_dict(value).to_dict()  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def nested_list(name: str, value: Any, model: type[_RequestModel]) -> Any:
    if value is None or value is UNSET:
        return value
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise TypeError(f"{name} must be a list of {model.__name__}, not {_kind(value)}")  # pyright: ignore[reportUnknownArgumentType]
    return [nested(f"{name}[{index}]", item, model) for index, item in enumerate(value)]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def nested_one_of(name: str, value: Any, models: tuple[Any, ...]) -> Any:
    if _absent(value):
        return value
    if isinstance(value, models):
        return value.to_dict()
    if not isinstance(value, Mapping):
        wanted = " or ".join(one.__name__ for one in models)
        raise TypeError(f"{name} must be {wanted} or a mapping, not {_kind(value)}")
    items: Mapping[Any, Any] = value  # pyright: ignore[reportUnknownVariableType]
    return dict(items)


def mapping(name: str, value: Any) -> Any:
    if value is None or value is UNSET:
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a mapping, not {_kind(value)}")
    return dict(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]


def each(name: str, value: Any, check: Callable[[str, Any], Any], *, nulls: bool = False) -> Any:
    if _absent(value):
        return value
    if isinstance(value, str | Mapping) or not isinstance(value, Sequence):
        raise TypeError(f"{name} must be a list, not {_kind(value)}")  # pyright: ignore[reportUnknownArgumentType]
    items: Sequence[Any] = value  # pyright: ignore[reportUnknownVariableType]
    return [_item(f"{name}[{index}]", item, check, nulls=nulls) for index, item in enumerate(items)]


def entries(name: str, value: Any, check: Callable[[str, Any], Any], *, nulls: bool = False) -> Any:
    if _absent(value):
        return value
    if not isinstance(value, Mapping):
        raise TypeError(f"{name} must be a mapping, not {_kind(value)}")
    items: Mapping[Any, Any] = value  # pyright: ignore[reportUnknownVariableType]
    if not all(isinstance(key, str) for key in items):
        raise TypeError(f"{name} must have str keys")
    return {key: _item(f"{name}[{key!r}]", item, check, nulls=nulls) for key, item in items.items()}


def _item(name: str, value: Any, check: Callable[[str, Any], Any], *, nulls: bool) -> Any:
    if value is UNSET or (value is None and not nulls):
        raise TypeError(f"{name} is required")
    return check(name, value)


def _absent(value: Any) -> bool:
    return value is None or value is UNSET


def _kind(value: object) -> str:
    return type(value).__name__
