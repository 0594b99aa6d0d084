"""Control calls that act as buyers, banks and the merchant's console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from ..merchant.tokens import read_tier
from ..payments.cancel import CONSOLE, cancel_in_console
from ..payments.checkout import PAY
from ..payments.deposits import DEPOSIT, PAY_AT_STORE, deposit
from ..payments.late import LATE, approve_late
from ..payments.refunds import DEFER, SETTLE, defer_refund, settle_refund
from ..state.payments import PaymentRecord, payment_to_wire
from ..wire.forms import body_values
from ..wire.money import to_wire
from .cvs_confirm import pay_with_confirmation

if TYPE_CHECKING:
    from portone_v1_generated.operations import OperationInfo

    from ..dispatch.handlers import Call
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["OPERATIONS_OF_PAYMENTS", "PAYMENT_CONTROLS", "UNLOCKED"]

UNLOCKED: Final = frozenset({PAY_AT_STORE.path})
"""Calls without a lock: they may wait for the merchant's server, which may call the sandbox meanwhile."""


def _playing(operation: OperationInfo, does: Callable[[Call], PaymentRecord]) -> Callable[[Engine, Request], Any]:
    def action(engine: Engine, request: Request) -> dict[str, Any]:
        return payment_to_wire(does(engine.call(operation, {"body": body_values(request)}, read_tier(request))))

    return action


def _pay_at_store(engine: Engine, request: Request) -> dict[str, Any]:
    """Pay at the counter, after `confirm_url` has agreed."""
    return pay_with_confirmation(engine, body_values(request), read_tier(request))


def _pend(engine: Engine, request: Request) -> None:
    defer_refund(engine.call(DEFER, {"body": body_values(request)}, read_tier(request)))


def _pending(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return [
        {
            "amount": to_wire(refund.amount),
            "asked_at": refund.asked_at,
            "imp_uid": refund.imp_uid,
            "reason": refund.reason,
        }
        for refund in engine.state.pending_refunds
    ]


def _notifications(engine: Engine, _request: Request) -> list[dict[str, Any]]:
    return [asdict(notification) for notification in engine.state.notifications]


OPERATIONS_OF_PAYMENTS: Final[dict[str, OperationInfo]] = {
    operation.path: operation for operation in (PAY, CONSOLE, DEPOSIT, PAY_AT_STORE, LATE, DEFER, SETTLE)
}

PAYMENT_CONTROLS: Final[dict[str, dict[str, Callable[[Engine, Request], Any]]]] = {
    CONSOLE.path: {"POST": _playing(CONSOLE, cancel_in_console)},
    DEPOSIT.path: {"POST": _playing(DEPOSIT, deposit)},
    PAY_AT_STORE.path: {"POST": _pay_at_store},
    LATE.path: {"POST": _playing(LATE, approve_late)},
    DEFER.path: {"POST": _pend},
    SETTLE.path: {"POST": _playing(SETTLE, settle_refund)},
    "/_sandbox/refunds": {"GET": _pending},
    "/_sandbox/notices": {"GET": _notifications},
}
