"""현금영수증: of payments and of other sales, and every refusal."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1_sandbox import Channel, Sandbox, SandboxClock

from tests.sandbox.support import START, Answer, Api

PHONE = "010-0000-1234"
ACCOUNT = {"refund_holder": "홍길동", "refund_bank": "04", "refund_account": "00000000001234"}
NEVER = "현금영수증 발급 내역이 존재하지 않습니다."


def transfer(sandbox: Sandbox, amount: int = 22000, pg: str = "html5_inicis") -> str:
    return sandbox.pay(merchant_uid=f"order-{amount}", amount=amount, pay_method="trans", pg=pg).imp_uid


def issue(api: Api, imp_uid: str, **fields: object) -> Answer:
    return api.post(f"/receipts/{imp_uid}", **({"identifier": PHONE} | fields))


def stored(api: Api, imp_uid: str) -> Any:
    return api.get(f"/payments/{imp_uid}").response


class TestOfPayments:
    def test_issued(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox)
        receipt = issue(api, imp_uid, identifier_type="phone").response
        wanted = {"imp_uid": imp_uid, "amount": 22000, "vat": 2000, "type": "person"}
        assert receipt.items() >= (wanted | {"applied_at": START, "cancelled_at": 0}).items()
        assert api.get(f"/receipts/{imp_uid}").response == receipt
        assert stored(api, imp_uid)["cash_receipt_issued"] is True
        assert PHONE not in repr(sandbox.journal)

    @pytest.mark.parametrize(
        ("fields", "vat"),
        [
            ({"tax_free": 11000}, 1000),
            ({"tax_free": 22000}, 0),
            ({"vat_amount": 0, "tax_free": 0}, 0),
            ({"vat": 1500}, 1500),
            ({"vat": 1500, "vat_amount": 1600}, 1600),
        ],
    )
    def test_vat(self, api: Api, sandbox: Sandbox, fields: dict[str, object], vat: int) -> None:
        assert issue(api, transfer(sandbox), **fields).response["vat"] == vat

    def test_amount_is_what_is_left(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox)
        api.cancel(imp_uid=imp_uid, amount=11000)
        receipt = issue(api, imp_uid, type="company").response
        assert (receipt["amount"], receipt["vat"], receipt["type"]) == (11000, 1000, "company")

    def test_once(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox)
        first = issue(api, imp_uid).response
        assert issue(api, imp_uid).verdict == (400, 1, "이미 현금영수증이 발급된 결제건입니다.")
        api.delete(f"/receipts/{imp_uid}")
        assert issue(api, imp_uid).response["apply_num"] != first["apply_num"]

    def test_only_of_what_is_paid_and_not_by_card(self, api: Api, sandbox: Sandbox) -> None:
        waits = sandbox.pay(merchant_uid="waits", amount=1000, pay_method="vbank", status="ready").imp_uid
        card = sandbox.pay(merchant_uid="card", amount=1000).imp_uid
        gone = transfer(sandbox)
        api.cancel(imp_uid=gone)
        assert issue(api, waits).status == 400
        assert issue(api, gone).status == 400
        assert issue(api, card).status == 400

    def test_unknown_payment(self, api: Api) -> None:
        assert issue(api, "imp_000000000000").status == 404
        assert api.get("/receipts/imp_000000000000").status == 404
        assert api.delete("/receipts/imp_000000000000").status == 404

    def test_pg_that_does_not_do_it(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox, pg="payco")
        verdict = (501, -1, "현금영수증 발급을 지원하지 않는 PG사입니다.")
        assert issue(api, imp_uid).verdict == verdict
        assert api.delete(f"/receipts/{imp_uid}").verdict == verdict

    def test_number_that_cannot_be(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox)
        assert issue(api, imp_uid, identifier="0000000000").verdict[:2] == (500, -1)
        assert issue(api, imp_uid, identifier="전화").status == 400
        assert issue(api, imp_uid, identifier=None).status == 400
        assert issue(api, imp_uid, tax_free=22001).status == 400
        assert stored(api, imp_uid)["cash_receipt_issued"] is False

    @pytest.mark.parametrize(("pg_rules", "status"), [(True, 400), (False, 200)])
    def test_what_the_pg_needs_is_a_switch(self, pg_rules: bool, status: int) -> None:
        channel = Channel("channel-key-welcome", "welcome", "sandboxmid", "payment")
        sandbox = Sandbox(clock=SandboxClock.frozen_at(START), channels=[channel], pg_rules=pg_rules)
        assert issue(Api(sandbox), transfer(sandbox)).status == status

    def test_revoked(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox)
        issue(api, imp_uid)
        sandbox.clock.advance(seconds=60)
        revoked = api.delete(f"/receipts/{imp_uid}").response
        assert (revoked["cancelled_at"], revoked["amount"]) == (START + 60, 22000)
        assert api.get(f"/receipts/{imp_uid}").response == revoked
        assert stored(api, imp_uid)["cash_receipt_issued"] is False
        assert stored(api, imp_uid)["status"] == "paid"
        assert api.delete(f"/receipts/{imp_uid}").status == 400

    def test_never_issued(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox)
        assert api.delete(f"/receipts/{imp_uid}").verdict == (400, 1, NEVER)
        answer = api.get(f"/receipts/{imp_uid}")
        assert (answer.status, answer.code) == (404, -1)
        assert imp_uid in str(answer.message)

    def test_is_cancelled_with_the_payment(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = transfer(sandbox)
        issue(api, imp_uid)
        api.cancel(imp_uid=imp_uid, amount=1)
        assert api.get(f"/receipts/{imp_uid}").response["cancelled_at"] == 0
        sandbox.clock.advance(seconds=60)
        api.cancel(imp_uid=imp_uid)
        assert api.get(f"/receipts/{imp_uid}").response["cancelled_at"] == START + 60
        assert stored(api, imp_uid)["cash_receipt_issued"] is False

    @pytest.mark.parametrize("pg", ["smartro_v2", "ksnet"])
    def test_outlives_the_payment_at_some(self, pg: str) -> None:
        channel = Channel(f"channel-key-{pg}", pg, "sandboxmid", "payment")
        sandbox = Sandbox(clock=SandboxClock.frozen_at(START), channels=[channel])
        api = Api(sandbox)
        imp_uid = transfer(sandbox, pg=pg)
        buyer = {"buyer_name": "홍길동", "buyer_tel": "010-0000-0000", "type": "person", "product_type": "real"}
        fields = buyer if pg == "ksnet" else {name: buyer[name] for name in ("buyer_name", "buyer_tel", "type")}
        assert issue(api, imp_uid, **fields).code == 0
        assert api.cancel(imp_uid=imp_uid).response["status"] == "cancelled"
        assert api.get(f"/receipts/{imp_uid}").response["cancelled_at"] == 0
        assert stored(api, imp_uid)["cash_receipt_issued"] is True
        assert api.delete(f"/receipts/{imp_uid}").response["cancelled_at"] == START


class TestOfOtherSales:
    SALE: dict[str, Any] = {"name": "매장 판매", "amount": 55000, "identifier": "1234567890"}  # noqa: RUF012

    def issue(self, api: Api, merchant_uid: object = "store-1", **fields: object) -> Answer:
        return api.post(f"/receipts/external/{merchant_uid}", **(self.SALE | fields))

    def test_issued_read_and_revoked(self, api: Api, sandbox: Sandbox) -> None:
        receipt = self.issue(api, type="company", tax_free=11000).response
        assert receipt["merchant_uid"] == "store-1"
        assert (receipt["amount"], receipt["vat"], receipt["type"]) == (55000, 4000, "company")
        assert api.get("/receipts/external/store-1").response == receipt
        assert self.issue(api).verdict == (400, 1, "이미 현금영수증이 발급된 merchant_uid입니다.")
        sandbox.clock.advance(seconds=60)
        assert api.delete("/receipts/external/store-1").response == receipt | {"cancelled_at": START + 60}
        assert api.delete("/receipts/external/store-1").status == 400
        assert self.issue(api).code == 0
        assert sandbox.ledger == ()

    def test_unknown(self, api: Api) -> None:
        assert api.get("/receipts/external/store-9").verdict == (404, -1, NEVER)
        assert api.delete("/receipts/external/store-9").verdict == (404, -1, NEVER)

    def test_of_another_tier(self, api: Api, sandbox: Sandbox) -> None:
        self.issue(api)
        assert Api(sandbox, tier="AB1").get("/receipts/external/store-1").status == 404

    @pytest.mark.parametrize("fields", [{"amount": 0}, {"amount": "0.5"}, {"name": None}, {"identifier": "전화"}])
    def test_what_cannot_be(self, api: Api, fields: dict[str, object]) -> None:
        assert self.issue(api, **fields).status == 400
        assert api.get("/receipts/external/store-1").status == 404

    def test_revoking_at_a_pg_that_does_not_do_it(self) -> None:
        channel = Channel("channel-key-kicc", "kicc", "sandboxkicc", "payment")
        api = Api(Sandbox(clock=SandboxClock.frozen_at(START), channels=[channel]))
        fields = {"channel_key": "channel-key-kicc", "identifier_type": "business"}
        assert self.issue(api, **fields).code == 0
        assert api.delete("/receipts/external/store-1").status == 501
