"""One payment under two names: a plain refund by its `imp_uid`, and one by the number of its order."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1 import InProgressError, OutcomeUnknownError
from portone_v1.intents import Intent, MemoryStore

from tests.safe import network as net
from tests.safe.conftest import Shop

CANCEL = "POST /payments/cancel"
GET = "GET /payments/"
FIND = "GET /payments/findAll"
ORDER: dict[str, Any] = {"merchant_uid": "order-1"}


def cancelled(shop: Shop, names: dict[str, Any]) -> Any:
    return shop.run(lambda c: c.payments.cancel(amount=400, **names))


def undecided(shop: Shop, names: dict[str, Any], fault: Any = net.held) -> Any:
    shop.network.meet(CANCEL, fault)
    return shop.failure(lambda c: c.payments.cancel(amount=400, **names), OutcomeUnknownError)


@pytest.fixture(params=["by order", "by payment"])
def names(request: pytest.FixtureRequest, shop: Shop) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the names of the first refund and of the second one."""
    payment = {"imp_uid": shop.paid().imp_uid}
    return (ORDER, payment) if request.param == "by order" else (payment, ORDER)


def test_a_refund_is_not_sent_over_an_undecided_one_under_the_other_name(shop: Shop, names: Any) -> None:
    first, second = names
    undecided(shop, first)
    shop.failure(lambda c: c.payments.cancel(amount=400, **second), InProgressError)
    shop.clock.advance(100)
    error = shop.failure(lambda c: c.payments.cancel(amount=400, **second), InProgressError)
    assert "not decided yet; nothing was sent" in str(error)
    shop.network.deliver()
    assert shop.refunds == [400]
    shop.clock.advance(301)
    error = shop.failure(lambda c: c.payments.cancel(amount=400, **second), InProgressError)
    assert "executed after all" in str(error)
    cancelled(shop, second)
    assert shop.refunds == [400, 400]
    assert shop.run(lambda c: c.intents.open()) == []


def test_after_one_that_was_not_executed_the_other_one_is_sent(shop: Shop, names: Any) -> None:
    first, second = names
    undecided(shop, first, net.lost_before)
    shop.clock.advance(400)
    cancelled(shop, second)
    assert shop.refunds == [400]
    assert [each.state for each in shop.settle_all()] == ["not_refunded"]


def test_an_undecided_refund_of_another_payment_stops_nothing(shop: Shop, names: Any) -> None:
    first, second = names
    other = {"imp_uid": shop.paid("order-2").imp_uid} if "imp_uid" in second else {"merchant_uid": "order-2"}
    if "merchant_uid" in other:
        shop.paid("order-2")
    undecided(shop, first)
    cancelled(shop, other)
    assert shop.refunds == [400]
    assert len(shop.run(lambda c: c.intents.open())) == 1


def test_nothing_is_read_while_no_refund_is_undecided(shop: Shop, names: Any) -> None:
    cancelled(shop, names[0])
    cancelled(shop, names[1])
    assert shop.network.count(GET) == 0
    assert shop.refunds == [400, 400]


def test_nothing_is_sent_while_v1_cannot_say_whose_payment_it_is(shop: Shop, names: Any) -> None:
    first, second = names
    undecided(shop, first)
    shop.clock.advance(400)
    shop.network.meet(FIND if "merchant_uid" in second else GET, *[net.lost_before] * 4)
    error = shop.failure(lambda c: c.payments.cancel(amount=400, **second), InProgressError)
    assert "may be of this payment" in str(error)
    assert shop.network.count(CANCEL) == 1


def test_a_plain_refund_by_order_is_not_sent_over_cancel_once(shop: Shop) -> None:
    imp_uid = shop.paid().imp_uid
    shop.network.meet(CANCEL, net.held)
    shop.failure(lambda c: c.payments.cancel_once(imp_uid=imp_uid, left=600), OutcomeUnknownError)
    shop.failure(lambda c: c.payments.cancel(amount=400, **ORDER), InProgressError)
    shop.network.deliver()
    assert shop.refunds == [400]
    assert shop.cancel(imp_uid=imp_uid, left=600).state == "refunded"


@pytest.mark.parametrize("name", ["imp_uid", "merchant_uid"])
def test_an_id_in_another_letter_case_may_be_the_same(shop: Shop, name: str) -> None:
    """Nobody knows whether V1's database tells `order-1` from `Order-1`."""
    paid = shop.paid()
    uid = getattr(paid, name)
    undecided(shop, {name: uid})
    shop.failure(lambda c: c.payments.cancel(amount=400, **{name: uid.upper()}), InProgressError)
    assert shop.network.count(CANCEL) == 1


@pytest.mark.parametrize("gap", [0, 1, 2])
@pytest.mark.parametrize("arrives", [True, False])
def test_two_equal_refunds_of_one_second_are_kept_apart(shop: Shop, names: Any, gap: int, arrives: bool) -> None:
    """The journal knows that V1 answered the first one, so that the only entry is not of the second."""
    first, second = names
    cancelled(shop, first)
    shop.clock.advance(gap)
    undecided(shop, second, net.lost_after if arrives else net.lost_before)
    assert [each.state for each in shop.settle_all(after=400)] == ["refunded" if arrives else "not_refunded"]
    assert shop.refunds == ([400, 400] if arrives else [400])


@pytest.mark.parametrize("arrives", [True, False])
def test_what_cancel_once_refunded_is_no_plain_refund(shop: Shop, arrives: bool) -> None:
    imp_uid = shop.paid().imp_uid
    shop.cancel(imp_uid=imp_uid, amount=400, key="return-1")
    undecided(shop, ORDER, net.lost_after if arrives else net.lost_before)
    assert [each.state for each in shop.settle_all(after=400)] == ["refunded" if arrives else "not_refunded"]
    assert shop.refunds == ([400, 400] if arrives else [400])


class AtOnce(MemoryStore):
    """Another process begins a refund under the other name, just before the next one begins."""

    def __init__(self, shop: Shop, names: dict[str, Any]) -> None:
        super().__init__(clock=shop.clock.time)
        self._names = names
        self.met = False

    def begin(self, intent: Intent) -> bool:
        if not self.met:
            self.met = True
            named = next(iter(self._names.values()))
            rival = {
                "resource": f"payment:{named}",
                "key": "write/other",
                "arguments": {**self._names, "amount": "400"},
            }
            assert super().begin(intent.changed(id="other", resource_seq=1, key_seq=1, before={}, **rival))
        return super().begin(intent)


def met_at_once(shop: Shop, first: dict[str, Any], method: str, **second: Any) -> None:
    journal = AtOnce(shop, first)
    shop.client = shop.new_client(intents=journal)
    shop.failure(lambda c: getattr(c.payments, method)(amount=400, **second), InProgressError)
    assert journal.met
    assert shop.network.count(CANCEL) == 0
    assert [each.id for each in shop.run(lambda c: c.intents.open())] == ["other"]


def test_of_two_that_begin_at_once_none_is_sent_over_the_other(shop: Shop, names: Any) -> None:
    met_at_once(shop, names[0], "cancel", **names[1])


def test_cancel_once_that_begins_at_once_with_a_refund_by_order(shop: Shop) -> None:
    met_at_once(shop, ORDER, "cancel_once", imp_uid=shop.paid().imp_uid, key="return-1")


@pytest.mark.parametrize("method", ["cancel", "cancel_once"])
def test_a_store_that_fails_once_the_intent_is_written_leaves_nothing_open(shop: Shop, method: str) -> None:
    """Nothing was sent, and the next call need not wait five minutes to find that out."""

    class Failing(MemoryStore):
        begun = failed = False

        def begin(self, intent: Intent) -> bool:
            self.begun = super().begin(intent)
            return self.begun

        def failing(self) -> None:
            if self.begun and not self.failed:
                self.failed = True
                raise OSError

        def latest(self, shop: str, *, resource: str = "", key: str = "") -> Intent | None:
            self.failing()
            return super().latest(shop, resource=resource, key=key)

        def unfinished(self, shop: str, limit: int = 1000) -> list[Intent]:
            self.failing()
            return super().unfinished(shop, limit)

    imp_uid = shop.paid().imp_uid
    shop.client = shop.new_client(intents=Failing(clock=shop.clock.time))
    more = {"key": "return-1"} if method == "cancel_once" else {}
    shop.failure(lambda c: getattr(c.payments, method)(imp_uid=imp_uid, amount=400, **more), OSError)
    assert shop.run(lambda c: c.intents.open()) == []
    shop.run(lambda c: getattr(c.payments, method)(imp_uid=imp_uid, amount=400, **more))
    assert shop.refunds == [400]
