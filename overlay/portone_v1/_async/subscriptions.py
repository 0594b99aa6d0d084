# The source of both flavours: `make generate` writes _sync/subscriptions.py from it.
"""`client.subscriptions`: periods that converge to what they shall be."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from ..subscriptions import Period

if TYPE_CHECKING:
    from .client import AsyncPortOne

__all__ = ["AsyncSubscriptions"]


class AsyncSubscriptions:
    """정기결제: Making each period of a subscription what it shall be, however often the job runs."""

    def __init__(self, client: AsyncPortOne) -> None:
        self._client = client

    async def ensure(
        self,
        *,
        period: str,
        merchant_uid: str,
        card: str,
        price: int | Decimal,
        name: str,
        due: datetime,
        active: bool = True,
        late: Literal["report", "charge"] = "report",
        dunning: bool = False,
        max_steps: int = 6,
        deadline: float = 25.0,
        tier: str | None = None,
    ) -> Period:
        """정기결제 한 회차 맞추기: Make one period of a subscription what it shall be.

        Reads what V1 holds for the period and takes steps until both agree. Call it from a nightly job for each running
        period, and again after a crash, a change of price, card or date, or the end of the subscription. At no time two
        order numbers of a period can be charged.

        Args:
            period: your name of the period (`sub-1/2027-03`). It is charged at most once, under whatever order number.
            merchant_uid: the order number of its first try; further ones are `…-r2`, `…-r3`.
            card: 빌링키 (`customer_uid`) to charge.
            price: in KRW, VAT included.
            name: what the buyer reads on the slip.
            due: when it is charged. `portone_v1.subscriptions.month_after` counts months.
            active: False ends it: what is scheduled is taken back, and nothing is charged.
            late: what to do with a period whose time has passed and that was never tried: report it, or charge it now.
            dunning: try a declined period again now, under a new order number.
            max_steps: writes at the most in one call.
            deadline: seconds for the whole call.
            tier: 하위 상점 고유코드, as in every call.

        Returns:
            Period: its `state`, the `steps` taken, the `differences` that are left to a person.

        Raises:
            ValueError, TypeError: an argument is wrong: a date in milliseconds, without time zone, or years away.
                Nothing was sent.
            NotSentError, DeadlineError: nothing was sent by this call so far, or no more; call again.
            InProgressError: another process is at this period.
            SubscriptionError: V1 refused a step. `done` holds the steps before it; call again.
        """
        from ..intents.subscriptions import wanted_period
        from .converge import converge

        client = self._client if tier is None else self._client.with_options(tier=tier)
        want = wanted_period(
            period, merchant_uid, card=card, price=price, name=name, due=due, active=active, late=late, dunning=dunning
        )
        return await converge(client, want, max_steps, deadline)
