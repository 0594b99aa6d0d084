"""One request of each kind: every operation of V1, the lists with their conditions, and the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from portone_v1_sandbox import Request

from benchmarks.scale.shop import Shop

__all__ = ["CALLS"]

Make = Callable[[Shop], Request]
CARD: Final = {"card_number": "4242-4242-4242-4242", "expiry": "2099-12"}
PERSON: Final = {
    "name": "홍길동", "tel": "010-0000-0000", "addr": "서울특별시 예시구 예시로 1",
    "postcode": "00000", "relationship": "본인",
}  # fmt: skip
LOGIN: Final = {"benepia_user": "hong", "benepia_password": "example-password"}
WINDOW: Final = {"btid": "BT1", "cust_ip": "192.0.2.10", "code_verifier": "verifier"}
PHONE: Final = "010-0000-0000"
HOUR: Final = 3600


def _post(path: str, **fields: Any) -> Make:
    return lambda shop: shop.request("POST", path, **fields)


def _get(path: str, **query: Any) -> Make:
    return lambda shop: shop.get(path, **query)


def _search(status: str, limit: int = 20, *, page: int = 1, sorting: str = "-started", hours: int = 0) -> Make:
    def make(shop: Shop) -> Request:
        query: dict[str, Any] = {"limit": limit, "page": page, "sorting": sorting}
        if hours:
            # As long as sixteen payments take, somewhere in the history.
            step = 80 * 24 * HOUR // shop.count
            since = shop.sandbox.clock.now() - 20 * step - shop.random.randrange(max(1, 70 * 24 * HOUR))
            query |= {"from": since, "to": since + 16 * step}
        return shop.get(f"/payments/status/{status}", **query)

    return make


def _half(shop: Shop) -> dict[str, int]:
    now = shop.sandbox.clock.now()
    return {"from": now - 60 * 24 * HOUR, "to": now - 20 * 24 * HOUR}


def _deep(shop: Shop) -> Request:
    page = max(1, shop.count // 2 // 20)
    return shop.get("/payments/status/all", limit=20, page=page, sorting="paid")


def _cancel(shop: Shop, **fields: Any) -> Request:
    return shop.request("POST", "/payments/cancel", reason="단순 변심", **fields)


def _onetime(shop: Shop) -> Request:
    order: dict[str, Any] = {"merchant_uid": shop.fresh(), "amount": 1000, "name": "원두"}
    return shop.request("POST", "/subscribe/payments/onetime", **CARD, **order)


def _again(shop: Shop) -> Request:
    order: dict[str, Any] = {
        "customer_uid": shop.any_customer(),
        "merchant_uid": shop.fresh(),
        "amount": 1000,
        "name": "구독",
    }
    return shop.request("POST", "/subscribe/payments/again", **order)


def _plan(shop: Shop, customer: str = "", **entry: Any) -> Request:
    at = shop.sandbox.clock.now() + 10**6 + shop.random.randrange(max(1, shop.count // 20))
    order = {"merchant_uid": shop.fresh("plan-new"), "schedule_at": at, "amount": 9900, "name": "구독"} | entry
    return shop.request(
        "POST", "/subscribe/payments/schedule", customer_uid=customer or shop.any_customer(), schedules=[order]
    )


def _planned(shop: Shop) -> str:
    uid = shop.fresh("planned")
    shop.sandbox.handle(_plan(shop, merchant_uid=uid))
    return uid


def _revoked(shop: Shop) -> str:
    uid = _planned(shop)
    shop.call("POST", "/subscribe/payments/unschedule", merchant_uid=[uid])
    return uid


def _later(shop: Shop) -> int:
    return shop.sandbox.clock.now() + 10**6


def _customer(shop: Shop) -> str:
    customer = shop.fresh("customer-new")
    shop.call("POST", f"/subscribe/customers/{customer}", **CARD)
    return customer


def _account(shop: Shop) -> dict[str, Any]:
    due = shop.sandbox.clock.now() + 100 * HOUR
    return {
        "merchant_uid": shop.fresh("account"), "amount": 1000, "vbank_code": "004", "vbank_due": due,
        "vbank_holder": "예시상점", "name": "원두",
    }  # fmt: skip


def _waiting(shop: Shop) -> str:
    uid: str = shop.call("POST", "/vbanks", **_account(shop))["imp_uid"]
    return uid


def _asked(shop: Shop) -> tuple[str, str]:
    uid = shop.person(f"0102{shop.random.randrange(10**7):07d}")
    return uid, shop.sandbox.identity.otp(uid)


def _confirm(shop: Shop) -> Request:
    uid, code = _asked(shop)
    return shop.request("POST", f"/certifications/otp/confirm/{uid}", otp=code)


def _person(shop: Shop) -> Request:
    phone = f"0103{shop.random.randrange(10**7):07d}"
    person = {"name": "홍길동", "phone": phone, "birth": "900101", "gender_digit": "1", "carrier": "SKT"}
    return shop.request("POST", "/certifications/otp/request", **person)


def _cash(shop: Shop) -> str:
    return shop.pay(pay_method="trans")


def _receipt(shop: Shop) -> str:
    uid = _cash(shop)
    shop.call("POST", f"/receipts/{uid}", identifier=PHONE)
    return uid


def _external(shop: Shop) -> str:
    order = shop.fresh("external")
    shop.call("POST", f"/receipts/external/{order}", name="원두", amount=1000, identifier=PHONE)
    return order


def _shipment(shop: Shop) -> dict[str, Any]:
    logis = {"company": "CJGLS", "invoice": "000011112222", "sent_at": shop.sandbox.clock.now() - 60}
    return {"sender": PERSON, "receiver": PERSON, "logis": logis}


def _escrow(shop: Shop) -> str:
    uid = shop.pay(pay_method="trans", escrow=True)
    shop.call("POST", f"/escrows/logis/{uid}", **_shipment(shop))
    return uid


def _code(shop: Shop) -> str:
    """Return three letters or digits, never the same ones twice."""
    number = int(shop.fresh().rpartition("-")[2])
    return "".join("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"[number // 34**place % 34] for place in range(3))


def _tier(shop: Shop) -> str:
    code = _code(shop)
    shop.sandbox.handle(shop.request("POST", f"/tiers/{code}", tier_name="지점"))
    return code


def _prepared(shop: Shop) -> str:
    order = shop.fresh("prepared")
    shop.call("POST", "/payments/prepare", merchant_uid=order, amount=1000)
    return order


def _product(shop: Shop) -> tuple[str, str]:
    shirt: Any = {"product_id": "SHIRT-1", "product_name": "면 셔츠", "product_amount": 29000}
    uid, (order,) = shop.sandbox.naver.order(shop.fresh("naver"), [shirt])
    return str(uid), str(order.product_order_id)


def _store(shop: Shop) -> dict[str, Any]:
    return {"merchant_uid": shop.fresh("store"), "amount": 5000, "name": "원두"}


CALLS: Final[dict[str, Make]] = {
    "auth_get_token": _post("/users/getToken", imp_key="sandbox_key", imp_secret="sandbox_secret"),
    "payments_get": lambda shop: shop.get(f"/payments/{shop.any_uid()}"),
    "payments_get_many, 20 imp_uid": lambda shop: shop.get(
        "/payments", **{"imp_uid[]": [shop.any_uid() for _ in range(20)]}
    ),
    "payments_get_many, 20 merchant_uid": lambda shop: shop.get(
        "/payments", **{"merchant_uid[]": [shop.any_order() for _ in range(20)]}
    ),
    "payments_find": lambda shop: shop.get(f"/payments/find/{shop.any_order()}"),
    "payments_find_all": lambda shop: shop.get(f"/payments/findAll/{shop.any_order()}"),
    "payments_balance": lambda shop: shop.get(f"/payments/{shop.pay(pg='payco')}/balance"),
    **{f"payments_search, {status}": _search(status) for status in ("all", "ready", "paid", "failed")},
    **{
        f"payments_search, all by {sorting}": _search("all", sorting=sorting)
        for sorting in ("started", "paid", "-paid", "updated", "-updated")
    },
    "payments_search, paid by -updated": _search("paid", sorting="-updated"),
    "payments_search, all, the middle page": _deep,
    "payments_search, all, sixteen payments' time": _search("all", hours=1),
    "payments_search, paid, sixteen payments' time": _search("paid", hours=1),
    "payments_search, paid by started, sixteen payments' time": _search("paid", hours=1, sorting="started"),
    "payments_search, all, half of the history": lambda shop: shop.get("/payments/status/all", **_half(shop)),
    "payments_search, all by updated, half of the history": lambda shop: shop.get(
        "/payments/status/all", sorting="updated", **_half(shop)
    ),
    "payments_search, a page of 100": _search("paid", 100),
    "payments_cancel by imp_uid": lambda shop: _cancel(shop, imp_uid=shop.pay()),
    "payments_cancel by merchant_uid": lambda shop: _cancel(shop, merchant_uid=_paid_order(shop), amount=100),
    "subscribe_onetime": _onetime,
    "subscribe_again": _again,
    "prepare_create": lambda shop: shop.request("POST", "/payments/prepare", merchant_uid=shop.fresh(), amount=1000),
    "prepare_get": lambda shop: shop.get(f"/payments/prepare/{_prepared(shop)}"),
    "prepare_update": lambda shop: shop.request("PUT", "/payments/prepare", merchant_uid=_prepared(shop), amount=900),
    "billing_keys_issue": lambda shop: shop.request("POST", f"/subscribe/customers/{shop.fresh('key')}", **CARD),
    "billing_keys_get": lambda shop: shop.get(f"/subscribe/customers/{shop.any_customer()}"),
    "billing_keys_get_many": lambda shop: shop.get(
        "/subscribe/customers", **{"customer_uid[]": [shop.any_customer() for _ in range(20)]}
    ),
    "billing_keys_delete": lambda shop: shop.request("DELETE", f"/subscribe/customers/{_customer(shop)}"),
    "billing_keys_list_payments": lambda shop: shop.get(f"/subscribe/customers/{shop.any_customer()}/payments"),
    "billing_keys_list_schedules": lambda shop: shop.get(f"/subscribe/customers/{shop.any_customer()}/schedules"),
    "subscribe_schedule": _plan,
    "subscribe_get_schedule": lambda shop: shop.get(f"/subscribe/payments/schedule/{shop.any_plan()}"),
    "subscribe_list_schedules": lambda shop: shop.get(
        "/subscribe/payments/schedule", schedule_from=_later(shop), schedule_to=_later(shop) + 24 * HOUR, limit=20
    ),
    "subscribe_list_schedules, scheduled": lambda shop: shop.get(
        "/subscribe/payments/schedule",
        schedule_from=_later(shop),
        schedule_to=_later(shop) + 24 * HOUR,
        schedule_status="scheduled",
        limit=20,
    ),
    "subscribe_list_customer_schedules": lambda shop: shop.get(
        f"/subscribe/payments/schedule/customers/{shop.any_customer()}"
    ),
    "subscribe_update_schedule": lambda shop: shop.request(
        "PUT", f"/subscribe/payments/schedule/{_planned(shop)}", schedule_at=_later(shop)
    ),
    "subscribe_reschedule": lambda shop: shop.request(
        "POST", f"/subscribe/payments/schedule/{_revoked(shop)}/reschedule", schedule_at=_later(shop)
    ),
    "subscribe_retry": lambda shop: shop.request("POST", f"/subscribe/payments/schedule/{_revoked(shop)}/retry"),
    "subscribe_unschedule by customer": lambda shop: shop.request(
        "POST", "/subscribe/payments/unschedule", customer_uid=_customer_with_plan(shop)
    ),
    "subscribe_unschedule by merchant_uid": lambda shop: shop.request(
        "POST", "/subscribe/payments/unschedule", merchant_uid=[_planned(shop)]
    ),
    "vbanks_issue": lambda shop: shop.request("POST", "/vbanks", **_account(shop)),
    "vbanks_revoke": lambda shop: shop.request("DELETE", f"/vbanks/{_waiting(shop)}"),
    "vbanks_get_holder": _get("/vbanks/holder", bank_code="004", bank_num="1234567890"),
    "cvs_issue": lambda shop: shop.request("POST", "/cvs", **_store(shop)),
    "cvs_revoke": lambda shop: shop.request("DELETE", f"/cvs/{shop.call('POST', '/cvs', **_store(shop))['imp_uid']}"),
    "certifications_request_otp": _person,
    "certifications_confirm_otp": _confirm,
    "certifications_get": lambda shop: shop.get(f"/certifications/{_asked(shop)[0]}"),
    "certifications_delete": lambda shop: shop.request("DELETE", f"/certifications/{_asked(shop)[0]}"),
    "receipts_issue": lambda shop: shop.request("POST", f"/receipts/{_cash(shop)}", identifier=PHONE),
    "receipts_get": lambda shop: shop.get(f"/receipts/{_receipt(shop)}"),
    "receipts_revoke": lambda shop: shop.request("DELETE", f"/receipts/{_receipt(shop)}"),
    "receipts_issue_external": lambda shop: shop.request(
        "POST", f"/receipts/external/{shop.fresh('ext')}", name="원두", amount=1000, identifier=PHONE
    ),
    "receipts_get_external": lambda shop: shop.get(f"/receipts/external/{_external(shop)}"),
    "receipts_revoke_external": lambda shop: shop.request("DELETE", f"/receipts/external/{_external(shop)}"),
    "escrow_register": lambda shop: shop.request(
        "POST", f"/escrows/logis/{shop.pay(pay_method='trans', escrow=True)}", **_shipment(shop)
    ),
    "escrow_get": lambda shop: shop.get(f"/escrows/logis/{_escrow(shop)}"),
    "escrow_update": lambda shop: shop.request("PUT", f"/escrows/logis/{_escrow(shop)}", **_shipment(shop)),
    "naver_list_product_orders": lambda shop: shop.get(f"/payments/{_product(shop)[0]}/naver/product-orders"),
    "naver_get_product_order": lambda shop: shop.get(f"/naver/product-orders/{_product(shop)[1]}"),
    "naver_place": lambda shop: shop.request("POST", f"/payments/{_product(shop)[0]}/naver/place"),
    "naver_cancel": lambda shop: shop.request("POST", f"/payments/{_product(shop)[0]}/naver/cancel"),
    "naver_list_reviews": lambda shop: shop.get(
        "/naver/reviews", **{"from": 1, "to": shop.sandbox.clock.now(), "review_type": "general"}
    ),
    "payco_update_order_status": lambda shop: shop.request(
        "POST", f"/payco/orders/status/{shop.pay(pg='payco')}", status="DELIVERY_START"
    ),
    "kcp_quick_prepare": lambda shop: shop.request("POST", f"/kcpquick/prepare/{shop.fresh()}", **WINDOW),
    "benepia_get_point": lambda shop: _with_points(shop).request("POST", "/benepia/point", **LOGIN),
    "benepia_pay": lambda shop: _with_points(shop).request(
        "POST", "/benepia/payment", **LOGIN, merchant_uid=shop.fresh(), amount=100, name="원두"
    ),
    "tiers_create": lambda shop: shop.request("POST", f"/tiers/{_code(shop)}", tier_name="본점"),
    "tiers_get": lambda shop: shop.get(f"/tiers/{_tier(shop)}"),
    "channels_list": _get("/users/pg"),
    "codes_list_banks": _get("/banks"),
    "codes_get_card": _get("/cards/361"),
    "control: pay": lambda shop: shop.request("POST", "/_sandbox/payments", merchant_uid=shop.fresh(), amount=1000),
    "control: deposit": lambda shop: shop.request("POST", "/_sandbox/deposits", imp_uid=_waiting(shop)),
    "control: clock": lambda shop: shop.request("POST", "/_sandbox/clock", advance=1),
    "control: settings": lambda shop: shop.request("POST", "/_sandbox/settings", strict=False),
    "control: seed of 10": lambda shop: shop.request(
        "POST", "/_sandbox/seed", payments=[{"merchant_uid": shop.fresh(), "amount": 1000} for _ in range(10)]
    ),
    "dashboard: payments": _get("/_sandbox/list/payments"),
    "dashboard: search by merchant_uid": lambda shop: shop.get("/_sandbox/list/payments", q=shop.any_order()),
    "dashboard: search by imp_uid": lambda shop: shop.get("/_sandbox/list/payments", q=shop.any_uid()),
    "dashboard: paid payments": _get("/_sandbox/list/payments", status="paid"),
    "dashboard: schedules": _get("/_sandbox/list/schedules"),
    "dashboard: billing keys": _get("/_sandbox/list/billing_keys"),
    "dashboard: webhooks": _get("/_sandbox/list/webhooks"),
    "dashboard: journal": _get("/_sandbox/list/journal"),
    "dashboard: changes": _get("/_sandbox/changes/payments"),
    "dashboard: one payment": lambda shop: shop.get(f"/_sandbox/payments/{shop.any_uid()}"),
    "dashboard: timeline": lambda shop: shop.get(f"/_sandbox/payments/{shop.any_uid()}/timeline"),
    "dashboard: control room": _get("/_sandbox/room"),
}
"""A name is the id of an operation of V1, with what is special after a comma."""


def _paid_order(shop: Shop) -> str:
    order = shop.fresh("cancelled")
    shop.pay(merchant_uid=order)
    return order


def _customer_with_plan(shop: Shop) -> str:
    customer = _customer(shop)
    shop.sandbox.handle(_plan(shop, customer))
    return customer


def _with_points(shop: Shop) -> Shop:
    shop.sandbox.benepia.grant_points(LOGIN["benepia_user"], LOGIN["benepia_password"], 5000)
    return shop
