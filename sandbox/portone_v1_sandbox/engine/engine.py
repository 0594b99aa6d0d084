"""The sandbox without a wire: one request in, one answer out."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final

from portone_v1_generated.operations import OperationInfo

from ..dispatch.arguments import check_arguments
from ..dispatch.handlers import HANDLERS, Answer, Call
from ..dispatch.masking import mask_arguments
from ..errors.base import Refusal, body_too_large, broke_down, not_imitated
from ..merchant.pg_rules import require_pg_rules
from ..merchant.tiers import require_known_tier
from ..merchant.tokens import read_tier, require_token
from ..schedules.runner import run_due
from ..state.clock import SandboxClock
from ..state.exchanges import Exchange
from ..state.lock import Guard
from ..state.settings import Settings
from ..state.state import State
from ..webhooks.confirmations import forget_questions
from ..webhooks.queue import address_notices, due_deliveries
from ..webhooks.sender import HttpSender
from ..wire.forms import body_values, query_values
from ..wire.messages import BODY_LIMIT, Request, Response, envelope
from ..wire.routing import find_route
from ..wire.webhooks import WebhookSender
from .fault_injection import interfere

if TYPE_CHECKING:
    from ..storage.sqlite import Store

__all__ = ["Core", "as_refusal"]

AREAS: Final = (
    "certifications.handlers",
    "certifications.window",
    "merchant.channels",
    "merchant.codes",
    "merchant.tiers",
    "merchant.tokens",
    "naver.checkout",
    "naver.events",
    "naver.orders",
    "naver.points",
    "naver.returns",
    "naver.reviews",
    "payments.balance",
    "payments.billing_keys",
    "payments.cancel",
    "payments.charges",
    "payments.convenience_store",
    "payments.escrow",
    "payments.lookup",
    "payments.prepare",
    "payments.search",
    "payments.virtual_accounts",
    "pgs.benepia",
    "pgs.kakao",
    "pgs.kcp_quick",
    "pgs.members",
    "pgs.payco",
    "pgs.paymentwall",
    "receipts.cash_receipts",
    "receipts.sales_slips",
    "schedules.handlers",
    "schedules.listing",
)
for area in AREAS:
    import_module(f"portone_v1_sandbox.{area}")  # which registers its handlers

KEPT_EXCHANGES: Final = 10_000
LONGEST_PATH: Final = 1000
log = logging.getLogger("portone_v1_sandbox")


class Core:
    """State, clock and journal under one lock."""

    def __init__(self, settings: Settings, clock: SandboxClock | None, store: Store | None = None) -> None:
        self.settings = settings
        self.state: State = State()
        self.journal: deque[Exchange] = deque(maxlen=KEPT_EXCHANGES)
        self.lock: Guard = Guard()
        self.store = store
        self.couriers: list[Callable[[], object]] = []
        """Who wants to know that a webhook is due."""
        self.on_their_way: set[int] = set()
        """Deliveries that are being sent."""
        self.sender: WebhookSender = HttpSender()
        """Who sends what is sent on request."""
        self._post_is_due = False
        kept = {} if store is None else store.load(self.lock, self.state, self.journal)
        forget_questions(self.state)
        self.clock: SandboxClock = clock or SandboxClock.going_on(**kept.get("clock", {}))
        self.clock.watch(self.catch_up)
        self.lock.before_release = self._settle
        self.lock.after_release = self._wake

    def catch_up(self) -> None:
        """Does what has become due since the last time somebody looked."""
        with self.lock:
            run_due(self.state, self.settings, self.clock.now())

    def address_notices(self) -> None:
        address_notices(self.state)

    def _settle(self) -> None:
        self.address_notices()
        now = self.clock.now()
        self._post_is_due = bool(self.couriers and due_deliveries(self.state, now, self.on_their_way))
        if self.store is not None:
            self.store.save(self.state, self.journal, clock=self.clock.reading())

    def _wake(self) -> None:
        if self._post_is_due:
            for wake in tuple(self.couriers):
                wake()

    def handle(self, request: Request) -> Response:
        """Answers like V1, with what is to go wrong, and notes it in the journal."""
        return interfere(self, request, self._handle)

    def _handle(self, request: Request) -> Response:
        with self.lock:
            exchange = Exchange(at=self.clock.now(), method=request.method, path=request.path[:LONGEST_PATH])
            try:
                self.catch_up()
                answer = self._answer(request, exchange)
                response = envelope(answer.status, 0, answer.message, answer.payload)
                exchange.status = answer.status
            except Exception as error:
                refusal = as_refusal(error, request)
                exchange.status, exchange.code = refusal.status, refusal.code
                exchange.message = refusal.message
                response = envelope(refusal.status, refusal.code, refusal.message, None, error=refusal.error)
            self.journal.append(exchange)
            return response

    def call(self, operation: OperationInfo, source: Mapping[str, Mapping[str, Any]], tier: str | None) -> Call:
        """A checked call. Raises Refusal."""
        arguments = check_arguments(operation, source)
        if self.settings.pg_rules:
            require_pg_rules(operation.id, arguments, self.settings.channels)
        return Call(operation, arguments, self.state, self.settings, self.clock.now(), tier)

    def _answer(self, request: Request, exchange: Exchange) -> Answer:
        if len(request.body) > BODY_LIMIT:
            raise body_too_large()
        operation, in_path = find_route(request.method, request.path)
        exchange.operation, exchange.arguments = operation.id, dict(in_path)
        if operation.id != "auth_get_token":
            require_token(request, self.state, self.clock.now())
            exchange.tier = read_tier(request)
            require_known_tier(self.settings, self.state, exchange.tier)
        handler = HANDLERS.get(operation.id)
        if handler is None:
            raise not_imitated(f"{operation.id} ({operation.method} {operation.path})")
        source = {"path": in_path, "query": query_values(request.query), "body": body_values(request)}
        exchange.arguments = mask_arguments(operation, source)
        call = self.call(operation, source, exchange.tier)
        with self.lock.looking(operation.safe):
            return handler(call)


def as_refusal(error: Exception, request: Request) -> Refusal:
    """What is answered to an exception: a refusal as it is, anything else as a fault of the sandbox's own."""
    if isinstance(error, Refusal):
        return error
    # Where it happened says enough to mend it; the values of a trace could be card data.
    frame = extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
    log.error("%s %s: %s", request.method, request.path, where)
    return broke_down(where)
