"""The controls, from Python and under `/_sandbox/`; clock, journal and ledger."""

from __future__ import annotations

import json
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from portone_v1_sandbox import TEST_CARDS, Refusal, Request, Sandbox, SandboxClock

from tests.sandbox.support import START, Api


class TestWindow:
    def test_paid_by_card(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, name="원두", buyer_name="홍길동")
        assert payment.imp_uid.startswith("imp_")
        stored = api.get(f"/payments/{payment.imp_uid}").response
        wanted = {"status": "paid", "channel": "pc", "pg_provider": "html5_inicis", "paid_at": START}
        assert stored.items() >= (wanted | {"name": "원두", "buyer_name": "홍길동"}).items()
        assert stored["card_number"] == "424242*********2"
        assert [movement.amount for movement in sandbox.ledger] == [1000]

    def test_left_open(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, status="ready")
        stored = api.get(f"/payments/{payment.imp_uid}").response
        assert (stored["status"], stored["paid_at"], stored["receipt_url"]) == ("ready", 0, None)
        assert sandbox.ledger == ()

    def test_failed(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, status="failed", fail_reason="변심")
        stored = api.get(f"/payments/{payment.imp_uid}").response
        assert (stored["status"], stored["fail_reason"], stored["failed_at"]) == ("failed", "변심", START)

    @pytest.mark.parametrize("name", ["not_issued", "charge_refused", "charge_failed"])
    def test_card_that_is_refused(self, sandbox: Sandbox, name: str) -> None:
        card = TEST_CARDS[name]
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, card_number=card.number)
        assert (payment.status, payment.fail_reason) == ("failed", str(card.reason).replace("[", "").replace("]", " |"))
        assert sandbox.ledger == ()

    def test_virtual_account(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="vbank", status="ready")
        stored = api.get(f"/payments/{payment.imp_uid}").response
        assert (stored["vbank_code"], stored["vbank_name"]) == ("004", "KB국민은행")
        assert stored["vbank_issued_at"] == START
        assert stored["vbank_date"] > START
        assert stored["vbank_num"].isdigit()
        assert stored["card_number"] is None

    def test_bank_transfer_and_others(self, sandbox: Sandbox) -> None:
        assert sandbox.pay(merchant_uid="order-1", amount=1000, pay_method="trans").bank_code == "088"
        phone = sandbox.pay(merchant_uid="order-2", amount=1000, pay_method="phone")
        assert (phone.card_number, phone.vbank_num, phone.bank_code) == (None, None, None)
        broken_off = sandbox.pay(merchant_uid="order-3", amount=1000, pay_method="vbank", status="failed")
        assert broken_off.vbank_num is None

    def test_channel_by_key_by_pg_and_by_flag(self, sandbox: Sandbox) -> None:
        test = sandbox.pay(merchant_uid="order-1", amount=1000, sandbox=True)
        assert test.sandbox is True
        payco = sandbox.pay(merchant_uid="order-2", amount=1000, pg="payco")
        assert payco.pg_provider == "payco"
        key = "channel-key-00000000-0000-4000-8000-000000000004"
        assert sandbox.pay(merchant_uid="order-3", amount=1000, channel_key=key).pg_provider == "smartro_v2"

    def test_channel_that_does_not_fit(self, sandbox: Sandbox) -> None:
        with pytest.raises(Refusal) as unknown:
            sandbox.pay(merchant_uid="order-1", amount=1000, channel_key="nobody's")
        assert unknown.value.status == 400
        key = "channel-key-00000000-0000-4000-8000-000000000002"
        with pytest.raises(Refusal, match="결제창"):
            sandbox.pay(merchant_uid="order-1", amount=1000, channel_key=key)

    def test_billing_key_from_the_window(self, api: Api, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=0, customer_uid="card-1", buyer_name="홍길동")
        assert payment.customer_uid_usage == "issue"
        assert sandbox.ledger == ()
        assert api.get("/subscribe/customers/card-1").response["customer_name"] == "홍길동"

    def test_order_that_was_paid_is_stopped(self, sandbox: Sandbox) -> None:
        sandbox.pay(merchant_uid="order-1", amount=1000)
        with pytest.raises(Refusal, match="이미 주문이"):
            sandbox.pay(merchant_uid="order-1", amount=1000)

    @pytest.mark.parametrize("amount", [0, -1, Decimal("0.5"), 10.5, "천원"])
    def test_amount_that_cannot_be(self, sandbox: Sandbox, amount: int) -> None:
        with pytest.raises(Refusal, match="amount"):
            sandbox.pay(merchant_uid="order-1", amount=amount)

    def test_for_a_tier(self, sandbox: Sandbox) -> None:
        payment = sandbox.pay(merchant_uid="order-1", amount=1000, tier="AB1")
        assert Api(sandbox).get(f"/payments/{payment.imp_uid}").status == 404
        assert Api(sandbox, tier="AB1").get(f"/payments/{payment.imp_uid}").status == 200

    def test_over_the_wire(self, api: Api) -> None:
        body = {"merchant_uid": "order-1", "amount": 1000, "pay_method": "card", "status": "paid"}
        payment = api.send("POST", "/_sandbox/payments", json=body).response
        assert api.get(f"/payments/{payment['imp_uid']}").response == payment
        assert api.send("POST", "/_sandbox/payments", json=body).verdict[:2] == (200, 1)
        assert api.send("POST", "/_sandbox/payments", json={"merchant_uid": "x"}).status == 400
        tier = api.send("POST", "/_sandbox/payments", json=body, headers={"Tier": "AB1"})
        assert tier.code == 0


class TestClock:
    def test_moves_on_over_the_wire(self, api: Api, sandbox: Sandbox) -> None:
        assert api.send("GET", "/_sandbox/clock").response == {"frozen": True, "now": START, "rate": 1}
        answer = api.send("POST", "/_sandbox/clock", json={"advance": 90})
        assert answer.response == {"frozen": True, "now": START + 90, "rate": 1}
        assert sandbox.clock.now() == START + 90

    @pytest.mark.parametrize("step", [-1, "soon", None, 1.5, True, [], 10**12])
    def test_step_that_cannot_be(self, api: Api, step: object) -> None:
        assert api.send("POST", "/_sandbox/clock", json={"advance": step}).status == 400

    def test_never_goes_back(self) -> None:
        clock = SandboxClock.frozen_at(START)
        with pytest.raises(ValueError, match="only move forward"):
            clock.advance(seconds=-1)
        assert clock.advance(days=1, hours=1, minutes=1, seconds=1) == START + 90061
        with pytest.raises(ValueError, match="start after the epoch"):
            SandboxClock(0)

    def test_runs_unless_it_is_frozen(self, monkeypatch: pytest.MonkeyPatch) -> None:
        elapsed = 100.0
        monkeypatch.setattr("portone_v1_sandbox.state.conditions.clock.wall_time", lambda: elapsed)
        clock = SandboxClock(START)
        elapsed += 5
        assert (clock.now(), clock.frozen) == (START + 5, False)
        clock.freeze()
        elapsed += 5
        assert (clock.now(), clock.frozen) == (START + 5, True)
        clock.run()
        clock.run()
        elapsed += 5
        assert clock.now() == START + 10
        clock.advance(minutes=1)
        assert clock.now() == START + 70

    def test_is_the_real_time_by_default(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("time.time", lambda: float(START))
        monkeypatch.setattr("time.monotonic", lambda: 1.0)
        assert Sandbox().clock.now() == START


class TestReset:
    def test_forgets_everything_but_the_time(self, api: Api, sandbox: Sandbox) -> None:
        api.issue("card-1")
        first = api.onetime("order-1").response["imp_uid"]
        api.post("/payments/prepare", merchant_uid="order-2", amount=1)
        sandbox.clock.advance(seconds=9)
        assert api.send("POST", "/_sandbox/reset").response is None
        assert (sandbox.ledger, sandbox.journal) == ((), ())
        assert sandbox.clock.now() == START + 9
        assert api.get("/banks").status == 401
        api.authorize()
        assert api.get("/payments/status/all").response["total"] == 0
        assert api.get("/subscribe/customers/card-1").code == 1
        assert api.get("/payments/prepare/order-2").status == 404
        assert api.onetime("order-1").response["imp_uid"] != first

    def test_from_python(self, api: Api, sandbox: Sandbox) -> None:
        api.onetime("order-1")
        sandbox.reset()
        assert (sandbox.ledger, sandbox.journal) == ((), ())


class TestTokens:
    def test_expire_over_the_wire_and_from_python(self, api: Api, sandbox: Sandbox) -> None:
        first = api.authorize()
        api.send("POST", "/_sandbox/expire-tokens")
        assert api.get("/banks").status == 401
        second = api.authorize()
        sandbox.faults.expire_tokens()
        assert api.get("/banks").status == 401
        assert len({first, second, api.authorize()}) == 3


class TestJournal:
    def test_notes_requests_with_their_answers(self, api: Api, sandbox: Sandbox) -> None:
        api.onetime("order-1", 1000)
        api.get("/payments/find/order-1/paid", sorting="paid")
        api.get("/nothing")
        token, charge, find, nothing = sandbox.journal
        assert (token.method, token.path, token.status) == ("POST", "/users/getToken", 200)
        assert (charge.operation, charge.arguments["merchant_uid"]) == ("subscribe_onetime", "order-1")
        assert (find.at, find.status, find.code) == (START, 200, 0)
        assert find.arguments == {"merchant_uid": "order-1", "payment_status": "paid", "sorting": "paid"}
        assert (nothing.operation, nothing.status, nothing.code) == (None, 404, -1)

    def test_over_the_wire_and_without_the_controls(self, api: Api, sandbox: Sandbox) -> None:
        api.onetime("order-1", customer_uid="card-1")
        api.send("GET", "/_sandbox/ledger")
        entries = api.send("GET", "/_sandbox/journal").response
        assert [entry["operation"] for entry in entries] == ["auth_get_token", "subscribe_onetime"]
        assert entries[1]["arguments"]["customer_uid"] == "card-1"
        assert len(sandbox.journal) == 2

    def test_secrets_and_people_are_masked(self, api: Api, sandbox: Sandbox) -> None:
        token = api.authorize()
        api.send("GET", "/banks", query=f"_token={token}")
        api.onetime("order-1", buyer_name="홍길동", cvc="987", extra={"hidden": "홍길동"}, unknown="홍길동")
        api.cancel(merchant_uid="order-1", refund_holder="홍길동", extra={"requester": "홍길동"})
        seen = json.dumps(api.send("GET", "/_sandbox/journal").response, ensure_ascii=False)
        seen += repr(sandbox.journal)
        for secret in (token, "sandbox_secret", "sandbox_key", "4242", "2030-12", "987", "홍길동"):
            assert secret not in seen
        assert "***" in seen

    def test_long_values_are_cut(self, api: Api, sandbox: Sandbox) -> None:
        api.post("/payments/prepare", merchant_uid="x" * 10_000, amount=1)
        api.get("/nothing/" + "x" * 10_000)
        assert len(repr(sandbox.journal)) < 3000

    def test_no_repr_shows_a_secret(self, api: Api, sandbox: Sandbox) -> None:
        api.onetime("order-1", customer_uid="card-1", buyer_name="홍길동")
        core = vars(sandbox).values()
        shown = repr([sandbox, *core, *(getattr(item, "state", None) for item in core)])
        shown += repr([getattr(item, "settings", None) for item in core])
        assert "order-1" in shown
        for secret in (api.headers["Authorization"].split()[1], "sandbox_key", "sandbox_secret", "홍길동", "4242"):
            assert secret not in shown


class TestLedger:
    def test_every_movement(self, api: Api, sandbox: Sandbox) -> None:
        imp_uid = api.onetime("order-1", 1000).response["imp_uid"]
        sandbox.clock.advance(seconds=60)
        api.cancel(imp_uid=imp_uid, amount=400)
        charge = {
            "kind": "charge",
            "imp_uid": imp_uid,
            "merchant_uid": "order-1",
            "amount": 1000,
            "currency": "KRW",
            "at": START,
            "tier": None,
        }
        refund = charge | {"kind": "refund", "amount": 400, "at": START + 60}
        assert api.send("GET", "/_sandbox/ledger").response == [charge, refund]
        assert [movement.amount for movement in sandbox.ledger] == [1000, 400]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/_sandbox/nothing", 404),
        ("GET", "/_sandbox/", 404),
        ("GET", "/_sandbox/reset", 405),
        ("PUT", "/_sandbox/payments", 405),
        ("GET", "/_sandbox/naver/orders", 405),
        ("POST", "/_sandbox/otp", 405),
    ],
)
def test_unknown_control(api: Api, method: str, path: str, status: int) -> None:
    assert api.send(method, path).status == status


def test_an_unknown_control_call_names_the_one_that_was_meant(api: Api) -> None:
    refused = api.send("POST", "/_sandbox/fault", json={"kind": "fail"})
    assert "did you mean '/_sandbox/faults'? GET /_sandbox/openapi.json" in (refused.message or "")


def test_malformed_body_of_a_control(api: Api) -> None:
    assert api.send("POST", "/_sandbox/clock", body=b"{").status == 400


def test_many_threads_at_once_lose_nothing(api: Api, sandbox: Sandbox) -> None:
    api.issue("card-1")
    threads, charges = 8, 25
    barrier = Barrier(threads)

    def work(thread: int) -> None:
        barrier.wait()
        for number in range(charges):
            api.again("card-1", f"order-{thread}-{number}")
            api.again("card-1", f"shared-{number}")

    workers = [Thread(target=work, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len(sandbox.ledger) == threads * charges + charges
    assert len({movement.imp_uid for movement in sandbox.ledger}) == len(sandbox.ledger)


def test_fault_of_the_sandbox_itself_is_an_answer_and_no_trace(
    api: Api, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    api.authorize()

    def explode(_self: object, _tier: object, imp_uid: str) -> None:
        raise LookupError(imp_uid)

    monkeypatch.setattr("portone_v1_sandbox.state.state.State.find_payment", explode)
    answer = api.get("/payments/imp_000000000000")
    assert (answer.status, answer.code) == (500, -1)
    assert "LookupError" in str(answer.message)
    assert "imp_000000000000" not in str(answer.message)
    assert sandbox.journal[-1].status == 500
    assert "Traceback" not in caplog.text


def test_a_page_of_another_site_controls_nothing(sandbox: Sandbox) -> None:
    """A browser sends forms anywhere, but it says where they are from."""
    body, host = b"{}", {"Host": "127.0.0.1:8765", "Content-Type": "application/json"}
    sandbox.pay(merchant_uid="order-1", amount=1000)
    for origin, status in (("https://shop.example.com", 403), ("null", 403), ("http://127.0.0.1:8765", 200)):
        request = Request("POST", "/_sandbox/reset", headers={**host, "Origin": origin}, body=body)
        assert sandbox.handle(request).status == status
        assert bool(sandbox.ledger) is (status != 200)


class TestSeed:
    HISTORY = (
        {"merchant_uid": "order-1", "amount": 1000},
        {"merchant_uid": "order-2", "amount": 2000, "status": "failed", "advance": 86_400},
        {"merchant_uid": "order-3", "amount": 3000, "advance": "3600"},
    )

    def test_a_shop_with_a_history(self, api: Api, sandbox: Sandbox) -> None:
        planted = sandbox.seed(self.HISTORY)
        assert [str(payment.status) for payment in planted] == ["paid", "failed", "paid"]
        times = [api.get(f"/payments/{payment.imp_uid}").response["started_at"] for payment in planted]
        assert times == [START, START + 86_400, START + 90_000]
        assert [movement.amount for movement in sandbox.ledger] == [1000, 3000]

    def test_from_outside(self, sandbox: Sandbox) -> None:
        body = json.dumps({"payments": self.HISTORY}).encode()
        headers = {"Content-Type": "application/json"}
        answer = sandbox.handle(Request("POST", "/_sandbox/seed", headers=headers, body=body))
        assert answer.status == 200
        assert [payment["merchant_uid"] for payment in json.loads(answer.body)["response"]] == [
            "order-1",
            "order-2",
            "order-3",
        ]

    @pytest.mark.parametrize("payments", [None, "order-1", {}, ["order-1"], [{"advance": -1}], [{"amount": 1}]])
    def test_what_is_no_history(self, sandbox: Sandbox, payments: object) -> None:
        body = json.dumps({"payments": payments}).encode()
        headers = {"Content-Type": "application/json"}
        assert sandbox.handle(Request("POST", "/_sandbox/seed", headers=headers, body=body)).status == 400
        assert sandbox.ledger == ()


class TestUnknownNames:
    """A misspelt name would be ignored, and the default used instead."""

    @pytest.mark.parametrize(
        ("path", "body"),
        [
            ("/_sandbox/clock", {"advnace": 60}),
            ("/_sandbox/reset", {"all": True}),
            ("/_sandbox/payments", {"merchant_uid": "order-1", "amount": 1000, "staus": "failed"}),
            ("/_sandbox/seed", {"payments": [{"merchant_uid": "order-1", "amount": 1000, "advanc": 1}]}),
            ("/_sandbox/seed", {"payment": []}),
            ("/_sandbox/faults", {"kind": "fail", "exeucted": True}),
            ("/_sandbox/deposits", {"imp_uid": "imp_1", "amuont": 1}),
            ("/_sandbox/store-payments", {"imp_uid": "imp_1", "paytype": "card"}),
            ("/_sandbox/webhooks/settings", {"urls": "http://127.0.0.1/"}),
            ("/_sandbox/refunds/settle", {"imp_uid": "imp_1", "refuse": True}),
        ],
    )
    def test_is_refused(self, api: Api, sandbox: Sandbox, path: str, body: dict[str, object]) -> None:
        answer = api.send("POST", path, json=body)
        assert (answer.status, answer.code) == (400, 1)
        assert str(answer.message).startswith("Unknown name: '")
        assert sandbox.ledger == ()

    def test_in_a_query(self, api: Api) -> None:
        assert api.send("GET", "/_sandbox/ledger", query="tier=A01").status == 400

    def test_from_python(self, sandbox: Sandbox) -> None:
        with pytest.raises(Refusal, match="Unknown name: 'buyer'"):
            sandbox.pay(merchant_uid="order-1", amount=1000, buyer="홍길동")  # type: ignore[call-arg]

    def test_the_name_is_shown_without_danger(self, api: Api) -> None:
        answer = api.send("POST", "/_sandbox/clock", json={"\u202e\ud800" + "x" * 100: 1})
        assert answer.status == 400
        assert str(answer.message).isascii()
        assert len(str(answer.message)) < 200

    def test_v1_ignores_them(self, api: Api) -> None:
        assert api.onetime("order-1", 1000, unknown="x").code == 0
