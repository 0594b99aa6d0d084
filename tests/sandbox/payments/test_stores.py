"""편의점 결제: numbers, the till, deadlines and taking back."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1_sandbox import Refusal, Sandbox

from tests.sandbox.support import START, Answer, Api, PatientApi

DAY = 24 * 60 * 60
GALAXIA = "channel-key-00000000-0000-4000-8000-000000000022"


@pytest.fixture
def api(sandbox: Sandbox) -> Api:
    return PatientApi(sandbox)


def issue(api: Api, merchant_uid: object = "order-1", **fields: object) -> Answer:
    return api.post("/cvs", **({"merchant_uid": merchant_uid, "amount": 12000, "channel_key": GALAXIA} | fields))


def waiting(api: Api, **fields: object) -> str:
    return str(issue(api, **fields).response["imp_uid"])


def stored(api: Api, imp_uid: str) -> Any:
    return api.get(f"/payments/{imp_uid}", extension="true").response


def test_number_is_issued(api: Api, sandbox: Sandbox) -> None:
    payment = issue(api, name="우산").response
    wanted = {"status": "ready", "pay_method": "cvs", "pg_provider": "galaxia", "paid_at": 0, "vbank_num": None}
    assert payment.items() >= wanted.items()
    assert stored(api, payment["imp_uid"])["extension"]["barcode"].isdigit()
    assert (sandbox.ledger, sandbox.notifications) == ((), ())


def test_own_number_is_registered_once(api: Api) -> None:
    assert stored(api, waiting(api, barcode="11222222"))["extension"] == {"barcode": "11222222"}
    assert issue(api, "order-2", barcode="11222222").verdict[:2] == (200, -1)


@pytest.mark.parametrize("fields", [{"amount": 0}, {"amount": "0.5"}, {"expired_at": START}, {"channel_key": "x"}])
def test_what_cannot_be(api: Api, fields: dict[str, object]) -> None:
    assert issue(api, **fields).status == 400
    assert api.get("/payments/status/all").response["total"] == 0


def test_paid_at_the_till(api: Api, sandbox: Sandbox) -> None:
    imp_uid = waiting(api, notice_url=["https://a.example.com", "https://b.example.com"])
    sandbox.clock.advance(seconds=60)
    assert sandbox.pay_at_store(imp_uid).status == "paid"
    shown = stored(api, imp_uid)
    assert (shown["paid_at"], shown["card_number"]) == (START + 60, None)
    (movement,) = sandbox.ledger
    assert (movement.kind, int(movement.amount)) == ("charge", 12000)
    (notice,) = sandbox.notifications
    assert (notice.status, notice.notice_urls) == ("paid", ("https://a.example.com", "https://b.example.com"))
    assert issue(api).code == 1
    with pytest.raises(Refusal, match="이미 수납된"):
        sandbox.pay_at_store(imp_uid)
    assert api.delete(f"/cvs/{imp_uid}").verdict == (200, 1, "이미 수납된 결제건입니다.")
    assert api.cancel(imp_uid=imp_uid).response["status"] == "cancelled"


def test_over_the_wire(api: Api) -> None:
    body = {"imp_uid": waiting(api)}
    assert api.send("POST", "/_sandbox/store-payments", json=body).response["status"] == "paid"


def test_order_is_paid_once(api: Api, sandbox: Sandbox) -> None:
    first, second = waiting(api), waiting(api)
    sandbox.pay_at_store(first)
    with pytest.raises(Refusal, match="이미 주문이"):
        sandbox.pay_at_store(second)


@pytest.mark.parametrize(("fields", "last"), [({}, 7 * DAY), ({"expired_at": START + DAY}, DAY)])
def test_deadline(api: Api, sandbox: Sandbox, fields: dict[str, object], last: int) -> None:
    imp_uid = waiting(api, **fields)
    sandbox.clock.advance(seconds=last)
    assert stored(api, imp_uid)["status"] == "ready"
    sandbox.clock.advance(seconds=1)
    assert (stored(api, imp_uid)["status"], stored(api, imp_uid)["failed_at"]) == ("failed", START + last)
    with pytest.raises(Refusal, match="수납대기"):
        sandbox.pay_at_store(imp_uid)


def test_taken_back(api: Api, sandbox: Sandbox) -> None:
    imp_uid = waiting(api)
    assert api.delete(f"/cvs/{imp_uid}").response["status"] == "failed"
    assert api.delete(f"/cvs/{imp_uid}").status == 400
    with pytest.raises(Refusal, match="수납대기"):
        sandbox.pay_at_store(imp_uid)


def test_what_is_no_number(api: Api, sandbox: Sandbox) -> None:
    card = str(api.onetime("order-1").response["imp_uid"])
    assert api.delete(f"/cvs/{card}").status == 400
    assert api.delete("/cvs/imp_000000000000").status == 404
    with pytest.raises(Refusal, match="수납대기"):
        sandbox.pay_at_store(card)
