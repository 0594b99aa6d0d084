"""A scene for every write: what has to be there before it, the call, and what settling it tells."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from attrs import frozen
from portone_v1 import FULL, OutcomeUnknownError
from portone_v1.operations import OPERATIONS, OperationInfo, method_of
from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS

from tests.generated.arguments import right_arguments, split_path
from tests.safe.conftest import Shop, again

__all__ = ["ENTRY", "SCENES", "Scene", "call", "in_a_week", "route", "scheduled", "unknown"]


def call(operation: OperationInfo, client: Any, arguments: dict[str, Any]) -> Any:
    path, others = split_path(operation, arguments)
    return method_of(operation, client)(*path, **others)


def route(operation: OperationInfo) -> str:
    return f"{operation.method} {operation.path.partition('{')[0]}"


def unknown(shop: Shop, operation: OperationInfo, fault: Any, arguments: dict[str, Any] | None = None) -> Any:
    given = right_arguments(operation) if arguments is None else arguments
    shop.network.meet(route(operation), fault)
    return shop.failure(lambda c: call(operation, c, given), OutcomeUnknownError)


def in_a_week(shop: Shop) -> int:
    return int(shop.clock.server_time()) + 7 * 86_400


Before = Callable[[Any, Shop], dict[str, Any] | None]
"""Called with an operator's client; what it returns are further arguments."""


@frozen
class Scene:
    name: str
    arguments: Any
    """A dictionary, or what makes one of the shop."""
    before: Before | None = None
    executed: str = "done"
    """What settling tells of it, where it was executed and its answer was lost."""
    never: str = "not_done"
    """The same, where it never arrived: after five minutes."""

    @property
    def operation(self) -> OperationInfo:
        return OPERATIONS[self.name.replace(".", "_", 1)]

    def play(self, shop: Shop, fault: Any) -> Any:
        with shop.sandbox.client() as operator:
            ids = self.before(operator, shop) if self.before is not None else {}
        given = self.arguments(shop) if callable(self.arguments) else self.arguments
        shop.network.forget()
        return unknown(shop, self.operation, fault, {**given, **(ids or {})})


ENTRY: Final = {"merchant_uid": "sub-1", "amount": 9900, "name": "구독"}
ACCOUNT: Final = {
    "merchant_uid": "order-1",
    "amount": 5000,
    "vbank_code": "088",
    "vbank_holder": "가나다",
    "channel_key": "channel-key-00000000-0000-4000-8000-000000000021",  # settle: the PG whose accounts can be changed
}
BARCODE: Final = {
    "merchant_uid": "order-1",
    "amount": 12_000,
    "channel_key": "channel-key-00000000-0000-4000-8000-000000000022",
}
QUICK: Final = next(channel.channel_key for channel in DEFAULT_CHANNELS if channel.pg_provider == "kcp_quick")
WINDOW: Final = {"merchant_uid": "order-1", "btid": "BT1", "cust_ip": "192.0.2.10", "code_verifier": "verifier"}
BENEPIA: Final = {"benepia_user": "hong", "benepia_password": "example-password"}
CARD: Final = {"card_number": TEST_CARDS["ordinary"].number, "expiry": "2039-12", "birth": "900101"}
ADDRESS: Final = {"name": "홍길동", "tel": "010-0000-0000", "addr": "서울특별시 예시구 예시로 1", "postcode": "00000"}
PEOPLE: Final = {"sender": {**ADDRESS, "relationship": "본인"}, "receiver": ADDRESS}
PERSON: Final = {"name": "홍길동", "birth": "900101", "gender_digit": "1", "phone": "010-0000-1234", "carrier": "SKT"}
PARCEL: Final = {"delivery_company": "CJGLS", "tracking_number": "000000000000"}


def scheduled(client: Any, shop: Shop) -> None:
    client.subscribe.schedule(customer_uid="ordinary", schedules=[{**ENTRY, "schedule_at": in_a_week(shop)}])


def failed_schedule(client: Any, shop: Shop) -> None:
    due = int(shop.clock.server_time()) + 3600
    client.subscribe.schedule(customer_uid="charge_failed", schedules=[{**ENTRY, "schedule_at": due}])
    shop.clock.advance(7200)


def retried_with_a_good_card(client: Any, shop: Shop) -> None:
    failed_schedule(client, shop)
    client.billing_keys.issue("charge_failed", **CARD)


def account(client: Any, shop: Shop) -> dict[str, Any]:
    return {"imp_uid": client.vbanks.issue(**ACCOUNT, vbank_due=in_a_week(shop)).imp_uid}


def barcode(client: Any, shop: Shop) -> dict[str, Any]:
    return {"imp_uid": client.cvs.issue(**BARCODE, expired_at=in_a_week(shop)).imp_uid}


def paid(client: Any, shop: Shop) -> dict[str, Any]:
    return {"imp_uid": shop.paid(amount=5000, pay_method="trans").imp_uid}


def paid_at(pg: str, **details: Any) -> Before:
    return lambda client, shop: {"imp_uid": shop.paid(amount=5000, pg=pg, **details).imp_uid}


def escrow(client: Any, shop: Shop) -> dict[str, Any]:
    return {"imp_uid": shop.paid(amount=5000, pay_method="trans", escrow=True).imp_uid}


def on_its_way(client: Any, shop: Shop) -> dict[str, Any]:
    ids = escrow(client, shop)
    client.escrow.register(ids["imp_uid"], **parcel(shop, "1"))
    return ids


def parcel(shop: Shop, invoice: str) -> dict[str, Any]:
    return {**PEOPLE, "logis": {"company": "CJGLS", "invoice": invoice, "sent_at": int(shop.clock.server_time())}}


def receipt(client: Any, shop: Shop) -> dict[str, Any]:
    ids = paid(client, shop)
    client.receipts.issue(ids["imp_uid"], identifier="01012341234")
    return ids


SALE: Final = {"merchant_uid": "store-1", "name": "매장 판매", "amount": 55_000, "identifier": "1234567890"}


def external_receipt(client: Any, shop: Shop) -> None:
    client.receipts.issue_external("store-1", **{name: value for name, value in SALE.items() if name != "merchant_uid"})


def prepared(client: Any, shop: Shop) -> None:
    client.prepare.create(merchant_uid="order-1", amount=500)


def sub_merchant(client: Any, shop: Shop) -> None:
    client.tiers.create("CCC", tier_name="가게")


def certified(client: Any, shop: Shop) -> dict[str, Any]:
    return {"imp_uid": shop.sandbox.identity.verify(name="홍길동", birthday="1990-01-01").imp_uid}


def number_sent(client: Any, shop: Shop) -> dict[str, Any]:
    imp_uid = client.certifications.request_otp(**PERSON).imp_uid
    return {"imp_uid": imp_uid, "otp": shop.sandbox.identity.otp(imp_uid)}


def naver(*happened: Any, placed: bool = False, all_of_it: bool = False) -> Before:
    """Order two products, of which these events happen to the first."""

    def order(client: Any, shop: Shop) -> dict[str, Any]:
        products: list[Any] = [
            {"product_id": "SHIRT-1", "product_name": "면 셔츠", "product_amount": 29_000},
            {"product_id": "BEANS-1", "product_name": "원두", "product_amount": 12_000},
        ]
        imp_uid, made = shop.sandbox.naver.order("order-1", products)
        ids = [each.product_order_id for each in made]
        if placed:
            client.naver.place(imp_uid, product_order_id=ids)
        if "delivered" in happened:
            client.naver.ship(imp_uid, product_order_id=ids, **shipping(shop))
        for event in happened:
            if event == "collected":
                client.naver.collect_exchanged(imp_uid, product_order_id=ids[:1])
            elif event == "withheld":
                client.naver.withhold_return(imp_uid, product_order_id=ids[:1], memo="반품 배송비")
            else:
                shop.sandbox.naver.event(ids[0], event)
        return {"imp_uid": imp_uid, "product_order_id": ids if all_of_it else ids[:1]}

    return order


def shipping(shop: Shop) -> dict[str, Any]:
    return {"delivery_method": "DELIVERY", "dispatched_at": int(shop.clock.server_time()), **PARCEL}


def quick_money(client: Any, shop: Shop) -> dict[str, Any]:
    shop.sandbox.kcp_quick.join("buyer-1", money=50_000)
    return {"imp_uid": shop.sandbox.kcp_quick.verify_pin("buyer-1")}


def quick_member(client: Any, shop: Shop) -> dict[str, Any]:
    member = shop.sandbox.kcp_quick.join("buyer-1", fido=True)
    return {name: member[name] for name in ("site_code", "partner_type", "partner_subtype")}


def quick_biometrics(client: Any, shop: Shop) -> None:
    quick_member(client, shop)


def quick_key(client: Any, shop: Shop) -> None:
    shop.sandbox.kcp_quick.allow_autopay("quick-1")


def quick_prepared(client: Any, shop: Shop) -> None:
    client.kcp_quick.prepare(**WINDOW)


def points(client: Any, shop: Shop) -> None:
    shop.sandbox.benepia.grant_points("hong", "example-password", 50_000)


def silent(name: str, arguments: Any, before: Before | None = None) -> Scene:
    """Return a scene of which V1 shows nothing."""
    return Scene(name, arguments, before, "undecided", "undecided")


def charging(name: str, arguments: Any, before: Before | None = None) -> Scene:
    return Scene(name, arguments, before, "paid", "not_charged")


def naver_scene(name: str, arguments: Any, before: Before) -> Scene:
    """Return a scene whose statuses come late, so that none of them denies an action."""
    return Scene(f"naver.{name}", arguments, before, "done", "undecided")


SCENES: Final = [
    # Money moves
    Scene("payments.cancel", {"amount": FULL}, paid_at("nice"), "refunded", "not_refunded"),
    charging("subscribe.again", again()),
    charging("subscribe.onetime", {"merchant_uid": "order-1", "amount": 1000, "name": "구독", **CARD}),
    charging("subscribe.retry", {"merchant_uid": "sub-1"}, retried_with_a_good_card),
    charging(
        "kcp_quick.pay_with_money",
        {"member_id": "buyer-1", "channel_key": QUICK, "merchant_uid": "order-1", "name": "원두", "amount": 3000},
        quick_money,
    ),
    charging(
        "kcp_quick.pay_with_autopay_key",
        {"customer_uid": "quick-1", "merchant_uid": "order-1", "name": "원두", "buyer_name": "홍길동", "amount": 3000},
        quick_key,
    ),
    charging(
        "benepia.pay",
        {**BENEPIA, "merchant_uid": "order-1", "amount": 3000, "name": "원두", "benepia_member_code": "M01"},
        points,
    ),
    # Accounts and barcodes that a buyer pays into
    Scene("vbanks.issue", lambda shop: {**ACCOUNT, "vbank_due": in_a_week(shop)}),
    Scene("vbanks.update", lambda shop: {"vbank_due": in_a_week(shop) + 3 * 86_400}, account),
    Scene("vbanks.revoke", {}, account),
    Scene("cvs.issue", lambda shop: {**BARCODE, "expired_at": in_a_week(shop)}),
    Scene("cvs.revoke", {}, barcode),
    # Schedules and billing keys
    Scene(
        "subscribe.schedule",
        lambda shop: {"customer_uid": "ordinary", "schedules": [{**ENTRY, "schedule_at": in_a_week(shop)}]},
    ),
    Scene(
        "subscribe.update_schedule",
        lambda shop: {"merchant_uid": "sub-1", "schedule_at": in_a_week(shop) + 3600},
        scheduled,
    ),
    Scene(
        "subscribe.reschedule",
        lambda shop: {"merchant_uid": "sub-1", "schedule_at": in_a_week(shop) + 3600},
        failed_schedule,
    ),
    Scene("subscribe.unschedule", {"customer_uid": "ordinary", "merchant_uid": ["sub-1"]}, scheduled),
    Scene("billing_keys.issue", {"customer_uid": "new", **CARD}),
    Scene("billing_keys.delete", {"customer_uid": "ordinary"}),
    # Papers
    Scene("prepare.create", {"merchant_uid": "order-1", "amount": 1000}),
    Scene("prepare.update", {"merchant_uid": "order-1", "amount": 1000}, prepared),
    Scene("receipts.issue", {"identifier": "01012341234"}, paid),
    Scene("receipts.revoke", {}, receipt),
    Scene("receipts.issue_external", SALE),
    Scene("receipts.revoke_external", {"merchant_uid": "store-1"}, external_receipt),
    Scene("escrow.register", lambda shop: parcel(shop, "1"), escrow),
    Scene("escrow.update", lambda shop: parcel(shop, "2"), on_its_way),
    # Sub-merchants and persons
    Scene("tiers.create", {"tier_code": "CCC", "tier_name": "가게"}),
    silent("tiers.update", {"tier_code": "CCC", "tier_name": "다른 가게"}, sub_merchant),
    Scene("tiers.delete", {"tier_code": "CCC"}, sub_merchant),
    Scene("certifications.delete", {}, certified),
    silent("certifications.request_otp", {**PERSON, "merchant_uid": "join-1"}),
    Scene("certifications.confirm_otp", {}, number_sent),
    # Order-type Naver Pay
    naver_scene("cancel", {"reason": "SOLD_OUT"}, naver()),
    naver_scene("approve_cancel", {}, naver("cancel_requested", placed=True)),
    naver_scene("ship", shipping, naver(all_of_it=True)),
    naver_scene(
        "ship_exchanged",
        {"delivery_method": "DELIVERY", **PARCEL},
        naver("delivered", "exchange_requested", "collected"),
    ),
    naver_scene("collect_exchanged", {}, naver("delivered", "exchange_requested")),
    naver_scene(
        "request_return", {"delivery_method": "RETURN_DELIVERY", "reason": "BROKEN", **PARCEL}, naver("delivered")
    ),
    naver_scene("approve_return", {}, naver("delivered", "return_requested")),
    naver_scene("reject_return", {"memo": "사용한 흔적이 있습니다"}, naver("delivered", "return_requested")),
    silent("naver.place", {}, naver(all_of_it=True)),
    silent("naver.withhold_return", {"memo": "반품 배송비"}, naver("delivered", "return_requested")),
    silent("naver.resolve_return", {}, naver("delivered", "return_requested", "withheld")),
    silent("naver.deposit_point", {}, paid_at("naverpay")),
    silent("naver.confirm", {}, paid_at("naverpay", escrow=True)),
    # V1 shows nothing of these
    silent("payco.update_order_status", {"status": "DELIVERY_START"}, paid_at("payco")),
    silent("kcp_quick.delete_member", {"member_id": "buyer-1"}, quick_member),
    silent("kcp_quick.release_fido", {"member_id": "buyer-1", "channel_key": QUICK}, quick_biometrics),
    silent("kcp_quick.prepare", WINDOW),
    silent("kcp_quick.update_prepared", WINDOW, quick_prepared),
    silent("kcp_quick.delete_autopay_key", {"customer_uid": "quick-1"}, quick_key),
    silent(
        "paymentwall.register_delivery",
        lambda shop: {
            "merchant_uid": "order-1",
            "type_": "digital",
            "status": "order_placed",
            "estimated_delivery_datetime": int(shop.clock.server_time()),
            "estimated_update_datetime": int(shop.clock.server_time()),
            "refundable": "yes",
            "shipping_address_email": "hong@example.com",
        },
        paid_at("paymentwall"),
    ),
    silent(
        "partners.register_receipt",
        {"data": [{"business_registration_number": "123-45-67890", "company_name": "보기상점", "amount": 5000}]},
        paid_at("html5_inicis"),
    ),
]
