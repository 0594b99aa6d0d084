"""The body of one response of an httpx transport, and what to do when more than it came over the connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx

from .unread import unread_connection

__all__ = ["SingleResponseStream"]


class SingleResponseStream(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of one response. Extra bytes after it would be read as the next response, perhaps that of another
    payment, so the connection is discarded where there are any.
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
    """Closing the socket would not help: another thread may have the connection already and would read the rest from
    memory. A connection whose exchange failed is not used again.
    """
    if (exchange := unread_connection(stream)) is not None:
        exchange.send_failed()
