"""HTTP connections of uvicorn that send each response at once."""

from __future__ import annotations

import asyncio
import re
from typing import Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["Connection", "gathering"]

BEGINNING: Final = re.compile(rb"[A-Z]{1,20}( |$)")
LONGEST_HEAD: Final = 65_536


def gathering(parser: type[Any]) -> type[Any]:
    """Return a protocol of uvicorn that sends head and body with one system call, where uvicorn needs two."""

    class Gathering(parser):  # type: ignore[misc]
        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(_GatheringTransport(transport))  # pyright: ignore[reportUnknownMemberType]

        def _unsupported_upgrade_warning(self) -> None:
            """Log nothing: Java offers HTTP/2 with each connection, and continues without it."""

    return Gathering


class _GatheringTransport:
    """A transport that sends with one call what was written during one turn of the loop."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._parts:
            self._loop.call_soon(self._send)
        self._parts.append(data)

    def close(self) -> None:
        self._send()
        self._transport.close()

    def _send(self) -> None:
        parts, self._parts = self._parts, []
        if parts and not self._transport.is_closing():
            self._transport.write(b"".join(parts))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)


def _connection() -> type[Any]:
    patient = gathering(H11Protocol)
    try:
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
    except ImportError:
        return patient

    class Quick(gathering(HttpToolsProtocol)):  # type: ignore[misc]  # in C: 200 us less for each request
        """Reads with httptools, except for clients that offer another protocol: it would drop their request's body.

        Java's HttpClient offers HTTP/2 on every connection that it opens.
        """

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)  # pyright: ignore[reportUnknownMemberType]
            self._raw, self._head, self._within = transport, b"", False

        def data_received(self, data: bytes) -> None:
            if self._within:
                super().data_received(data)  # pyright: ignore[reportUnknownMemberType]
                return
            self._head += data
            ended = b"\r\n\r\n" in self._head or b"\n\n" in self._head
            if not ended and len(self._head) < LONGEST_HEAD and BEGINNING.match(self._head):
                return  # the rest of the head is still to come
            head, self._head = self._head, b""
            if b"upgrade:" in head.lower():
                self._hand_over(head)
            else:
                super().data_received(head)  # pyright: ignore[reportUnknownMemberType]

        def on_message_begin(self) -> None:
            self._within = True
            super().on_message_begin()  # pyright: ignore[reportUnknownMemberType]

        def on_headers_complete(self) -> None:
            self.scope["sandbox.target"] = self.url  # uvicorn keeps only the path of `GET http://host/path`
            super().on_headers_complete()  # pyright: ignore[reportUnknownMemberType]

        def on_message_complete(self) -> None:
            self._within = False
            super().on_message_complete()  # pyright: ignore[reportUnknownMemberType]

        def _hand_over(self, head: bytes) -> None:
            self._unset_keepalive_if_required()
            self.connections.discard(self)
            other = patient(config=self.config, server_state=self.server_state, app_state=self.app_state)
            other.connection_made(self._raw)
            self._raw.set_protocol(other)
            other.data_received(head)

    return Quick


Connection = _connection()
