"""A tunnel to another host: bytes pass both ways unchanged, after one look at which server the client greets."""

from __future__ import annotations

import asyncio
from typing import Final

from .errors import Refused
from .names import names_vendor
from .sockets import Stream
from .targets import Target

__all__ = ["pass_bytes"]

PIECE: Final = 64 * 1024


async def pass_bytes(client: Stream, server: Stream, target: Target, early: bytes) -> None:
    """Pass bytes on until both sides are done, first those that the client has already sent.

    Raises Refused if the client means the vendor's server.
    """
    back = asyncio.ensure_future(_pump(server[0], client[1]))
    try:
        first = await _greeting(client[0], early)
        if names_vendor(first):
            raise Refused(403, f"{target}: a tunnel to the vendor's server under another name; nothing was sent to it")
        server[1].write(first)
        await _pump(client[0], server[1])
        await back
    finally:
        back.cancel()
        server[1].transport.abort()
        client[1].transport.abort()


async def _greeting(reader: asyncio.StreamReader, first: bytes) -> bytes:
    while not first or names_vendor(first) is None:
        piece = await reader.read(PIECE)
        if not piece:
            break
        first += piece
    return first


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE):
        writer.write(piece)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()
