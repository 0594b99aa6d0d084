"""A shop with either flavour of the client, before a sandbox whose network does what a test says."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from portone_v1._async.session import AsyncSession
from portone_v1._sync.session import Session
from portone_v1.intents import MemoryStore
from portone_v1_sandbox import TEST_CARDS, Sandbox, SandboxClock
from portone_v1_sandbox.shops.snapshots import Snapshot

from tests.overlay.harness import AsyncFlavour, Client, Flavour, SyncFlavour
from tests.safe.network import Network

__all__ = ["Shop"]

CARD = {"expiry": "2039-12", "birth": "900101"}


class ShopClock:
    """Time of the shop and of V1, which passes only while someone sleeps."""

    def __init__(self, sandbox: SandboxClock) -> None:
        self._sandbox, self._started, self._passed = sandbox, sandbox.now(), 0.0
        self.naps: list[float] = []
        self.wrong_by = 0.0
        """Seconds by which the shop's own clock is wrong."""

    def server_time(self) -> float:
        return self._started + self._passed

    def time(self) -> float:
        return self.server_time() + self.wrong_by

    def monotonic(self) -> float:
        return self._passed

    def sleep(self, seconds: float) -> None:
        self.naps.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        self._passed += seconds
        self._sandbox.advance(seconds=int(self.server_time()) - self._sandbox.now())


class AsyncShopClock:
    """The same, awaited."""

    def __init__(self, clock: ShopClock) -> None:
        self._clock = clock
        self.time, self.monotonic = clock.time, clock.monotonic

    async def sleep(self, seconds: float) -> None:
        self._clock.sleep(seconds)


@cache
def issued_cards() -> Snapshot:
    """Return a sandbox in which the tests' billing keys were issued, once per process."""
    sandbox = Sandbox(clock=SandboxClock(frozen=True))
    with sandbox.client() as client:
        for name in ("ordinary", "charge_refused", "charge_failed"):
            for tier in (None, "AAA"):
                client.billing_keys.issue(name, card_number=TEST_CARDS[name].number, expiry="2039-12", tier=tier)
    return sandbox.snapshot()


class Shop:
    """`shop.run(lambda c: c.payments.verify(...))`, the same for both flavours."""

    def __init__(self, flavour: Flavour) -> None:
        self.sandbox = Sandbox(clock=SandboxClock(frozen=True))
        self.sandbox.restore(issued_cards())
        self.clock = ShopClock(self.sandbox.clock)
        self.network = Network(self.sandbox, self.clock.server_time)
        self.flavour = flavour
        self.journal = MemoryStore(clock=self.clock.time)
        self.alarms: list[str] = []
        self.client = self.new_client()

    def set_up(self, **changes: Any) -> None:
        """Change settings of V1."""
        self.sandbox._engine.settings = replace(self.sandbox._engine.settings, **changes)

    def new_client(self, **options: Any) -> Client:
        given: dict[str, Any] = {
            "imp_key": "sandbox_key",
            "imp_secret": "sandbox_secret",
            "max_retries": 0,
            "intents": self.journal,
            "clock": AsyncShopClock(self.clock) if isinstance(self.flavour, AsyncFlavour) else self.clock,
            "on_alarm": lambda alarm: self.alarms.append(alarm.kind),
            **options,
        }
        return self.flavour.client(self.network, **given)

    def run(self, ask: Callable[[Any], Any]) -> Any:
        return self.client.call(ask)

    def failure(self, ask: Callable[[Any], Any], kind: type[Exception]) -> Any:
        with pytest.raises(kind) as caught:
            self.client.call(ask)
        return caught.value

    def charge(self, merchant_uid: str = "order-1", amount: Any = 1000, card: str = "ordinary", **more: Any) -> Any:
        return self.run(lambda c: c.subscribe.again_once(**again(merchant_uid, amount, card), **more))

    def paid(self, merchant_uid: str = "order-1", amount: Any = 1000, **details: Any) -> Any:
        """Create a payment that a buyer made in the payment window."""
        return self.sandbox.pay(merchant_uid=merchant_uid, amount=amount, **details)

    def settle(self, error: Any, *, after: float = 0.0) -> Any:
        """Settle, some seconds later."""
        self.clock.advance(after)
        return self.run(lambda c: c.settle(error))

    def settle_all(self, *, after: float = 0.0) -> list[Any]:
        self.clock.advance(after)
        return list(self.run(lambda c: c.settle_all()))

    def cancel(self, **arguments: Any) -> Any:
        return self.run(lambda c: c.payments.cancel_once(**arguments))

    @property
    def charges(self) -> list[tuple[str, Decimal]]:
        return [(m.merchant_uid, m.amount) for m in self.sandbox.ledger if m.kind == "charge"]

    @property
    def refunds(self) -> list[Decimal]:
        return [m.amount for m in self.sandbox.ledger if m.kind == "refund"]


def again(merchant_uid: str = "order-1", amount: Any = 1000, card: str = "ordinary") -> dict[str, Any]:
    return {"customer_uid": card, "merchant_uid": merchant_uid, "amount": amount, "name": "구독"}


@pytest.fixture(params=[SyncFlavour, AsyncFlavour], ids=["sync", "async"])
def shop(request: pytest.FixtureRequest, naps: list[float]) -> Iterator[Shop]:
    flavour: Flavour = request.param()
    yield Shop(flavour)
    flavour.finish()


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Record the seconds that would have been slept between the tries of one call."""
    slept: list[float] = []

    async def async_sleep(_: AsyncSession, seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(Session, "sleep", lambda _, seconds: slept.append(seconds))
    monkeypatch.setattr(AsyncSession, "sleep", async_sleep)
    return slept
