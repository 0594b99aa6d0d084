# The source of both flavours: `make generate` writes _sync/recorded_writes/evidence.py from it.
"""Reading payments and orders for a verdict: within the deadline, whole, and with V1's own clock beside it."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING

from portone_v1_generated.models.payments import Payment

from ..._http.settings import Timeout
from ...errors import DeadlineError, NotFoundError, ResponseFormatError
from ...intents.options import RECHECK_DELAYS, Budget
from ...intents.server_time import time_of

if TYPE_CHECKING:
    from ..base_client import AsyncBaseClient

__all__ = ["AsyncEvidence"]


class AsyncEvidence:
    def __init__(self, client: AsyncBaseClient, budget: Budget) -> None:
        self._client, self._budget = client, budget
        self.read_at = 0.0
        """V1's clock when the last read was answered; 0 where it is not known: then nothing is too old."""
        self._read_on = budget.monotonic()

    def server_now(self) -> float:
        """V1's clock now, from the last read and what has passed since."""
        return self.read_at + self._budget.monotonic() - self._read_on if self.read_at else 0.0

    async def attempts(self, merchant_uid: str) -> list[Payment]:
        """Return all attempts at the order, latest first."""
        found: list[Payment] = []
        page: int | None = 1
        seen: set[int] = set()
        while page:
            if page in seen:
                raise self._unreadable("a page names itself as the next one", "payments.find_all", merchant_uid)
            seen.add(page)
            try:
                raw = await self.reader().payments.with_raw_response.find_all(merchant_uid, page=page, limit=1000)
            except NotFoundError as error:
                self.note(error.headers)
                return found
            if raw.data.total is None or any(payment.merchant_uid != merchant_uid for payment in raw.data.items):
                raise self._unreadable("V1 returned a list that is not this order's", "payments.find_all", merchant_uid)
            found += raw.data.items
            self.note(raw.headers)
            page = raw.data.next
        return found

    async def payment(self, imp_uid: str) -> Payment:
        raw = await self.reader().payments.with_raw_response.get(imp_uid, include_sandbox=True)
        if raw.data.imp_uid != imp_uid:
            reason = "V1 returned another payment"
            raise ResponseFormatError(reason, operation="payments.get", ids={"imp_uid": imp_uid})
        self.note(raw.headers)
        return raw.data

    def writer(self, *, recorded: bool = False) -> AsyncBaseClient:
        """The client for the write: never repeated, and with time left to look afterwards.

        Args:
            recorded: whether the call writes an intent of its own; else its caller has written one.
        """
        left = self._budget.left()
        if left <= 0:
            raise DeadlineError("the deadline is over; nothing was sent")
        read = max(left - sum(RECHECK_DELAYS) - 1.0, left * 0.6)
        timeout = Timeout(connect=min(3.0, left), read=read, write=min(5.0, left), pool=min(3.0, left))
        return self._step(timeout, 0, recorded=recorded)

    def reader(self) -> AsyncBaseClient:
        """The client for reads: short steps within the deadline."""
        left = self._budget.left()
        if left < 0.2:
            raise DeadlineError("the deadline is over; nothing was sent")
        step = min(8.0, left)
        timeout = Timeout(connect=min(3.0, step), read=step, write=step, pool=step)
        repeated = left > 2 * step + 1.0  # the pause between the two included
        return self._step(timeout, 1 if repeated else 0)

    def _step(self, timeout: Timeout, max_retries: int, *, recorded: bool | None = None) -> AsyncBaseClient:
        """The client for one step: it ends by the deadline, and takes no longer than the shop set for its client."""
        own = self._client._engine
        engine = own.copied()
        engine.timeout = Timeout(*map(_shorter, timeout, own.settings.timeout))
        engine.max_retries, engine.end = max_retries, self._budget.end
        if recorded is not None:
            engine.records = recorded
        return self._client._over(engine)

    def note(self, headers: object) -> None:
        """Remember V1's clock, from an answer."""
        self.read_at = time_of(headers) or self._client._engine.tokens.server_now()
        self._read_on = self._budget.monotonic()

    def _unreadable(self, reason: str, operation: str, merchant_uid: str) -> ResponseFormatError:
        return ResponseFormatError(reason, operation=operation, ids={"merchant_uid": merchant_uid})


def _shorter(step: float | None, set_to: float | None) -> float | None:
    return step if set_to is None else min(step or set_to, set_to)
