"""The engine of the sandbox: one request in, one response out, without a transport."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Final

from portone_v1_generated.operations import OperationInfo

from ..dispatch.arguments import check_arguments, require_known_names, unknown_fields
from ..dispatch.given import Given, given_values
from ..dispatch.handlers import HANDLERS, Answer, Call
from ..dispatch.masking import mask_arguments
from ..errors.base import Refusal, body_too_large, broke_down, not_imitated
from ..errors.checkout import another_site
from ..errors.control import unknown_names
from ..evidence.changes import Observer
from ..evidence.log import EvidenceLog
from ..merchant.pg_rules import check_pg_rules
from ..merchant.tiers import require_known_tier
from ..merchant.tokens import read_tier, require_token
from ..schedules.runner import run_due
from ..state.conditions.clock import SandboxClock
from ..state.conditions.settings import Settings
from ..state.deliveries import Attempt, Delivery
from ..state.exchanges import Exchange, Journal
from ..state.state import State
from ..state.tables.lock import StateLock
from ..storage.errors import SandboxStoreError
from ..webhooks.confirmations import discard_confirmations
from ..webhooks.queue import due_deliveries, enqueue_deliveries
from ..webhooks.sender import HttpSender
from ..wire.forms import body_values, query_values
from ..wire.messages import BODY_LIMIT, Request, Response, envelope
from ..wire.real_time import monotonic
from ..wire.routing import find_route
from ..wire.webhooks import WebhookSender
from . import handlers as handlers
from .fault_injection import apply_faults
from .open_questions import OpenQuestions
from .sums import Sums
from .transaction import Transaction

if TYPE_CHECKING:
    from ..storage.sqlite import Store
    from .webhook_list import WebhookList

__all__ = ["Engine", "to_refusal"]

KEPT_EXCHANGES: Final = 10_000
LONGEST_PATH: Final = 1000
READING: Final = frozenset({"GET", "HEAD"})
log = logging.getLogger("portone_v1_sandbox")


class Engine:
    """State, clock and journal of one sandbox, changed in transactions."""

    def __init__(self, settings: Settings, clock: SandboxClock | None, store: Store | None = None) -> None:
        self.settings = settings
        self._lock = StateLock()
        self.state: State = State.under(self._lock)
        self.journal = Journal(maxlen=KEPT_EXCHANGES)
        self.evidence = EvidenceLog()
        self.sums = Sums()
        self.store = store
        self.delivery_listeners: list[Callable[[], object]] = []
        self.in_flight: set[int] = set()
        self.unsaved_attempts: dict[int, tuple[Delivery, Attempt, Exchange]] = {}
        self.sender: WebhookSender = HttpSender()
        kept = {} if store is None else store.load(self._lock, self.state, self.journal)
        discard_confirmations(self.state)
        self.tiers: set[str | None] = self.state.tiers_in_use()
        """Sub-merchants named by requests, and those of the records in the file."""
        self._observer = Observer(self.evidence, self.state)
        self.clock: SandboxClock = clock or SandboxClock.going_on(**kept.get("clock", {}))
        self.snapshots: dict[str, Any] = {}
        """Snapshots by name."""
        self.shops: Any = None
        """The shops of the server that this one belongs to."""
        self.clock.watch(self._clock_was_moved)
        self.questions: OpenQuestions = OpenQuestions(settings.assumptions, self)
        self._settled: tuple[Settings, OpenQuestions] = settings, self.questions
        self.evidence.settle()

    def transaction(self, *, read_only: bool = False) -> Transaction:
        """Lock the state; commit when the outermost transaction of this thread ends.

        A commit creates the deliveries of new webhooks, writes all changes to the store and, after the lock is
        released, wakes the webhook worker. It also happens after an exception: a refused request may have used up
        a fault, run due charges, and is part of the journal. If the store cannot write the changes they are undone,
        including those of the settings and of the timeline, and SandboxStoreError is raised. `read_only=True` promises
        not to change any record.
        """
        return Transaction(self._lock, self._commit, self._wake, read_only=read_only)

    @cached_property
    def webhooks(self) -> WebhookList:
        """The webhooks that the dashboard lists."""
        from .webhook_list import WebhookList  # loaded with the first page, which a shop's test never opens

        return WebhookList()

    def _wake(self) -> None:
        for listener in tuple(self.delivery_listeners):
            listener()

    def _commit(self) -> bool:
        enqueue_deliveries(self.state)
        moment = self.clock.moment()
        self.state.commit()
        self._observer.observe(self.state, moment)
        if self.store is not None:
            try:
                self.store.save(self.state, self.journal, clock=self.clock.reading())
            except SandboxStoreError:
                self._undo(self.store)
                raise
        else:
            self.state.forget_changes()
        self._settle()
        return bool(self.delivery_listeners and due_deliveries(self.state, int(moment), self.in_flight))

    def _settle(self) -> None:
        self._settled = self.settings, self.questions
        self.evidence.settle()

    def _undo(self, store: Store) -> None:
        kept = store.restore(self._lock, self.state, self.journal)
        if "clock" in kept:
            self.clock.continue_as(**kept["clock"])
        self.settings, self.questions = self._settled
        self.evidence.undo()
        self._observer.start_from(self.state)

    def change(self, **settings: Any) -> None:
        """Change settings while the sandbox runs. Another key pair ends the token of the old one."""
        before, self.settings = self.settings, replace(self.settings, **settings)
        if (before.imp_key, before.imp_secret) != (self.settings.imp_key, self.settings.imp_secret):
            self.state.token = None
        if before.assumptions != self.settings.assumptions:
            self.questions = OpenQuestions(self.settings.assumptions, self)

    def _clock_was_moved(self) -> None:
        with self.transaction():
            self.evidence.add("clock", self.clock.moment(), "clock", facts={"frozen": self.clock.frozen})
            self.catch_up()

    def catch_up(self) -> None:
        """Run everything that has become due by now."""
        with self.transaction():
            run_due(self.state, self.settings, self.clock.now())

    def enqueue_deliveries(self) -> None:
        enqueue_deliveries(self.state)

    def handle(self, request: Request) -> Response:
        """Respond like V1, apply injected faults, and add the exchange to the journal."""
        if self.questions.any:
            return self.questions.run(request, lambda each: apply_faults(self, each, self._handle))
        return apply_faults(self, request, self._handle)

    def _handle(self, request: Request) -> Response:
        began, content = monotonic(), None
        with self.transaction():
            now = self.clock.now()
            exchange = Exchange(at=now, method=request.method, path=request.path[:LONGEST_PATH])
            try:
                run_due(self.state, self.settings, now)
                answer = self._answer(request, exchange)
                response = envelope(answer.status, 0, answer.message, answer.payload)
                exchange.status, content = answer.status, answer.payload
            except Exception as error:
                response = _refused(exchange, to_refusal(error, request))
            self.journal.append(exchange)
            spent = (monotonic() - began) * 1000
            self.evidence.add_call(self.clock.moment(), exchange, request, response, spent, content)
            return response

    def call(
        self,
        operation: OperationInfo,
        source: Mapping[str, Mapping[str, Any]],
        tier: str | None,
        user_agent: str | None = None,
        given: Given | None = None,
    ) -> Call:
        """Return a checked call. Raises Refusal."""
        if operation.area == "_sandbox":
            require_known_names(operation, source)
        if tier is not None:
            self.tiers.add(tier)
        advice: list[str] = []
        of_v1 = operation.area != "_sandbox" and not self.settings.pg_rules
        arguments = check_arguments(operation, source if given is None else given, advice if of_v1 else None)
        state = self.questions.seen(self.state) if operation.method == "GET" and self.questions.any else self.state
        now = self.clock.now()
        if operation.method != "GET" and operation.id != "auth_get_token":
            self.clock.keep(now)
        call = Call(
            operation, arguments, state, self.settings, now, tier, user_agent,
            arrived=self.questions.arrived, advice=advice,
        )  # fmt: skip
        check_pg_rules(call)
        return call

    def _answer(self, request: Request, exchange: Exchange) -> Answer:
        if len(request.body) > BODY_LIMIT:
            raise body_too_large()
        if request.from_another_site and request.method not in READING:
            raise another_site()
        operation, in_path = find_route(request.method, request.path)
        exchange.operation, exchange.arguments = operation.id, dict(in_path)
        if operation.id != "auth_get_token":
            require_token(request, self.state, exchange.at)
            exchange.tier = read_tier(request)
            require_known_tier(self.settings, self.state, exchange.tier)
        handler = HANDLERS.get(operation.id)
        if handler is None:
            raise not_imitated(f"{operation.id} ({operation.method} {operation.path})")
        source = {"path": in_path, "query": query_values(request.query), "body": body_values(request)}
        given = given_values(operation, source)
        exchange.arguments = mask_arguments(given)
        exchange.unknown = unknown_fields(operation, source)
        if exchange.unknown and self.settings.strict:
            raise unknown_names(exchange.unknown, [parameter.name for parameter in operation.parameters])
        call = self.call(operation, source, exchange.tier, request.header("user-agent"), given)
        exchange.advice = call.advice  # a handler may add to it
        with self.transaction(read_only=operation.safe):
            return handler(call)


def _refused(exchange: Exchange, refusal: Refusal) -> Response:
    """Note a refusal without keeping it: its traceback leads to all frames, including the caller's."""
    exchange.status, exchange.code, exchange.message = refusal.status, refusal.code, refusal.message
    return envelope(refusal.status, refusal.code, refusal.message, None, error=refusal.error)


def to_refusal(error: Exception, request: Request) -> Refusal:
    """Return the refusal for an exception: itself, or a 500 for an error of the sandbox."""
    if isinstance(error, Refusal):
        return error
    # The place is enough to fix it; the values of a traceback could be card data.
    frame = extract_tb(error.__traceback__)[-1]
    where = f"{type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}"
    log.error("%s %s: %s", request.method, request.path, where)
    return broke_down(where)
