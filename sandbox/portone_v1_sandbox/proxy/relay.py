"""Pass a request on to another server, and its response back as it arrives."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Final

import h11

from .conversation import Conversation, Headers
from .sockets import Stream

__all__ = ["relay", "value_of", "without_hops"]

HOPS: Final = (
    b"connection",
    b"keep-alive",
    b"proxy-authenticate",
    b"proxy-authorization",
    b"proxy-connection",
    b"upgrade",
)
"""Headers between two neighbours, which go no further."""
BODY_PATIENCE: Final = 60.0


def value_of(request: h11.Request, name: bytes) -> str:
    """Return a header of a request, else an empty text."""
    return next((value.decode("latin-1") for key, value in request.headers if key == name), "")


def without_hops(headers: Headers) -> list[tuple[bytes, bytes]]:
    return [(name, value) for name, value in headers if name not in HOPS]


async def relay(
    client: Conversation, request: h11.Request, path: str, headers: Headers, connect: Callable[[], Awaitable[Stream]]
) -> None:
    """Pass one request on over a new connection. If the response breaks off, it breaks off for the client too."""
    reader, writer = await connect()
    server = Conversation((reader, writer), h11.CLIENT)
    try:
        start = h11.Request(method=request.method, target=path.encode("ascii"), headers=[*headers])
        try:
            await server.send(start)
            await _body(client, server)
        except h11.RemoteProtocolError:
            client.abort()
            return
        await _response(client, server)
    except (h11.RemoteProtocolError, ConnectionError):
        client.abort()
    finally:
        writer.close()


async def _body(client: Conversation, server: Conversation) -> None:
    while True:
        async with asyncio.timeout(BODY_PATIENCE):
            event = await client.event()
        if isinstance(event, h11.Data):
            await server.send(h11.Data(data=bytes(event.data)))
        elif isinstance(event, h11.EndOfMessage):
            await server.send(h11.EndOfMessage(headers=event.headers))
            return
        else:
            raise ConnectionResetError


async def _response(client: Conversation, server: Conversation) -> None:
    while True:
        event = await server.event()
        if isinstance(event, h11.InformationalResponse):
            continue
        if isinstance(event, h11.Response):
            kept = without_hops(event.headers)
            await client.send(h11.Response(status_code=event.status_code, headers=kept, reason=event.reason))
        elif isinstance(event, h11.Data):
            await client.send(h11.Data(data=bytes(event.data)))
        elif isinstance(event, h11.EndOfMessage):
            await client.send(h11.EndOfMessage(headers=event.headers))
            return
        else:
            raise ConnectionResetError
