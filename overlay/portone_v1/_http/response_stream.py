"""The body of one response of an httpx transport. The connection is discarded if extra bytes follow it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx

from .unread import unread_connection

__all__ = ["SingleResponseStream"]


class SingleResponseStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of one response.

    Extra bytes after it would be read as the next response, perhaps that of another payment, so the connection is
    discarded if there are any.
    """

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream
        _discard_if_more_came(self._stream)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        async for part in self._stream:
            yield part
        _discard_if_more_came(self._stream)

    def close(self) -> None:
        self._stream.close()

    async def aclose(self) -> None:
        await self._stream.aclose()


def _discard_if_more_came(stream: Any) -> None:
    """Mark the exchange as failed if extra bytes came, so that its connection is not used again.

    Closing the socket would not help: another thread may have the connection already and would read the extra bytes
    from memory.
    """
    if (exchange := unread_connection(stream)) is not None:
        exchange.send_failed()
