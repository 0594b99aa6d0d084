"""Errors of the proxy, and its refusals."""

from __future__ import annotations

__all__ = ["ProxyError", "Refused"]


class ProxyError(Exception):
    """The proxy cannot be started. The message is one line with the reason."""


class Refused(Exception):
    """A request that the proxy does not pass on. The message is one line, for the client and for the terminal."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
