"""The body of one response, and what to do when more than it came over the connection."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import httpx

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
    """httpx does not show this, so look where h11 and anyio, which read ahead, keep what they have not handed on.

    Closing the socket would not help: another thread may have the connection already and would read the rest from
    memory.
    """
    while stream is not None and not hasattr(stream, "_connection"):
        stream = getattr(stream, "_httpcore_stream", None) or getattr(stream, "_stream", None)
    connection = getattr(stream, "_connection", None)
    exchange = getattr(connection, "_h11_state", None)
    below = getattr(getattr(connection, "_network_stream", None), "_stream", None)
    records = getattr(getattr(below, "_read_bio", None), "pending", 0)
    queue = getattr(getattr(getattr(below, "transport_stream", below), "_protocol", None), "read_queue", None)
    if exchange is not None and (exchange.trailing_data[0] or records or queue):
        exchange.send_failed()
