"""Webhooks that are about no change of a payment: escrow, and what a till or a PG asks before it takes the money."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from portone_v1.inbox import RetryLater

from tests.inbox.shop import STRANGER, V1, Clock


class Raising(list[Any]):
    """Where a handler notes its events: the order's row is locked."""

    def __init__(self, error: type[Exception] = TimeoutError) -> None:
        self._error = error

    def append(self, _: object) -> None:
        raise self._error


def event(shop: Any, name: str, imp_uid: str = "imp_1", **extra: Any) -> Any:
    body = {"event": name, "imp_uid": imp_uid, "merchant_uid": "order-1", "status": "paid", "extra": extra}
    return shop.receive(json.dumps(body).encode(), "52.78.100.19", "application/json", None)


@pytest.mark.parametrize("odd", [float("nan"), [float("inf")], {"of": [1.5, None]}, "\ud800"])
def test_an_escrow_event_with_what_nobody_sends_is_handled(shop: Any, odd: object) -> None:
    shop.listen()
    assert event(shop, "Inicis.Escrow.Changed", escrow_status="4", changed_at=odd, denied_reason=odd).status == 200
    assert [each.status for each in shop.escrows] == ["4"]


def test_an_escrow_event_is_handled_once_for_its_content(shop: Any) -> None:
    assert (
        event(shop, "Inicis.Escrow.Changed", escrow_status="4", changed_at=1754000000).text
        == "no handler for escrow events"
    )
    shop.listen()
    for status in ("10", "10", "4"):
        assert event(shop, "Inicis.Escrow.Changed", escrow_status=status, changed_at=1754000000).status == 200
    assert [(each.status, each.imp_uid) for each in shop.escrows] == [("10", "imp_1"), ("4", "imp_1")]
    assert shop.escrows[0].changed_at.timestamp() == 1754000000


def test_an_escrow_event_is_never_given_up(open_shop: Callable[..., Any], clock: Clock) -> None:
    """V1 cannot be asked for it again, and a replay reads payments."""
    shop = open_shop(drained=True)
    shop.listen()
    shop.escrows, kept = Raising(RetryLater), shop.escrows
    event(shop, "Inicis.Escrow.Changed", escrow_status="4")
    for _ in range(4):
        clock.now += 700
        assert shop.drain() == 1
    shop.escrows = kept
    clock.now += 700
    assert shop.drain() == 1
    assert [each.status for each in shop.escrows] == ["4"]


def test_an_escrow_event_says_whether_it_came_from_portone(shop: Any, v1: V1) -> None:
    """V1 cannot confirm it, and a buyer knows the id of the payment."""
    v1.write("imp_1", "paid", merchant_uid="order-1")
    shop.listen()
    body = {"event": "Inicis.Escrow.Changed", "imp_uid": "imp_1", "extra": {"escrow_status": "forged"}}
    assert shop.receive(json.dumps(body).encode(), STRANGER, "application/json", None).status == 200
    assert event(shop, "Inicis.Escrow.Changed", escrow_status="10").status == 200
    assert [(each.status, each.from_portone) for each in shop.escrows] == [("forged", False), ("10", True)]


def test_an_escrow_event_holds_no_text_that_a_database_refuses(shop: Any) -> None:
    shop.listen()
    assert event(shop, "Inicis.Escrow.Changed", denied_reason="변심 \ud83d\x00", escrow_status="4").status == 200
    assert shop.escrows[0].denied_reason == "변심 \ufffd\ufffd"


def test_an_escrow_event_waits_for_a_process_that_has_its_handler(
    open_shop: Callable[..., Any], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    shop = open_shop(drained=True)
    shop.listen()
    shop.escrows, kept = Raising(), shop.escrows
    assert event(shop, "Inicis.Escrow.Changed", escrow_status="4").text == "stored"
    shop.escrows = kept
    clock.now += 2
    worker = open_shop(drained=True, store=shop.store)  # an older version, or one that imports less
    assert worker.drain() == 1
    assert "on_escrow" in caplog.text
    clock.now += 5
    assert shop.drain() == 1
    assert [each.status for each in shop.escrows] == ["4"]


def test_a_till_collects_only_on_a_yes(shop: Any) -> None:
    assert event(shop, "Galaxia.Cvs.Confirm", barcode="1").status == 501
    shop.listen()
    assert [event(shop, "Galaxia.Cvs.Confirm", imp_uid).status for imp_uid in ("imp_yes", "imp_no")] == [200, 403]
    assert shop.changes == []


def test_a_checkout_is_approved_or_refused_with_its_reason(shop: Any) -> None:
    def ask(amount: int) -> Any:
        body = {"imp_uid": "imp_1", "merchant_uid": "order-1", "amount": amount}
        return shop.receive(json.dumps(body).encode(), "52.78.100.19", "application/json", None)

    assert ask(12000).status == 501
    shop.listen()
    assert ask(12000).status == 200
    refused = ask(1)
    assert (refused.status, json.loads(refused.text)) == (400, {"reason": "금액이 주문과 다릅니다"})
