"""Control calls for faults and declines."""

from __future__ import annotations

from dataclasses import asdict
from decimal import Decimal
from typing import Any, Final, Literal, cast

from portone_v1_generated.operations import OPERATIONS

from ..dispatch.control_handlers import handles_control
from ..dispatch.control_operations import control_operation, parameter
from ..dispatch.handlers import Call
from ..errors.base import missing, wrong_value
from ..errors.control import no_such_fault, unknown_operation
from ..state.cards import read_card
from ..state.conditions.faults import Decline, Fault

__all__ = ["CLEAR", "DECLINE", "INJECT_FAULT", "REMOVE", "clear", "decline", "faults_to_wire", "inject_fault", "remove"]

MOST: Final = 1000
LONGEST_DELAY: Final = 600
STATUSES: Final = {"fail": range(400, 600), "html": range(200, 600)}

INJECT_FAULT: Final = control_operation(
    "faults",
    "/_sandbox/faults",
    "Inject faults into the next responses",
    parameter("kind", "choice", required=True, values=("fail", "html", "delay", "cut", "duplicate")),
    parameter("count", "integer"),
    parameter("operation"),
    parameter("executed", "boolean"),
    parameter("status", "integer"),
    parameter("message", max_length=200),
    parameter("seconds", "money"),
    parameter("after", "choice", values=("nothing", "half")),
)
DECLINE: Final = control_operation(
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
CLEAR: Final = control_operation("clear_faults", "/_sandbox/faults/clear", "Remove every fault and decline")
REMOVE: Final = control_operation(
    "remove_faults",
    "/_sandbox/faults/remove",
    "Remove faults and declines by number",
    parameter("number", "texts", required=True),
)


@handles_control(INJECT_FAULT)
def inject_fault(call: Call) -> dict[str, Any]:
    """Inject a fault into the next responses."""
    arguments = call.arguments
    kind = cast("Literal['fail', 'html', 'delay', 'cut', 'duplicate']", arguments.need_text("kind"))
    name = arguments.text("operation") or None
    operation = None if name is None else _operation(name)
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
    call.state.inject(fault)
    return faults_to_wire(call.state.faults, call.state.declines)


@handles_control(DECLINE)
def decline(call: Call) -> dict[str, Any]:
    """Decline the next charges."""
    arguments = call.arguments
    number = arguments.text("card_number")
    order = Decline(
        message=arguments.text("message") or "[SB09] 승인거절",
        left=_count(call),
        card=read_card(number) if number else None,
        customer_uid=arguments.text("customer_uid") or None,
        pg=arguments.text("pg") or None,
        outcome=cast("Literal['refused', 'failed']", arguments.text("outcome") or "failed"),
    )
    call.state.inject(order)
    return faults_to_wire(call.state.faults, call.state.declines)


@handles_control(CLEAR)
def clear(call: Call) -> dict[str, Any]:
    """Remove every fault and decline."""
    call.state.faults.clear()
    call.state.declines.clear()
    return faults_to_wire([], [])


@handles_control(REMOVE)
def remove(call: Call) -> dict[str, Any]:
    """Remove the faults and declines of these numbers, all of them or none."""
    state, numbers = call.state, set(call.arguments.texts("number"))
    known = {str(one.number) for one in state.faults} | {str(one.number) for one in state.declines}
    for number in sorted(numbers - known):
        raise no_such_fault(number)
    state.faults = [one for one in state.faults if str(one.number) not in numbers]
    state.declines = [one for one in state.declines if str(one.number) not in numbers]
    return faults_to_wire(state.faults, state.declines)


def faults_to_wire(faults: list[Fault], declines: list[Decline]) -> dict[str, Any]:
    """Return the faults and declines that are left. Only the mask of a card is shown."""
    return {
        "declines": [asdict(one) | {"card": None if one.card is None else one.card.masked} for one in declines],
        "faults": [asdict(one) | {"seconds": Decimal(str(one.seconds))} for one in faults],
    }


def _operation(name: str) -> str:
    """Return the id of an operation, which errors and log lines name as it is called: `payments.cancel`."""
    if (operation := name.replace(".", "_")) in OPERATIONS:
        return operation
    raise unknown_operation(name, [f"{known.area}.{known.name}" for known in OPERATIONS.values()])


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
