"""KCP 퀵페이: members, prepaid money, autopay keys and biometrics."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS, Refusal, Sandbox

from tests.sandbox.support import START, Answer, Api

KEY = next(channel.channel_key for channel in DEFAULT_CHANNELS if channel.pg_provider == "kcp_quick")
OTHER_KEY = DEFAULT_CHANNELS[0].channel_key
WINDOW = {"btid": "BT1", "cust_ip": "192.0.2.10", "code_verifier": "verifier"}
NOT_QUICK = (400, 1, "KCP 퀵페이 채널이 아닙니다.")


def spend(api: Api, imp_uid: str | None, merchant_uid: str = "order-1", amount: int = 3000, **fields: object) -> Answer:
    body = {"member_id": "buyer-1", "channel_key": KEY, "name": "원두", "merchant_uid": merchant_uid, "amount": amount}
    return api.post("/kcpquick/payment/money", **(body | {"imp_uid": imp_uid} | fields))


def charge(api: Api, merchant_uid: str = "order-1", amount: int = 3000) -> Answer:
    body = {"customer_uid": "quick-1", "name": "원두", "buyer_name": "홍길동"}
    return api.post("/kcpquick/payment/autopay", **(body | {"merchant_uid": merchant_uid, "amount": amount}))


class TestMoney:
    def test_paid_after_a_pin_check(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.join("buyer-1", money=5000)
        payment = spend(
            api, sandbox.kcp_quick.verify_pin("buyer-1"), notice_url="https://shop.example.com/hook"
        ).response
        wanted = {"status": "paid", "amount": 3000, "pay_method": "point", "pg_provider": "kcp_quick", "paid_at": START}
        assert payment.items() >= wanted.items()
        assert payment["imp_uid"].startswith("imps_")
        assert sandbox.ledger[-1].amount == 3000
        assert sandbox.notifications[-1].notice_urls == ("https://shop.example.com/hook",)

    def test_money_runs_out_and_comes_back_with_a_refund(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.join("buyer-1", money=5000)
        spend(api, sandbox.kcp_quick.verify_pin("buyer-1"))
        pin = sandbox.kcp_quick.verify_pin("buyer-1")
        assert spend(api, pin, "order-2").verdict == (200, -1, "선불머니 결제에 실패하였습니다.(잔액부족)")
        api.cancel(merchant_uid="order-1", amount=1000)
        assert spend(api, pin, "order-2").response["status"] == "paid"
        assert [m.kind for m in sandbox.ledger] == ["charge", "refund", "charge"]

    def test_one_payment_for_each_check(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.join("buyer-1", money=9000)
        pin = sandbox.kcp_quick.verify_pin("buyer-1")
        spend(api, pin)
        none = (200, -1, "선불머니 결제에 실패하였습니다.(PIN 인증 내역이 없습니다)")
        assert spend(api, pin, "order-2").verdict == none
        assert spend(api, "imp_000000000000", "order-2").verdict == none
        assert spend(api, None, "order-2").verdict == (400, 1, "imp_uid 파라메터가 누락되었습니다.")
        assert len(sandbox.ledger) == 1

    def test_refusals(self, api: Api, sandbox: Sandbox) -> None:
        assert spend(api, "imp_1").verdict == (200, 1, "등록되지 않은 구매자입니다.")
        sandbox.kcp_quick.join("buyer-1", money=9000)
        pin = sandbox.kcp_quick.verify_pin("buyer-1")
        assert spend(api, pin, channel_key=OTHER_KEY).verdict == NOT_QUICK
        assert spend(api, pin, channel_key="channel-key-none").status == 400
        sandbox.pay(merchant_uid="order-1", amount=1)
        assert spend(api, pin).verdict == (
            200,
            1,
            "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)",
        )
        assert spend(api, pin, "order-2", amount=0).status == 400

    def test_pin_of_nobody(self, api: Api, sandbox: Sandbox) -> None:
        with pytest.raises(Refusal):
            sandbox.kcp_quick.verify_pin("buyer-1")
        assert api.send("POST", "/_sandbox/kcp-quick/pin-checks", json={"member_id": "buyer-1"}).status == 404

    def test_merchant_without_kcp_quick(self) -> None:
        sandbox = Sandbox(channels=DEFAULT_CHANNELS[:2])
        with pytest.raises(Refusal):
            sandbox.kcp_quick.join("buyer-1")


class TestMembers:
    def test_deleted_with_the_values_of_the_registration(self, api: Api, sandbox: Sandbox) -> None:
        member = sandbox.kcp_quick.join("buyer-1")
        query = "&".join(f"{name}={member[name]}" for name in ("site_code", "partner_type", "partner_subtype"))
        unknown = (404, 1, "등록되지 않은 구매자입니다.")
        assert api.delete("/kcpquick/members/buyer-2", query).verdict == unknown
        assert api.delete("/kcpquick/members/buyer-1", query.replace("PT01", "PT02")).verdict == unknown
        assert api.delete("/kcpquick/members/buyer-1").status == 400
        deleted = api.delete("/kcpquick/members/buyer-1", query).response
        assert deleted == {
            "inserted": START,
            "member_id": "buyer-1",
            "pg_id": member["site_code"],
            "pg_provider": "kcp_quick",
            "updated": START,
        }
        assert api.delete("/kcpquick/members/buyer-1", query).verdict == unknown

    def test_biometrics_are_released_once(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.join("buyer-1", fido=True)
        path = "/kcpquick/members/buyer-1/fido/release"
        assert api.post(path, channel_key=OTHER_KEY).verdict == NOT_QUICK
        assert api.post(path, channel_key="channel-key-none").status == 400
        done = api.post(path, channel_key=KEY)
        assert (done.response, done.message) == ({"member_id": "buyer-1"}, "생체인증 사용이 정상적으로 해제되었습니다.")
        again = api.post(path, channel_key=KEY)
        assert again.verdict == (200, -1, "생체인증 해제에 실패하였습니다.")
        assert again.error == {"code": "C210", "message": "등록된 거래가 없습니다."}


class TestPrepare:
    def test_registered_once_and_then_changed(self, api: Api) -> None:
        assert api.put("/kcpquick/prepare/order-1", **WINDOW).verdict == (
            404,
            1,
            "사전등록된 정보가 존재하지 않습니다.",
        )
        assert api.post("/kcpquick/prepare/order-1", **WINDOW).verdict == (200, 0, None)
        assert api.post("/kcpquick/prepare/order-1", **WINDOW).verdict == (
            409,
            1,
            "이미 사전등록된 merchant_uid입니다.",
        )
        assert api.put("/kcpquick/prepare/order-1", **WINDOW, prepaid_amount=1000).code == 0

    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({"prepaid_auth_yn": "Y"}, "prepaid_amount"),
            ({"btid": ""}, "btid"),
            ({"btid": "x" * 21}, "btid"),
        ],
    )
    def test_bad_argument(self, api: Api, fields: dict[str, str], named: str) -> None:
        answer = api.post("/kcpquick/prepare/order-1", **(WINDOW | fields))
        assert answer.status == 400
        assert named in str(answer.message)
        assert api.post("/kcpquick/prepare/order-1", **WINDOW).code == 0


class TestAutopay:
    def test_card_is_charged(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.allow_autopay("quick-1")
        payment = charge(api).response
        wanted = {"status": "paid", "pg_provider": "kcp_quick", "customer_uid": "quick-1", "pay_method": "card"}
        assert payment.items() >= wanted.items()
        assert charge(api).code == 1
        assert len(sandbox.ledger) == 1

    def test_declined_card(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.allow_autopay("quick-1", card_number=TEST_CARDS["charge_refused"].number)
        assert charge(api).code == -1
        sandbox.kcp_quick.allow_autopay("quick-1", card_number=TEST_CARDS["charge_failed"].number)
        assert charge(api).response["status"] == "failed"
        assert sandbox.ledger == ()

    def test_deleted_key_charges_nothing(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.allow_autopay("quick-1")
        deleted = api.delete("/kcpquick/autopay/quick-1")
        assert (deleted.response, deleted.message) == (
            {"customer_uid": "quick-1"},
            "자동결제 키가 정상적으로 삭제되었습니다.",
        )
        assert api.delete("/kcpquick/autopay/quick-1").verdict == (404, 1, "등록된 자동결제 키를 찾을 수 없습니다.")
        assert charge(api).verdict == (200, 1, "등록된 자동결제 키를 찾을 수 없습니다.")
        assert api.get("/subscribe/customers/quick-1").code == 0

    def test_ordinary_billing_key_is_none(self, api: Api) -> None:
        api.issue("quick-1")
        assert charge(api).code == 1
        assert api.delete("/kcpquick/autopay/quick-1").status == 404

    def test_replaced_or_deleted_billing_key_has_none_any_more(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.kcp_quick.allow_autopay("quick-1")
        api.issue("quick-1")
        assert charge(api).code == 1
        sandbox.kcp_quick.allow_autopay("quick-1")
        api.delete("/subscribe/customers/quick-1")
        assert api.delete("/kcpquick/autopay/quick-1").status == 404
        api.issue("quick-1")
        assert charge(api).code == 1
