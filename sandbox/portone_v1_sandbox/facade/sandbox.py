"""`Sandbox`: PortOne V1 in this process."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache
from os import PathLike
from threading import Lock
from typing import TYPE_CHECKING, Any, Literal

from ..control.router import PREFIX, control
from ..engine.engine import Engine
from ..engine.unsaved import refuse_unsaved
from ..errors.base import Refusal
from ..lint.report import require_known_rules
from ..merchant.tiers import tiers_of
from ..state.channels import DEFAULT_CHANNELS, Channel
from ..state.conditions.assumptions import Assumptions
from ..state.conditions.clock import SandboxClock
from ..state.conditions.settings import Settings
from ..state.deliveries import ContentType
from ..state.exchanges import Exchange
from ..state.notifications import Notification
from ..state.state import Movement
from ..storage.errors import SandboxStoreError
from ..web.paths import is_page
from ..wire.messages import Request, Response, envelope
from ..wire.shop_names import HEADER, SHOPS, addressed
from ..wire.webhooks import WebhookSender
from .arguments import channels_in, check, texts_in
from .lifecycle import Lifecycle
from .lint import Lint
from .names import NamedControls
from .parties import Benepia, Identity, Inicis, KcpQuick, Naver
from .payments import PaymentControls
from .shops import ShopControls

if TYPE_CHECKING:
    from portone_v1 import AsyncPortOne, PortOne
    from portone_v1.intents import MemoryStore

    from ..storage.sqlite import Store
    from ..transports.httpx import SandboxTransport
    from ..web.router import Site

__all__ = ["Sandbox"]


class Sandbox(PaymentControls, ShopControls, Lifecycle, NamedControls):
    """PortOne V1 in memory, with a clock that can be moved. Safe to use from several threads.

    Args:
        imp_key, imp_secret: the valid API key and secret.
        clock: Default: real time. `SandboxClock.frozen_at(...)` does not move.
        channels: the merchant's channels; the first of each type is its default.
        partial_cancel_status: a payment's `status` after a partial refund. V1 was captured with `cancelled`;
            merchants report `paid`, and the vendor does not document it.
        unknown_billing_key_status: HTTP status when an unknown `customer_uid` is looked up or deleted: 200 was
            observed, 404 is documented.
        unknown_close_status: a payment's `status` when the buyer closes the window of SmilePay or uplus, for which
            it is not known; at all other PGs it is `failed`.
        pg_rules: refuse violations of the vendor's lists and pages for the PG. They contradict each other, and V1
            was not seen refusing by them, so by default the journal only notes a violation as `advice`.
        registered_tiers_only: accept only `Tier` headers that `tiers.create` has registered. V1's response to others
            is not known.
        tiers: registered sub-merchants, `ABC` or `ABC=name`.
        strict: refuse a page that passes a `pg` or `channelKey` that the merchant does not have, and V1 calls with
            fields that the operation does not have. V1 falls back to the default channel and ignores such fields.
            By default the sandbox does so too, and notes it in the journal.
        muted_rules: rules of the linter that are not reported, such as `token-per-call`.
        db: SQLite file that keeps everything, written before each response. Default: in memory.
        webhook_url: URL for webhooks; `webhook_test_url` gets those of test channels instead.
        webhook_content_type: format of the webhooks.
        webhook_repeats: repeat after a network error or a 5xx, up to five times, one minute apart.
        webhook_escrow: send webhooks about escrow payments at INICIS, as V1 does on request of the merchant.
        allow_remote_webhooks: allow webhooks to other machines.
        webhook_hosts: allow webhooks to these other hosts only.
        webhook_sender: sends the webhooks instead of HTTP.
        assumptions: how V1 behaves where nobody outside PortOne knows: concurrent writes, lagging reads, marks.

    Raises:
        SandboxStoreError: the file cannot be used.
        TypeError, ValueError: an argument is wrong: a webhook URL that cannot be used, an unknown rule of the linter.
    """

    def __init__(
        self,
        *,
        imp_key: str = "sandbox_key",
        imp_secret: str = "sandbox_secret",  # noqa: S107 - the published default of an imitation
        clock: SandboxClock | None = None,
        channels: Iterable[Channel] = DEFAULT_CHANNELS,
        partial_cancel_status: Literal["paid", "cancelled"] = "cancelled",
        unknown_billing_key_status: Literal[200, 404] = 200,
        unknown_close_status: Literal["failed", "ready"] = "failed",
        pg_rules: bool = False,
        registered_tiers_only: bool = False,
        tiers: Iterable[str] = (),
        strict: bool = False,
        muted_rules: Iterable[str] = (),
        db: str | PathLike[str] | None = None,
        webhook_url: str | None = None,
        webhook_test_url: str | None = None,
        webhook_content_type: ContentType | None = None,
        webhook_repeats: bool | None = None,
        webhook_escrow: bool | None = None,
        allow_remote_webhooks: bool = False,
        webhook_hosts: Iterable[str] = (),
        webhook_sender: WebhookSender | None = None,
        assumptions: Assumptions | None = None,
    ) -> None:
        check(
            imp_key=imp_key, imp_secret=imp_secret, clock=clock, partial_cancel_status=partial_cancel_status,
            unknown_billing_key_status=unknown_billing_key_status, unknown_close_status=unknown_close_status,
            pg_rules=pg_rules, registered_tiers_only=registered_tiers_only, strict=strict, db=db,
            webhook_url=webhook_url, webhook_test_url=webhook_test_url, webhook_content_type=webhook_content_type,
            webhook_repeats=webhook_repeats, webhook_escrow=webhook_escrow,
            allow_remote_webhooks=allow_remote_webhooks, webhook_sender=webhook_sender, assumptions=assumptions,
        )  # fmt: skip
        hosts = tuple(host.lower() for host in texts_in("webhook_hosts", webhook_hosts))
        named_tiers = tiers_of(texts_in("tiers", tiers))
        require_known_rules(muted_rules := texts_in("muted_rules", muted_rules))
        settings = Settings(
            imp_key,
            imp_secret,
            channels_in(channels),
            partial_cancel_status,
            unknown_billing_key_status,
            unknown_close_status,
            pg_rules=pg_rules,
            registered_tiers_only=registered_tiers_only,
            strict=strict,
            muted_rules=muted_rules,
            assumptions=assumptions or Assumptions(),
        )
        self._engine = Engine(settings, clock, None if db is None else _store(db))
        self._opening = Lock()
        self._site: Site | None = None
        self._intents: MemoryStore | None = None
        """The journal that the clients of this sandbox share."""
        self.lint: Lint = Lint(self._engine)
        """Mistakes of the shop that can cost money."""
        self.identity: Identity = Identity(self._engine)
        """본인인증: the person who verifies their identity."""
        self.naver: Naver = Naver(self._engine)
        """네이버페이 주문형: orders, events and reviews."""
        self.inicis: Inicis = Inicis(self._engine)
        """KG이니시스: escrow events."""
        self.kcp_quick: KcpQuick = KcpQuick(self._engine)
        """KCP 퀵페이: members."""
        self.benepia: Benepia = Benepia(self._engine)
        """베네피아: buyers with points."""
        # Settings that are not passed stay as in the file.
        webhooks = {"url": webhook_url, "test_url": webhook_test_url, "content_type": webhook_content_type}
        asked_for = {"repeats": webhook_repeats, "escrow": webhook_escrow}
        with self._engine.transaction():
            for code, name in named_tiers.items():
                self._engine.state.tiers.setdefault(code, name)
        named = webhooks | asked_for | {"allow_remote": allow_remote_webhooks, "hosts": hosts or None}
        self._set_up_shops(None)
        self._set_up(webhook_sender, {name: value for name, value in named.items() if value is not None})

    def handle(self, request: Request) -> Response:
        """Respond to one request as V1 does, or to a control call under `/_sandbox/`. Never raises."""
        asked = request.path
        try:
            name, request = addressed(request)
            shop = self if name is None else self.shops.open(name)
        except Refusal as refusal:
            return envelope(refusal.status, refusal.code, refusal.message, None)
        answer = shop._dated(request, name)  # noqa: SLF001 - of the same class
        place = answer.headers.get("Location", "")
        if name is not None and asked != request.path and place.startswith("/"):
            answer = replace(answer, headers={**answer.headers, "Location": f"{SHOPS}/{name}{place}"})
        return answer

    def _dated(self, request: Request, name: str | None) -> Response:
        answer = self._answer(request)
        if name is not None:
            answer = replace(answer, headers={**answer.headers, HEADER: name})
        # A client's verdicts go by V1's clock, which here is the sandbox's, however far it was moved.
        if not self._engine.settings.assumptions.sends_date:
            return answer
        headers = {**answer.headers, "Date": _date(self._engine.clock.now())}
        return Response(answer.status, answer.body, headers, answer.delay, answer.cut)

    def _answer(self, request: Request) -> Response:
        try:
            if request.method == "HEAD" and (is_page(request.path) or request.path.startswith(PREFIX)):
                request = replace(request, method="GET")  # The transport sends no body.
            if is_page(request.path):
                return self._pages().handle(request)
            if request.path.startswith(PREFIX):
                return control(self._engine, request)
            return self._engine.handle(request)
        except SandboxStoreError as error:
            return refuse_unsaved(self._engine, request, error)

    def _pages(self) -> Site:
        with self._opening:  # Two sites would not share their payment windows.
            if self._site is None:
                from ..web.router import Site  # loaded with the first page, which a server's test never opens

                self._site = Site(self._engine)
        return self._site

    def transport(self) -> SandboxTransport:
        """Return an httpx transport, for both kinds of clients, that never leaves the process."""
        from ..transports.httpx import SandboxTransport

        return SandboxTransport(self)

    def client(self, **options: Any) -> PortOne:
        """Return a `PortOne` that calls this sandbox. `options` are passed to `PortOne`."""
        from portone_v1 import PortOne

        return PortOne(**self._options(options))

    def async_client(self, **options: Any) -> AsyncPortOne:
        """Return an `AsyncPortOne` that calls this sandbox."""
        from portone_v1 import AsyncPortOne

        return AsyncPortOne(**self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        settings = self._engine.settings
        own = {"imp_key": settings.imp_key, "imp_secret": settings.imp_secret, "transport": self.transport()}
        if self._intents is None:
            from portone_v1.intents import MemoryStore

            self._intents = MemoryStore()
        return own | {"intents": self._intents} | options

    @property
    def clock(self) -> SandboxClock:
        """The sandbox's time."""
        return self._engine.clock

    @property
    def assumptions(self) -> Assumptions:
        """The assumptions about V1 that this sandbox simulates."""
        return self._engine.settings.assumptions

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The last 10,000 requests with their responses, without control calls."""
        with self._engine.transaction():
            return tuple(self._engine.journal)

    @property
    def ledger(self) -> tuple[Movement, ...]:
        """Every movement of money so far."""
        with self._engine.transaction():
            self._engine.catch_up()
            return tuple(self._engine.state.ledger)

    @property
    def notifications(self) -> tuple[Notification, ...]:
        """Every webhook that V1 would have sent so far."""
        with self._engine.transaction():
            self._engine.catch_up()
            return tuple(self._engine.state.notifications)

    def reset(self) -> None:
        """Delete everything but the clock and the webhook settings."""
        with self._engine.transaction():
            self._engine.state.clear()
            self._engine.journal.clear()
            self._engine.clock.forget()
            self._engine.evidence.clear()


@lru_cache(maxsize=8)
def _date(now: int) -> str:
    return formatdate(now, usegmt=True)


def _store(path: str | PathLike[str]) -> Store:
    from ..storage.sqlite import Store  # Loads SQLite.

    return Store(path)
