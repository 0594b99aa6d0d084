"""One side of a connection that speaks HTTP/1.1: h11 reads and writes it, with a limit on time and size."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

import h11

from ..wire.messages import SANDBOX_HEADER
from .errors import Refused
from .sockets import Stream

__all__ = ["HEAD_LIMIT", "Conversation", "Headers"]

HEAD_LIMIT: Final = 16 * 1024
PIECE: Final = 64 * 1024
Headers = Iterable[tuple[bytes, bytes]]


class Conversation:
    """A stream and its HTTP state. `reads` is the side that this one reads requests from, or responses."""

    def __init__(self, stream: Stream, role: type[h11.SERVER] | type[h11.CLIENT]) -> None:
        self.reader, self.writer = stream
        self.state = h11.Connection(role, max_incomplete_event_size=HEAD_LIMIT)
        self._began = False

    async def event(self) -> h11.Event | type[h11.PAUSED]:
        """Return the next event. Raises h11.RemoteProtocolError if the other side breaks off in the middle."""
        while True:
            event = self.state.next_event()
            if event is not h11.NEED_DATA:
                assert not isinstance(event, type) or event is h11.PAUSED  # noqa: S101 - for the types
                return event
            if self.state.they_are_waiting_for_100_continue:
                await self.send(h11.InformationalResponse(status_code=100, headers=[]))
            self.state.receive_data(await self.reader.read(PIECE))

    async def request(self, idle: float, patience: float) -> h11.Request | None:
        """Return the next request, None if there is no further one. Raises Refused.

        Its head must be complete within `patience` seconds, however slowly it arrives.
        """
        try:
            async with asyncio.timeout(idle if self._began else patience):
                if self.state.trailing_data[0] == b"":
                    self.state.receive_data(await self.reader.read(PIECE))
            self._began = True
            async with asyncio.timeout(patience):
                event = await self.event()
        except TimeoutError:
            if self.state.trailing_data[0] == b"":
                return None
            raise Refused(408, f"the request's head took longer than {patience:g} seconds") from None
        except h11.RemoteProtocolError as error:
            raise Refused(error.error_status_hint, "not an HTTP/1.1 request, or one with too long a head") from None
        return event if isinstance(event, h11.Request) else None

    async def send(self, *events: h11.Event) -> None:
        self.writer.write(b"".join(self.state.send(event) or b"" for event in events))
        await self.writer.drain()

    async def answer(self, status: int, content_type: str, body: bytes, *, head: bool = False) -> None:
        """Send a whole response of the proxy's own, and close the connection after it."""
        headers = [
            *((name.lower(), value) for name, value in SANDBOX_HEADER.items()),
            ("content-type", content_type),
            ("content-length", str(len(body))),
            ("cache-control", "no-store"),
            ("x-content-type-options", "nosniff"),
            ("connection", "close"),
        ]
        start = h11.Response(status_code=status, headers=headers)
        await self.send(start, *([] if head else [h11.Data(data=body)]), h11.EndOfMessage())

    def abort(self) -> None:
        """Cut the connection."""
        self.writer.transport.abort()
