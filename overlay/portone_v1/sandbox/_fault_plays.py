"""Making things go wrong: the same from Python and as control calls."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, Literal, cast

from portone_v1_generated.operations import OPERATIONS, OperationInfo

from ._cards import read_card
from ._faults import Decline, Fault
from ._plays import parameter, play
from ._refusals import missing, wrong_value
from ._registry import Call
from ._staged import Act, staged

if TYPE_CHECKING:
    from ._app import Core

__all__ = ["Faults", "faults_on_wire"]

MOST: Final = 1000
LONGEST_DELAY: Final = 600
STATUSES: Final = {"fail": range(400, 600), "html": range(200, 600)}

SPOIL: Final = play(
    "faults",
    "/_sandbox/faults",
    "Spoil the next answers",
    parameter("kind", "choice", required=True, values=("fail", "html", "delay", "cut", "duplicate")),
    parameter("count", "integer"),
    parameter("operation"),
    parameter("executed", "boolean"),
    parameter("status", "integer"),
    parameter("message", max_length=200),
    parameter("seconds", "money"),
    parameter("after", "choice", values=("nothing", "half")),
)
DECLINE: Final = play(
    "declines",
    "/_sandbox/declines",
    "Decline the next charges",
    parameter("count", "integer"),
    parameter("card_number", sensitive=True),
    parameter("customer_uid", max_length=80),
    parameter("pg", max_length=80),
    parameter("message", max_length=200),
    parameter("outcome", "choice", values=("refused", "failed")),
)
CLEAR: Final = play("clear_faults", "/_sandbox/faults/clear", "Let nothing go wrong any more")


@staged(SPOIL)
def spoil(call: Call) -> dict[str, Any]:
    """Spoils the next answers."""
    arguments = call.arguments
    kind = cast("Literal['fail', 'html', 'delay', 'cut', 'duplicate']", arguments.need_text("kind"))
    operation = arguments.text("operation") or None
    if operation is not None and operation not in OPERATIONS:
        raise wrong_value("operation")
    executed = arguments.boolean("executed") if arguments.given("executed") else kind != "fail" and kind != "html"
    if kind in ("delay", "duplicate") and not executed:
        raise wrong_value("executed")
    fault = Fault(
        kind=kind,
        left=_count(call),
        operation=operation,
        executed=executed,
        status=_status(call, kind),
        message=arguments.text("message") or Fault(kind=kind).message,
        seconds=_seconds(call) if kind == "delay" else 0.0,
        after=cast("Literal['nothing', 'half']", arguments.text("after") or "half"),
    )
    call.state.faults.append(fault)
    return faults_on_wire(call.state.faults, call.state.declines)


@staged(DECLINE)
def decline(call: Call) -> dict[str, Any]:
    """Declines the next charges."""
    arguments = call.arguments
    number = arguments.text("card_number")
    order = Decline(
        message=arguments.text("message") or "[SB09] 승인거절",
        left=_count(call),
        card=read_card(number) if number else None,
        customer_uid=arguments.text("customer_uid") or None,
        pg=arguments.text("pg") or None,
        outcome=cast("Literal['refused', 'failed']", arguments.text("outcome") or "refused"),
    )
    call.state.declines.append(order)
    return faults_on_wire(call.state.faults, call.state.declines)


@staged(CLEAR)
def clear(call: Call) -> dict[str, Any]:
    """Lets nothing go wrong any more."""
    call.state.faults.clear()
    call.state.declines.clear()
    return faults_on_wire([], [])


def faults_on_wire(faults: list[Fault], declines: list[Decline]) -> dict[str, Any]:
    """What is still to go wrong. Of a card only its mask is shown."""
    return {
        "declines": [asdict(one) | {"card": None if one.card is None else one.card.masked} for one in declines],
        "faults": [asdict(one) | {"seconds": Decimal(str(one.seconds))} for one in faults],
    }


def _count(call: Call) -> int:
    count = call.arguments.integer("count")
    if count is None:
        return 1
    if not 1 <= count <= MOST:
        raise wrong_value("count")
    return count


def _status(call: Call, kind: str) -> int:
    status = call.arguments.integer("status")
    if status is None or kind not in STATUSES:
        return 502 if kind == "html" else 500
    if status not in STATUSES[kind]:
        raise wrong_value("status")
    return status


def _seconds(call: Call) -> float:
    seconds = call.arguments.money("seconds")
    if seconds is None:
        raise missing(["seconds"])
    if seconds > LONGEST_DELAY:
        raise wrong_value("seconds")
    return float(seconds)


class Faults:
    """What is to go wrong with the next requests. All raise Refusal for a value that cannot be.

    `operation` picks the requests by operation id (`payments_cancel`); without one, all but those for a token are
    meant. `executed` says whether the sandbox carries the request out all the same.
    """

    def __init__(self, core: Core) -> None:
        self._core = core

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
        self._spoil("fail", n, operation, status=status, executed=executed, message=message)

    def html_next(self, n: int = 1, *, status: int = 502, executed: bool = False, operation: str | None = None) -> None:
        """The answer is a page, as a gateway in between writes it."""
        self._spoil("html", n, operation, status=status, executed=executed)

    def delay_next(self, n: int = 1, *, seconds: float, operation: str | None = None) -> None:
        """The request is carried out and its answer is late."""
        self._spoil("delay", n, operation, seconds=Decimal(str(seconds)))

    def cut_next(
        self,
        n: int = 1,
        *,
        executed: bool = True,
        after: Literal["nothing", "half"] = "half",
        operation: str | None = None,
    ) -> None:
        """The connection breaks in the middle of the answer, or before any of it."""
        self._spoil("cut", n, operation, executed=executed, after=after)

    def duplicate_next(self, n: int = 1, *, operation: str | None = None) -> None:
        """The request arrives twice and is carried out twice; the second answer is the one that comes back."""
        self._spoil("duplicate", n, operation)

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
        body = {
            "count": n,
            "card_number": card_number,
            "customer_uid": customer_uid,
            "pg": pg,
            "message": message,
            "outcome": outcome,
        }
        self._play(DECLINE, decline, body)

    def expire_tokens(self) -> None:
        """The token that is out is good for nothing from now on."""
        with self._core.lock:
            self._core.state.token = None

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        self._play(CLEAR, clear, {})

    @property
    def pending(self) -> tuple[Fault, ...]:
        """What is to go wrong with the next answers."""
        with self._core.lock:
            return tuple(self._core.state.faults)

    @property
    def declines(self) -> tuple[Decline, ...]:
        """What is to happen to the next charges."""
        with self._core.lock:
            return tuple(self._core.state.declines)

    def _spoil(self, kind: str, n: int, operation: str | None, **body: Any) -> None:
        self._play(SPOIL, spoil, {"kind": kind, "count": n, "operation": operation, **body})

    def _play(self, what: OperationInfo, act: Act, body: dict[str, Any]) -> None:
        with self._core.lock:
            act(self._core.call(what, {"body": body}, None))
