"""The limits of one exchange as a whole: seconds and bytes. The timeout of a socket begins anew with each byte."""

from __future__ import annotations

import math
import time
from contextvars import ContextVar
from typing import Final

__all__ = ["LONGEST_BODY", "Body", "ResponseTooLarge", "begin", "end", "left_of"]

LONGEST_BODY: Final = 64 * 1024 * 1024
"""Bytes. A page of 1,000 payments, the longest answer of V1, has about 3 MB."""

_end: ContextVar[float] = ContextVar("portone_v1_exchange_end", default=math.inf)


class ResponseTooLarge(Exception):
    """More came than any answer of V1 has."""


def begin(seconds: float) -> float:
    """Let the steps of this thread or task end so many seconds from now. Return what held before, for `end`."""
    before = _end.get()
    _end.set(time.monotonic() + seconds)
    return before


def end(before: float) -> None:
    """Let what held before hold again. (To reset a token raises where an abandoned coroutine is closed by another.)"""
    _end.set(before)


def left_of(timeout: float | None, overdue: type[Exception]) -> float | None:
    """Return the seconds of the next step: its timeout, or what is left of the exchange. None waits for ever."""
    ends = _end.get()
    if ends == math.inf:
        return timeout
    left = ends - time.monotonic()
    if left <= 0:
        raise overdue("the time for the whole exchange is over")
    return left if timeout is None or left < timeout else timeout


class Body:
    """A body as it comes, part by part."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._room = LONGEST_BODY

    def add(self, part: bytes) -> None:
        self._room -= len(part)
        if self._room < 0:
            raise ResponseTooLarge
        self._parts.append(part)

    def whole(self) -> bytes:
        return b"".join(self._parts)
