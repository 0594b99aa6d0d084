"""결제내역: by uid, by order number, several at once."""

from __future__ import annotations

import pytest
from portone_v1_sandbox import Channel, Sandbox, SandboxClock

from tests.sandbox.support import START, Api

MISSING = (404, -1, "존재하지 않는 결제정보입니다.")


def pay(sandbox: Sandbox, merchant_uid: str, *, test_channel: bool = False) -> str:
    payment = sandbox.pay(merchant_uid=merchant_uid, amount=1000, sandbox=test_channel)
    return str(payment.imp_uid)


def test_get(api: Api, sandbox: Sandbox) -> None:
    imp_uid = pay(sandbox, "order-1")
    assert api.get(f"/payments/{imp_uid}").response["merchant_uid"] == "order-1"
    assert api.get("/payments/imp_000000000000").verdict == MISSING


def test_payment_of_a_test_channel_hides_from_get_only(api: Api, sandbox: Sandbox) -> None:
    imp_uid = pay(sandbox, "order-1", test_channel=True)
    assert api.get(f"/payments/{imp_uid}").verdict == MISSING
    assert api.get(f"/payments/{imp_uid}", include_sandbox="false").verdict == MISSING
    assert api.get(f"/payments/{imp_uid}", include_sandbox="true").response["sandbox"] is True
    assert api.get("/payments/find/order-1").response["imp_uid"] == imp_uid
    assert api.get("/payments/findAll/order-1").response["total"] == 1
    assert api.get("/payments", imp_uid=[imp_uid]).status == 200
    assert api.get("/payments/status/paid").response["total"] == 1
    assert api.cancel(imp_uid=imp_uid).response["status"] == "cancelled"


def test_include_sandbox_that_is_no_boolean_is_400(api: Api, sandbox: Sandbox) -> None:
    imp_uid = pay(sandbox, "order-1")
    assert api.get(f"/payments/{imp_uid}", include_sandbox="perhaps").status == 400


@pytest.mark.parametrize(("value", "status"), [("1", 200), ("TRUE", 200), ("0", 404), ("", 404)])
def test_include_sandbox_in_other_words(api: Api, sandbox: Sandbox, value: str, status: int) -> None:
    imp_uid = pay(sandbox, "order-1", test_channel=True)
    assert api.get(f"/payments/{imp_uid}", include_sandbox=value).status == status


def test_extension_only_when_asked_for(api: Api, sandbox: Sandbox) -> None:
    payment = sandbox.pay(merchant_uid="order-1", amount=1000, extension={"REMITTER": "김하늘"})
    assert "extension" not in api.get(f"/payments/{payment.imp_uid}").response
    answer = api.get(f"/payments/{payment.imp_uid}", extension="true").response
    assert answer["extension"] == {"REMITTER": "김하늘"}
    assert list(answer) == sorted(answer)


def test_several_at_once(api: Api, sandbox: Sandbox) -> None:
    one, two = pay(sandbox, "order-1"), pay(sandbox, "order-2")
    whole = api.get("/payments", imp_uid=[one], merchant_uid=["order-2"])
    assert whole.status == 200
    assert {payment["imp_uid"] for payment in whole.response} == {one, two}


def test_several_at_once_with_some_or_all_missing(api: Api, sandbox: Sandbox) -> None:
    one = pay(sandbox, "order-1")
    by_uid = api.get("/payments", imp_uid=[one, "imp_000000000000"])
    assert (by_uid.status, [payment["imp_uid"] for payment in by_uid.response]) == (207, [one])
    by_order = api.get("/payments", merchant_uid=["order-1", "order-9"])
    assert (by_order.status, [payment["imp_uid"] for payment in by_order.response]) == (207, [one])
    assert api.get("/payments", merchant_uid=["order-9"]).verdict == MISSING


def test_same_payment_asked_for_twice_comes_once(api: Api, sandbox: Sandbox) -> None:
    one = pay(sandbox, "order-1")
    answer = api.get("/payments", imp_uid=[one, one], merchant_uid=["order-1"])
    assert (answer.status, len(answer.response)) == (200, 1)


def test_order_number_brings_all_attempts(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=1000, status="failed")
    pay(sandbox, "order-1")
    answer = api.get("/payments", merchant_uid=["order-1"])
    assert (answer.status, len(answer.response)) == (200, 2)


def test_at_most_a_hundred_at_once_and_at_least_one(api: Api) -> None:
    uids = [f"imp_{number:012d}" for number in range(101)]
    assert api.get("/payments", imp_uid=uids).status == 400
    assert api.get("/payments", imp_uid=uids[:60], merchant_uid=uids[60:]).status == 400
    assert api.get("/payments", imp_uid=uids[:100]).status == 404
    assert api.get("/payments").verdict == (400, 1, "imp_uid[], merchant_uid[] 중 하나는 필수입니다.")


def test_find_returns_the_latest_start_by_default(api: Api, sandbox: Sandbox) -> None:
    failed = sandbox.pay(merchant_uid="order-1", amount=1000, status="failed")
    sandbox.clock.advance(seconds=5)
    paid = sandbox.pay(merchant_uid="order-1", amount=1000)
    assert api.get("/payments/find/order-1").response["imp_uid"] == paid.imp_uid
    assert api.get("/payments/find/order-1/").response["imp_uid"] == paid.imp_uid
    assert api.get("/payments/find/order-1", sorting="started").response["imp_uid"] == failed.imp_uid
    assert api.get("/payments/find/order-1/failed").response["imp_uid"] == failed.imp_uid
    assert api.get("/payments/find/order-1/cancelled").verdict == MISSING
    assert api.get("/payments/find/order-9").verdict == MISSING
    assert api.get("/payments/find/order-9/paid").verdict == MISSING


def test_find_with_an_unknown_status_is_400(api: Api, sandbox: Sandbox) -> None:
    pay(sandbox, "order-1")
    unknown = (400, 1, "지원되지 않는 상태값입니다.")
    assert api.get("/payments/find/order-1/lost").verdict == unknown
    assert api.get("/payments/findAll/order-1/lost").verdict == unknown


def test_find_takes_all_for_every_status(api: Api, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=1000, status="failed")
    paid = sandbox.pay(merchant_uid="order-1", amount=1000)
    assert api.get("/payments/find/order-1/all").response["imp_uid"] == paid.imp_uid
    assert api.get("/payments/findAll/order-1/all").response["total"] == 2
    assert api.get("/payments/findAll/order-9/all").verdict == MISSING


def test_find_all_lists_attempts_page_by_page(api: Api, sandbox: Sandbox) -> None:
    for _ in range(2):
        sandbox.pay(merchant_uid="order-1", amount=1000, status="failed")
    pay(sandbox, "order-1")
    pay(sandbox, "order-2")
    whole = api.get("/payments/findAll/order-1").response
    assert (whole["total"], whole["previous"], whole["next"]) == (3, 0, 0)
    assert [payment["status"] for payment in whole["list"]] == ["paid", "failed", "failed"]
    part = api.get("/payments/findAll/order-1/failed", page=2, limit=1).response
    assert (part["total"], part["previous"], part["next"], len(part["list"])) == (2, 1, 0, 1)
    assert api.get("/payments/findAll/order-1/ready").verdict == MISSING
    assert api.get("/payments/findAll/order-9").verdict == MISSING
    assert api.get("/payments/findAll/order-1", page=2).status == 400


def test_balance_is_for_payco_and_kcp(api: Api, sandbox: Sandbox) -> None:
    card = pay(sandbox, "order-1")
    refused = api.get(f"/payments/{card}/balance")
    assert (refused.status, refused.code) == (405, 1)
    assert str(refused.message).startswith("(현재는 PAYCO, KCP만 지원됩니다)")
    assert api.get("/payments/imp_000000000000/balance").verdict == MISSING


def test_balance_after_a_refund(api: Api, sandbox: Sandbox) -> None:
    payco = sandbox.pay(merchant_uid="order-1", amount=13000, pay_method="payco", pg="payco", tax_free=2000)
    sandbox.clock.advance(minutes=1)
    api.cancel(imp_uid=payco.imp_uid, amount=6500, tax_free=1000)
    balance = api.get(f"/payments/{payco.imp_uid}/balance").response
    assert balance["amount"] == 13000
    assert balance["primary"] == {"service": 0, "supply": 5000, "tax_free": 1000, "vat": 500}
    before, after = balance["histories"]
    assert before["primary"] == {"service": 0, "supply": 10000, "tax_free": 2000, "vat": 1000}
    assert after["primary"] == balance["primary"]
    assert after["created"] == before["created"] + 60


def test_balance_of_a_payment_that_waits(api: Api, sandbox: Sandbox) -> None:
    payco = sandbox.pay(merchant_uid="order-1", amount=13000, pg="payco", status="ready")
    assert api.get(f"/payments/{payco.imp_uid}/balance").status == 405


def test_balance_with_a_vat_of_ones_own(api: Api, sandbox: Sandbox) -> None:
    payco = sandbox.pay(merchant_uid="order-1", amount=10000, pg="payco", vat_amount=0)
    api.cancel(imp_uid=payco.imp_uid, amount=4000, vat_amount=0)
    balance = api.get(f"/payments/{payco.imp_uid}/balance").response
    assert balance["primary"] == {"service": 0, "supply": 6000, "tax_free": 0, "vat": 0}


def test_balance_never_falls_below_nothing() -> None:
    channels = [Channel("channel-key-1", "payco", "mid", "api_payment")]
    api = Api(Sandbox(clock=SandboxClock.frozen_at(START), channels=channels))
    imp_uid = api.onetime("order-1", 10000, tax_free=4000, vat=500).response["imp_uid"]
    balance = api.get(f"/payments/{imp_uid}/balance").response
    assert balance["primary"] == {"service": 0, "supply": 5500, "tax_free": 4000, "vat": 500}
    api.cancel(imp_uid=imp_uid, amount=1000, vat_amount=100)
    balance = api.get(f"/payments/{imp_uid}/balance").response
    assert balance["primary"] == {"service": 0, "supply": 4600, "tax_free": 4000, "vat": 400}
    api.cancel(imp_uid=imp_uid, amount=4900)
    balance = api.get(f"/payments/{imp_uid}/balance").response
    assert balance["primary"] == {"service": 0, "supply": 0, "tax_free": 4000, "vat": 100}
    api.cancel(imp_uid=imp_uid, vat_amount=4100)
    balance = api.get(f"/payments/{imp_uid}/balance").response
    assert balance["primary"] == {"service": 0, "supply": 0, "tax_free": 0, "vat": 0}
