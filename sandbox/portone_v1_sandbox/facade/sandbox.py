"""`Sandbox`, the face of the imitation."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from ..control.router import PREFIX, control
from ..engine.engine import Engine
from ..errors.control import not_kept
from ..state.channels import DEFAULT_CHANNELS, Channel
from ..state.clock import SandboxClock
from ..state.deliveries import ContentType
from ..state.exchanges import Exchange
from ..state.notifications import Notification
from ..state.settings import Settings
from ..state.state import Movement
from ..storage.errors import SandboxStoreError
from ..web import Site, is_page
from ..wire.messages import Request, Response, envelope
from ..wire.webhooks import WebhookSender
from .lifecycle import Lifecycle
from .parties import Benepia, Identity, Inicis, KcpQuick, Naver
from .payments import PaymentControls

if TYPE_CHECKING:
    from portone_v1 import AsyncPortOne, PortOne

    from ..storage.sqlite import Store
    from ..transports.httpx import SandboxTransport

__all__ = ["Sandbox"]


class Sandbox(PaymentControls, Lifecycle):
    """PortOne V1 in memory, with a clock that can be moved. Safe to use from several threads.

    Args:
        imp_key, imp_secret: the one key pair that is let in.
        clock: the real time when left out; `SandboxClock.frozen_at(...)` stands still.
        channels: the merchant's channels; the first of each type is its default.
        partial_cancel_status: what a payment's `status` becomes after a partial refund. Merchants report `paid`,
            the vendor says nothing.
        unknown_billing_key_status: how an unknown `customer_uid` is refused when it is looked up or deleted: HTTP
            200 has been seen, 404 is documented.
        pg_rules: what the vendor lists for a PG is held against every request that names its channel: the vendor's
            lists contradict each other, so they can be switched off.
        registered_tiers_only: a `Tier` header must name a tier that `tiers.create` has registered. What V1 does with
            others is not known.
        db: an SQLite file that keeps everything, written before each answer leaves; in memory when left out.
        webhook_url: where webhooks go; `webhook_test_url` gets those of test channels instead.
        webhook_content_type: how they are written.
        webhook_repeats: those that met a network error or a 5xx are repeated, up to five times, a minute apart.
        webhook_escrow: they tell what becomes of escrow payments at INICIS, which V1 does where somebody asked for it.
        allow_remote_webhooks: they may leave this machine.
        webhook_sender: sends them instead of HTTP.

    Raises:
        SandboxStoreError: the file cannot be used.
        ValueError: a webhook URL cannot be used.
    """

    def __init__(
        self,
        *,
        imp_key: str = "sandbox_key",
        imp_secret: str = "sandbox_secret",  # noqa: S107 - the published default of an imitation
        clock: SandboxClock | None = None,
        channels: Iterable[Channel] = DEFAULT_CHANNELS,
        partial_cancel_status: Literal["paid", "cancelled"] = "paid",
        unknown_billing_key_status: Literal[200, 404] = 200,
        pg_rules: bool = True,
        registered_tiers_only: bool = False,
        db: str | PathLike[str] | None = None,
        webhook_url: str | None = None,
        webhook_test_url: str | None = None,
        webhook_content_type: ContentType | None = None,
        webhook_repeats: bool | None = None,
        webhook_escrow: bool | None = None,
        allow_remote_webhooks: bool = False,
        webhook_sender: WebhookSender | None = None,
    ) -> None:
        settings = Settings(
            imp_key,
            imp_secret,
            tuple(channels),
            partial_cancel_status,
            unknown_billing_key_status,
            pg_rules=pg_rules,
            registered_tiers_only=registered_tiers_only,
        )
        self._engine = Engine(settings, clock, None if db is None else _store(db))
        self._site = Site(self._engine)
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
        # What is not named stays as the file says.
        webhooks = {"url": webhook_url, "test_url": webhook_test_url, "content_type": webhook_content_type}
        asked_for = {"repeats": webhook_repeats, "escrow": webhook_escrow}
        named = webhooks | asked_for | {"allow_remote": allow_remote_webhooks}
        self._set_up(webhook_sender, {name: value for name, value in named.items() if value is not None})

    def handle(self, request: Request) -> Response:
        """Answers one request as V1 would, a control call under `/_sandbox/` included. Never raises."""
        try:
            if is_page(request.path):
                return self._site.handle(request)
            if request.path.startswith(PREFIX):
                return control(self._engine, request)
            return self._engine.handle(request)
        except SandboxStoreError as error:
            refusal = not_kept(str(error))
            return envelope(refusal.status, refusal.code, refusal.message, None)

    def transport(self) -> SandboxTransport:
        """A transport for httpx, of both kinds, that never leaves the process."""
        from ..transports.httpx import SandboxTransport

        return SandboxTransport(self)

    def client(self, **options: Any) -> PortOne:
        """A `PortOne` that talks to this sandbox. `options` go to `PortOne`."""
        from portone_v1 import PortOne

        return PortOne(**self._options(options))

    def async_client(self, **options: Any) -> AsyncPortOne:
        """An `AsyncPortOne` that talks to this sandbox."""
        from portone_v1 import AsyncPortOne

        return AsyncPortOne(**self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        settings = self._engine.settings
        own = {"imp_key": settings.imp_key, "imp_secret": settings.imp_secret, "transport": self.transport()}
        return own | options

    @property
    def clock(self) -> SandboxClock:
        """The sandbox's time."""
        return self._engine.clock

    @property
    def journal(self) -> tuple[Exchange, ...]:
        """The requests so far (the last 10,000) with their answers; control calls are not noted."""
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
        """Forgets everything but the clock, and where webhooks go."""
        with self._engine.transaction():
            self._engine.state.clear()
            self._engine.journal.clear()


def _store(path: str | PathLike[str]) -> Store:
    from ..storage.sqlite import Store  # which brings SQLite

    return Store(path)
