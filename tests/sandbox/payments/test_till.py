"""`confirm_url` of a convenience store payment: V1 asks the shop before the till takes the money."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import Any

import httpx
import pytest
from portone_v1 import webhooks
from portone_v1_sandbox import Refusal, Request, Sandbox, SandboxServer

from tests.sandbox.merchant import Received, merchant
from tests.sandbox.pushed import Shop
from tests.sandbox.storage.test_killed import PAIR, running
from tests.sandbox.support import START, Api

CONFIRM = "http://127.0.0.1:9/till?secret=1"
NO_ANSWER = "confirm_url에서 응답을 받지 못하여 수납할 수 없습니다."
DAY = 24 * 60 * 60


@pytest.fixture
def shop() -> Shop:
    return Shop()


@pytest.fixture
def sandbox(shop: Shop) -> Sandbox:
    return shop.sandbox()


def waiting(sandbox: Sandbox, confirm_url: str | None = CONFIRM, **fields: object) -> str:
    order = {"merchant_uid": "order-1", "amount": 12000, "barcode": "11222222", "confirm_url": confirm_url}
    return str(Api(sandbox).post("/cvs", **(order | fields)).response["imp_uid"])


def status_of(sandbox: Sandbox, imp_uid: str) -> str:
    return str(sandbox.client().payments.get(imp_uid).status)


def states(sandbox: Sandbox) -> list[tuple[str | None, str]]:
    return [(delivery.notification.event, delivery.state) for delivery in sandbox.webhooks.deliveries]


def turned_away(sandbox: Sandbox, imp_uid: str) -> str:
    """Return what the till says, after checking that nothing happened."""
    with pytest.raises(Refusal) as caught:
        sandbox.pay_at_store(imp_uid)
    assert (caught.value.status, caught.value.code) == (200, -1)
    assert status_of(sandbox, imp_uid) == "ready"
    assert sandbox.ledger == ()
    return caught.value.message


class TestQuestion:
    @pytest.mark.parametrize(("paid_by", "expected"), [({}, "cash"), ({"pay_type": "card"}, "card")])
    def test_what_is_asked(self, sandbox: Sandbox, shop: Shop, paid_by: Any, expected: str) -> None:
        imp_uid = waiting(sandbox)
        sandbox.clock.advance(seconds=60)
        assert shop.calls == []
        assert sandbox.pay_at_store(imp_uid, **paid_by).status == "paid"
        (question,) = shop.events
        assert question == {
            "event": "Galaxia.Cvs.Confirm",
            "imp_uid": imp_uid,
            "merchant_uid": "order-1",
            "status": "ready",
            "extra": {"barcode": "11222222", "payType": expected},
        }
        (call,) = shop.calls
        assert (call.url, call.connect_limit, call.read_limit, call.total_limit) == (CONFIRM, 5, 5, 5)

    def test_stands_among_the_deliveries_and_in_the_journal(self, sandbox: Sandbox) -> None:
        imp_uid = waiting(sandbox)
        sandbox.pay_at_store(imp_uid)
        assert states(sandbox) == [("Galaxia.Cvs.Confirm", "delivered"), (None, "waiting")]
        assert [notice.status for notice in sandbox.notifications] == ["ready", "paid"]
        asked = sandbox.journal[-1]
        assert (asked.operation, asked.path, asked.status) == ("_sandbox_webhook", "http://127.0.0.1:9/till", 200)
        assert asked.arguments["event"] == "Galaxia.Cvs.Confirm"
        assert [delivery.status for delivery in sandbox.deliver()] == [200]

    def test_is_json_whatever_the_console_says(self, shop: Shop) -> None:
        sandbox = shop.sandbox(webhook_content_type="application/x-www-form-urlencoded")
        sandbox.pay_at_store(waiting(sandbox))
        sandbox.deliver()
        assert len(shop.events) == 1
        assert [call.content_type.rpartition("/")[2] for call in shop.calls] == ["json", "x-www-form-urlencoded"]

    @pytest.mark.parametrize("confirm_url", [None, ""])
    def test_no_confirmation_is_sent_without_confirm_url(self, sandbox: Sandbox, shop: Shop, confirm_url: str) -> None:
        assert sandbox.pay_at_store(waiting(sandbox, confirm_url)).status == "paid"
        assert shop.calls == []

    def test_no_confirmation_is_sent_for_a_payment_that_the_store_rejects(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        Api(sandbox).delete(f"/cvs/{imp_uid}")
        with pytest.raises(Refusal, match="수납대기"):
            sandbox.pay_at_store(imp_uid)
        with pytest.raises(Refusal, match="pay_type"):
            sandbox.pay_at_store(waiting(sandbox), pay_type="points")  # type: ignore[arg-type]
        assert (shop.calls, sandbox.notifications) == ([], ())

    def test_proves_nothing_so_the_payment_is_read_back(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        read: list[Any] = []

        def read_back() -> None:
            call = shop.calls[-1]
            read.append(sandbox.client().webhooks.resolve(webhooks.parse(call.body, call.content_type)))

        shop.meanwhile = read_back
        sandbox.pay_at_store(imp_uid)
        (change,) = read
        assert (change.payment.imp_uid, change.payment.status, int(change.payment.amount)) == (imp_uid, "ready", 12000)
        assert change.event.extra["event"] == "Galaxia.Cvs.Confirm"

    def test_shows_nowhere_in_the_payment(self, sandbox: Sandbox) -> None:
        imp_uid = waiting(sandbox)
        assert "confirm_url" not in Api(sandbox).get(f"/payments/{imp_uid}", extension="true").response


class TestAnswers:
    @pytest.mark.parametrize("status", [201, 204, 302, 400, 404, 409, 500, 503])
    def test_anything_but_200_is_a_no(self, sandbox: Sandbox, shop: Shop, status: int) -> None:
        imp_uid = waiting(sandbox)
        shop.answers = [status]
        assert turned_away(sandbox, imp_uid) == f"confirm_url이 HTTP {status}로 응답하여 수납할 수 없습니다."
        assert sandbox.deliver() == ()

    @pytest.mark.parametrize("error", [ConnectionError("ConnectError"), TimeoutError(), OSError("no")])
    def test_no_answer_is_a_no(self, sandbox: Sandbox, shop: Shop, error: OSError) -> None:
        imp_uid = waiting(sandbox)
        shop.answers = [error]
        assert turned_away(sandbox, imp_uid).startswith(NO_ANSWER)
        assert states(sandbox) == [("Galaxia.Cvs.Confirm", "failed")]

    def test_the_buyer_may_come_again(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        shop.answers = [409]
        turned_away(sandbox, imp_uid)
        assert sandbox.pay_at_store(imp_uid).status == "paid"
        assert [delivery.status for delivery in sandbox.webhooks.deliveries] == [409, 200, None]
        overview = sandbox.handle(Request("GET", "/_sandbox/list/webhooks")).json()["response"]["rows"]
        assert [(shown["event"], shown["answer"]) for shown in overview] == [
            (None, None),
            ("Galaxia.Cvs.Confirm", 200),
            ("Galaxia.Cvs.Confirm", 409),
        ]

    def test_a_sender_that_breaks_is_heard_of(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        shop.answers = [RuntimeError("broken")]
        with pytest.raises(RuntimeError, match="broken"):
            sandbox.pay_at_store(imp_uid)
        assert (status_of(sandbox, imp_uid), states(sandbox)) == ("ready", [("Galaxia.Cvs.Confirm", "dropped")])


class TestFaults:
    def test_lost(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        sandbox.webhooks.discard_next()
        assert turned_away(sandbox, imp_uid) == NO_ANSWER
        assert (shop.calls, states(sandbox)) == ([], [("Galaxia.Cvs.Confirm", "dropped")])
        assert sandbox.pay_at_store(imp_uid).status == "paid"

    def test_held_back(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        sandbox.webhooks.pause()
        assert turned_away(sandbox, imp_uid) == NO_ANSWER
        sandbox.webhooks.resume(1)
        assert (sandbox.deliver(), shop.calls) == ((), [])

    def test_dropped_while_it_is_under_way(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        shop.meanwhile = lambda: sandbox.webhooks.discard(1)
        assert turned_away(sandbox, imp_uid) == NO_ANSWER
        assert states(sandbox) == [("Galaxia.Cvs.Confirm", "dropped")]

    def test_let_go_while_it_is_under_way(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        shop.meanwhile = lambda: sandbox.webhooks.resume(1)
        assert sandbox.pay_at_store(imp_uid).status == "paid"
        shop.meanwhile = lambda: None
        assert [delivery.notification.status for delivery in sandbox.deliver()] == ["paid"]

    def test_never_repeated_by_itself(self, shop: Shop) -> None:
        sandbox = shop.sandbox(webhook_repeats=True)
        imp_uid = waiting(sandbox)
        shop.answers = [500]
        turned_away(sandbox, imp_uid)
        sandbox.clock.advance(minutes=10)
        assert (sandbox.deliver(), len(shop.calls)) == ((), 1)
        assert states(sandbox) == [("Galaxia.Cvs.Confirm", "failed")]

    def test_sent_again_by_hand(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        shop.answers = [409]
        turned_away(sandbox, imp_uid)
        sandbox.webhooks.resend(1)
        assert [delivery.status for delivery in sandbox.deliver()] == [200]
        assert shop.events[0] == shop.events[1]
        assert status_of(sandbox, imp_uid) == "ready"

    def test_another_machine_is_not_asked(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox, "https://shop.example.com/till")
        assert "not a loopback address" in turned_away(sandbox, imp_uid)
        assert shop.calls == []

    def test_unless_that_is_meant(self, shop: Shop) -> None:
        sandbox = shop.sandbox(allow_remote_webhooks=True)
        assert sandbox.pay_at_store(waiting(sandbox, "https://shop.example.com/till")).status == "paid"


class TestWhileTheShopThinks:
    @pytest.mark.parametrize(
        ("meanwhile", "says"),
        [
            (lambda sandbox, imp_uid: Api(sandbox).delete(f"/cvs/{imp_uid}"), "수납대기"),
            (lambda sandbox, _: sandbox.pay(merchant_uid="order-1", amount=12000), "이미 주문이"),
            (lambda sandbox, _: sandbox.clock.advance(days=8), "수납대기"),
            (lambda sandbox, _: sandbox.reset(), NO_ANSWER),
        ],
        ids=["taken back", "paid elsewhere", "too late", "forgotten"],
    )
    def test_what_changed_counts(
        self, sandbox: Sandbox, shop: Shop, meanwhile: Callable[[Sandbox, str], object], says: str
    ) -> None:
        imp_uid = waiting(sandbox, expired_at=START + DAY)
        shop.meanwhile = lambda: meanwhile(sandbox, imp_uid)
        with pytest.raises(Refusal, match=says):
            sandbox.pay_at_store(imp_uid)
        assert len(sandbox.ledger) == (says == "이미 주문이")

    def test_another_thread_does_not_wait(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        seen: list[str] = []

        def look() -> None:
            thread = Thread(target=lambda: seen.append(status_of(sandbox, imp_uid)))
            thread.start()
            thread.join(20)

        shop.meanwhile = look
        assert sandbox.pay_at_store(imp_uid).status == "paid"
        assert seen == ["ready"]

    def test_two_tills_take_the_money_once(self, sandbox: Sandbox, shop: Shop) -> None:
        imp_uid = waiting(sandbox)
        shop.meanwhile = lambda: len(shop.calls) == 1 and sandbox.pay_at_store(imp_uid)
        with pytest.raises(Refusal, match="이미 수납된"):
            sandbox.pay_at_store(imp_uid)
        assert len(sandbox.ledger) == 1


def test_a_real_shop_that_asks_back_over_sockets() -> None:
    """It has run out of umbrellas at first."""
    with merchant() as shop, SandboxServer(Sandbox(webhook_url=shop.url)) as server:
        imp_uid = waiting(server.sandbox, shop.url.replace("/hooks", "/till"))
        read: list[Any] = []

        def read_back(received: Received) -> None:
            token = httpx.post(f"{server.url}/users/getToken", json=PAIR).json()["response"]["access_token"]
            path = f"{server.url}/payments/{received.fields['imp_uid']}"
            read.append(httpx.get(path, headers={"Authorization": token}).json()["response"]["status"])

        shop.meanwhile, shop.statuses = read_back, [409]
        till = f"{server.url}/_sandbox/store-payments"
        refused = httpx.post(till, json={"imp_uid": imp_uid, "pay_type": "card"}, timeout=20).json()
        assert (refused["code"], refused["message"]) == (-1, "confirm_url이 HTTP 409로 응답하여 수납할 수 없습니다.")
        taken = httpx.post(till, json={"imp_uid": imp_uid}, timeout=20).json()
        assert taken["response"]["status"] == "paid"
        arrived = [shop.next() for _ in range(3)]
        assert [received.path for received in arrived] == ["/till", "/till", "/hooks"]
        assert [r.fields.get("extra", {}).get("payType") for r in arrived] == ["card", "cash", None]
        assert read == ["ready", "ready", "paid"]


def test_nobody_listens_at_a_real_address() -> None:
    sandbox = Sandbox()
    imp_uid = waiting(sandbox, "http://127.0.0.1:9/till")
    assert turned_away(sandbox, imp_uid) == f"{NO_ANSWER}(ConnectError)"


def test_a_question_ends_with_its_process(tmp_path: Path) -> None:
    """And is not sent by the next one, where no buyer waits for the answer."""
    path = tmp_path / "shop.sqlite3"
    with merchant() as shop:
        with running(path) as (process, address):
            token = httpx.post(f"{address}/users/getToken", json=PAIR).json()["response"]["access_token"]
            order = {"merchant_uid": "order-1", "amount": 1000, "confirm_url": shop.url}
            issued = httpx.post(f"{address}/cvs", json=order, headers={"Authorization": token}).json()["response"]

            def killed(_: Received) -> None:
                process.kill()
                process.wait()

            shop.meanwhile = killed
            with pytest.raises(httpx.HTTPError):
                httpx.post(f"{address}/_sandbox/store-payments", json={"imp_uid": issued["imp_uid"]}, timeout=20)
        shop.next()
        with Sandbox(db=path) as sandbox:
            assert states(sandbox) == [("Galaxia.Cvs.Confirm", "dropped")]
            assert sandbox.deliver() == ()
            assert sandbox.client().payments.get(issued["imp_uid"]).status == "ready"


def test_kept_in_a_file(tmp_path: Path) -> None:
    shop = Shop()
    with shop.sandbox(db=tmp_path / "shop.sqlite3") as sandbox:
        imp_uid = waiting(sandbox)
        shop.answers = [409]
        turned_away(sandbox, imp_uid)
        before = sandbox.webhooks.deliveries
    with shop.sandbox(db=tmp_path / "shop.sqlite3") as again:
        assert again.webhooks.deliveries == before
        assert again.pay_at_store(imp_uid).status == "paid"
        assert len(shop.events) == 2


def test_calls_show_nothing_of_the_secret(sandbox: Sandbox, shop: Shop) -> None:
    sandbox.pay_at_store(waiting(sandbox))
    (call,) = shop.calls
    shown = f"{call!r} {sandbox.webhooks.deliveries!r} {[entry.path for entry in sandbox.journal]!r}"
    assert "secret=1" not in shown
