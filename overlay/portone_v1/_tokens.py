"""The access token: fetched once for everybody, kept for as long as it lives, renewed when it is refused.

One key pair has one live token at V1: asking again gives the same one, and in its last minute a longer life (five
minutes more). So a client may ask as soon as half a minute is left, whatever other servers do.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from copy import copy
from typing import Any, Final, Protocol

from ._wire import Flow
from .errors import PortOneError

__all__ = ["AsyncTokenStore", "Token", "TokenKeeper", "TokenStore", "is_token"]

LEEWAY: Final = 30.0
"""Seconds before its end in which a token is not used any more."""
LONGEST: Final = 35 * 60.0
"""A token lives 30 minutes, extended by 5: what promises more is not believed."""
ASSUMED: Final = 60.0
"""The life of a token whose answer told no sensible one. If it lives longer, asking again gives the same token."""


class TokenStore(Protocol):
    """Where several processes share a token. Failures are taken as *nothing there*; they never stop a call."""

    def load(self) -> tuple[str, float] | None:
        """The token and the seconds that it still lives, or None."""

    def save(self, token: str, seconds: float) -> None:
        """Keep the token for that long."""


class AsyncTokenStore(Protocol):
    """`TokenStore` for `AsyncPortOne`."""

    async def load(self) -> tuple[str, float] | None: ...

    async def save(self, token: str, seconds: float) -> None: ...


class Token:
    """Plain, as all that holds a secret: neither its `repr` shows it nor what looks into tuples and fields."""

    def __init__(self, value: str, until: float) -> None:
        self.value = value
        self.until = until
        """On the monotonic clock."""


class TokenKeeper:
    """The token of one key pair, shared by every copy of a client."""

    def __init__(
        self,
        fetch: Callable[[], Flow[Mapping[str, Any]]],
        *,
        stored: bool,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._fetch = fetch
        self._stored = stored
        self._now = now
        self._token: Token | None = None
        self._refused: str | None = None
        self._failures = 0
        self._failure: PortOneError | None = None

    def current(self) -> Flow[str]:
        """A token that should be good. However many ask at once, one of them fetches."""
        if (token := self._usable()) is not None:
            return token
        before = self._failures
        release = yield lambda shell: shell.acquire()
        try:
            if (token := self._usable()) is not None:
                return token
            if self._failure is not None and self._failures > before:
                raise copy(self._failure)  # it failed while this call was waiting for it: do not queue up to fail
            if self._stored:
                loaded = _stored((yield lambda shell: shell.load_token()))
                if loaded is not None and loaded[0] != self._refused and loaded[1] > LEEWAY:
                    self._keep(*loaded)
                    return loaded[0]
            try:
                value, seconds = _read((yield from self._fetch()))
            except PortOneError as error:
                self._failures, self._failure = self._failures + 1, error
                raise
            if value == self._refused:  # V1 hands it out again, so it is good again
                self._refused = None
            self._keep(value, seconds)
            if self._stored:
                yield lambda shell: shell.save_token(value, seconds)
            return value
        finally:
            release()

    def refuse(self, value: str) -> None:
        """V1 answered 401 to this token: it is not used again, unless V1 hands it out again."""
        self._refused = value

    def _usable(self) -> str | None:
        token = self._token
        if token is None or token.value == self._refused or self._now() >= token.until:
            return None
        return token.value

    def _keep(self, value: str, seconds: float) -> None:
        self._token = Token(value, self._now() + max(seconds - LEEWAY, min(seconds, 1.0)))


def is_token(value: object) -> bool:
    """Whether it can stand in a header, where anything else would break the request or the log."""
    return isinstance(value, str) and value.isascii() and value.isprintable() and value != "" and " " not in value


def _stored(loaded: Any) -> tuple[str, float] | None:
    """What a store gave, if it is a token and a time: a broken store is one that holds nothing."""
    try:
        value, seconds = loaded
        return (value, min(float(seconds), LONGEST)) if is_token(value) else None
    except (TypeError, ValueError, ArithmeticError):
        return None


def _read(answer: Mapping[str, Any]) -> tuple[str, float]:
    """The token and its life. Only the difference of the server's own two times counts, never our clock."""
    value = answer["access_token"]
    try:
        seconds = float(answer["expired_at"]) - float(answer["now"])
    except (KeyError, TypeError, ValueError, ArithmeticError):
        seconds = 0.0
    if not seconds > 0:  # a server clock that lies, or none: 401 will tell when it is over
        seconds = ASSUMED
    return str(value), min(seconds, LONGEST)
