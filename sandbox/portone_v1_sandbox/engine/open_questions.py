"""Simulate one assumption about V1: writes that race, reads that lag behind, repeated requests."""

from __future__ import annotations

import copy
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import Refusal, being_processed
from ..state.channels import Channel
from ..state.conditions.assumptions import Arrived, Assumptions
from ..state.payments import PaymentRecord
from ..state.tables.lock import StateLock
from ..state.tables.payment_table import PaymentTable
from ..wire.forms import body_values
from ..wire.messages import Request, Response, envelope
from ..wire.real_time import monotonic
from ..wire.routing import find_route

if TYPE_CHECKING:
    from ..dispatch.context import CallContext
    from ..state.state import State

__all__ = ["OpenQuestions"]

CHARGES: Final = frozenset({"subscribe_again", "subscribe_onetime"})
AT_THE_PG: Final = CHARGES | {"payments_cancel"}
Handle = Callable[[Request], Response]


class OpenQuestions:
    """The sandbox's answers to the open questions. With the default assumptions none of this runs."""

    def __init__(self, assumptions: Assumptions, context: CallContext) -> None:
        self._assumed, self._context = assumptions, context
        self._guard = threading.Lock()
        self._busy: dict[str, threading.Lock] = {}
        self._answers: dict[str, Response] = {}
        self._shots: list[tuple[float, State]] = []
        self._shown: Mapping[str, PaymentRecord] = {}
        """Attempts that are at the PG, by order."""
        self._of_this_thread = threading.local()
        self.any: bool = assumptions != Assumptions()

    @property
    def arrived(self) -> Arrived | None:
        """What V1 saw when the request of this thread arrived; None unless writes race."""
        found: Arrived | None = getattr(self._of_this_thread, "arrived", None)
        return found

    def run(self, request: Request, handle: Handle) -> Response:
        """Respond to one request under these assumptions."""
        operation = _operation(request)
        key = request.header("idempotency-key") if self._assumed.honours_idempotency_key else None
        if operation not in AT_THE_PG:
            return self._kept(handle, request)
        if key is not None and key in self._answers:
            return self._answers[key]
        values = body_values(request)
        name = "imp_uid" if operation == "payments_cancel" else "merchant_uid"
        answer = self._at_the_pg(request, operation, str(values.get(name) or ""), handle)
        if key is not None:
            self._answers[key] = answer
        return answer

    def seen(self, state: State) -> State:
        """Return the state that a read shows: an older one if reads lag behind, and the attempts that are at the PG."""
        shown = self._shown
        if self._assumed.read_lag:
            until = monotonic() - self._assumed.read_lag
            older = [shot for at, shot in self._shots if at <= until]
            state = older[-1] if older else (self._shots[0][1] if self._shots else state)
        return replace(state, payments=_copied(state.payments, shown)) if shown else state

    def _kept(self, handle: Handle, request: Request) -> Response:
        """Handle a request, and keep a copy of the payments for reads that lag behind."""
        if not self._assumed.read_lag:
            return handle(request)
        if not self._shots:
            self._keep()
        answer = handle(request)
        if request.method != "GET":
            self._keep()
        return answer

    def _keep(self) -> None:
        with self._context.transaction():
            state = self._context.state
            self._shots.append((monotonic(), replace(state, payments=_copied(state.payments, {}))))

    def _at_the_pg(self, request: Request, operation: str, resource: str, handle: Handle) -> Response:
        kind = self._assumed.concurrent_writes
        with self._guard:
            lock = self._busy.setdefault(f"{operation}:{resource}", threading.Lock())
        if kind == "refuse" and not lock.acquire(blocking=False):
            refusal = being_processed()
            return envelope(refusal.status, refusal.code, refusal.message, None)
        try:
            with lock if kind == "queue" else nullcontext():
                return self._spend_time(request, operation, resource, handle)
        finally:
            if kind == "refuse":
                lock.release()

    def _spend_time(self, request: Request, operation: str, resource: str, handle: Handle) -> Response:
        with self._context.transaction():
            arrived = self._look(operation, resource)
            if self._assumed.shows_attempts and operation in CHARGES:
                self._shown = {**self._shown, resource: self._attempt(resource, body_values(request))}
        gone = request.patience is not None and request.patience < self._assumed.pg_seconds
        time.sleep(self._assumed.pg_seconds)
        if gone and not self._assumed.executes_abandoned:
            return envelope(504, -1, None, None)  # the caller has disconnected
        with self._context.transaction():
            self._shown = {name: each for name, each in self._shown.items() if name != resource}
        if self._assumed.concurrent_writes == "race":
            self._of_this_thread.arrived = arrived
        try:
            return self._kept(handle, request)
        finally:
            self._of_this_thread.arrived = None

    def _look(self, operation: str, resource: str) -> Arrived:
        payments = self._context.state.payments
        if operation == "payments_cancel":
            payment = payments.get_clean(resource) if resource in payments else None
            return Arrived(frozenset(), None if payment is None else payment.remaining)
        paid = (uid for uid, each in payments.items() if each.merchant_uid == resource and each.paid_at)
        return Arrived(frozenset(paid), None)

    def _attempt(self, merchant_uid: str, values: Mapping[str, Any]) -> PaymentRecord:
        now = self._context.clock.now()
        channels = self._context.settings.channels
        channel = next((c for c in channels if c.type == "api_payment"), Channel("", "", "", "api_payment"))
        return PaymentRecord(
            imp_uid=self._context.state.new_imp_uid("imps", now),
            merchant_uid=merchant_uid,
            pay_method="card",
            channel="api",
            pg_provider=channel.pg_provider,
            pg_id=channel.pg_id,
            sandbox=channel.sandbox,
            amount=_amount(values),
            currency="KRW",
            status="ready",
            started_at=now,
        )


def _copied(payments: PaymentTable, more: Mapping[str, PaymentRecord]) -> PaymentTable:
    lock = StateLock()
    table = PaymentTable(lock)
    with lock.hold():
        for uid in payments:
            table[uid] = copy.deepcopy(payments.get_clean(uid))
        for each in more.values():
            table[each.imp_uid] = each
        table.commit()
    return table


def _amount(values: Mapping[str, Any]) -> Decimal:
    return Decimal(str(values.get("amount") or 0))


def _operation(request: Request) -> str:
    try:
        return find_route(request.method, request.path).operation.id
    except Refusal:
        return ""
