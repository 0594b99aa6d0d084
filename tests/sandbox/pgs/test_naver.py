"""네이버페이: product orders, points, confirmed purchases and reviews."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from portone_v1_sandbox import DEFAULT_CHANNELS, Refusal, Sandbox

from tests.sandbox.support import START, Answer, Api
from tests.schemas import document

SHIRT = {"product_id": "SHIRT-1", "product_name": "면 셔츠", "product_amount": 29000, "delivery_amount": 3000}
BEANS = {"product_id": "BEANS-1", "product_name": "원두 500g", "product_amount": 12000, "quantity": 2}
PARCEL = {"delivery_company": "CJGLS", "tracking_number": "000000000000"}
SHIPPED = {"delivery_method": "DELIVERY", "dispatched_at": START, **PARCEL}


class Shop:
    """One paid Naver order of two products, and its merchant."""

    def __init__(self, api: Api, sandbox: Sandbox) -> None:
        self.api, self.sandbox = api, sandbox
        body = {"merchant_uid": "order-1", "products": [SHIRT, BEANS], "buyer_name": "홍길동"}
        made = api.send("POST", "/_sandbox/naver/orders", json=body).response
        self.imp_uid = str(made["payment"]["imp_uid"])
        self.shirt, self.beans = (str(order["product_order_id"]) for order in made["product_orders"])

    def act(self, action: str, *product_order_ids: str, **fields: object) -> Answer:
        if product_order_ids:
            fields["product_order_id"] = list(product_order_ids)
        return self.api.post(f"/payments/{self.imp_uid}/naver/{action}", **fields)

    def state(self, product_order_id: str) -> tuple[str, str | None, str | None]:
        order = self.api.get(f"/naver/product-orders/{product_order_id}").response
        return order["product_order_status"], order["claim_type"], order["claim_status"]

    def payment(self) -> Any:
        return self.api.get(f"/payments/{self.imp_uid}").response

    def deliver(self) -> None:
        assert self.act("ship", **SHIPPED).status == 200
        for order in (self.shirt, self.beans):
            self.sandbox.naver.event(order, "delivered")


@pytest.fixture
def shop(api: Api, sandbox: Sandbox) -> Shop:
    return Shop(api, sandbox)


class TestOrders:
    def test_order_is_paid_and_listed(self, shop: Shop) -> None:
        payment = shop.payment()
        assert (payment["pg_provider"], payment["status"], payment["amount"]) == ("naverco", "paid", 44000)
        shirt, beans = shop.api.get(f"/payments/{shop.imp_uid}/naver/product-orders").response
        schema = document()["components"]["schemas"]["NaverProductOrder"]["properties"]
        assert list(shirt) == sorted(schema)
        assert shirt.items() >= SHIRT.items()
        assert (shirt["quantity"], beans["quantity"], beans["delivery_amount"]) == (1, 2, 0)
        assert (shirt["product_order_status"], shirt["claim_type"]) == ("PAYED", None)
        assert shirt["product_order_id"].startswith("20260310")
        assert shirt["orderer"]["name"] == "홍길동"
        assert shop.api.get(f"/naver/product-orders/{shop.beans}").response == beans

    def test_from_python(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid, (order,) = sandbox.naver.order(
            "order-1", [{"product_id": "P-1", "product_name": "원두", "product_amount": 9900}], tier="A01"
        )
        assert order.product_amount == 9900
        assert api.get(f"/naver/product-orders/{order.product_order_id}").status == 404
        tier = Api(sandbox, tier="A01")
        assert tier.get(f"/payments/{imp_uid}/naver/product-orders").response[0]["product_name"] == "원두"
        assert api.get(f"/payments/{imp_uid}/naver/product-orders").status == 404

    @pytest.mark.parametrize("products", [None, [], "SHIRT", [1], [{"product_id": "P-1"}], [SHIRT | {"quantity": "x"}]])
    def test_nonsense_is_refused(self, api: Api, sandbox: Sandbox, products: object) -> None:
        body = {"merchant_uid": "order-1", "products": products}
        assert api.send("POST", "/_sandbox/naver/orders", json=body).status == 400
        assert sandbox.ledger == ()

    def test_shop_without_naver_pay(self) -> None:
        sandbox = Sandbox(channels=[c for c in DEFAULT_CHANNELS if c.pg_provider != "naverco"])
        with pytest.raises(Refusal):
            sandbox.naver.order("order-1", [{"product_id": "P", "product_name": "원두", "product_amount": 1}])
        assert Api(sandbox).get("/naver/reviews", **{"from": 0, "to": 1}, review_type="general").status == 400


class TestActions:
    def test_place_and_ship(self, shop: Shop) -> None:
        placed = shop.act("place")
        assert [order["product_order_id"] for order in placed.response] == [shop.shirt, shop.beans]
        again = shop.act("place")
        assert again.verdict == (500, -1, "발주 처리에 실패하였습니다.(이미 발주된 상품주문입니다)")
        assert shop.act("ship", shop.shirt, **SHIPPED).status == 200
        assert shop.state(shop.shirt) == ("DELIVERING", None, None)
        assert shop.state(shop.beans) == ("PAYED", None, None)

    def test_part_of_it_works_and_only_that_is_answered(self, shop: Shop) -> None:
        shop.act("place", shop.shirt)
        answer = shop.act("place", shop.shirt, shop.beans, "2026030900000000")
        assert (answer.status, answer.code) == (207, 0)
        assert [order["product_order_id"] for order in answer.response] == [shop.beans]

    def test_none_of_it_works(self, shop: Shop) -> None:
        answer = shop.act("place", "2026030900000000")
        assert answer.verdict == (500, -1, "발주 처리에 실패하였습니다.(상품주문이 존재하지 않습니다)")

    def test_order_of_another_payment_is_not_touched(self, shop: Shop, sandbox: Sandbox) -> None:
        _, (other,) = sandbox.naver.order("order-2", [SHIRT])  # type: ignore[list-item]
        assert shop.act("place", str(other.product_order_id)).status == 500

    def test_parcel_needs_courier_and_number(self, shop: Shop) -> None:
        answer = shop.act("ship", delivery_method="DELIVERY", dispatched_at=START)
        assert answer.verdict == (400, 1, "delivery_company, tracking_number 파라메터가 누락되었습니다.")
        assert shop.act("ship", delivery_method="VISIT_RECEIPT").status == 400
        assert shop.act("ship", delivery_method="VISIT_RECEIPT", dispatched_at=START).status == 200

    def test_cancel_refunds_each_product_with_its_delivery(self, shop: Shop, sandbox: Sandbox) -> None:
        assert shop.act("cancel", shop.shirt, reason="SOLD_OUT").status == 200
        assert shop.state(shop.shirt) == ("CANCELED", "CANCEL", "CANCEL_DONE")
        payment = shop.payment()
        assert (payment["status"], payment["cancel_amount"]) == ("cancelled", 32000)
        assert shop.act("cancel").status == 207
        payment = shop.payment()
        assert (payment["status"], payment["cancel_amount"]) == ("cancelled", 44000)
        assert [m.kind for m in sandbox.ledger] == ["charge", "refund", "refund"]
        assert [m.amount for m in sandbox.ledger] == [44000, 32000, 12000]
        assert shop.act("cancel").status == 500

    def test_unknown_reason_becomes_the_usual_one(self, shop: Shop) -> None:
        shop.act("cancel", shop.shirt, reason="BORED")
        assert shop.payment()["cancel_history"][0]["reason"] == "PRODUCT_UNSATISFIED"

    def test_shipped_goods_are_not_cancelled(self, shop: Shop) -> None:
        shop.act("ship", **SHIPPED)
        assert shop.act("cancel").verdict == (500, -1, "환불 처리에 실패하였습니다.(이미 발송된 상품주문입니다)")
        assert shop.act("ship", **SHIPPED).status == 500

    def test_no_more_is_refunded_than_is_left(self, shop: Shop) -> None:
        shop.api.cancel(imp_uid=shop.imp_uid, amount=40000)
        assert shop.act("cancel").verdict == (500, -1, "환불 처리에 실패하였습니다.(환불 가능 금액을 초과하였습니다)")
        assert shop.payment()["cancel_amount"] == 40000


class TestClaims:
    def test_refund_before_the_shop_has_seen_the_order(self, shop: Shop, sandbox: Sandbox) -> None:
        order = sandbox.naver.event(shop.beans, "cancel_requested")
        assert (order.claim_type, order.claim_status) == ("CANCEL", "CANCEL_DONE")
        assert shop.payment()["cancel_amount"] == 12000

    def test_refund_of_a_placed_order_waits_for_the_shop(self, shop: Shop, sandbox: Sandbox) -> None:
        shop.act("place")
        sandbox.naver.event(shop.beans, "cancel_requested")
        assert shop.state(shop.beans) == ("PAYED", "CANCEL", "CANCEL_REQUEST")
        assert shop.payment()["cancel_amount"] == 0
        assert shop.act("cancel", shop.beans).status == 500
        answer = shop.act("approve-cancel")
        assert (answer.status, len(answer.response)) == (207, 1)
        assert shop.payment()["cancel_amount"] == 12000
        assert shop.act("approve-cancel").verdict == (500, -1, "환불 승인에 실패하였습니다.(환불 요청 상태가 아닙니다)")

    def test_shipping_says_no_to_it(self, shop: Shop, sandbox: Sandbox) -> None:
        shop.act("place")
        sandbox.naver.event(shop.beans, "cancel_requested")
        assert shop.act("ship", shop.beans, **SHIPPED).status == 200
        assert shop.state(shop.beans) == ("DELIVERING", "CANCEL", "CANCEL_REJECT")

    def test_return_from_the_request_to_the_refund(self, shop: Shop, sandbox: Sandbox) -> None:
        assert shop.act("request-return", delivery_method="RETURN_INDIVIDUAL").status == 500
        shop.deliver()
        assert shop.act("request-return", delivery_method="RETURN_DELIVERY").status == 400
        asked = shop.act("request-return", shop.shirt, delivery_method="RETURN_DELIVERY", reason="BROKEN", **PARCEL)
        assert asked.response[0]["claim_status"] == "RETURN_REQUEST"
        sandbox.naver.event(shop.beans, "return_requested")
        sandbox.naver.event(shop.beans, "return_collected")
        assert shop.state(shop.beans) == ("DELIVERED", "RETURN", "COLLECT_DONE")
        assert shop.act("withhold-return", shop.shirt).status == 400
        held = shop.act("withhold-return", shop.shirt, memo="반품 배송비", reason="EXTRAFEEE", extra_charge=3000)
        assert held.status == 200
        assert shop.act("withhold-return", shop.shirt, memo="다시").status == 500
        assert [order["product_order_id"] for order in shop.act("approve-return").response] == [shop.beans]
        assert shop.act("approve-return", shop.shirt).status == 500
        assert shop.payment()["cancel_amount"] == 12000
        assert shop.act("resolve-return", shop.shirt).status == 200
        assert shop.act("resolve-return", shop.shirt).status == 500
        assert shop.act("approve-return", shop.shirt, memo="승인").status == 200
        assert shop.state(shop.shirt) == ("RETURNED", "RETURN", "RETURN_DONE")
        assert shop.payment()["status"] == "cancelled"

    def test_rejected_return(self, shop: Shop, sandbox: Sandbox) -> None:
        shop.deliver()
        sandbox.naver.event(shop.shirt, "return_requested")
        assert shop.act("reject-return", shop.shirt).status == 400
        assert shop.act("reject-return", memo="사용한 흔적이 있습니다").status == 207
        assert shop.state(shop.shirt) == ("DELIVERED", "RETURN", "RETURN_REJECT")
        assert shop.act("approve-return", shop.shirt).status == 500
        assert shop.payment()["cancel_amount"] == 0

    def test_exchange(self, shop: Shop, sandbox: Sandbox) -> None:
        shop.deliver()
        sandbox.naver.event(shop.shirt, "exchange_requested")
        again = {"delivery_method": "DELIVERY", **PARCEL}
        assert shop.act("ship-exchanged", shop.shirt, **again).status == 500
        assert shop.act("collect-exchanged").status == 207
        assert shop.state(shop.shirt) == ("DELIVERED", "EXCHANGE", "COLLECT_DONE")
        assert shop.act("ship-exchanged", shop.shirt, delivery_method="DELIVERY").status == 400
        assert shop.act("ship-exchanged", shop.shirt, **again).status == 200
        assert shop.state(shop.shirt)[2] == "EXCHANGE_REDELIVERING"
        sandbox.naver.event(shop.shirt, "delivered")
        assert shop.state(shop.shirt) == ("EXCHANGED", "EXCHANGE", "EXCHANGE_DONE")
        assert shop.act("collect-exchanged", shop.shirt).status == 500
        assert shop.payment()["cancel_amount"] == 0

    def test_withdrawn_claim_and_decided_purchase(self, shop: Shop, sandbox: Sandbox) -> None:
        shop.deliver()
        sandbox.naver.event(shop.shirt, "return_requested")
        with pytest.raises(Refusal):
            sandbox.naver.event(shop.shirt, "purchase_decided")
        sandbox.naver.event(shop.shirt, "claim_withdrawn")
        sandbox.naver.event(shop.shirt, "purchase_decided")
        assert shop.state(shop.shirt) == ("PURCHASE_DECIDED", None, None)
        assert shop.act("request-return", shop.shirt, delivery_method="RETURN_INDIVIDUAL").status == 500

    @pytest.mark.parametrize(
        "event", ["delivered", "purchase_decided", "return_requested", "return_collected", "claim_withdrawn"]
    )
    def test_what_cannot_happen_yet(self, shop: Shop, event: str) -> None:
        body = {"product_order_id": shop.shirt, "event": event}
        answer = shop.api.send("POST", "/_sandbox/naver/events", json=body)
        assert answer.status == 400
        assert shop.state(shop.shirt) == ("PAYED", None, None)

    def test_nothing_happens_to_an_unknown_order(self, api: Api) -> None:
        for path, fields in (("events", {"event": "delivered"}), ("reviews", {"score": "2", "title": "좋아요"})):
            body = {"product_order_id": "2026030900000000"} | fields
            assert api.send("POST", f"/_sandbox/naver/{path}", json=body).verdict[:2] == (404, 1)


ACTIONS: dict[str, dict[str, object]] = {
    "place": {},
    "cancel": {},
    "approve-cancel": {},
    "ship": {"delivery_method": "NOTHING", "dispatched_at": START},
    "ship-exchanged": {"delivery_method": "NOTHING"},
    "collect-exchanged": {},
    "request-return": {"delivery_method": "RETURN_INDIVIDUAL"},
    "approve-return": {},
    "reject-return": {"memo": "사유"},
    "withhold-return": {"memo": "사유"},
    "resolve-return": {},
}


@pytest.mark.parametrize("action", ACTIONS)
def test_action_wants_an_order_type_payment(api: Api, sandbox: Sandbox, action: str) -> None:
    card = sandbox.pay(merchant_uid="order-1", amount=1000).imp_uid
    unknown = api.post(f"/payments/imp_000000000000/naver/{action}", **ACTIONS[action])
    assert unknown.verdict == (404, -1, "존재하지 않는 결제정보입니다.")
    other = api.post(f"/payments/{card}/naver/{action}", **ACTIONS[action])
    assert other.verdict == (400, 1, "네이버페이 주문형 거래가 아닙니다.")


class TestPaymentType:
    @pytest.fixture
    def bought(self, sandbox: Sandbox) -> Callable[..., str]:
        def buy(**details: Any) -> str:
            number = len(sandbox.ledger) + len(sandbox.journal)
            return sandbox.pay(merchant_uid=f"order-{number}", amount=11000, pg="naverpay", **details).imp_uid

        return buy

    def test_points_come_once(self, api: Api, bought: Callable[..., str]) -> None:
        imp_uid = bought()
        assert api.post(f"/payments/{imp_uid}/naver/point").verdict == (200, 0, None)
        again = api.post(f"/payments/{imp_uid}/naver/point")
        assert again.verdict == (500, -1, "포인트 적립에 실패하였습니다.(이미 적립된 거래입니다)")

    def test_confirmed_escrow_purchase(self, api: Api, bought: Callable[..., str]) -> None:
        imp_uid = bought(escrow=True)
        assert api.post(f"/payments/{imp_uid}/naver/confirm", requester="admin").code == 0
        assert api.post(f"/payments/{imp_uid}/naver/confirm").status == 500
        plain = api.post(f"/payments/{bought()}/naver/confirm")
        assert plain.verdict == (500, -1, "구매확정에 실패하였습니다.(에스크로 거래가 아닙니다)")

    def test_nothing_for_what_is_not_paid(self, api: Api, bought: Callable[..., str]) -> None:
        imp_uid = bought(status="ready", escrow=True)
        for action in ("point", "confirm"):
            assert api.post(f"/payments/{imp_uid}/naver/{action}").status == 500

    @pytest.mark.parametrize(
        ("details", "wanted"),
        [
            ({"pay_method": "trans"}, (11000, 0, 11000, 10000, 1000)),
            ({"pay_method": "point"}, (11000, 11000, 0, 10000, 1000)),
            ({"pay_method": "trans", "tax_free": 5500}, (11000, 0, 11000, 10500, 500)),
            ({"pay_method": "trans", "vat_amount": 0}, (11000, 0, 11000, 11000, 0)),
            ({"pay_method": "card"}, (0, 0, 0, 0, 0)),
            ({"pay_method": "trans", "status": "ready"}, (0, 0, 0, 0, 0)),
        ],
    )
    def test_cash_amount(
        self, api: Api, bought: Callable[..., str], details: dict[str, Any], wanted: tuple[int, ...]
    ) -> None:
        amounts = api.get(f"/payments/{bought(**details)}/naver/cash-amount").response
        names = ("amount_total", "amount_by_npoint", "amount_by_primary", "amount_supply", "amount_vat")
        assert tuple(amounts[name] for name in names) == wanted

    def test_cash_amount_after_a_refund(self, api: Api, bought: Callable[..., str]) -> None:
        imp_uid = bought(pay_method="trans")
        api.cancel(imp_uid=imp_uid, amount=5500)
        assert api.get(f"/payments/{imp_uid}/naver/cash-amount").response["amount_vat"] == 500

    def test_other_payments(self, api: Api, shop: Shop) -> None:
        for method, action in (("post", "point"), ("post", "confirm"), ("get", "cash-amount")):
            ask = getattr(api, method)
            assert ask(f"/payments/{shop.imp_uid}/naver/{action}").verdict[:2] == (400, 1)
            assert ask(f"/payments/imp_000000000000/naver/{action}").status == 404


class TestReviews:
    def test_listed_by_kind_and_time(self, shop: Shop, sandbox: Sandbox) -> None:
        first = sandbox.naver.review(shop.shirt, score="2", title="마음에 들어요")
        sandbox.clock.advance(seconds=60)
        sandbox.naver.review(shop.beans, score="0", title="별로예요")
        sandbox.naver.review(shop.beans, score="13", title="한 달 뒤", content="향이 좋아요", review_type="premium")

        def read(kind: str, since: int, until: int) -> list[str]:
            answer = shop.api.get("/naver/reviews", **{"from": since, "to": until}, review_type=kind)
            return [review["title"] for review in answer.response]

        assert read("general", START, START + 60) == ["별로예요", "마음에 들어요"]
        assert read("general", START, START) == [first.title]
        assert read("general", START + 61, START + 90) == []
        assert read("premium", START, START + 60) == ["한 달 뒤"]

    def test_all_fields(self, shop: Shop, sandbox: Sandbox) -> None:
        sandbox.naver.review(shop.shirt, score="2", title="마음에 들어요")
        (review,) = shop.api.get("/naver/reviews", **{"from": START, "to": START}, review_type="general").response
        assert list(review) == sorted(document()["components"]["schemas"]["NaverReview"]["properties"])
        assert (review["product_order_id"], review["product_name"]) == (shop.shirt, "면 셔츠")

    @pytest.mark.parametrize(
        "query",
        [
            {"to": 1, "review_type": "general"},
            {"from": 2, "to": 1, "review_type": "general"},
            {"from": 0, "to": 1},
            {"from": 0, "to": 1, "review_type": "general", "channel_key": "channel-key-none"},
            {"from": 0, "to": 1, "review_type": "general", "channel_key": DEFAULT_CHANNELS[0].channel_key},
        ],
    )
    def test_bad_question(self, api: Api, query: dict[str, Any]) -> None:
        assert api.get("/naver/reviews", **query).verdict[:2] == (400, 1)

    def test_a_kind_of_review_that_the_vendor_does_not_list_has_none(self, api: Api) -> None:
        assert api.get("/naver/reviews", **{"from": 0, "to": 1, "review_type": "video"}).response == []
