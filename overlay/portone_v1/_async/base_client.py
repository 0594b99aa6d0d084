# The source of both flavours: `make generate` writes _sync/base_client.py from it.
"""The base that all areas of a client use: its session, its engine, its defaults and the operations of V1."""

from __future__ import annotations

from typing import Self, TypeVar

from portone_v1_generated.api import AsyncAreas
from portone_v1_runtime.operation import Call, CallOptions, RawResponse

import portone_v1

from .._http.defaults import UNCHANGED
from .._http.settings import Timeout
from ..errors import ResponseFormatError
from .engine import AsyncEngine
from .session import AsyncSession

__all__ = ["AsyncBaseClient"]

T = TypeVar("T")


class AsyncBaseClient(AsyncAreas):
    """The client as its areas see it. `AsyncPortOne` adds the areas, so that none of them imports it."""

    _session: AsyncSession
    _engine: AsyncEngine

    @property
    def base_url(self) -> str:
        """Base URL of V1, or of a sandbox."""
        return self._engine.settings.base_url

    @property
    def tier(self) -> str | None:
        """하위 상점 고유코드: Default tier of this client's calls."""
        return self._engine.tier

    def with_options(
        self,
        *,
        tier: str | None = UNCHANGED,
        timeout: float | Timeout | None = UNCHANGED,
        max_retries: int = UNCHANGED,
        pg: str | portone_v1.models.PgSetting | None = UNCHANGED,
        pg_errors: bool = UNCHANGED,
    ) -> Self:
        """Return a copy of this client with different defaults. It shares connections and the access token.

        Args:
            tier: 하위 상점 고유코드 (three characters). `None` selects the agency itself.
            timeout: seconds for each step of a call, or a `Timeout`. `None` disables it.
            max_retries: maximum retries of reads, and of writes that were certainly not executed.
            pg: PG name (`welcome`) or a channel of `channels.list`. Each call is checked against PortOne's rules for
                this PG; a violation emits a `PgRuleWarning`. `None` disables the check.
            pg_errors: raise `PgRuleError` before sending, instead of warning.
        """
        given = {"tier": tier, "timeout": timeout, "max_retries": max_retries, "pg": pg, "pg_errors": pg_errors}
        return self._over(self._engine.with_options({name: v for name, v in given.items() if v is not UNCHANGED}))

    def _over(self, engine: AsyncEngine) -> Self:
        """Return a copy of this client that makes its calls through this engine."""
        copy = object.__new__(type(self))
        copy._session, copy._sender, copy._engine = self._session, copy, engine
        return copy

    def __repr__(self) -> str:
        if "_engine" not in self.__dict__:  # a traceback may show it half built
            return f"<{type(self).__name__}>"
        return f"<{type(self).__name__} {self._session.place} tier={self._engine.tier}>"

    async def send(self, call: Call[T], options: CallOptions) -> T:
        """Send a call that a generated operation prepared. For the generated operations."""
        return (await self.send_raw(call, options)).data

    async def send_raw(self, call: Call[T], options: CallOptions) -> RawResponse[T]:
        """Send a call and return its payload with status and headers."""
        raise NotImplementedError

    def unreadable(self, reason: str) -> ResponseFormatError:
        """Make the error of a list whose pages lead nowhere. For the generated operations."""
        return ResponseFormatError(reason)
