"""What others see of a model: its fields, which of them are masked, and what the specification does not know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar, Self

from ..unset import UNSET

__all__ = ["ModelFields", "field_labels", "field_names", "mask", "sensitive_fields", "unknown_fields"]

_LONG_NUMBER = re.compile(r"(?<![\dA-Za-z_])\d(?:[ -]?\d){12,18}(?![\dA-Za-z_])")
"""A Latin letter that adjoins it makes it an id; Hangul adjoins a card number as well (`카드번호4111…는`)."""
_FIELD = re.compile(r"(?!.*\d{5})[A-Za-z_][A-Za-z0-9_-]{0,39}")


def mask(text: str) -> str:
    """The text with anything that could be a card number crossed out."""
    return _LONG_NUMBER.sub("****", text)


def field_labels(names: Iterable[str]) -> str:
    """The names for a display. A key that is an address or a number is no name of a field, but personal data."""
    return ", ".join(dict.fromkeys(name if _FIELD.fullmatch(name) else "…" for name in sorted(names)))


class _Masked:
    def __repr__(self) -> str:
        return "***"


_MASKED = _Masked()


class ModelFields:
    """The part of `Model` that tables, conversions and schemas read, so that none of them imports it."""

    __slots__ = ()

    _hidden: ClassVar[frozenset[str]] = frozenset()
    _names: ClassVar[tuple[str, ...]] = ()
    _unknown: ClassVar[str] = "extra"
    """The attribute that holds keys which the specification does not know."""

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The model of a JSON object."""
        raise NotImplementedError

    def _shown(self) -> Iterator[tuple[str, Any]]:
        """The fields that are there, masked."""
        for name in self._names:
            value = getattr(self, name, None)  # a traceback may show it half built
            if value is None or value is UNSET or value == []:
                continue
            if name in self._hidden:
                yield name, _MASKED
            else:
                yield name, _visible(value)


def _visible(value: Any) -> Any:
    """What a field is shown as. An object where no model is expected could hold anything, as an unknown field could."""
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
    """Return the fields that the specification does not know, as they came."""
    found: dict[str, Any] = getattr(model, model._unknown)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]
    return found
