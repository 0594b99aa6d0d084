"""A shop before that V1, with either flavour of the client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from portone_v1.intents import MemoryStore

from tests.cases.v1 import V1, AsyncTime, LostError, Time
from tests.overlay.harness import AsyncFlavour, Client, Flavour, SyncFlavour

__all__ = ["Shop", "lost", "sold"]


class Shop:
    def __init__(self, flavour: Flavour) -> None:
        self.flavour, self.clock = flavour, Time()
        self.v1, self.journal = V1(self.clock), MemoryStore(clock=self.clock.time)
        self.alarms: list[str] = []
        self.client = self.process()

    def process(self, **options: Any) -> Client:
        """Start another process of the shop; `intents=` gives it a journal of its own."""
        given: dict[str, Any] = {
            "max_retries": 0,
            "intents": self.journal,
            "clock": self.clock if self.flavour.name == "sync" else AsyncTime(self.clock),
            "on_alarm": lambda alarm: self.alarms.append(alarm.kind),
            **options,
        }
        return self.flavour.client(self.v1, **given)

    def outcome_of(self, ask: Callable[[Any], Any], client: Client | None = None) -> str:
        """Return the state that the call returned, or the name of the exception that it raised."""
        try:
            state: str = (client or self.client).call(ask).state
        except Exception as error:
            return type(error).__name__
        return state

    def charge(self, card: str = "card-A", client: Client | None = None) -> str:
        return self.outcome_of(lambda c: c.subscribe.again_once(**sold(card)), client)

    def refund(self, imp_uid: str, amount: Any = 5_000, client: Client | None = None, key: str = "return-77") -> str:
        return self.outcome_of(lambda c: c.payments.cancel_once(imp_uid=imp_uid, amount=amount, key=key), client)

    def intent(self) -> Any:
        """Return the only open intent."""
        (found,) = self.client.call(lambda c: c.intents.open())
        return found

    def settle(self, intent: Any, client: Client | None = None) -> str:
        return self.outcome_of(lambda c: c.settle(intent), client)


def sold(card: str = "card-A") -> dict[str, Any]:
    return {"customer_uid": card, "merchant_uid": "order-1", "amount": 10_000, "name": "구독"}


def lost(given: dict[str, Any]) -> None:
    raise LostError


@pytest.fixture(params=[SyncFlavour, AsyncFlavour], ids=["sync", "async"])
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    flavour: Flavour = request.param()
    yield Shop(flavour)
    flavour.finish()
