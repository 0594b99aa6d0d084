"""What only one PG offers: PAYCO, Benepia, Paymentwall, sales slips of INICIS, KakaoPay's order list."""

from __future__ import annotations

from typing import ClassVar

import pytest
from portone_v1 import RefusedError
from portone_v1_sandbox import DEFAULT_CHANNELS, Channel, Sandbox, SandboxClock

from tests.sandbox.support import START, Answer, Api

NO_PAYMENT = (200, 1, "존재하지 않는 결제정보입니다.")
OTHER_PG = (200, 1, "지원되지 않는 PG사입니다.")
NOT_PAID = "결제가 완료되지 않은 거래입니다."


class TestPayco:
    def move(self, api: Api, imp_uid: str, status: str) -> Answer:
        return api.post(f"/payco/orders/status/{imp_uid}", status=status)

    def test_order_goes_on_to_its_end(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = sandbox.pay(merchant_uid="order-1", amount=1000, pg="payco").imp_uid
        for status in ("DELIVERY_START", "DELIVERY_START", "PURCHASE_DECISION", "PURCHASE_DECISION"):
            assert self.move(api, imp_uid, status).response == {"status": status}
        assert self.move(api, imp_uid, "CANCELED").code == -1
        assert [movement.kind for movement in sandbox.ledger] == ["charge"]

    def test_refusals(self, api: Api, sandbox: Sandbox) -> None:
        assert self.move(api, "imp_000000000000", "CANCELED").verdict == NO_PAYMENT
        card = sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid
        assert self.move(api, card, "CANCELED").verdict == OTHER_PG
        ready = sandbox.pay(merchant_uid="order-2", amount=1000, pg="payco", status="ready").imp_uid
        assert self.move(api, ready, "CANCELED").verdict == (200, 1, NOT_PAID)
        unknown = self.move(api, ready, "LOST")
        assert (unknown.status, unknown.code) == (200, -1)
        assert str(unknown.message).endswith("OUTSELLER_REFUND,CANCELED}, but [LOST]")


class TestBenepia:
    LOGIN: ClassVar[dict[str, object]] = {"benepia_user": "hong", "benepia_password": "example-password"}

    def pay(self, api: Api, amount: int = 3000, **fields: object) -> Answer:
        order = {"merchant_uid": "order-1", "amount": amount, "name": "원두", "benepia_member_code": "M01"}
        return api.post("/benepia/payment", **(self.LOGIN | order | fields))

    def test_points_are_spent_and_come_back(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.benepia.grant_points("hong", "example-password", 5000)
        assert api.post("/benepia/point", **self.LOGIN).response == {"point": 5000}
        payment = self.pay(api, notice_url=["https://shop.example.com/hook"]).response
        wanted = {"status": "paid", "pay_method": "point", "pg_provider": "kcp", "sandbox": False}
        assert payment.items() >= wanted.items()
        assert sandbox.notifications[-1].notice_urls == ("https://shop.example.com/hook",)
        assert api.post("/benepia/point", **self.LOGIN).response == {"point": 2000}
        few = self.pay(api, merchant_uid="order-2")
        assert few.verdict == (500, -1, "베네피아 포인트 결제에 실패하였습니다.(포인트 부족)")
        api.cancel(merchant_uid="order-1")
        assert api.post("/benepia/point", **self.LOGIN).response == {"point": 5000}

    def test_without_a_member_code_it_is_a_test(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.benepia.grant_points("hong", "example-password", 5000)
        payment = self.pay(api, benepia_member_code=None).response
        assert (payment["status"], payment["sandbox"]) == ("paid", True)
        assert api.post("/benepia/point", **self.LOGIN).response == {"point": 5000}

    def test_wrong_login(self, api: Api, sandbox: Sandbox) -> None:
        wrong = (500, -1, "베네피아 포인트 조회에 실패하였습니다.(비밀번호 불일치)")
        assert api.post("/benepia/point", **self.LOGIN).verdict == wrong
        body = self.LOGIN | {"point": 1000}
        assert api.send("POST", "/_sandbox/benepia/members", json=body).response == {"point": 1000}
        assert api.post("/benepia/point", **(self.LOGIN | {"benepia_password": "wrong"})).verdict == wrong
        assert self.pay(api, benepia_password="wrong").status == 500
        assert sandbox.ledger == ()

    def test_paid_order_is_not_paid_again(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.benepia.grant_points("hong", "example-password", 5000)
        self.pay(api, amount=1000)
        assert self.pay(api, amount=1000).code == 1

    def test_password_is_in_no_journal(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.benepia.grant_points("hong", "example-password", 5000)
        api.post("/benepia/point", **self.LOGIN)
        engine = vars(sandbox)["_engine"]
        assert "example-password" not in repr(sandbox.journal) + repr(engine.state)


class TestPaymentwall:
    @pytest.fixture
    def imp_uid(self, sandbox: Sandbox) -> str:
        return sandbox.pay(merchant_uid="order-1", amount=1000, pg="paymentwall").imp_uid

    def report(self, api: Api, imp_uid: str, status: str = "order_placed", **fields: object) -> Answer:
        body = {
            "imp_uid": imp_uid,
            "merchant_uid": "order-1",
            "type": "digital",
            "status": status,
            "estimated_delivery_datetime": START,
            "estimated_update_datetime": START,
            "refundable": "yes",
            "shipping_address_email": "hong@example.com",
        }
        return api.post("/paymentwall/delivery", **(body | fields))

    def test_delivery_goes_on_and_never_back(self, api: Api, imp_uid: str) -> None:
        for status in ("order_placed", "delivering", "delivering", "delivered"):
            assert self.report(api, imp_uid, status).response == {"success": 1}
        back = self.report(api, imp_uid, "order_shipped")
        assert (back.status, back.code) == (200, 0)
        assert back.response["error_code"] == 3000
        assert back.response["notices"] == ["status is delivered already"]

    def test_physical_goods_need_carrier_and_address(self, api: Api, imp_uid: str) -> None:
        answer = self.report(api, imp_uid, type="physical", carrier_type="EMS")
        assert (answer.status, answer.code) == (200, 0)
        notifications = answer.response["notices"]
        assert len(notifications) == 9
        assert "carrier_tracking_id is required" in notifications
        names = [notice.partition(" ")[0] for notice in notifications]
        assert self.report(api, imp_uid, type="physical", carrier_type="EMS", **dict.fromkeys(names, "x")).response == {
            "success": 1
        }

    def test_sdk_makes_an_error_of_the_refusal(self, sandbox: Sandbox, imp_uid: str) -> None:
        assert self.report(Api(sandbox), imp_uid, "delivered").response == {"success": 1}
        with sandbox.client() as client, pytest.raises(RefusedError, match="Invalid delivery data"):
            client.paymentwall.register_delivery(
                imp_uid=imp_uid,
                merchant_uid="order-1",
                type_="digital",
                status="order_placed",
                estimated_delivery_datetime=START,
                estimated_update_datetime=START,
                refundable="yes",
                shipping_address_email="hong@example.com",
            )

    def test_refusals_of_portone(self, api: Api, sandbox: Sandbox, imp_uid: str) -> None:
        assert self.report(api, "imp_000000000000").verdict == NO_PAYMENT
        assert self.report(api, imp_uid, merchant_uid="order-2").verdict == NO_PAYMENT
        card = sandbox.pay(merchant_uid="order-2", amount=1000).imp_uid
        assert self.report(api, card, merchant_uid="order-2").verdict == OTHER_PG
        ready = sandbox.pay(merchant_uid="order-3", amount=1000, pg="paymentwall", status="ready").imp_uid
        assert self.report(api, ready, merchant_uid="order-3").verdict == (200, 1, NOT_PAID)
        assert self.report(api, imp_uid, type=None).status == 400


class TestPartners:
    PART: ClassVar[dict[str, object]] = {
        "business_registration_number": "123-45-67890",
        "company_name": "보기상점 가",
        "amount": 7000,
    }

    def register(self, api: Api, imp_uid: str, *parts: object) -> Answer:
        return api.post(f"/partners/receipts/{imp_uid}", data=list(parts))

    @pytest.fixture
    def imp_uid(self, sandbox: Sandbox) -> str:
        return sandbox.pay(merchant_uid="order-1", amount=12000, pg="html5_inicis").imp_uid

    def test_slip_with_two_parts(self, api: Api, imp_uid: str) -> None:
        other = self.PART | {"company_name": "보기상점 나", "amount": 5000, "tax_free": 1000, "vat_amount": 364}
        answer = self.register(api, imp_uid, self.PART, other)
        assert answer.response == {"receipt_url": f"https://receipts.example.com/partners/{imp_uid}"}

    @pytest.mark.parametrize(
        ("fields", "named"),
        [
            ({"business_registration_number": None}, "business_registration_number"),
            ({"business_registration_number": "1234567890"}, "business_registration_number"),
            ({"company_name": ""}, "company_name"),
            ({"amount": None}, "amount"),
            ({"amount": 12001}, ""),
            ({"amount": 1.5}, "amount"),
            ({"tax_free": 7001}, "tax_free"),
        ],
    )
    def test_bad_part(self, api: Api, imp_uid: str, fields: dict[str, object], named: str) -> None:
        answer = self.register(api, imp_uid, self.PART | fields)
        assert (answer.status, answer.code) == (400, 1)
        assert named in str(answer.message)

    def test_bad_lists(self, api: Api, imp_uid: str) -> None:
        assert self.register(api, imp_uid).status == 400
        assert self.register(api, imp_uid, "part").status == 400
        assert api.post(f"/partners/receipts/{imp_uid}", data="part").status == 400

    def test_refusals(self, api: Api, sandbox: Sandbox) -> None:
        assert self.register(api, "imp_000000000000", self.PART).status == 404
        other = sandbox.pay(merchant_uid="order-2", amount=12000, pg="payco").imp_uid
        assert self.register(api, other, self.PART).verdict == (501, 1, "지원하지 않는 PG사입니다.")
        ready = sandbox.pay(merchant_uid="order-3", amount=12000, pg="html5_inicis", status="ready").imp_uid
        assert self.register(api, ready, self.PART).verdict == (400, 1, NOT_PAID)


def test_kakao_has_ended_its_order_list(api: Api) -> None:
    answer = api.get("/kakao/payment/orders", payment_request_date="20260310")
    assert answer.verdict == (200, -1, "지원이 종료된 API입니다.")


def test_benepia_wants_a_channel_of_kcp() -> None:
    channels = [channel for channel in DEFAULT_CHANNELS if channel.pg_provider != "kcp"]
    strange = Channel("channel-key-strange", "nice_v2", "sandboxnice", "payment")
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START), channels=[*channels, strange], pg_rules=True)
    assert Api(sandbox).post("/benepia/point", **TestBenepia.LOGIN).code == 1
    named = Api(sandbox).post("/benepia/point", **TestBenepia.LOGIN, channel_key="channel-key-strange")
    assert named.verdict[:2] == (400, 1)
