"""Which arguments are required: checked before anything is sent."""

from __future__ import annotations

from collections.abc import Mapping

from .advice import advise
from .unset import ALL, UNSET

__all__ = [
    "at_least_one",
    "exactly_one",
    "require",
    "required_if",
]


def require(**arguments: object) -> None:
    """Refuse an argument that is missing or None, or an empty or blank text."""
    for name, value in arguments.items():
        if value is None or value is UNSET:
            raise TypeError(f"{name} is required")
        if not _filled(value) and isinstance(value, str):
            raise ValueError(f"{name} must not be empty")


def _provided(arguments: Mapping[str, object]) -> list[str]:
    return [name for name, value in arguments.items() if value is not UNSET and value is not ALL and _filled(value)]


def _filled(value: object) -> bool:
    if isinstance(value, str):
        return bool(value.strip())  # a server that trims what it reads takes blanks for an empty text
    return value is not None and value not in ([], ())


def exactly_one(**arguments: object) -> None:
    names = _provided(arguments)
    if len(names) != 1:
        choice_of = " or ".join(arguments)
        raise ValueError(f"pass exactly one of {choice_of}")


def at_least_one(**arguments: object) -> None:
    if not _provided(arguments):
        raise ValueError(f"pass at least one of {' or '.join(arguments)}")


def required_if(name: str, value: object, values: tuple[str, ...], /, **needed: object) -> None:
    """Warn if the vendor's document requires an argument that is missing. V1 was not seen refusing such a call."""
    if value is None or value is UNSET or str(value) not in values:
        return
    missing = [other for other in needed if other not in _provided(needed)]
    if missing:
        advise(f"{name}={str(value)!r} requires {' and '.join(missing)}, says the vendor's document")
