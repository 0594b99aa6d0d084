# The source of both flavours: `make generate` writes _sync/subscriptions.py from it.
"""`client.subscriptions`: bring each period of a subscription to its requested state."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

from portone_v1_runtime.wrong_names import NamedParts

from ..subscriptions import Period
from .base_client import AsyncBaseClient

__all__ = ["AsyncSubscriptions"]


class AsyncSubscriptions(NamedParts):
    """정기결제: Schedule, charge, change and end the periods of a subscription."""

    _path = "client.subscriptions"

    def __init__(self, client: AsyncBaseClient) -> None:
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
        """정기결제 한 회차 맞추기: Bring one period of a subscription to the state that you describe.

        Reads the period from V1 and makes the missing writes: schedule, move, unschedule or charge. Safe to repeat.
        Call it from a nightly job for each open period, and after a crash or a change. Two order numbers of a period
        are never chargeable at the same time.

        Args:
            period: your id of the period (`sub-1/2027-03`). It is charged at most once, under any order number.
            merchant_uid: order number of the first attempt, always the same one for a period; further attempts are
                `…-r2`, `…-r3`.
            card: 빌링키 (`customer_uid`) to charge.
            price: amount in KRW, including VAT.
            name: order name on the buyer's receipt.
            due: time of the charge. `portone_v1.subscriptions.month_after` counts months.
            active: `False` ends the period: its schedule is removed and nothing is charged.
            late: whether a period whose time has passed without an attempt is reported or charged now.
            dunning: charge a declined period again now, under a new order number.
            max_steps: maximum number of writes in one call.
            deadline: seconds for the whole call.
            tier: 하위 상점 고유코드. Default: the client's.

        Returns:
            Period: its `state`, the `steps` made, and the `differences` that a person has to decide.

        Raises:
            ValueError, TypeError: an argument is wrong: a date in milliseconds, without time zone, or years away.
                Nothing was sent.
            NotSentError, DeadlineError: the next write was not sent; call again.
            KeyConflictError: nothing was sent: the period was used with another `merchant_uid`, or this one belongs to
                another period.
            InProgressError: nothing was sent by this call: another process is working on this period.
            SubscriptionError: V1 refused a step. `done` lists the steps before it; call again.
        """
        from ..intents.subscriptions import wanted_period
        from .recorded_writes.converge import converge

        client = self._client if tier is None else self._client.with_options(tier=tier)
        want = wanted_period(
            period, merchant_uid, card=card, price=price, name=name, due=due, active=active, late=late, dunning=dunning
        )
        return await converge(client, want, max_steps, deadline)
