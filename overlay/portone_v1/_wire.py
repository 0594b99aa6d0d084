"""One exchange with the server in plain values, and the two ways in which it can come to nothing."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeVar

from attrs import define, field

from ._settings import Timeout

__all__ = ["Flow", "NoAnswer", "NotSent", "Step", "WireFailure", "WireRequest", "WireResponse"]

T = TypeVar("T")

Step = Callable[[Any], Any]
"""Something to do with the outside: called with the shell, which does it now or gives something to await."""

Flow = Generator[Step, Any, T]
"""Logic that yields its steps and is sent what each gave, or has its failure thrown in."""


@define
class WireRequest:
    method: str
    path: str = field(repr=False)
    """Encoded, with its query, which may hold a key."""
    headers: dict[str, str] = field(repr=False)
    content: bytes | None = field(repr=False)
    timeout: Timeout


@define
class WireResponse:
    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class WireFailure(Exception):
    """No answer; the text says how, and holds nothing of the request."""


class NotSent(WireFailure):
    """The request certainly never left: no connection came about."""


class NoAnswer(WireFailure):
    """The request may have arrived. `status` is there where an answer broke off after it."""

    def __init__(self, how: str, status: int | None = None) -> None:
        super().__init__(how)
        self.status = status
