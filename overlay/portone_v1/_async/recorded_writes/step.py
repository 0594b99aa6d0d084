# The source of both flavours: `make generate` writes _sync/recorded_writes/step.py from it.
"""One request of a call that records its own intents: the request is not recorded again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from portone_v1_runtime.operation import Call, CallOptions, RawResponse

from ..._http.tracebacks import without_frames
from ..engine import AsyncEngine

__all__ = ["AsyncStep"]

T = TypeVar("T")


class AsyncStep:
    """The sender of an area's calls. Unlike a copy of the client, it is freed with its last reference."""

    __slots__ = ("_engine", "began", "headers")

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.headers: Mapping[str, str] = {}
        """The headers of the last answer; an `ApiError` has its own."""
        self.began = False
        """Whether the arguments were right, so that the request may have been sent, whatever was raised."""

    async def send(self, call: Call[T], options: CallOptions) -> T:
        answer = await self.send_raw(call, options)
        self.headers = answer.headers
        return answer.data

    async def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]:
        try:
            engine, draft = self._engine.prepare(call, options)
            self.began = True
            return await engine.carry_out(engine, call, draft)
        except self._engine.caught:
            raise
        except BaseException as error:
            raise without_frames(error)  # noqa: B904 - it is the same error
