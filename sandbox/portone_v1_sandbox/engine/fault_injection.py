"""Injected faults, applied to requests and responses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import Refusal
from ..state.conditions.faults import Fault
from ..state.exchanges import Exchange
from ..wire.forms import body_values
from ..wire.messages import Request, Response, envelope
from ..wire.routing import find_route

if TYPE_CHECKING:
    from ..dispatch.context import Context
    from ..state.state import State

__all__ = ["apply_faults"]

PAGE: Final = b"<!DOCTYPE html><html><head><title>%d</title></head><body><h1>%d</h1></body></html>\n"


def apply_faults(context: Context, request: Request, handle: Callable[[Request], Response]) -> Response:
    """Respond with the next fault that matches. The response tells the transport how to break it."""
    with context.transaction():
        operation = _operation(request) if context.state.faults else None
        fault = None if operation is None else _take_fault(context.state, operation)
        if fault is None:
            return handle(request)
        answer = None
        if fault.executed:
            answer = handle(request)
            if fault.kind == "duplicate":
                answer = handle(request)
        response = _faulty_response(fault, answer)
        if answer is not None:
            context.journal[-1].fault = fault.kind
        else:
            exchange = _unexecuted_exchange(context, request, operation, fault, response)
            context.journal.append(exchange)
            context.evidence.add_call(context.clock.moment(), exchange, request, response, 0, _sent(request))
        context.evidence.spoil(fault.kind, response)
        return response


def _sent(request: Request) -> dict[str, Any]:
    try:
        return find_route(request.method, request.path).arguments | body_values(request)
    except Refusal:
        return {}


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


def _faulty_response(fault: Fault, answer: Response | None) -> Response:
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


def _unexecuted_exchange(
    context: Context, request: Request, operation: str | None, fault: Fault, response: Response
) -> Exchange:
    return Exchange(
        at=context.clock.now(),
        method=request.method,
        path=request.path[:1000],
        operation=operation,
        status=response.status,
        fault=fault.kind,
    )
