"""What goes wrong on purpose: with the answers on their way back, and with the next charges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Literal

from ..dispatch.masking import Exchange
from ..errors.base import Refusal
from ..merchant.channels import Channel
from ..state.cards import Card
from ..wire.messages import Request, Response, envelope
from ..wire.routing import find_route

if TYPE_CHECKING:
    from ..state.state import State
    from .engine import Core

__all__ = ["Decline", "Fault", "interfere", "take_decline"]

PAGE: Final = b"<!DOCTYPE html><html><head><title>%d</title></head><body><h1>%d</h1></body></html>\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What meets the next `left` requests. `executed` says whether the sandbox carries them out all the same.

    Without an `operation` it meets all but the request for a token.
    """

    kind: Literal["fail", "html", "delay", "cut", "duplicate"]
    left: int = 1
    operation: str | None = None
    executed: bool = True
    status: int = 500
    message: str = "일시적인 오류가 발생하였습니다."
    seconds: float = 0.0
    after: Literal["nothing", "half"] = "half"
    """How much of the answer arrives before the connection breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """The next `left` charges that fit are declined: with a `code`, or with a payment whose status is `failed`."""

    message: str
    left: int = 1
    card: Card | None = None
    customer_uid: str | None = None
    pg: str | None = None
    """`provider`, or `provider.mid`."""
    outcome: Literal["refused", "failed"] = "refused"

    def fits(self, card: Card | None, channel: Channel, customer_uid: str | None) -> bool:
        """A charge without a card, such as that of an easy pay, fits where no card is named."""
        if self.card not in (None, card) or self.customer_uid not in (None, customer_uid):
            return False
        return self.pg in (None, channel.pg_provider, f"{channel.pg_provider}.{channel.pg_id}")


def take_decline(state: State, card: Card | None, channel: Channel, customer_uid: str | None) -> Decline | None:
    """The oldest decline that fits a charge. It is used up by it."""
    for place, decline in enumerate(state.declines):
        if decline.fits(card, channel, customer_uid):
            state.declines[place : place + 1] = [replace(decline, left=decline.left - 1)] if decline.left > 1 else []
            return decline
    return None


def interfere(core: Core, request: Request, handle: Callable[[Request], Response]) -> Response:
    """Answers a request, with whatever is to go wrong with it. What the way back has to do stands in the response."""
    with core.lock:
        operation = _operation(request) if core.state.faults else None
        fault = None if operation is None else _take_fault(core.state, operation)
        if fault is None:
            return handle(request)
        answer = None
        if fault.executed:
            answer = handle(request)
            if fault.kind == "duplicate":
                answer = handle(request)
        response = _spoilt(fault, answer)
        if answer is not None:
            core.journal[-1].fault = fault.kind
        else:
            core.journal.append(_missed(core, request, operation, fault, response))
        return response


def _operation(request: Request) -> str | None:
    try:
        return find_route(request.method, request.path).operation.id
    except Refusal:
        return None


def _take_fault(state: State, operation: str) -> Fault | None:
    for place, fault in enumerate(state.faults):
        if fault.operation == operation or (fault.operation is None and operation != "auth_get_token"):
            state.faults[place : place + 1] = [replace(fault, left=fault.left - 1)] if fault.left > 1 else []
            return fault
    return None


def _spoilt(fault: Fault, answer: Response | None) -> Response:
    if fault.kind == "html":
        page = PAGE % (fault.status, fault.status)
        return Response(fault.status, page, {"Content-Type": "text/html; charset=UTF-8"})
    if fault.kind == "fail" or answer is None:
        answer = envelope(fault.status, -1, fault.message, None)
    if fault.kind == "delay":
        return replace(answer, delay=fault.seconds)
    if fault.kind == "cut":
        return replace(answer, cut=fault.after)
    return answer


def _missed(core: Core, request: Request, operation: str | None, fault: Fault, response: Response) -> Exchange:
    return Exchange(
        at=core.clock.now(),
        method=request.method,
        path=request.path[:1000],
        operation=operation,
        status=response.status,
        fault=fault.kind,
    )
