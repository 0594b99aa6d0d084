"""What shops do with V1 in the field, and what the client says to it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import httpx
import pytest
from portone_v1 import NotFoundError
from portone_v1.models import Schedule
from portone_v1_sandbox import TEST_CARDS, Sandbox

from tests.cases.conftest import Shop, sold
from tests.cases.v1 import answer

DAY = 86_400


class TestVerify:
    """Shops keep order numbers as integers and currencies in lower case. Neither is a forged payment."""

    def test_an_order_number_that_is_an_integer(self, shop: Shop) -> None:
        imp_uid = shop.v1.record("1001", 12_000)["imp_uid"]
        verify: Any = {"merchant_uid": 1001, "amount": 12_000}
        error = shop.client.failure(lambda c: c.payments.verify(imp_uid, **verify))
        assert isinstance(error, TypeError)
        assert "merchant_uid must be a str" in str(error)
        assert shop.v1.sent == []

    @pytest.mark.parametrize("currency", ["USD", "usd"])
    def test_a_currency_in_lower_case(self, shop: Shop, currency: str) -> None:
        imp_uid = shop.v1.record("1002", 1050, currency="USD", sandbox=False)["imp_uid"]
        order: Any = {"merchant_uid": "1002", "amount": Decimal(1050), "currency": currency}
        assert shop.client.call(lambda c: c.payments.verify(imp_uid, **order)).imp_uid == imp_uid

    def test_no_currency_is_no_currency(self, shop: Shop) -> None:
        imp_uid = shop.v1.record("1003", 1000, sandbox=False)["imp_uid"]
        order: Any = {"merchant_uid": "1003", "amount": 1000, "currency": None}
        assert isinstance(shop.client.failure(lambda c: c.payments.verify(imp_uid, **order)), TypeError)

    @pytest.mark.parametrize("flag", ["missing", None, True])
    def test_without_the_test_flag_it_is_not_taken_for_live(self, shop: Shop, flag: Any) -> None:
        imp_uid = flagged(shop, flag)
        order: Any = {"merchant_uid": "1004", "amount": 1000}
        error = shop.client.failure(lambda c: c.payments.verify(imp_uid, **order))
        assert set(error.mismatches) == {"sandbox"}
        assert shop.client.call(lambda c: c.payments.verify(imp_uid, **order, allow_test=True)).imp_uid == imp_uid

    @pytest.mark.parametrize("flag", ["missing", None, True, False])
    def test_nor_does_reconcile_count_it_among_what_was_paid(
        self, shop: Shop, flag: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        imp_uid = flagged(shop, flag)
        shop.clock.advance(10)
        now = int(shop.clock.now)
        found = [
            shop.client.call(lambda c, given=given: c.payments.reconcile(now - 60, now, refunds_of_days=0, **given))
            for given in ({}, {"allow_test": True})
        ]
        assert [movement.imp_uid for movement in found[0]] == ([imp_uid] if flag is False else [])
        assert [movement.imp_uid for movement in found[1]] == [imp_uid]
        assert ("1 payments without the sandbox flag" in caplog.text) == (flag in ("missing", None))


def flagged(shop: Shop, flag: Any) -> str:
    """Create a paid order with this `sandbox` flag."""
    payment = shop.v1.record("1004", 1000, sandbox=flag)
    if flag == "missing":
        del payment["sandbox"]
    imp_uid: str = payment["imp_uid"]
    return imp_uid


def test_paypal_under_review_reads_failed_and_is_pending(shop: Shop) -> None:
    """V1 turns it into `paid` days later. No other card, and no new order number, in between."""

    def review(given: dict[str, Any]) -> Any:
        details = {"pg_provider": "paypal_v2", "pay_method": "paypal", "custom_data": given["custom_data"]}
        payment = shop.v1.record("order-1", 10_000, "failed", fail_reason="pending", **details)
        return answer(payment)

    shop.v1.plans["/subscribe/payments/again"] = [review]
    assert [shop.charge("card-A"), shop.charge("card-B")] == ["pending", "pending"]
    shop.clock.advance(2 * DAY)
    intent = shop.intent()
    assert shop.settle(intent) == "pending"
    shop.v1.payments["imps_000000000001"].update(status="paid", paid_at=int(shop.clock.now))
    assert shop.settle(intent) == "paid"
    assert shop.v1.writes("/subscribe/payments/again") == 1


@pytest.mark.parametrize("after_days", [5, 7])
def test_paypal_declines_after_its_review(shop: Shop, after_days: int) -> None:
    def review(given: dict[str, Any]) -> Any:
        details = {"pg_provider": "paypal_v2", "pay_method": "paypal", "custom_data": given["custom_data"]}
        return answer(shop.v1.record("order-1", 10_000, "failed", **details))

    shop.v1.plans["/subscribe/payments/again"] = [review]
    assert shop.charge() == "pending"
    intent = shop.intent()
    shop.clock.advance(after_days * DAY)
    assert shop.settle(intent) == ("declined" if after_days > 6 else "pending")


@pytest.fixture
def sandbox() -> Sandbox:
    sandbox = Sandbox()
    with sandbox.client() as client:
        number = TEST_CARDS["ordinary"].number
        client.billing_keys.issue("card-1", card_number=number, expiry="2039-12", birth="900101")
        for name in ("a", "b"):
            planned = Schedule(merchant_uid=name, schedule_at=sandbox.clock.now() + DAY, amount=100, name="구독")
            client.subscribe.schedule(customer_uid="card-1", schedules=[planned])
    return sandbox


class TestGuards:
    def test_milliseconds_are_no_seconds(self, sandbox: Sandbox) -> None:
        later = (sandbox.clock.now() + DAY) * 1000
        with sandbox.client() as client:
            planned = Schedule(merchant_uid="c", schedule_at=later, amount=100, name="구독")
            with pytest.raises(ValueError, match="milliseconds"):
                client.subscribe.schedule(customer_uid="card-1", schedules=[planned])
            with pytest.raises(ValueError, match="milliseconds"):
                client.subscribe.update_schedule("a", schedule_at=later)
            account: dict[str, Any] = {"vbank_code": "004", "vbank_due": later, "vbank_holder": "별"}
            with pytest.raises(ValueError, match="milliseconds"):
                client.vbanks.issue(merchant_uid="d", amount=1000, **account)

    def test_an_empty_list_is_not_all_of_them(self, sandbox: Sandbox) -> None:
        with sandbox.client() as client:
            with pytest.raises(ValueError, match="empty"):
                client.subscribe.unschedule(customer_uid="card-1", merchant_uid=[])
            assert [str(client.subscribe.get_schedule(uid).schedule_status) for uid in ("a", "b")] == ["scheduled"] * 2


def test_what_v1_does_not_know_is_code_minus_1(sandbox: Sandbox) -> None:
    with sandbox.client() as client:
        calls: dict[str, Any] = {
            "by id": lambda: client.payments.get("imp_000000000001"),
            "by order": lambda: client.payments.find("order-404"),
            "certification": lambda: client.certifications.get("imp_000000000002"),
        }
        for name, call in calls.items():
            with pytest.raises(NotFoundError) as caught:
                call()
            assert (name, caught.value.status, caught.value.code) == (name, 404, -1)


def test_the_window_of_an_order_that_is_paid(sandbox: Sandbox) -> None:
    """Pages branch on what they are told: F1002 is taken for *paid already*, anything else for a failure."""
    sandbox.pay(merchant_uid="twice-1", amount=1000)
    asked = {"merchant_uid": "twice-1", "amount": 1000, "name": "컵"}
    window = {"asked": asked, "kind": "payment", "mobile": False, "redirects": False, "tier": None}
    here = "http://127.0.0.1"
    with httpx.Client(transport=sandbox.transport(), base_url=here) as page:
        opened = page.post("/_sandbox/web/windows", data={"request": json.dumps(window)}, headers={"origin": here})
        outcome = page.get(opened.headers["location"] + "/state").json()["response"]["outcome"]
    assert (outcome["error_code"], outcome["error_msg"]) == ("F1002", "이미 결제가 이루어진 거래건입니다.")


def test_a_schedule_has_v1s_own_extra(shop: Shop) -> None:
    """`naverUseCfm` belongs under `extra`, and not beside `amount`. Keys that are not known have another place."""
    confirmed = {"naverUseCfm": "20301231"}
    planned: dict[str, Any] = {"merchant_uid": "m", "schedule_at": 1_900_000_000, "amount": 1, "name": "x"}
    shop.v1.plans["/subscribe/payments/schedule"] = [lambda given: answer([])] * 2
    for schedule in (Schedule(**planned, extra=confirmed), Schedule(**planned, extra=confirmed, unknown={"new": 1})):
        shop.client.call(lambda c, one=schedule: c.subscribe.schedule(customer_uid="c", schedules=[one]))
        assert Schedule.from_dict(schedule.to_dict()) == schedule
    first, second = (given["schedules"][0] for path, given in shop.v1.sent if path.endswith("/schedule"))
    assert first == {**planned, "extra": confirmed}
    assert second == {**planned, "extra": confirmed, "new": 1}


def test_a_charge_after_which_nothing_is_left_to_guess(shop: Shop) -> None:
    """The ordinary case, once: two requests and a token."""
    shop.client.call(lambda c: c.subscribe.again_once(**sold()))
    asked = [path for path, _ in shop.v1.sent]
    assert asked == ["/users/getToken", "/payments/findAll/order-1", "/subscribe/payments/again"]
