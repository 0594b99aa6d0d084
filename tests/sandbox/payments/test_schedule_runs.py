"""Schedules that come due: with the clock, in the order of time, with every outcome; and charging again."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1_sandbox import TEST_CARDS, Channel, Sandbox, SandboxClock

from tests.sandbox.payments.test_schedules import DAY, PATH, entry, schedule
from tests.sandbox.support import START, Answer, Api, PatientApi


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return PatientApi(sandbox)


def row(api: Api, merchant_uid: str = "order-1") -> Any:
    return api.get(f"{PATH}/{merchant_uid}").response


def with_card(api: Api, name: str) -> None:
    api.issue("card-1", card_number=TEST_CARDS[name].number)


def retry(api: Api, merchant_uid: str = "order-1") -> Answer:
    return api.post(f"{PATH}/{merchant_uid}/retry")


class TestDue:
    def test_paid_at_its_time_and_not_before(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1", notice_url="https://shop.example.com/hook"))
        sandbox.clock.advance(seconds=DAY - 1)
        assert row(api)["schedule_status"] == "scheduled"
        sandbox.clock.advance(days=3)
        done = row(api)
        assert (done["schedule_status"], done["payment_status"]) == ("executed", "paid")
        assert (done["executed_at"], done["fail_reason"]) == (START + DAY, None)
        payment = api.get(f"/payments/{done['imp_uid']}").response
        wanted = {
            "merchant_uid": "order-1",
            "amount": 9900,
            "status": "paid",
            "paid_at": START + DAY,
            "channel": "api",
            "customer_uid": "card-1",
            "customer_uid_usage": "payment.scheduled",
        }
        assert payment.items() >= wanted.items()
        assert payment["imp_uid"].startswith("imps_")
        (notice,) = sandbox.notifications
        assert (notice.imp_uid, notice.status, notice.at) == (done["imp_uid"], "paid", START + DAY)
        assert notice.notice_urls == ("https://shop.example.com/hook",)
        assert api.get("/subscribe/customers/card-1/payments").response["total"] == 1

    @pytest.mark.parametrize("name", ["charge_refused", "charge_failed"])
    def test_declined(self, api: Api, sandbox: Sandbox, name: str) -> None:
        with_card(api, name)
        schedule(api, entry("order-1"))
        sandbox.clock.advance(days=1)
        done = row(api)
        assert (done["schedule_status"], done["payment_status"]) == ("executed", "failed")
        assert str(TEST_CARDS[name].reason) in done["fail_reason"]
        payment = api.get(f"/payments/{done['imp_uid']}").response
        assert (payment["status"], payment["failed_at"]) == ("failed", START + DAY)
        assert [(notice.status, notice.imp_uid) for notice in sandbox.notifications] == [("failed", done["imp_uid"])]
        assert sandbox.ledger == ()

    def test_key_that_is_gone(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        api.delete("/subscribe/customers/card-1")
        sandbox.clock.advance(days=1)
        assert (row(api)["payment_status"], row(api)["fail_reason"]) == ("failed", "등록되지 않은 구매자입니다.")
        assert row(api)["pg_provider"] == "nice_v2"

    def test_key_that_was_issued_again(self, api: Api, sandbox: Sandbox) -> None:
        with_card(api, "charge_failed")
        schedule(api, entry("order-1"))
        api.issue("card-1")
        sandbox.clock.advance(days=1)
        assert row(api)["payment_status"] == "paid"

    def test_order_that_was_paid_meanwhile(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        api.onetime("order-1", 9900)
        sandbox.clock.advance(days=1)
        assert row(api)["payment_status"] == "failed"
        assert len(sandbox.ledger) == 1

    def test_refunded_later_on(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        sandbox.clock.advance(days=1)
        api.cancel(merchant_uid="order-1")
        assert row(api)["payment_status"] == "cancelled"
        assert retry(api).verdict == (400, 1, "이미 승인된 결제예약입니다.")

    def test_many_in_the_order_of_time(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("c", 3 * DAY), entry("a", DAY), entry("b", 2 * DAY), entry("a2", DAY))
        sandbox.clock.advance(days=30)
        assert [notice.merchant_uid for notice in sandbox.notifications] == ["a", "a2", "b", "c"]
        assert [movement.at for movement in sandbox.ledger] == [START + n * DAY for n in (1, 1, 2, 3)]

    def test_when_the_clock_is_moved_over_the_wire(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        api.send("POST", "/_sandbox/clock", json={"advance": DAY})
        (notice,) = api.send("GET", "/_sandbox/notices").response
        assert notice == {
            "at": START + DAY,
            "cancellation_id": None,
            "event": None,
            "extra": None,
            "imp_uid": sandbox.ledger[0].imp_uid,
            "merchant_uid": "order-1",
            "notice_urls": [],
            "status": "paid",
        }

    def test_when_real_time_passes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        elapsed = 0.0
        monkeypatch.setattr("time.time", lambda: START + elapsed)
        sandbox = Sandbox(clock=SandboxClock(START))
        api = PatientApi(sandbox)
        api.issue("card-1")
        schedule(api, entry("order-1", 60), entry("order-2", 90))
        elapsed = 75.0
        assert row(api)["payment_status"] == "paid"
        elapsed = 100.0
        assert len(sandbox.ledger) == 2

    def test_two_sandboxes_on_one_clock(self) -> None:
        clock = SandboxClock.frozen_at(START)
        shops = [Sandbox(clock=clock), Sandbox(clock=clock)]
        for shop in shops:
            Api(shop).issue("card-1")
            schedule(Api(shop), entry("order-1"))
        clock.advance(days=1)
        assert [len(shop.notifications) for shop in shops] == [1, 1]

    def test_nothing_after_a_reset(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        sandbox.reset()
        sandbox.clock.advance(days=2)
        assert (sandbox.notifications, sandbox.ledger) == ((), ())
        api.authorize()
        assert api.get(f"{PATH}/order-1").status == 404


class TestMoving:
    @pytest.fixture(autouse=True)
    def scheduled(self, api: Api) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))

    @pytest.mark.parametrize("days", [0.5, 2])
    def test_to_another_time(self, api: Api, sandbox: Sandbox, days: float) -> None:
        at = START + int(days * DAY)
        assert api.put(f"{PATH}/order-1", schedule_at=at).response["schedule_at"] == at
        sandbox.clock.advance(seconds=days * DAY - 1)
        assert row(api)["schedule_status"] == "scheduled"
        sandbox.clock.advance(days=5)
        assert row(api)["executed_at"] == at
        assert len(sandbox.ledger) == 1

    def test_to_the_past(self, api: Api) -> None:
        verdict = (400, 1, "예약시각은 현재시각 이후여야 합니다.")
        assert api.put(f"{PATH}/order-1", schedule_at=START).verdict == verdict
        assert api.put(f"{PATH}/order-1").status == 400
        assert row(api)["schedule_at"] == START + DAY

    def test_after_it_was_executed_or_revoked(self, api: Api, sandbox: Sandbox) -> None:
        schedule(api, entry("order-2"))
        api.post("/subscribe/payments/unschedule", merchant_uid="order-2")
        sandbox.clock.advance(days=1)
        later = START + 9 * DAY
        assert api.put(f"{PATH}/order-1", schedule_at=later).verdict == (400, 1, "이미 실행된 결제예약입니다.")
        assert api.put(f"{PATH}/order-2", schedule_at=later).verdict == (400, 1, "이미 취소된 결제예약입니다.")


class TestAgain:
    def test_failed_at_a_later_time(self, api: Api, sandbox: Sandbox) -> None:
        with_card(api, "charge_failed")
        schedule(api, entry("order-1"))
        sandbox.clock.advance(days=1)
        failed = row(api)["imp_uid"]
        api.issue("card-1")
        renewed = api.post(f"{PATH}/order-1/reschedule", schedule_at=START + 2 * DAY).response
        assert (renewed["schedule_status"], renewed["payment_status"]) == ("scheduled", None)
        assert (renewed["imp_uid"], renewed["executed_at"], renewed["fail_reason"]) == (None, 0, None)
        sandbox.clock.advance(days=1)
        assert row(api)["payment_status"] == "paid"
        assert row(api)["imp_uid"] != failed
        assert [notice.status for notice in sandbox.notifications] == ["failed", "paid"]
        assert api.get("/payments/findAll/order-1").response["total"] == 2

    def test_revoked_at_a_later_time(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        api.post("/subscribe/payments/unschedule", merchant_uid="order-1")
        renewed = api.post(f"{PATH}/order-1/reschedule", schedule_at=START + DAY).response
        assert (renewed["schedule_status"], renewed["revoked_at"]) == ("scheduled", 0)
        sandbox.clock.advance(days=1)
        assert row(api)["payment_status"] == "paid"

    def test_failed_at_once(self, api: Api, sandbox: Sandbox) -> None:
        with_card(api, "charge_refused")
        schedule(api, entry("order-1"))
        sandbox.clock.advance(days=1)
        still = retry(api)
        assert (still.code, still.response["status"]) == (0, "failed")
        assert "카드사 점검중" in still.response["fail_reason"]
        api.issue("card-1")
        sandbox.clock.advance(seconds=9)
        paid = retry(api).response
        assert (paid["status"], paid["amount"], paid["paid_at"]) == ("paid", 9900, START + DAY + 9)
        assert (row(api)["imp_uid"], row(api)["executed_at"]) == (paid["imp_uid"], START + DAY + 9)
        assert [notice.status for notice in sandbox.notifications] == ["failed", "failed", "paid"]
        assert retry(api).status == 400

    def test_revoked_at_once(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        api.post("/subscribe/payments/unschedule", merchant_uid="order-1")
        assert retry(api).response["status"] == "paid"
        assert (row(api)["schedule_status"], row(api)["revoked_at"]) == ("executed", 0)
        sandbox.clock.advance(days=2)
        assert len(sandbox.ledger) == 1

    def test_still_to_come_or_approved(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        later = {"schedule_at": START + 9 * DAY}
        verdict = (400, 1, "아직 실행되지 않은 결제예약입니다.")
        assert retry(api).verdict == verdict
        assert api.post(f"{PATH}/order-1/reschedule", **later).verdict == verdict
        sandbox.clock.advance(days=1)
        verdict = (400, 1, "이미 승인된 결제예약입니다.")
        assert retry(api).verdict == verdict
        assert api.post(f"{PATH}/order-1/reschedule", **later).verdict == verdict

    def test_in_the_past(self, api: Api) -> None:
        api.issue("card-1")
        schedule(api, entry("order-1"))
        api.post("/subscribe/payments/unschedule", merchant_uid="order-1")
        assert api.post(f"{PATH}/order-1/reschedule", schedule_at=START).status == 400
        assert row(api)["schedule_status"] == "revoked"

    def test_with_a_key_that_is_gone(self, api: Api, sandbox: Sandbox) -> None:
        with_card(api, "charge_failed")
        schedule(api, entry("order-1"))
        sandbox.clock.advance(days=1)
        api.delete("/subscribe/customers/card-1")
        assert retry(api).verdict == (404, 1, "등록되지 않은 구매자입니다.")

    def test_with_a_pg_that_does_not_do_it(self) -> None:
        channel = Channel("channel-key-toss", "tosspay_v2", "sandboxtoss", "api_payment")
        sandbox = Sandbox(clock=SandboxClock.frozen_at(START), channels=[channel])
        api = PatientApi(sandbox)
        with_card(api, "charge_failed")
        schedule(api, entry("order-1"))
        sandbox.clock.advance(days=1)
        assert retry(api).verdict == (500, -1, "결제 재시도를 지원하지 않는 PG사입니다.")
