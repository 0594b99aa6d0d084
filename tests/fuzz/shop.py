"""A merchant's sandbox with some of everything in it, the same every time, so that look-ups sometimes hit."""

from __future__ import annotations

from typing import Any, NamedTuple

from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS, Sandbox, SandboxClock

from tests.sandbox.support import START, Api

__all__ = ["Shop", "open_shop"]

DAY = 24 * 60 * 60
QUICK = next(channel.channel_key for channel in DEFAULT_CHANNELS if channel.pg_provider == "kcp_quick")
PERSON = {"name": "홍길동", "birth": "900101", "gender_digit": "1", "phone": "010-0000-1234", "carrier": "SKT"}
PRODUCT: Any = {"product_id": "P-1", "product_name": "원두", "product_amount": 9900}


class Shop(NamedTuple):
    """A sandbox, a valid token for it, and what stands in it by the name of the field that asks for it."""

    sandbox: Sandbox
    token: str
    known: dict[str, list[Any]]


def open_shop() -> Shop:
    sandbox = Sandbox(clock=SandboxClock.frozen_at(START))
    api = Api(sandbox)
    token = api.authorize()
    paid = [
        sandbox.pay(merchant_uid="order-1", amount=12000).imp_uid,
        sandbox.pay(merchant_uid="order-2", amount=9900, pay_method="trans", pg="payco").imp_uid,
        sandbox.pay(merchant_uid="order-3", amount=5000, status="failed").imp_uid,
    ]
    account = {"vbank_code": "004", "vbank_due": START + DAY, "vbank_holder": "홍길동"}
    order = {"merchant_uid": "order-4", "amount": 7000, "pg": "settle"}
    api.post("/vbanks", **account, **order, name="원두", buyer_name="홍길동")
    api.post("/cvs", merchant_uid="order-5", amount=3000, channel="galaxia", name="원두", buyer_name="홍길동")
    for name, card in (("card-1", "ordinary"), ("card-2", "charge_failed")):
        api.issue(name, card_number=TEST_CARDS[card].number, customer_name="홍길동")
    api.again("card-1", "order-6", 4000)
    entries = [
        {"merchant_uid": f"later-{day}", "schedule_at": START + day * DAY, "amount": 9900, "name": "구독"}
        for day in (1, 2)
    ]
    for customer_uid, entry in zip(("card-1", "card-2"), entries, strict=True):
        api.post("/subscribe/payments/schedule", customer_uid=customer_uid, schedules=[entry])
    api.post("/payments/prepare", merchant_uid="order-7", amount=1000)
    api.post("/receipts/external/order-8", amount=1000, identifier="010-0000-0000", name="원두")
    api.post("/tiers/A01", tier_name="1호점")
    otp = api.post("/certifications/otp/request", **PERSON).response["imp_uid"]
    person = sandbox.identity.verify(name="김하늘", birthday="1991-01-01").imp_uid
    naver, (placed,) = sandbox.naver.order("order-9", [PRODUCT])
    sandbox.kcp_quick.join("buyer-1", money=5000, fido=True)
    pin = sandbox.kcp_quick.verify_pin("buyer-1")
    sandbox.kcp_quick.allow_autopay("quick-1")
    sandbox.benepia.grant_points("hong", "example-password", 700)
    found = [row["imp_uid"] for row in api.get("/payments/status/all", limit=100).response["list"]]
    merchant_uids = [f"order-{number}" for number in range(1, 10)] + ["later-1", "later-2"]
    known = {
        "imp_uid": [*paid, *found, otp, person, naver, pin],
        "merchant_uid": merchant_uids,
        "customer_uid": ["card-1", "card-2", "quick-1"],
        "product_order_id": [placed.product_order_id],
        "member_id": ["buyer-1"],
        "tier_code": ["A01"],
        "channel_key": [channel.channel_key for channel in DEFAULT_CHANNELS],
        "card_number": [TEST_CARDS["ordinary"].number, TEST_CARDS["not_issued"].number],
        "expiry": ["2030-12", "2020-01"],
        "otp": [sandbox.identity.otp(otp)],
        "bank_standard_code": ["004"],
        "card_standard_code": ["366"],
        "amount": [1000, 9900, 12000],
        "schedule_at": [START + DAY, START - DAY],
        "from": [START - DAY],
        "to": [START + DAY],
        "benepia_user": ["hong"],
        "benepia_password": ["example-password"],
        "currency": ["KRW", "USD"],
        "imp_key": ["sandbox_key"],
        "imp_secret": ["sandbox_secret"],
    }
    return Shop(sandbox, token, known)
