"""Making things go wrong, from Python."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from ..control.faults import CLEAR, DECLINE, INJECT_FAULT
from .calls import call_control

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..state.faults import Decline, Fault

__all__ = ["Faults"]


class Faults:
    """What is to go wrong with the next requests. All raise Refusal for a value that cannot be.

    `operation` picks the requests by operation id (`payments_cancel`); without one, all but those for a token are
    meant. `executed` says whether the sandbox carries the request out all the same.
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
        """The answer is an error in V1's envelope."""
        self._inject("fail", n, operation, status=status, executed=executed, message=message)

    def html_next(self, n: int = 1, *, status: int = 502, executed: bool = False, operation: str | None = None) -> None:
        """The answer is a page, as a gateway in between writes it."""
        self._inject("html", n, operation, status=status, executed=executed)

    def delay_next(self, n: int = 1, *, seconds: float, operation: str | None = None) -> None:
        """The request is carried out and its answer is late."""
        self._inject("delay", n, operation, seconds=Decimal(str(seconds)))

    def cut_next(
        self,
        n: int = 1,
        *,
        executed: bool = True,
        after: Literal["nothing", "half"] = "half",
        operation: str | None = None,
    ) -> None:
        """The connection breaks in the middle of the answer, or before any of it."""
        self._inject("cut", n, operation, executed=executed, after=after)

    def duplicate_next(self, n: int = 1, *, operation: str | None = None) -> None:
        """The request arrives twice and is carried out twice; the second answer is the one that comes back."""
        self._inject("duplicate", n, operation)

    def decline_next(
        self,
        n: int = 1,
        *,
        card_number: str | None = None,
        customer_uid: str | None = None,
        pg: str | None = None,
        message: str | None = None,
        outcome: Literal["refused", "failed"] = "refused",
    ) -> None:
        """The PG declines the next charges of a card, a billing key or a PG, or just the next ones.

        `refused` answers a `code`, `failed` answers a payment whose status is that. In the payment window both fail.
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
        """The token that is out is good for nothing from now on."""
        with self._engine.transaction():
            self._engine.state.token = None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        call_control(self._engine, CLEAR, None)

    @property
    def pending(self) -> tuple[Fault, ...]:
        """What is to go wrong with the next answers."""
        with self._engine.transaction():
            return tuple(self._engine.state.faults)

    @property
    def declines(self) -> tuple[Decline, ...]:
        """What is to happen to the next charges."""
        with self._engine.transaction():
            return tuple(self._engine.state.declines)

    def _inject(self, kind: str, n: int, operation: str | None, **body: Any) -> None:
        call_control(self._engine, INJECT_FAULT, None, kind=kind, count=n, operation=operation, **body)
