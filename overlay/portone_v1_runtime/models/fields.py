"""What a model shows: its fields, which of them are masked, and fields that the specification does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

from ..unset import UNSET

__all__ = ["ModelFields", "field_labels", "field_names", "mask", "sensitive_fields", "unknown_fields"]

_LONG_NUMBER = re.compile(r"(?<![\dA-Za-z_])\d(?:[ -]?\d){12,18}(?![\dA-Za-z_])")
"""A possible card number. Next to a Latin letter it is an id; Hangul may adjoin a card number (`카드번호4111…는`)."""
_FIELD = re.compile(r"(?!.*\d{5})[A-Za-z_][A-Za-z0-9_-]{0,39}")


def mask(text: str) -> str:
    """Return the text with everything crossed out that could be a card number."""
    return _LONG_NUMBER.sub("****", text)


def field_labels(names: Iterable[str]) -> str:
    """Return the names for display. A key that is an address or a number is personal data and becomes `…`."""
    return ", ".join(dict.fromkeys(name if _FIELD.fullmatch(name) else "…" for name in sorted(names)))


class _Masked:
    def __repr__(self) -> str:
        return "***"


_MASKED = _Masked()


class ModelFields:
    """The part of `Model` that tables, conversions and schemas use, so that none of them imports `Model`."""

    __slots__ = ()

    _hidden: ClassVar[frozenset[str]] = frozenset()
    _names: ClassVar[tuple[str, ...]] = ()
    _unknown: ClassVar[str] = "extra"
    """The attribute that holds keys which the specification does not know."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Build the model from a JSON object."""
        raise NotImplementedError

    def _shown(self) -> Iterator[tuple[str, Any]]:
        """Yield the fields that have a value, masked."""
        for name in self._names:
            value = getattr(self, name, None)  # a traceback may show it half built
            if value is None or value is UNSET or value == []:
                continue
            if name in self._hidden:
                yield name, _MASKED
            else:
                yield name, _visible(value)


def _visible(value: Any) -> Any:
    """Return what is shown of a value. A plain object is masked: like an unknown field, it could hold anything."""
    if type(value) is str:
        return mask(value)
    if value.__class__ is list:
        return [_visible(item) for item in value]
    return _MASKED if value.__class__ is dict else value


def field_names(model: type[ModelFields]) -> tuple[str, ...]:
    """Return the names of all fields, in the order of the specification."""
    return model._names  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def sensitive_fields(model: type[ModelFields]) -> frozenset[str]:
    """Return the names of the fields that a `repr` masks: secrets, card and personal data."""
    return model._hidden  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


def unknown_fields(model: ModelFields) -> dict[str, Any]:
    """Return the fields that the specification does not know, unchanged."""
    found: dict[str, Any] = getattr(model, model._unknown)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return found
