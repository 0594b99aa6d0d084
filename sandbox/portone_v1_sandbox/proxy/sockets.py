"""Resolve names, and connect to their addresses."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Final

from .errors import Refused
from .targets import Target

__all__ = ["Stream", "connect"]

PATIENCE: Final = 10.0
Stream = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(target: Target, check: Callable[[str], None]) -> Stream:
    """Connect to an address after checking it; a name is resolved once. Raises Refused."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(PATIENCE):
            found = await loop.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
            addresses = list(dict.fromkeys(str(place[4][0]) for place in found))
            for address in addresses:
                check(address)  # Every address is checked: one bad address makes the name bad.
            return await _first(addresses, target.port)
    except TimeoutError:
        raise Refused(504, f"{target} does not answer") from None
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it cannot be resolved"
        raise Refused(502, f"{target} cannot be reached: {reason}") from None


async def _first(addresses: list[str], port: int) -> Stream:
    failed: OSError = OSError("no address")
    for address in addresses:
        try:
            return await asyncio.open_connection(address, port)
        except OSError as error:
            failed = error
    raise failed
