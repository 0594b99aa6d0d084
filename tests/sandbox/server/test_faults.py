"""What goes wrong on purpose, in the process: answers, transports, charges."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest
from portone_v1 import OutcomeUnknownError, RefusedError
from portone_v1_sandbox import TEST_CARDS, Refusal, Request, Sandbox

from tests.sandbox.support import Api

CARD: dict[str, Any] = {"card_number": "4242-4242-4242-4242", "expiry": "2030-12"}
ORDER = {"merchant_uid": "order-1", "amount": 1000, **CARD}
PAIR = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
ONETIME = "https://api.iamport.kr/subscribe/payments/onetime"


@pytest.fixture
def client(sandbox: Sandbox) -> httpx.Client:
    client = httpx.Client(transport=sandbox.transport())
    answer = client.post("https://api.iamport.kr/users/getToken", json=PAIR)
    client.headers["Authorization"] = answer.json()["response"]["access_token"]
    return client


class TestErrors:
    @pytest.mark.parametrize("executed", [False, True])
    @pytest.mark.parametrize("status", [400, 429, 500, 503])
    def test_fail(self, api: Api, sandbox: Sandbox, status: int, executed: bool) -> None:
        sandbox.faults.fail_next(2, status=status, executed=executed, message="잠시 후 다시")
        assert api.onetime("order-1").verdict == (status, -1, "잠시 후 다시")
        assert len(sandbox.ledger) == executed
        assert api.get("/banks").status == status
        assert api.get("/banks").status == 200

    def test_the_token_is_left_alone_unless_it_is_named(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.fail_next(operation="auth_get_token", status=503)
        assert api.send("POST", "/users/getToken", json=PAIR).status == 503
        sandbox.faults.fail_next()
        api.authorize()
        assert api.get("/banks").status == 500

    def test_one_operation(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.fail_next(operation="payments_cancel")
        paid = api.onetime("order-1").response
        assert api.cancel(imp_uid=paid["imp_uid"]).status == 500
        assert api.cancel(imp_uid=paid["imp_uid"]).response["status"] == "cancelled"

    @pytest.mark.parametrize("executed", [False, True])
    def test_page(self, sandbox: Sandbox, client: httpx.Client, executed: bool) -> None:
        sandbox.faults.html_next(executed=executed)
        answer = client.post(ONETIME, json=ORDER)
        assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=UTF-8")
        assert answer.text.startswith("<!DOCTYPE html>")
        assert len(sandbox.ledger) == executed

    def test_in_the_order_in_which_they_were_asked_for(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.fail_next(status=500)
        sandbox.faults.fail_next(status=503)
        assert [api.get("/banks").status for _ in range(3)] == [500, 503, 200]

    def test_clear_and_reset(self, api: Api, sandbox: Sandbox) -> None:
        for forget in (sandbox.faults.clear, sandbox.reset):
            sandbox.faults.fail_next(5)
            sandbox.faults.decline_next(5)
            forget()
            assert (sandbox.faults.pending, sandbox.faults.declines) == ((), ())

    def test_unknown_routes_use_nothing_up(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.fail_next()
        assert api.send("GET", "/nothing").status == 404
        assert len(sandbox.faults.pending) == 1

    def test_journal(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.fail_next(executed=False)
        sandbox.faults.cut_next(executed=True)
        api.authorize()
        api.get("/banks")
        sandbox.handle(Request("GET", "/cards", "", api.headers))
        noted = [(exchange.operation, exchange.fault, exchange.status) for exchange in sandbox.journal[1:]]
        assert noted == [("codes_list_banks", "fail", 500), ("codes_list_cards", "cut", 200)]

    def test_expired_token(self, api: Api, sandbox: Sandbox) -> None:
        api.authorize()
        sandbox.faults.expire_tokens()
        assert api.get("/banks").status == 401


class TestTwice:
    def test_a_charge_that_arrives_twice(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.duplicate_next(operation="subscribe_onetime")
        answer = api.onetime("order-1")
        assert (answer.status, answer.code) == (200, 1)  # the order is paid already, by the first of the two
        assert len(sandbox.ledger) == 1
        assert [exchange.operation for exchange in sandbox.journal].count("subscribe_onetime") == 2

    def test_a_partial_refund_that_arrives_twice(self, api: Api, sandbox: Sandbox) -> None:
        paid = api.onetime("order-1").response
        sandbox.faults.duplicate_next()
        assert api.cancel(imp_uid=paid["imp_uid"], amount=300).response["cancel_amount"] == 600

    def test_the_checksum_saves_the_second(self, api: Api, sandbox: Sandbox) -> None:
        paid = api.onetime("order-1").response
        sandbox.faults.duplicate_next()
        assert api.cancel(imp_uid=paid["imp_uid"], amount=300, checksum=1000).code != 0
        assert [movement.amount for movement in sandbox.ledger] == [1000, 300]


class TestTheWayBack:
    @pytest.mark.parametrize("executed", [False, True])
    def test_cut_before_anything(self, sandbox: Sandbox, client: httpx.Client, executed: bool) -> None:
        sandbox.faults.cut_next(after="nothing", executed=executed)
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            client.post(ONETIME, json=ORDER)
        assert len(sandbox.ledger) == executed

    def test_cut_in_the_middle(self, sandbox: Sandbox, client: httpx.Client) -> None:
        sandbox.faults.cut_next()
        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            client.post(ONETIME, json=ORDER)
        assert len(sandbox.ledger) == 1

    def test_cut_in_the_middle_under_asyncio(self, sandbox: Sandbox) -> None:
        sandbox.faults.cut_next(operation="auth_get_token")

        async def flow() -> None:
            async with httpx.AsyncClient(transport=sandbox.transport()) as client:
                await client.post("https://api.iamport.kr/users/getToken", json=PAIR)

        with pytest.raises(httpx.RemoteProtocolError, match="without sending complete"):
            asyncio.run(flow())

    def test_late_beyond_the_clients_patience(self, sandbox: Sandbox, client: httpx.Client) -> None:
        sandbox.faults.delay_next(seconds=60)
        with pytest.raises(httpx.ReadTimeout):
            client.post(ONETIME, json=ORDER, timeout=5)
        assert len(sandbox.ledger) == 1

    def test_late_but_in_time(self, sandbox: Sandbox, client: httpx.Client) -> None:
        sandbox.faults.delay_next(seconds=0.02)
        before = time.monotonic()
        assert client.post(ONETIME, json=ORDER).json()["code"] == 0
        assert time.monotonic() - before >= 0.02

    def test_late_under_asyncio(self, sandbox: Sandbox) -> None:
        sandbox.faults.delay_next(seconds=0.02, operation="auth_get_token")
        sandbox.faults.delay_next(seconds=60, operation="auth_get_token")

        async def flow() -> int:
            async with httpx.AsyncClient(transport=sandbox.transport(), timeout=5) as client:
                first = await client.post("https://api.iamport.kr/users/getToken", json=PAIR)
                with pytest.raises(httpx.ReadTimeout):
                    await client.post("https://api.iamport.kr/users/getToken", json=PAIR)
                return first.status_code

        assert asyncio.run(flow()) == 200

    def test_the_sdk_knows_that_it_does_not_know(self, sandbox: Sandbox) -> None:
        with sandbox.client() as client:
            sandbox.faults.cut_next(operation="subscribe_onetime")
            with pytest.raises(OutcomeUnknownError):
                client.subscribe.onetime(merchant_uid="order-1", amount=1000, **CARD)
            assert client.payments.find("order-1").status == "paid"


class TestDeclines:
    def test_the_next_charge(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.decline_next(message="[1234] 도난카드", outcome="refused")
        refused = api.onetime("order-1")
        assert (refused.status, refused.code) == (200, -1)
        assert "[1234] 도난카드" in str(refused.message)
        assert api.onetime("order-1").code == 0
        assert len(sandbox.ledger) == 1

    def test_as_a_failed_payment(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.decline_next(message="한도초과")
        failed = api.onetime("order-1").response
        assert (failed["status"], failed["fail_reason"]) == ("failed", "한도초과")
        assert sandbox.ledger == ()

    def test_by_card(self, api: Api, sandbox: Sandbox) -> None:
        number = TEST_CARDS["debit"].number
        sandbox.faults.decline_next(card_number=number.replace("-", " "), outcome="refused")
        assert api.onetime("order-1").code == 0
        assert api.onetime("order-2", card_number=number).code == -1
        assert number not in repr(sandbox.faults.declines)

    def test_by_billing_key(self, api: Api, sandbox: Sandbox) -> None:
        for name in ("customer-1", "customer-2"):
            api.issue(name)
        sandbox.faults.decline_next(customer_uid="customer-2", outcome="refused")
        assert api.again("customer-1", "order-1").code == 0
        assert api.again("customer-2", "order-2").code == -1
        assert api.again("customer-2", "order-2").code == 0

    @pytest.mark.parametrize("pg", ["nice_v2", "nice_v2.sandboxbill"])
    def test_by_pg(self, api: Api, sandbox: Sandbox, pg: str) -> None:
        sandbox.faults.decline_next(pg=pg, outcome="refused")
        assert api.onetime("order-1", pg="kcp").code == 0
        assert api.onetime("order-2", pg="nice_v2").code == -1

    def test_a_schedule(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("customer-1")
        entry = {"merchant_uid": "order-1", "schedule_at": sandbox.clock.now() + 60, "amount": 1000, "name": "구독"}
        api.post("/subscribe/payments/schedule", customer_uid="customer-1", schedules=[entry | {"currency": "KRW"}])
        sandbox.faults.decline_next(customer_uid="customer-1", message="잔액부족")
        sandbox.clock.advance(minutes=2)
        done = api.get("/subscribe/payments/schedule/order-1").response
        assert (done["schedule_status"], done["payment_status"]) == ("executed", "failed")
        assert "잔액부족" in done["fail_reason"]

    def test_in_the_window(self, sandbox: Sandbox) -> None:
        sandbox.faults.decline_next(message="한도초과", pg="html5_inicis")
        failed = sandbox.pay(merchant_uid="order-1", amount=1000)
        assert (failed.status, failed.fail_reason) == ("failed", "한도초과")
        assert sandbox.pay(merchant_uid="order-1", amount=1000).status == "paid"

    def test_in_the_window_without_a_card(self, sandbox: Sandbox) -> None:
        sandbox.faults.decline_next(card_number=TEST_CARDS["ordinary"].number)
        assert sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="trans").status == "paid"
        assert sandbox.pay(merchant_uid="order-2", amount=1000).status == "failed"

    def test_removed_one_by_one(self, api: Api, sandbox: Sandbox) -> None:
        sandbox.faults.fail_next(status=503)
        sandbox.faults.html_next()
        sandbox.faults.decline_next(message="첫째")
        sandbox.faults.decline_next(message="둘째")
        numbers = [one.number for one in sandbox.faults.pending] + [one.number for one in sandbox.faults.declines]
        assert len(set(numbers)) == 4
        removed = api.send("POST", "/_sandbox/faults/remove", json={"number": [str(numbers[0]), str(numbers[3])]})
        assert [one["kind"] for one in removed.response["faults"]] == ["html"]
        assert [one["message"] for one in removed.response["declines"]] == ["첫째"]
        again = api.send("POST", "/_sandbox/faults/remove", json={"number": [str(numbers[1]), str(numbers[0])]})
        assert (again.status, len(sandbox.faults.pending)) == (404, 1)  # all of them or none
        sandbox.faults.remove(*sandbox.faults.pending, *sandbox.faults.declines)
        assert (sandbox.faults.pending, sandbox.faults.declines) == ((), ())
        sandbox.reset()
        sandbox.faults.fail_next()
        assert sandbox.faults.pending[0].number not in numbers  # a page that is out of date removes no other one

    def test_several(self, sandbox: Sandbox) -> None:
        sandbox.faults.decline_next(2, outcome="refused")
        with sandbox.client() as client:
            for _ in range(2):
                with pytest.raises(RefusedError):
                    client.subscribe.onetime(merchant_uid="order-1", amount=1000, **CARD)
            assert client.subscribe.onetime(merchant_uid="order-1", amount=1000, **CARD).status == "paid"


class TestControls:
    def test_faults(self, api: Api) -> None:
        asked = {"kind": "fail", "count": 2, "status": 503, "operation": "codes_list_banks"}
        shown = api.send("POST", "/_sandbox/faults", json=asked).response["faults"]
        assert [(one["kind"], one["left"], one["status"], one["executed"]) for one in shown] == [
            ("fail", 2, 503, False)
        ]
        assert api.get("/banks").status == 503
        assert api.send("GET", "/_sandbox/faults").response["faults"][0]["left"] == 1
        api.send("POST", "/_sandbox/faults/clear")
        assert api.get("/banks").status == 200

    def test_declines(self, api: Api) -> None:
        number = TEST_CARDS["ordinary"].number
        shown = api.send(
            "POST", "/_sandbox/declines", json={"card_number": number, "message": "분실카드", "outcome": "refused"}
        ).response
        assert shown["declines"][0]["card"] == "424242******4242"
        assert api.onetime("order-1").code == -1

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("faults", {}),
            ("faults", {"kind": "explode"}),
            ("faults", {"kind": "fail", "count": 0}),
            ("faults", {"kind": "fail", "count": 10**6}),
            ("faults", {"kind": "fail", "status": 200}),
            ("faults", {"kind": "html", "status": 99}),
            ("faults", {"kind": "fail", "operation": "nothing"}),
            ("faults", {"kind": "delay"}),
            ("faults", {"kind": "delay", "seconds": -1}),
            ("faults", {"kind": "delay", "seconds": 10**6}),
            ("faults", {"kind": "duplicate", "executed": False}),
            ("declines", {"count": -1}),
            ("declines", {"outcome": "lost"}),
            ("declines", {"card_number": "1234"}),
        ],
    )
    def test_refused(self, api: Api, sandbox: Sandbox, path: str, body: dict[str, object]) -> None:
        answer = api.send("POST", f"/_sandbox/{path}", json=body)
        assert answer.code != 0
        assert (sandbox.faults.pending, sandbox.faults.declines) == ((), ())

    def test_refused_from_python(self, sandbox: Sandbox) -> None:
        with pytest.raises(Refusal):
            sandbox.faults.fail_next(0)
        with pytest.raises(Refusal):
            sandbox.faults.delay_next(seconds=-1)
