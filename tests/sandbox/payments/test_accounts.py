"""가상계좌: issuing, deposits, deadlines, changes and closing."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from portone_v1_sandbox import Channel, Refusal, Sandbox, SandboxClock

from tests.sandbox.support import START, Answer, Api, PatientApi

DAY = 24 * 60 * 60
SETTLE = "channel-key-00000000-0000-4000-8000-000000000021"
NICE = "channel-key-00000000-0000-4000-8000-000000000002"
NOT_WAITING = (400, 1, "입금대기 상태의 가상계좌가 아닙니다.")
UNKNOWN = (404, -1, "존재하지 않는 결제정보입니다.")


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return PatientApi(sandbox)


def issue(api: Api, merchant_uid: object = "order-1", **fields: object) -> Answer:
    order: dict[str, object] = {
        "merchant_uid": merchant_uid,
        "amount": 39000,
        "vbank_code": "088",
        "vbank_due": START + DAY,
        "vbank_holder": "홍길동상점",
        "channel_key": SETTLE,
    }
    sent = {name: value for name, value in (order | fields).items() if value is not None}
    return api.post("/vbanks", **sent)


def waiting(api: Api, **fields: object) -> str:
    return str(issue(api, **fields).response["imp_uid"])


def stored(api: Api, imp_uid: str) -> Any:
    return api.get(f"/payments/{imp_uid}").response


class TestIssuing:
    def test_waits_for_the_deposit(self, api: Api, sandbox: Sandbox) -> None:
        payment = issue(api, buyer_name="홍길동", custom_data={"box": 7}).response
        wanted: dict[str, object] = {
            "status": "ready",
            "pay_method": "vbank",
            "channel": "api",
            "pg_provider": "settle",
            "vbank_code": "088",
            "vbank_name": "신한은행",
            "vbank_holder": "홍길동상점",
            "vbank_date": START + DAY,
            "vbank_issued_at": START,
            "paid_at": 0,
            "receipt_url": None,
            "card_number": None,
            "deposit_history": [],
        }
        assert payment.items() >= wanted.items()
        assert payment["vbank_num"].isdigit()
        assert payment["imp_uid"].startswith("imps_")
        assert stored(api, payment["imp_uid"]) == payment
        assert sandbox.ledger == ()

    def test_without_a_channel_takes_one_that_is_listed(self, api: Api) -> None:
        assert issue(api, channel_key=None).response["pg_provider"] == "html5_inicis"

    def test_without_any_listed_channel(self) -> None:
        payco = Channel("channel-key-payco", "payco", "sandboxpayco", "payment")
        api = Api(Sandbox(clock=SandboxClock.frozen_at(START), channels=[payco]))
        assert issue(api, channel_key=None).code == 1

    def test_code_of_a_pg_with_two_digits(self, api: Api) -> None:
        assert issue(api, vbank_code="04").response["vbank_name"] == "KB국민은행"

    def test_fixed_number(self, api: Api) -> None:
        assert issue(api, vbank_num="70010000000001").response["vbank_num"] == "70010000000001"
        assert issue(api, "order-2", vbank_num="70010000000001").verdict[:2] == (200, -1)

    def test_account_that_bears_the_merchants_name(self) -> None:
        toss = Channel("channel-key-toss", "tosspayments", "sandboxtoss", "payment")
        api = Api(Sandbox(clock=SandboxClock.frozen_at(START), channels=[toss]))
        fields = {"channel_key": "channel-key-toss", "buyer_name": "홍길동"}
        assert issue(api, **fields).response["vbank_holder"] == "샌드박스"

    def test_several_may_wait_but_none_after_a_payment(self, api: Api, sandbox: Sandbox) -> None:
        first, second = waiting(api), waiting(api)
        assert first != second
        sandbox.deposit(first)
        assert issue(api).verdict == (
            200,
            1,
            "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)",
        )
        with pytest.raises(Refusal, match="이미 주문이"):
            sandbox.deposit(second)

    @pytest.mark.parametrize(
        ("fields", "status"),
        [
            ({"vbank_due": START}, 400),
            ({"vbank_due": START - 1}, 400),
            ({"vbank_due": None}, 400),
            ({"amount": 0}, 400),
            ({"amount": Decimal("0.5")}, 400),
            ({"vbank_code": "999"}, 200),
            ({"vbank_code": None}, 400),
            ({"channel_key": "nobody's"}, 400),
        ],
    )
    def test_what_cannot_be(self, api: Api, fields: dict[str, object], status: int) -> None:
        answer = issue(api, **fields)
        assert (answer.status, answer.code != 0) == (status, True)
        assert api.get("/payments/status/all").response["total"] == 0

    def test_parts_within_the_amount(self, api: Api) -> None:
        assert issue(api, channel_key=NICE, tax_free=39000).response["status"] == "ready"
        assert issue(api, channel_key=NICE, tax_free=39001).status == 400


class TestDeposit:
    def test_exact_amount_pays(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        sandbox.clock.advance(hours=1)
        payment = sandbox.deposit(imp_uid, amount=39000, depositor_name="홍길동")
        assert (payment.status, payment.imp_uid) == ("paid", imp_uid)
        shown = stored(api, imp_uid)
        assert (shown["paid_at"], shown["deposit_history"]) == (START + 3600, [])
        assert shown["receipt_url"]
        (movement,) = sandbox.ledger
        assert (movement.kind, int(movement.amount), movement.at) == ("charge", 39000, START + 3600)

    def test_into_an_account_from_the_window(self, api: Api, sandbox: Sandbox) -> None:
        opened = sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", status="ready")
        assert sandbox.deposit(opened.imp_uid).status == "paid"

    def test_over_the_wire(self, api: Api) -> None:
        body = {"imp_uid": waiting(api), "depositor_name": "홍길동"}
        assert api.send("POST", "/_sandbox/deposits", json=body).response["status"] == "paid"
        assert api.send("POST", "/_sandbox/deposits", json=body).verdict == NOT_WAITING
        assert api.send("POST", "/_sandbox/deposits", json={}).status == 400

    @pytest.mark.parametrize("amount", [1, 38999, 39001])
    def test_another_amount_is_turned_away(self, api: Api, sandbox: Sandbox, amount: int) -> None:
        imp_uid = waiting(api)
        with pytest.raises(Refusal, match="거절"):
            sandbox.deposit(imp_uid, amount=amount)
        assert stored(api, imp_uid)["status"] == "ready"
        assert sandbox.ledger == ()

    @pytest.mark.parametrize("amount", [0, Decimal("0.5")])
    def test_amount_that_cannot_be(self, api: Api, sandbox: Sandbox, amount: int) -> None:
        with pytest.raises(Refusal, match="amount"):
            sandbox.deposit(waiting(api), amount=amount)

    def test_where_nobody_waits(self, api: Api, sandbox: Sandbox) -> None:
        card = str(api.onetime("order-2").response["imp_uid"])
        for imp_uid, words in ((card, "입금대기"), ("imp_000000000000", "존재하지")):
            with pytest.raises(Refusal, match=words):
                sandbox.deposit(imp_uid)

    def test_sender_at_daou_stands_in_the_extension(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", status="ready", pg="daou")
        sandbox.deposit(payment.imp_uid, depositor_name="이바다")
        shown = api.get(f"/payments/{payment.imp_uid}", extension="true").response
        assert shown["extension"] == {"REMITTER": "이바다"}

    def test_for_a_tier(self, sandbox: Sandbox) -> None:
        imp_uid = waiting(Api(sandbox, tier="AB1"))
        with pytest.raises(Refusal, match="존재하지"):
            sandbox.deposit(imp_uid)
        assert sandbox.deposit(imp_uid, tier="AB1").status == "paid"


class TestUnlimited:
    @pytest.fixture
    def imp_uid(self, api: Api) -> str:
        return waiting(api, vbank_num="70010000000001", fixed_unlimited_vbank=True)

    def test_every_deposit_counts(self, api: Api, sandbox: Sandbox, imp_uid: str) -> None:
        sandbox.deposit(imp_uid, amount=30000, depositor_name="홍길동")
        sandbox.clock.advance(seconds=60)
        sandbox.deposit(imp_uid, amount=50000, depositor_name="이바다")
        shown = stored(api, imp_uid)
        assert (shown["status"], shown["amount"]) == ("paid", 80000)
        history = shown["deposit_history"]
        assert [(row["amount"], row["depositor_name"], row["deposited_at"]) for row in history] == [
            (30000, "홍길동", START),
            (50000, "이바다", START + 60),
        ]
        assert len({row["pg_tid"] for row in history}) == 2
        assert [movement.amount for movement in sandbox.ledger] == [30000, 50000]
        assert [notice.status for notice in sandbox.notifications] == ["ready", "paid", "paid"]

    def test_until_the_deadline(self, api: Api, sandbox: Sandbox, imp_uid: str) -> None:
        sandbox.deposit(imp_uid)
        sandbox.clock.advance(days=1)
        assert sandbox.deposit(imp_uid, amount=1).amount == 39001
        sandbox.clock.advance(seconds=1)
        with pytest.raises(Refusal, match="입금대기"):
            sandbox.deposit(imp_uid, amount=1)
        assert stored(api, imp_uid)["status"] == "paid"


class TestDeadline:
    def test_passes(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        notified = len(sandbox.notifications)
        sandbox.clock.advance(days=1)
        assert stored(api, imp_uid)["status"] == "ready"
        sandbox.clock.advance(days=1)
        shown = stored(api, imp_uid)
        assert (shown["status"], shown["failed_at"]) == ("failed", START + DAY)
        assert shown["fail_reason"]
        assert len(sandbox.notifications) == notified
        with pytest.raises(Refusal, match="입금대기"):
            sandbox.deposit(imp_uid)

    def test_of_an_account_from_the_window(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", status="ready")
        sandbox.clock.advance(days=29)
        assert stored(api, payment.imp_uid)["status"] == "ready"  # KG Inicis gives 30 days where nobody names a time
        sandbox.clock.advance(days=2)
        assert stored(api, payment.imp_uid)["status"] == "failed"

    def test_means_nothing_after_the_deposit(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        sandbox.deposit(imp_uid)
        sandbox.clock.advance(days=9)
        assert stored(api, imp_uid)["status"] == "paid"


class TestChanging:
    def test_amount_and_deadline(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        changed = api.put(f"/vbanks/{imp_uid}", amount=35000, vbank_due=START + 3 * DAY).response
        assert (changed["amount"], changed["vbank_date"], changed["status"]) == (35000, START + 3 * DAY, "ready")
        sandbox.clock.advance(days=2)
        with pytest.raises(Refusal, match="거절"):
            sandbox.deposit(imp_uid, amount=39000)
        assert sandbox.deposit(imp_uid, amount=35000).status == "paid"

    def test_earlier_deadline(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        assert api.put(f"/vbanks/{imp_uid}", vbank_due=START + 60).response["amount"] == 39000
        sandbox.clock.advance(seconds=61)
        assert stored(api, imp_uid)["failed_at"] == START + 60

    @pytest.mark.parametrize(
        "fields", [{}, {"amount": 0}, {"amount": Decimal("0.5")}, {"vbank_due": START}, {"amount": 1, "vbank_due": 1}]
    )
    def test_what_cannot_be(self, api: Api, fields: dict[str, object]) -> None:
        imp_uid = waiting(api)
        before = stored(api, imp_uid)
        assert api.put(f"/vbanks/{imp_uid}", **fields).status == 400
        assert stored(api, imp_uid) == before

    def test_only_at_hecto(self, api: Api) -> None:
        imp_uid = waiting(api, channel_key=NICE)
        assert api.put(f"/vbanks/{imp_uid}", amount=1).verdict == (400, 1, "지원되지 않는 PG사입니다.")

    def test_not_after_the_deposit(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        sandbox.deposit(imp_uid)
        assert api.put(f"/vbanks/{imp_uid}", amount=1).verdict == NOT_WAITING
        assert api.put("/vbanks/imp_000000000000", amount=1).verdict == UNKNOWN


class TestClosing:
    def test_leaves_a_failed_payment(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        closed = api.delete(f"/vbanks/{imp_uid}").response
        assert (closed["status"], closed["failed_at"]) == ("failed", START)
        with pytest.raises(Refusal, match="입금대기"):
            sandbox.deposit(imp_uid)
        assert api.delete(f"/vbanks/{imp_uid}").verdict == NOT_WAITING
        sandbox.clock.advance(days=9)
        assert stored(api, imp_uid)["failed_at"] == START

    def test_not_after_the_deposit(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = waiting(api)
        sandbox.deposit(imp_uid)
        assert api.delete(f"/vbanks/{imp_uid}").verdict == NOT_WAITING
        card = api.onetime("order-2").response["imp_uid"]
        assert api.delete(f"/vbanks/{card}").verdict == NOT_WAITING
        assert api.delete("/vbanks/imp_000000000000").verdict == UNKNOWN

    def test_at_inicis_needs_its_key(self) -> None:
        sandbox = Sandbox(clock=SandboxClock.frozen_at(START), pg_rules=True)
        api = Api(sandbox)
        imp_uid = sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", status="ready").imp_uid
        assert api.delete(f"/vbanks/{imp_uid}").status == 400
        assert api.delete(f"/vbanks/{imp_uid}", "pg_api_key=EXAMPLE").response["status"] == "failed"

    def test_not_at_every_pg(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", status="ready", pg="daou")
        assert api.delete(f"/vbanks/{payment.imp_uid}").verdict == (400, 1, "지원되지 않는 PG사입니다.")


class TestHolder:
    @pytest.mark.parametrize("number", ["000-000-001234", "56201234567890"])
    def test_of_an_account(self, api: Api, number: str) -> None:
        assert api.get("/vbanks/holder", bank_code="088", bank_num=number).response == {"bank_holder": "홍길동"}

    @pytest.mark.parametrize(("bank", "number"), [("999", "1234"), ("088", "000-000-000000"), ("088", "abc")])
    def test_of_none(self, api: Api, bank: str, number: str) -> None:
        answer = api.get("/vbanks/holder", bank_code=bank, bank_num=number)
        assert answer.verdict == (404, -1, "계좌정보 조회에 실패하였습니다.")

    def test_of_nothing(self, api: Api) -> None:
        assert api.get("/vbanks/holder", bank_code="088").status == 400
