"""A small shop: what its code would ask V1 for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from portone_v1_sandbox import TEST_CARDS, Sandbox

from tests.overlay.harness import Ask, Client, Flavour

__all__ = ["NOON", "Shop"]

NOON = 1_767_236_400
"""2026-01-01 12:00 KST."""


class Shop:
    def __init__(self, sandbox: Sandbox, flavour: Flavour, way: dict[str, Any]) -> None:
        self.sandbox = sandbox
        self.flavour = flavour
        self._way = way
        self.client = self.another()

    def another(self, **options: Any) -> Client:
        return self.flavour.client(imp_key="sandbox_key", imp_secret="sandbox_secret", **self._way, **options)

    def call(self, ask: Ask) -> Any:
        return self.client.call(ask)

    def failure(self, ask: Ask) -> Any:
        return self.client.failure(ask)

    def charge(self, merchant_uid: str, amount: int | Decimal = 12000, card: str = "ordinary", **more: Any) -> Ask:
        number = TEST_CARDS[card].number if card in TEST_CARDS else card
        return lambda c: c.subscribe.onetime(
            merchant_uid=merchant_uid,
            amount=amount,
            name="원두 500g",
            card_number=number,
            expiry="2031-12",
            birth="900101",
            **more,
        )

    def store_card(self, customer_uid: str, card: str = "ordinary") -> Ask:
        return lambda c: c.billing_keys.issue(
            customer_uid,
            card_number=TEST_CARDS[card].number,
            expiry="2031-12",
            birth="900101",
            customer_name="홍길동",
        )

    def money(self) -> list[tuple[str, Decimal | int]]:
        """Return every movement of money from the sandbox's own ledger."""
        return [(movement.kind, movement.amount) for movement in self.sandbox.ledger]
