"""Faults and declines, from Python."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ..control.faults import CLEAR, DECLINE, INJECT_FAULT, REMOVE
from .calls import call_control

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.conditions.faults import Decline, Fault

__all__ = ["Faults"]


class Faults:
    """Faults of the next requests. Every method raises Refusal for an invalid value.

    `operation` selects requests by operation, `payments.cancel`. Default: every request but those for a token.
    With `executed`, the sandbox executes the request nevertheless.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def fail_next(
        self,
        n: int = 1,
        *,
        status: int = 500,
        executed: bool = False,
        message: str | None = None,
        operation: str | None = None,
    ) -> None:
        """Respond with an error in V1's envelope."""
        self._inject("fail", n, operation, status=status, executed=executed, message=message)

    def html_next(self, n: int = 1, *, status: int = 502, executed: bool = False, operation: str | None = None) -> None:
        """Respond with an HTML page, as a gateway in between does."""
        self._inject("html", n, operation, status=status, executed=executed)

    def delay_next(self, n: int = 1, *, seconds: float, operation: str | None = None) -> None:
        """Execute the request and delay the response."""
        self._inject("delay", n, operation, seconds=Decimal(str(seconds)))

    def cut_next(
        self,
        n: int = 1,
        *,
        executed: bool = True,
        after: Literal["nothing", "half"] = "half",
        operation: str | None = None,
    ) -> None:
        """Break the connection in the middle of the response, or before it."""
        self._inject("cut", n, operation, executed=executed, after=after)

    def duplicate_next(self, n: int = 1, *, operation: str | None = None) -> None:
        """Execute the request twice, as if it arrived twice, and return the second response."""
        self._inject("duplicate", n, operation)

    def decline_next(
        self,
        n: int = 1,
        *,
        card_number: str | None = None,
        customer_uid: str | None = None,
        pg: str | None = None,
        message: str | None = None,
        outcome: Literal["refused", "failed"] = "failed",
    ) -> None:
        """Decline the next charges: of a card, of a billing key, of a PG, or all.

        `refused` responds with a `code`, `failed` with a payment of this status. In the payment window both fail.
        """
        call_control(
            self._engine,
            DECLINE,
            None,
            count=n,
            card_number=card_number,
            customer_uid=customer_uid,
            pg=pg,
            message=message,
            outcome=outcome,
        )

    def expire_tokens(self) -> None:
        """Expire the access token."""
        with self._engine.transaction():
            self._engine.state.token = None

    def remove(self, *pending: Fault | Decline) -> None:
        """Remove one or more of `pending` and `declines`. Raises Refusal if one is used up."""
        call_control(self._engine, REMOVE, None, number=[str(one.number) for one in pending])

    def clear(self) -> None:
        """Remove every fault and decline."""
        call_control(self._engine, CLEAR, None)

    @property
    def pending(self) -> tuple[Fault, ...]:
        """Faults of the next responses."""
        with self._engine.transaction():
            return tuple(self._engine.state.faults)

    @property
    def declines(self) -> tuple[Decline, ...]:
        """Declines of the next charges."""
        with self._engine.transaction():
            return tuple(self._engine.state.declines)

    def _inject(self, kind: str, n: int, operation: str | None, **body: Any) -> None:
        call_control(self._engine, INJECT_FAULT, None, kind=kind, count=n, operation=operation, **body)
