"""결제예약: making, moving, revoking and listing schedules, and every refusal."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from portone_v1_sandbox import TEST_CARDS, Sandbox

from tests.sandbox.support import START, Answer, Api, PatientApi

DAY = 24 * 60 * 60
PATH = "/subscribe/payments/schedule"
CARD = {"card_number": "4242-4242-4242-4242", "expiry": "2030-12"}
SECOND_CHANNEL = "channel-key-00000000-0000-4000-8000-000000000005"


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return PatientApi(sandbox)


def entry(merchant_uid: str, after: int = DAY, **fields: object) -> dict[str, Any]:
    return {"merchant_uid": merchant_uid, "schedule_at": START + after, "amount": 9900, "name": "구독", **fields}


def schedule(api: Api, *entries: dict[str, Any], customer_uid: str = "card-1", **fields: object) -> Answer:
    return api.post(PATH, customer_uid=customer_uid, schedules=list(entries), **fields)


@pytest.fixture
def card(api: Api) -> None:
    api.issue("card-1", customer_name="홍길동", customer_tel="010-0000-0000", customer_email="hong@example.com")


@pytest.mark.usefixtures("card")
class TestMaking:
    def test_row_of_a_new_schedule(self, api: Api, sandbox: Sandbox) -> None:
        (row,) = schedule(api, entry("order-1", custom_data={"box": 7})).response
        assert row == {
            "amount": 9900,
            "buyer_addr": None,
            "buyer_email": "hong@example.com",
            "buyer_name": "홍길동",
            "buyer_postcode": None,
            "buyer_tel": "010-0000-0000",
            "currency": "KRW",
            "custom_data": '{"box":7}',
            "customer_id": None,
            "customer_uid": "card-1",
            "executed_at": 0,
            "fail_reason": None,
            "imp_uid": None,
            "merchant_uid": "order-1",
            "name": "구독",
            "payment_status": None,
            "pg_id": "sandboxbill",
            "pg_provider": "nice_v2",
            "promotion_id": None,
            "revoked_at": 0,
            "schedule_at": START + DAY,
            "schedule_status": "scheduled",
        }
        assert list(row) == sorted(row)
        assert sandbox.ledger == ()

    def test_buyer_of_the_entry_wins_over_the_customer_of_the_key(self, api: Api) -> None:
        (row,) = schedule(api, entry("order-1", buyer_name="이바다")).response
        assert (row["buyer_name"], row["buyer_tel"]) == ("이바다", "010-0000-0000")

    def test_channel_that_is_named(self, api: Api, sandbox: Sandbox) -> None:
        (row,) = schedule(api, entry("order-1"), channel_key=SECOND_CHANNEL).response
        assert row["pg_provider"] == "kcp"
        sandbox.clock.advance(days=1)
        assert api.get("/payments/find/order-1").response["pg_provider"] == "kcp"

    def test_channel_that_nobody_has(self, api: Api) -> None:
        assert schedule(api, entry("order-1"), channel_key="nobody's").status == 400

    def test_as_a_form(self, api: Api) -> None:
        fields = f"[merchant_uid]=order-1&schedules[0][schedule_at]={START + 60}&schedules[0][amount]=100"
        api.authorize()
        answer = api.send("POST", PATH, form=f"customer_uid=card-1&schedules[0]{fields}")
        assert [row["amount"] for row in answer.response] == [100]

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"schedule_at": START}, 400),
            ({"schedule_at": START - 1}, 400),
            ({"schedule_at": None}, 400),
            ({"schedule_at": "morgen"}, 400),
            ({"amount": 0}, 400),
            ({"amount": "0.5"}, 400),
            ({"amount": None}, 400),
            ({"amount": 1000, "tax_free": 900, "vat_amount": 101}, 400),
            ({"amount": 49_999, "card_quota": 2}, 200),
            ({"merchant_uid": None}, 400),
            ({"merchant_uid": "x" * 41}, 400),
            ({"currency": "won"}, 400),
        ],
    )
    def test_entry_that_cannot_be(self, api: Api, fields: dict[str, object], status: int) -> None:
        answer = schedule(api, entry("good"), {**entry("order-1"), **fields})
        assert answer.status == status
        assert answer.code != 0
        assert api.get(f"{PATH}/good").status == 404

    @pytest.mark.parametrize("schedules", [[], ["order-1"], {"merchant_uid": "order-1"}, "order-1", None])
    def test_list_that_is_none(self, api: Api, schedules: object) -> None:
        assert api.post(PATH, customer_uid="card-1", schedules=schedules).status == 400

    def test_order_number_comes_once(self, api: Api) -> None:
        assert schedule(api, entry("order-1"), entry("order-1")).code == 1
        schedule(api, entry("order-1"))
        assert schedule(api, entry("order-1", 2 * DAY)).verdict == (200, 1, "이미 예약된 merchant_uid(order-1)입니다.")
        api.post("/subscribe/payments/unschedule", customer_uid="card-1")
        assert schedule(api, entry("order-1")).code == 1
        api.onetime("order-2")
        assert schedule(api, entry("order-2")).verdict == (
            200,
            1,
            "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)",
        )


NO_CARD = "[F112]유효하지않은 카드번호를 입력하셨습니다. (card_bin 없음)"


class TestKeyOnTheWay:
    def test_issued_with_the_card_that_is_sent(self, api: Api) -> None:
        (row,) = schedule(api, entry("order-1"), customer_id="hong", **CARD).response
        assert row["customer_id"] == "hong"
        assert api.get("/subscribe/customers/card-1").response["card_number"] == "424242******4242"

    def test_without_a_card(self, api: Api) -> None:
        assert schedule(api, entry("order-1")).verdict == (200, 1, "등록된 고객정보가 없습니다.")

    def test_without_an_expiry(self, api: Api) -> None:
        assert schedule(api, entry("order-1"), card_number=CARD["card_number"]).status == 400

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (
                "4242-4242-4242-4241",
                f"카드정보 인증 및 빌키 발급에 실패하였습니다. {NO_CARD}",
            ),
            (TEST_CARDS["not_issued"].number, "카드정보 인증 및 빌키 발급에 실패하였습니다. [SB01] 거래정지카드"),
        ],
    )
    def test_card_that_is_refused(self, api: Api, number: str, words: str) -> None:
        answer = schedule(api, entry("order-1"), card_number=number, expiry="2030-12")
        assert answer.verdict == (200, -1, words)
        assert api.get("/subscribe/customers/card-1").code == 1

    def test_refused_entry_leaves_no_key(self, api: Api) -> None:
        assert schedule(api, entry("order-1", -1), **CARD).status == 400
        assert api.get("/subscribe/customers/card-1").code == 1

    def test_card_beside_a_key_is_not_looked_at(self, api: Api) -> None:
        api.issue("card-1")
        assert schedule(api, entry("order-1"), card_number="0", expiry="2030-12").code == 0


class TestCheckingAmount:
    def test_is_charged_and_refunded_without_a_webhook(self, api: Api, sandbox: Sandbox) -> None:
        assert schedule(api, entry("order-1"), checking_amount=100, **CARD).code == 0
        charge, refund = sandbox.ledger
        assert (charge.kind, refund.kind, int(charge.amount), int(refund.amount)) == ("charge", "refund", 100, 100)
        assert sandbox.notifications == ()
        checked = api.get(f"/payments/{sandbox.ledger[0].imp_uid}").response
        assert (checked["status"], checked["amount"]) == ("cancelled", 100)

    def test_of_nothing_checks_nothing(self, api: Api, sandbox: Sandbox) -> None:
        assert schedule(api, entry("order-1"), checking_amount=0, **CARD).code == 0
        assert sandbox.ledger == ()

    @pytest.mark.parametrize("name", ["charge_refused", "charge_failed"])
    def test_that_fails_schedules_nothing(self, api: Api, sandbox: Sandbox, name: str) -> None:
        card = {"card_number": TEST_CARDS[name].number, "expiry": "2030-12"}
        answer = schedule(api, entry("order-1"), checking_amount=100, **card)
        assert (answer.status, answer.code) == (200, -1)
        assert str(TEST_CARDS[name].reason) in str(answer.message)
        assert api.get(f"{PATH}/order-1").status == 404
        assert api.get("/subscribe/customers/card-1").code == 1
        assert api.get("/payments/status/all").response["total"] == 0
        assert sandbox.ledger == ()

    def test_has_no_fractions(self, api: Api) -> None:
        assert schedule(api, entry("order-1"), checking_amount=Decimal("0.5"), **CARD).status == 400


class TestUnscheduling:
    @pytest.fixture(autouse=True)
    def three(self, api: Api) -> None:
        api.issue("card-1")
        api.issue("card-2")
        schedule(api, entry("a-1"), entry("a-2"))
        schedule(api, entry("b-1"), customer_uid="card-2")

    @pytest.mark.parametrize(
        ("fields", "revoked"),
        [
            ({"customer_uid": "card-1"}, ["a-1", "a-2"]),
            ({"merchant_uid": ["a-2", "b-1"]}, ["a-2", "b-1"]),
            ({"merchant_uid": "b-1"}, ["b-1"]),
            ({"customer_uid": "card-1", "merchant_uid": ["a-2", "b-1", "c-1"]}, ["a-2"]),
        ],
    )
    def test_by_key_by_order_and_by_both(
        self, api: Api, sandbox: Sandbox, fields: dict[str, object], revoked: list[str]
    ) -> None:
        sandbox.clock.advance(seconds=5)
        rows = api.post("/subscribe/payments/unschedule", **fields).response
        assert [row["merchant_uid"] for row in rows] == revoked
        assert {(row["schedule_status"], row["revoked_at"]) for row in rows} == {("revoked", START + 5)}
        sandbox.clock.advance(days=2)
        assert {notice.merchant_uid for notice in sandbox.notifications} == {"a-1", "a-2", "b-1"} - set(revoked)

    def test_nothing_found(self, api: Api, sandbox: Sandbox) -> None:
        words = (200, 1, "취소할 예약결제 기록이 존재하지 않습니다.")
        assert api.post("/subscribe/payments/unschedule", customer_uid="card-9").verdict == words
        sandbox.clock.advance(days=2)
        assert api.post("/subscribe/payments/unschedule", customer_uid="card-1").verdict == words

    def test_nobody_named(self, api: Api) -> None:
        assert api.post("/subscribe/payments/unschedule").status == 400
        assert api.post("/subscribe/payments/unschedule", customer_uid="", merchant_uid=[]).status == 400


class TestLists:
    @pytest.fixture(autouse=True)
    def rows(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        api.issue("card-2")
        schedule(api, entry("first", 60), entry("third", 3 * DAY), entry("second", 2 * DAY))
        schedule(api, entry("other", 2 * DAY), customer_uid="card-2")
        sandbox.clock.advance(seconds=60)

    def of(self, answer: Answer) -> list[str]:
        return [row["merchant_uid"] for row in answer.response["list"]]

    def test_range_is_half_open_and_newest_first(self, api: Api) -> None:
        span = {"schedule_from": START + 60, "schedule_to": START + 3 * DAY}
        assert self.of(api.get(PATH, **span)) == ["other", "second", "first"]
        assert self.of(api.get(PATH, **span, sorting="scheduled")) == ["first", "second", "other"]
        assert self.of(api.get(PATH, schedule_from=START + 61, schedule_to=START + 4 * DAY, limit=2)) == [
            "third",
            "other",
        ]

    def test_pages(self, api: Api) -> None:
        span = {"schedule_from": START, "schedule_to": START + 4 * DAY, "limit": 3}
        first, second = api.get(PATH, **span).response, api.get(PATH, **span, page=2).response
        assert (first["total"], first["previous"], first["next"]) == (4, 0, 2)
        assert (second["previous"], second["next"], len(second["list"])) == (1, 0, 1)
        assert api.get(PATH, **span, page=3).status == 400

    def test_by_status(self, api: Api) -> None:
        span = {"schedule_from": START, "schedule_to": START + 4 * DAY}
        assert self.of(api.get(PATH, **span, schedule_status="executed")) == ["first"]
        assert self.of(api.get(PATH, **span, schedule_status="revoked")) == []

    @pytest.mark.parametrize("path", [f"{PATH}/customers/card-1", "/subscribe/customers/card-1/schedules"])
    def test_of_a_key(self, api: Api, path: str) -> None:
        assert self.of(api.get(path)) == ["third", "second", "first"]
        assert self.of(api.get(path, **{"from": START, "to": START + 2 * DAY})) == ["first"]
        assert self.of(api.get(path, **{"schedule-status": "scheduled"})) == ["third", "second"]
        assert api.get(path.replace("card-1", "card-9")).response["total"] == 0

    @pytest.mark.parametrize(
        ("since", "until", "words"),
        [
            (START, START - 1, "조회 종료시각이 시작시각보다 빠릅니다."),
            (START, START + 92 * DAY + 1, "조회 기간은 최대 3개월입니다."),
        ],
    )
    def test_span_that_cannot_be(self, api: Api, since: int, until: int, words: str) -> None:
        assert api.get(PATH, schedule_from=since, schedule_to=until).verdict == (400, 1, words)
        answer = api.get(f"{PATH}/customers/card-1", **{"from": since, "to": until})
        assert answer.verdict == (400, 1, words)

    def test_span_is_needed(self, api: Api) -> None:
        assert api.get(PATH).status == 400
        assert api.get(PATH, schedule_from=START, schedule_to=START + 92 * DAY).response["total"] == 4

    def test_one_tier_does_not_see_another(self, api: Api, sandbox: Sandbox) -> None:
        tier = PatientApi(sandbox, tier="AB1")
        assert tier.get(PATH, schedule_from=START, schedule_to=START + DAY).response["total"] == 0
        assert tier.get(f"{PATH}/first").status == 404
        tier.issue("card-1")
        assert schedule(tier, entry("first", 2 * DAY)).code == 0
        assert api.get(f"{PATH}/first").response["schedule_status"] == "executed"


def test_unknown_schedule(api: Api) -> None:
    verdict = (404, 1, "존재하지 않는 결제예약입니다.")
    assert api.get(f"{PATH}/order-9").verdict == verdict
    assert api.put(f"{PATH}/order-9", schedule_at=START + 1).verdict == verdict
    assert api.post(f"{PATH}/order-9/reschedule", schedule_at=START + 1).verdict == verdict
    assert api.post(f"{PATH}/order-9/retry").verdict == verdict
