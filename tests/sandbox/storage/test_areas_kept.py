"""What the smaller areas remember is in the file, too: another sandbox goes on where the first one stopped."""

from __future__ import annotations

from pathlib import Path

from portone_v1_sandbox import DEFAULT_CHANNELS, Sandbox, SandboxClock

from tests.sandbox.support import START, PatientApi

QUICK = next(channel.channel_key for channel in DEFAULT_CHANNELS if channel.pg_provider == "kcp_quick")
PERSON = {"name": "홍길동", "birth": "900101", "gender_digit": "1", "phone": "010-0000-1234", "carrier": "SKT"}
LOGIN = {"benepia_user": "hong", "benepia_password": "example-password"}


def opened(path: Path) -> tuple[Sandbox, PatientApi]:
    sandbox = Sandbox(db=path, clock=SandboxClock.frozen_at(START))
    return sandbox, PatientApi(sandbox)


def test_another_sandbox_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "shop.sqlite3"
    sandbox, api = opened(path)
    imp_uid, (order,) = sandbox.naver.order(
        "order-1", [{"product_id": "P-1", "product_name": "원두", "product_amount": 9900}]
    )
    number = order.product_order_id
    api.post(f"/payments/{imp_uid}/naver/place")
    sandbox.naver.event(number, "cancel_requested")
    sandbox.naver.review(number, score="2", title="좋아요")
    otp = api.post("/certifications/otp/request", **PERSON).response["imp_uid"]
    person = sandbox.identity.verify(name="김하늘", birthday="1991-01-01")
    sandbox.kcp_quick.join("buyer-1", money=5000, fido=True)
    pin = sandbox.kcp_quick.verify_pin("buyer-1")
    sandbox.kcp_quick.allow_autopay("quick-1")
    sandbox.benepia.grant_points("hong", "example-password", 700)
    window = {"btid": "BT1", "cust_ip": "192.0.2.10", "code_verifier": "verifier", "prepaid_amount": 1000}
    api.post("/kcpquick/prepare/order-9", **window)
    payco = sandbox.pay(merchant_uid="order-2", amount=1000, pg="payco").imp_uid
    api.post(f"/payco/orders/status/{payco}", status="PURCHASE_DECISION")
    api.post("/tiers/A01", tier_name="1호점")
    code = sandbox.identity.otp(otp)
    sandbox.close()

    sandbox, api = opened(path)
    assert api.get(f"/naver/product-orders/{number}").response["claim_status"] == "CANCEL_REQUEST"
    assert api.post(f"/payments/{imp_uid}/naver/approve-cancel").status == 200
    reviews = api.get("/naver/reviews", **{"from": START, "to": START}, review_type="general").response
    assert [review["title"] for review in reviews] == ["좋아요"]
    assert api.post(f"/certifications/otp/confirm/{otp}", otp=code).response["certified"] is True
    assert api.get(f"/certifications/{person.imp_uid}").response["unique_key"] == person.unique_key
    assert api.post("/benepia/point", **LOGIN).response == {"point": 700}
    assert api.post("/kcpquick/prepare/order-9", **window).status == 409
    money = {"member_id": "buyer-1", "channel_key": QUICK, "merchant_uid": "order-3", "name": "원두", "amount": 5000}
    assert api.post("/kcpquick/payment/money", **money, imp_uid=pin).response["status"] == "paid"
    assert api.post("/kcpquick/payment/money", **(money | {"merchant_uid": "order-4"}), imp_uid=pin).code == -1
    assert api.delete("/kcpquick/autopay/quick-1").code == 0
    assert api.post("/kcpquick/members/buyer-1/fido/release", channel_key=QUICK).code == 0
    assert api.post(f"/payco/orders/status/{payco}", status="CANCELED").code == -1
    assert api.get("/tiers/A01").response["tier_name"] == "1호점"
    sandbox.close()

    sandbox, api = opened(path)
    assert api.get(f"/payments/{imp_uid}").response["status"] == "cancelled"
    assert api.post("/kcpquick/members/buyer-1/fido/release", channel_key=QUICK).code == -1
    assert api.delete("/kcpquick/autopay/quick-1").status == 404
    assert api.post("/kcpquick/payment/money", **(money | {"merchant_uid": "order-4"}), imp_uid=pin).code == -1
    api.send("POST", "/_sandbox/reset")
    assert api.get("/tiers/A01").status == 404
    assert api.get(f"/certifications/{person.imp_uid}").status == 404
    assert api.get(f"/naver/product-orders/{number}").status == 404
    assert api.post("/benepia/point", **LOGIN).status == 500
    sandbox.close()
