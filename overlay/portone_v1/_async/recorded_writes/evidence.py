# The source of both flavours: `make generate` writes _sync/recorded_writes/evidence.py from it.
"""Read payments and orders for a verdict: within the deadline, completely, and with V1's own clock."""

# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from portone_v1_generated.api.payments import AsyncPaymentsApi
from portone_v1_generated.models.payments import Payment

from ..._http.settings import within
from ...errors import DeadlineError, NotFoundError, ResponseFormatError
from ...intents.options import RECHECK_DELAYS, Budget
from ...intents.server_time import time_of
from .step import AsyncStep

if TYPE_CHECKING:
    from ..base_client import AsyncBaseClient
    from ..engine import AsyncEngine

__all__ = ["AsyncEvidence"]

LOOKING: Final = sum(RECHECK_DELAYS) + 1.0
"""Seconds that a write leaves for the reads after it."""
READING: Final = (3.0, 8.0, 8.0, 8.0)
"""Seconds for each step of a read: connect, read, write, pool."""


class AsyncEvidence:
    def __init__(self, client: AsyncBaseClient, budget: Budget) -> None:
        self._client, self._budget = client, budget
        self.read_at = 0.0
        """V1's clock when the last read was answered; 0 if it is not known: then nothing is too old."""
        self._read_on = budget.monotonic()

    def server_now(self) -> float:
        """Return V1's clock now: its time in the last read plus the time since; 0 if it is not known."""
        return self.read_at + self._budget.monotonic() - self._read_on if self.read_at else 0.0

    async def attempts(self, merchant_uid: str) -> list[Payment]:
        """Return all attempts at the order, latest first."""
        found: list[Payment] = []
        total, page = 0, 1
        seen: set[int] = set()
        while page:
            if page in seen:
                raise self._unreadable("a page names itself as the next one", "payments.find_all", merchant_uid)
            seen.add(page)
            engine, shown = self._reading(), None
            engine.caught = (NotFoundError,)
            step = AsyncStep(engine)
            try:
                shown = await AsyncPaymentsApi(step).find_all(merchant_uid, page=page, limit=1000)
            except NotFoundError as error:
                step.headers = error.headers
            if shown is None:  # out of reach of the error and its frames
                self.note(step.headers)
                return found
            numbers: tuple[object, ...] = (shown.total, shown.next or 0)
            if not all(isinstance(each, int) for each in numbers) or any(
                each.merchant_uid != merchant_uid or not each.imp_uid for each in shown.items
            ):
                raise self._unreadable("V1 returned a list that is not this order's", "payments.find_all", merchant_uid)
            found += shown.items
            self.note(step.headers)
            total, page = max(total, shown.total or 0), shown.next or 0
        if len({each.imp_uid for each in found}) < total:  # the one that is missing may be the one that is paid
            raise self._unreadable("V1 returned fewer attempts than it counts", "payments.find_all", merchant_uid)
        return found

    async def payment(self, imp_uid: str) -> Payment:
        step = AsyncStep(self._reading())
        payment = await AsyncPaymentsApi(step).get(imp_uid, include_sandbox=True)
        if payment.imp_uid != imp_uid:
            reason = "V1 returned another payment"
            raise ResponseFormatError(reason, operation="payments.get", ids={"imp_uid": imp_uid})
        self.note(step.headers)
        return payment

    def writer(self, start_by: float) -> AsyncStep:
        """Return the sender for a write whose intent is recorded. It never repeats, and leaves time to read afterwards.

        Args:
            start_by: on the monotonic clock: a write that is not sent by then is given up.
        """
        engine = self._writing()
        engine.records, engine.start_by = False, start_by
        return AsyncStep(engine)

    def recording_writer(self) -> AsyncBaseClient:
        """Return a client for a write that records an intent of its own. It has the same limits as `writer`."""
        engine = self._writing()
        engine.records = True
        return self._client._over(engine)

    def reader(self) -> AsyncBaseClient:
        """Return a client for reads, with short steps within the deadline."""
        return self._client._over(self._reading())

    def _writing(self) -> AsyncEngine:
        left = self._budget.left()
        if left <= 0:
            raise DeadlineError("the deadline is over; nothing was sent")
        read = max(left - LOOKING, left * 0.6)
        return self._bounded(0, (3.0, read, 5.0, 3.0))

    def _reading(self) -> AsyncEngine:
        left = self._budget.left()
        if left < 0.2:
            raise DeadlineError("the deadline is over; nothing was sent")
        return self._bounded(1 if left > 2 * 8.0 + 1.0 else 0, READING)  # two tries and the pause between them

    def _bounded(self, max_retries: int, steps: tuple[float, float, float, float]) -> AsyncEngine:
        """Return the engine for one step. It ends by the deadline, and keeps the timeouts that the shop set."""
        engine = self._client._engine.copied()
        engine.timeout = within(steps, engine.settings.timeout)
        engine.max_retries, engine.end = max_retries, self._budget.end
        return engine

    def note(self, headers: Mapping[str, str]) -> None:
        """Remember V1's clock from the headers of an answer."""
        self.read_at = time_of(headers) or self._client._engine.tokens.server_now()
        self._read_on = self._budget.monotonic()

    def _unreadable(self, reason: str, operation: str, merchant_uid: str) -> ResponseFormatError:
        return ResponseFormatError(reason, operation=operation, ids={"merchant_uid": merchant_uid})
