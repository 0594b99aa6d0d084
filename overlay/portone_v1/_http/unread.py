"""Find bytes that came after a response, in the places where httpcore and its libraries keep them."""

from __future__ import annotations

from typing import Any

__all__ = ["unread_connection"]


def unread_connection(stream: Any) -> Any | None:
    """Return the h11 connection of a response's stream if extra bytes came after the response, else None.

    httpcore does not show this, so look where h11 and anyio, which read ahead, keep unread bytes.
    """
    while stream is not None and not hasattr(stream, "_connection"):
        stream = getattr(stream, "_httpcore_stream", None) or getattr(stream, "_stream", None)
    connection = getattr(stream, "_connection", None)
    exchange = getattr(connection, "_h11_state", None)
    network = getattr(connection, "_network_stream", None)
    below = getattr(getattr(network, "timed", network), "_stream", None)
    records = getattr(getattr(below, "_read_bio", None), "pending", 0)
    queue = getattr(getattr(getattr(below, "transport_stream", below), "_protocol", None), "read_queue", None)
    return exchange if exchange is not None and (exchange.trailing_data[0] or records or queue) else None
