# The source of both flavours: `make generate` writes _sync/connection.py from it.
"""`client.check_connection()`: whether V1 can be reached and accepts the keys."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from .._http.tracebacks import without_frames
from ..results import ConnectionCheck

if TYPE_CHECKING:
    from .base_client import AsyncBaseClient

__all__ = ["check_connection"]


async def check_connection(client: AsyncBaseClient) -> ConnectionCheck:
    engine = client._engine
    began = time.time()
    try:
        answer = await engine.ask_for_token()
    except BaseException as error:
        raise without_frames(error)  # noqa: B904 - it is the same error
    ended = time.time()
    try:
        server_time = parsedate_to_datetime(answer.headers.get("date", ""))
    except (OverflowError, ValueError):
        server_time = None
    skew = None if server_time is None else server_time.timestamp() - (began + ended) / 2
    return ConnectionCheck(client.base_url, ended - began, server_time, skew)
