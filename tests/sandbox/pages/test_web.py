"""The browser's part of the sandbox without a browser: routes, rules of windows, what the shop is asked."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from portone_v1_generated.operations import OPERATIONS
from portone_v1_sandbox import DEFAULT_CHANNELS, Request, Response, Sandbox
from portone_v1_sandbox.web import assets
from portone_v1_sandbox.web.confirm import request_confirmation_from_shop
from portone_v1_sandbox.web.paths import is_page
from portone_v1_sandbox.web.router import Site

from tests.sandbox.support import Api

ORDER = {"merchant_uid": "order-1", "amount": 12000, "name": "커피"}
OWN = {"Host": "127.0.0.1:8765", "Origin": "http://127.0.0.1:8765", "Content-Type": "application/json"}

Handle = Callable[[Request], Response]


def open_window(handle: Handle, asked: Mapping[str, Any], **sent: Any) -> str:
    """Open a window like the script, with a form of one field. Return the window's path."""
    form = urlencode({"request": json.dumps({"asked": asked, "kind": "payment"} | sent)}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://shop.example.com"}
    answer = handle(Request("POST", "/_sandbox/web/windows", "", headers, form))
    assert answer.status == 303
    return answer.headers["Location"]


def shown(handle: Handle, window: str) -> dict[str, Any]:
    answer = handle(Request("GET", f"{window}/state"))
    assert answer.status == 200
    found: dict[str, Any] = answer.json()["response"]
    return found


def act(handle: Handle, window: str, action: str, headers: Mapping[str, str] = OWN, **choice: Any) -> Response:
    return handle(Request("POST", window, "", headers, json.dumps({"action": action} | choice).encode()))


def outcome(answer: Response) -> dict[str, Any]:
    assert answer.status == 200
    found: dict[str, Any] = answer.json()["response"]["outcome"]
    return found


def test_no_route_of_v1_is_taken() -> None:
    assert not any(is_page(operation.path) for operation in OPERATIONS.values())
    first = {operation.path.split("/")[1] for operation in OPERATIONS.values()}
    assert first.isdisjoint({"", "v1", "_sandbox"})


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/v1/iamport.js", "text/javascript; charset=utf-8"),
        ("/_sandbox/web/files/shared/common.css", "text/css; charset=utf-8"),
        ("/_sandbox/web/files/shared/icon.svg", "image/svg+xml"),
    ],
)
def test_files(sandbox: Sandbox, path: str, kind: str) -> None:
    answer = sandbox.handle(Request("GET", path))
    assert (answer.status, answer.headers["Content-Type"]) == (200, kind)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert sandbox.handle(Request("POST", path)).status == 405


@pytest.mark.parametrize(
    "path",
    [
        "/_sandbox/web/",
        "/_sandbox/web/files/",
        "/_sandbox/web/files/none.js",
        "/_sandbox/web/files/../router.py",
        "/_sandbox/web/files/..%2F_site.py",
        "/_sandbox/web/files/%2Fetc%2Fpasswd",
        "/_sandbox/web/windows/unknown",
        "/_sandbox/web/windows/unknown/state",
    ],
)
def test_unknown_pages(sandbox: Sandbox, path: str) -> None:
    answer = sandbox.handle(Request("GET", path))
    assert answer.status == 404
    assert answer.json()["code"] != 0


def test_pages_run_no_script_but_the_sandboxs_own(sandbox: Sandbox) -> None:
    home = sandbox.handle(Request("GET", "/"))
    assert "frame-ancestors 'none'" in home.headers["Content-Security-Policy"]
    window = sandbox.handle(Request("GET", open_window(sandbox.handle, ORDER)))
    for page in (home, window):
        assert "script-src 'self'" in page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in page.headers["Content-Security-Policy"]


def test_nothing_is_fetched_from_elsewhere_and_nothing_is_written_as_markup() -> None:
    folder = Path(assets.__file__).parent / "static"
    sources = {path.name: path.read_text("utf-8") for path in folder.rglob("*") if path.is_file()}
    assert len(sources) > 40
    for name, source in sources.items():
        addresses = re.findall(r"https?://[^\s\"'`)]+", source)
        assert set(addresses) <= {"http://www.w3.org/2000/svg", "http://127.0.0.1:8000/portone/webhook"}, name
        assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function", source), (
            name
        )


def test_window_from_opening_to_outcome(sandbox: Sandbox, api: Api) -> None:
    window = open_window(sandbox.handle, ORDER | {"custom_data": {"a": 1}})
    order = shown(sandbox.handle, window)["order"]
    ready = api.get(f"/payments/{order['imp_uid']}").response
    assert (ready["status"], ready["paid_at"], ready["channel"]) == ("ready", 0, "pc")
    result = outcome(act(sandbox.handle, window, "approve", card="ordinary", card_quota=0))
    assert result["success"] is True
    paid = api.get(f"/payments/{order['imp_uid']}").response
    assert (paid["status"], paid["amount"], paid["custom_data"]) == ("paid", 12000, '{"a":1}')
    assert (result["pg_tid"], result["apply_num"]) == (paid["pg_tid"], paid["apply_num"])
    assert [notice.status for notice in sandbox.notifications] == ["paid"]
    assert outcome(act(sandbox.handle, window, "decline")) == result
    assert len(sandbox.ledger) == 1


def test_instalments(sandbox: Sandbox, api: Api) -> None:
    window = open_window(sandbox.handle, ORDER | {"amount": 60000})
    result = outcome(act(sandbox.handle, window, "approve", card="ordinary", card_quota=3))
    assert result["card_quota"] == 3


@pytest.mark.parametrize(
    ("asked", "months"),
    [
        ({}, [0, 2, 3, 6, 12]),
        ({"amount": 49_999}, [0]),
        ({"display": {"card_quota": []}}, [0]),
        ({"display": {"card_quota": [6]}}, [0, 6]),
        ({"display": {"card_quota": [3, 2, "6", None, 0]}}, [0, 2, 3, 6]),
        ({"display": {"card_quota": [4]}, "pg": "kcp"}, [0, 2, 3, 4]),
        ({"display": {"card_quota": 6}}, [0, 2, 3, 6, 12]),
        ({"card": {"direct": {"code": "367", "quota": 3}}}, [3]),
        ({"card": {"direct": {"code": "367", "quota": 3}}, "amount": 49_999}, [0]),
        ({"card": {"direct": {"code": "367"}}}, [0, 2, 3, 6, 12]),
        ({"card": {"direct": {"code": "367"}}, "pg": "tosspayments"}, [0]),
        ({"card": "367", "display": "6"}, [0, 2, 3, 6, 12]),
    ],
)
def test_instalments_that_the_page_asks_for(asked: dict[str, Any], months: list[int]) -> None:
    pgs = ("html5_inicis", "kcp", "tosspayments")
    sandbox = Sandbox(channels=[replace(DEFAULT_CHANNELS[0], channel_key=pg, pg_provider=pg) for pg in pgs])
    window = open_window(sandbox.handle, ORDER | {"amount": 60_000} | asked)
    assert shown(sandbox.handle, window)["order"]["months"] == months
    if isinstance(asked.get("display", asked.get("card")), dict):
        assert act(sandbox.handle, window, "approve", card_quota=5).status == 400
    assert outcome(act(sandbox.handle, window, "approve"))["imp_uid"]
    (payment,) = sandbox._engine.state.payments.values()
    assert payment.card_quota == (months[0] if len(months) == 1 else 0)


def test_the_card_company_that_the_page_asks_for(sandbox: Sandbox, api: Api) -> None:
    window = open_window(sandbox.handle, ORDER | {"card": {"direct": {"code": "367", "quota": 0}}})
    assert {card["company"] for card in shown(sandbox.handle, window)["cards"]} == {"현대카드"}
    result = outcome(act(sandbox.handle, window, "approve", card="debit"))
    paid = api.get(f"/payments/{result['imp_uid']}").response
    assert (paid["card_code"], paid["card_name"], paid["card_quota"]) == ("367", "현대카드", 0)


def test_card_companies_that_the_page_leaves_out(sandbox: Sandbox, api: Api) -> None:
    rows = [{"card_code": "*", "enabled": False}, {"card_code": "381", "enabled": True}]
    window = open_window(sandbox.handle, ORDER | {"card": {"detail": rows}})
    assert len({card["company"] for card in shown(sandbox.handle, window)["cards"]}) == 1
    result = outcome(act(sandbox.handle, window, "approve", card="ordinary"))
    assert api.get(f"/payments/{result['imp_uid']}").response["card_code"] == "381"


def test_an_unknown_card_company_is_advice(sandbox: Sandbox) -> None:
    open_window(sandbox.handle, ORDER | {"card": {"direct": {"code": "999"}}})
    (opened,) = [each for each in sandbox.journal if each.operation == "request_pay"]
    assert opened.advice[-1:] == ["card.direct names the unknown card company '999'"]


def test_store_of_the_window_is_kept_with_the_webhook_address(sandbox: Sandbox) -> None:
    addresses = ["http://127.0.0.1:1/a", "http://127.0.0.1:1/b"]
    window = open_window(sandbox.handle, ORDER | {"notice_url": addresses})
    outcome(act(sandbox.handle, window, "approve"))
    assert sandbox.notifications[0].notice_urls == tuple(addresses)


@pytest.mark.parametrize("action", ["", "pay", None, 1, ["approve"]])
def test_unknown_actions(sandbox: Sandbox, action: Any) -> None:
    window = open_window(sandbox.handle, ORDER)
    assert act(sandbox.handle, window, action).status == 400
    assert shown(sandbox.handle, window)["outcome"] is None
    assert outcome(act(sandbox.handle, window, "approve"))["success"] is True


@pytest.mark.parametrize("choice", [{"pay_method": "gold"}, {"card_quota": "many"}, {"pay_method": ["card"]}])
def test_choice_that_cannot_be_leaves_the_window_open(sandbox: Sandbox, choice: dict[str, Any]) -> None:
    window = open_window(sandbox.handle, ORDER)
    assert act(sandbox.handle, window, "approve", **choice).status == 400
    assert sandbox.ledger == ()
    assert outcome(act(sandbox.handle, window, "approve"))["success"] is True


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"request=",
        b"request=%7B",
        b"request=[]",
        b"request={}",
        b"request=%FF",
        b"request[a]=1",
        b"request=1",
        b'request={"kind":"payment"}',
        b'request={"kind":"gold","asked":{}}',
        b'request={"kind":"payment","asked":[]}',
    ],
)
def test_form_that_no_script_sends(sandbox: Sandbox, body: bytes) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    assert sandbox.handle(Request("POST", "/_sandbox/web/windows", "", headers, body)).status == 400


def test_huge_form(sandbox: Sandbox) -> None:
    body = b"request=" + b"x" * (5 * 1024 * 1024)
    assert sandbox.handle(Request("POST", "/_sandbox/web/windows", "", {}, body)).status == 413


@pytest.mark.parametrize("origin", ["http://shop.example.com", "null", "http://127.0.0.1:1", "x"])
def test_only_the_windows_own_page_ends_it(sandbox: Sandbox, origin: str) -> None:
    window = open_window(sandbox.handle, ORDER)
    assert act(sandbox.handle, window, "approve", OWN | {"Origin": origin}).status == 403
    assert sandbox.ledger == ()


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//host/x", "/done", "http://", "http://a b/", 7, "http://[/"]
)
def test_redirects_lead_to_web_addresses_only(sandbox: Sandbox, url: Any) -> None:
    window = open_window(sandbox.handle, ORDER | {"m_redirect_url": url}, redirects=True)
    found = shown(sandbox.handle, window)
    assert (found["redirect"], found["outcome"]["success"]) == (None, False)
    assert "m_redirect_url" in found["outcome"]["error_msg"]


def test_account_that_nobody_paid_into_in_time(sandbox: Sandbox, api: Api) -> None:
    window = open_window(sandbox.handle, ORDER | {"pay_method": "vbank"})
    result = outcome(act(sandbox.handle, window, "approve", pay_method="vbank"))
    assert (result["status"], result["success"]) == ("ready", True)
    sandbox.clock.advance(days=31)
    assert api.get(f"/payments/{result['imp_uid']}").response["status"] == "failed"


def test_card_that_is_declined_keeps_no_billing_key(sandbox: Sandbox, api: Api) -> None:
    window = open_window(sandbox.handle, ORDER | {"customer_uid": "customer-1", "amount": 0})
    result = outcome(act(sandbox.handle, window, "approve", card="not_issued"))
    assert (result["success"], result["error_msg"]) == (False, "SB01 | 거래정지카드")
    assert api.get("/subscribe/customers/customer-1").code == 1


def test_what_was_approved_outlives_the_process(tmp_path: Path) -> None:
    with Sandbox(db=tmp_path / "shop.sqlite3") as sandbox:
        window = open_window(sandbox.handle, ORDER | {"customer_uid": "customer-1"})
        left = open_window(sandbox.handle, ORDER | {"merchant_uid": "order-2"})
        imp_uid = outcome(act(sandbox.handle, window, "approve"))["imp_uid"]
        assert outcome(act(sandbox.handle, left, "leave"))["success"] is False
    with Sandbox(db=tmp_path / "shop.sqlite3") as again:
        assert again.client().payments.get(imp_uid).status == "paid"
        assert again.client().payments.find("order-2").status == "failed"
        assert again.client().billing_keys.get("customer-1").customer_uid == "customer-1"
        assert again.handle(Request("GET", left)).status == 404


class Confirming:
    """A shop that is asked, as a `Site` has it."""

    def __init__(self, sandbox: Sandbox, answer: str | None) -> None:
        self.asked: list[tuple[str, Mapping[str, Any]]] = []
        self.answer = answer
        self.site = Site(sandbox._engine, self.ask)

    def ask(self, url: str, body: Mapping[str, Any]) -> str | None:
        self.asked.append((url, body))
        return self.answer


def test_shop_is_asked_before_the_approval(sandbox: Sandbox) -> None:
    shop = Confirming(sandbox, None)
    window = open_window(shop.site.handle, ORDER | {"confirm_url": "http://127.0.0.1:1/confirm"})
    assert shop.asked == []
    result = outcome(act(shop.site.handle, window, "approve"))
    asked = {"imp_uid": result["imp_uid"], "merchant_uid": "order-1", "amount": 12000}
    assert shop.asked == [("http://127.0.0.1:1/confirm", asked)]
    assert result["success"] is True


def test_shop_that_says_no(sandbox: Sandbox, api: Api) -> None:
    shop = Confirming(sandbox, "품절")
    window = open_window(shop.site.handle, ORDER | {"confirm_url": "http://127.0.0.1:1/confirm"})
    result = outcome(act(shop.site.handle, window, "approve"))
    assert (result["success"], result["error_msg"]) == (
        False,
        "고객사 요청에 의해 결제를 중단합니다. (상세사유 : 품절)",
    )
    payment = api.get(f"/payments/{result['imp_uid']}").response
    assert (payment["status"], payment["fail_reason"]) == (
        "failed",
        "고객사 요청에 의해 결제를 중단합니다. (상세사유 : 품절)",
    )
    assert (sandbox.ledger, sandbox.notifications) == ((), ())


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (200, b"", None),
        (200, b'{"reason": "unheard"}', None),
        (409, '{"reason": "품절"}'.encode(), "품절"),
        (400, b'{"reason": 7}', "알 수 없음"),
        (500, b"<html>", "알 수 없음"),
        (204, b"", "알 수 없음"),
    ],
)
def test_what_the_shop_may_answer(status: int, body: bytes, reason: str | None) -> None:
    received: list[tuple[str | None, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            text = self.rfile.read(int(self.headers["Content-Length"]))
            received.append((self.headers["Content-Type"], json.loads(text)))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    with HTTPServer(("127.0.0.1", 0), Handler) as shop:
        thread = threading.Thread(target=shop.handle_request)
        thread.start()
        asked = {"imp_uid": "imp_1", "merchant_uid": "order-1", "amount": 12000}
        assert request_confirmation_from_shop(f"http://127.0.0.1:{shop.server_port}/confirm", asked) == reason
        thread.join()
    assert received == [("application/json; charset=UTF-8", asked)]


def test_shop_that_is_not_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reason = "알 수 없음"
    assert request_confirmation_from_shop(f"http://127.0.0.1:{port}/", {}) == reason


@pytest.mark.parametrize("action", ["decline", "leave"])
def test_shop_is_not_asked_about_what_is_not_approved(sandbox: Sandbox, action: str) -> None:
    shop = Confirming(sandbox, None)
    window = open_window(shop.site.handle, ORDER | {"confirm_url": "http://127.0.0.1:1/confirm"})
    assert outcome(act(shop.site.handle, window, action))["success"] is False
    assert shop.asked == []


def test_nobody_waits_while_the_shop_thinks(sandbox: Sandbox, api: Api) -> None:
    """And a second click, or a walk away, does not change what the first one began."""
    thinking, may_answer = threading.Event(), threading.Event()

    def ask(_url: str, _body: Mapping[str, Any]) -> str | None:
        thinking.set()
        assert may_answer.wait(20)
        return None

    site = Site(sandbox._engine, ask)
    window = open_window(site.handle, ORDER | {"confirm_url": "http://127.0.0.1:1/confirm"})
    answers: list[Response] = []
    first = threading.Thread(target=lambda: answers.append(act(site.handle, window, "approve")))
    first.start()
    assert thinking.wait(20)
    assert api.get("/payments/find/order-1").response["status"] == "ready"
    assert act(site.handle, window, "leave").json()["message"] == "이미 종료된 결제창입니다."
    may_answer.set()
    first.join()
    assert outcome(answers[0])["success"] is True
    assert len(sandbox.ledger) == 1


def test_order_that_is_paid_elsewhere_while_the_shop_thinks(sandbox: Sandbox) -> None:
    def ask(_url: str, _body: Mapping[str, Any]) -> str | None:
        sandbox.pay(merchant_uid="order-1", amount=12000)
        return None

    site = Site(sandbox._engine, ask)
    window = open_window(site.handle, ORDER | {"confirm_url": "http://127.0.0.1:1/confirm"})
    result = outcome(act(site.handle, window, "approve"))
    assert (result["error_code"], result["error_msg"]) == ("F1002", "이미 결제가 이루어진 거래건입니다.")
    assert len(sandbox.ledger) == 1


def test_row_offers_what_can_be_done(api: Api, sandbox: Sandbox) -> None:
    def actions(merchant_uid: str) -> list[str]:
        rows = api.send("GET", "/_sandbox/list/payments", query=f"q={merchant_uid}").response["rows"]
        (payment,) = [row for row in rows if row["merchant_uid"] == merchant_uid]
        offered: list[str] = payment["actions"]
        return offered

    account = sandbox.pay(merchant_uid="account", amount=100, pay_method="vbank", status="ready").imp_uid
    assert actions("account") == ["deposit"]
    sandbox.deposit(account)
    assert actions("account") == ["cancel"]
    sandbox.defer_refunds()
    sandbox.cancel(account)
    assert actions("account") == ["settle"]
    sandbox.settle_refund(account)
    assert actions("account") == []
    sandbox.pay(merchant_uid="open", amount=100, status="ready")
    assert actions("open") == []


def test_every_file_of_the_pages_is_served_and_nothing_else(sandbox: Sandbox) -> None:
    folder = Path(assets.__file__).parent / "static"
    files = [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]
    assert len(files) > 40
    for name in files:
        answer = sandbox.handle(Request("GET", f"/_sandbox/web/files/{name}"))
        assert (answer.status, answer.body) == (200, (folder / name).read_bytes()), name
    for name in ("", "list", "list/", "../assets.py", "list/../../assets.py", "shared/none.js", "list.js"):
        assert sandbox.handle(Request("GET", f"/_sandbox/web/files/{name}")).status == 404, name


@pytest.mark.parametrize("path", ["/", "/control", "/findings", "/payments/imp_1/timeline"])
def test_a_browser_keeps_the_files_of_a_page_until_they_change(sandbox: Sandbox, path: str) -> None:
    page = sandbox.handle(Request("GET", path))
    named = re.findall(r'"(/_sandbox/web/files/[^"]+)"', page.body.decode())
    assert page.headers["Cache-Control"] == "no-cache"
    assert len(named) > 3
    for address in named:
        kept = sandbox.handle(Request("GET", address))
        assert "immutable" in kept.headers["Cache-Control"], address
        asked = re.sub(r"/[0-9a-f]{16}/", "/", address)
        plain = sandbox.handle(Request("GET", asked))
        assert (plain.body, plain.headers["Cache-Control"]) == (kept.body, "no-cache"), asked
        other = re.sub(r"/[0-9a-f]{16}/", f"/{'0' * 16}/", address)
        assert sandbox.handle(Request("GET", other)).status == 404, other


def test_nothing_in_the_pages_runs_inline(sandbox: Sandbox) -> None:
    for path in ("/", "/control", "/findings", "/payments/imp_1/timeline"):
        answer = sandbox.handle(Request("GET", path))
        page = answer.body.decode()
        assert re.findall(r"<script(?! type=.module. src=)|\son\w+=|style=|javascript:", page) == [], path
        assert "script-src 'self'; style-src 'self'" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("version", ["1.1.5", "1.1.6", "1.1.7", "1.1.8", "1.2.0", "1.2.1", "1.3.0"])
def test_every_version_of_the_script_may_be_loaded_from_another_origin(sandbox: Sandbox, version: str) -> None:
    answer = sandbox.handle(Request("GET", f"/js/iamport.payment-{version}.js", "", {"Origin": "http://shop.example"}))
    assert (answer.status, answer.headers["Access-Control-Allow-Origin"]) == (200, "*")
    assert all(name in answer.body for name in (b"loadUI(", b"updateLoadUIRequest("))
    assert "Access-Control-Allow-Origin" not in sandbox.handle(Request("GET", "/_sandbox/ledger")).headers


def test_half_of_an_emoji_does_not_break_the_dashboard(sandbox: Sandbox) -> None:
    body = json.dumps({"merchant_uid": "order-1", "amount": 1000, "name": "감사합니다 \ud83d"}).encode()
    assert (
        sandbox.handle(Request("POST", "/_sandbox/payments", "", {"Content-Type": "application/json"}, body)).status
        == 200
    )
    assert sandbox.handle(Request("GET", "/_sandbox/list/payments")).status == 200


def test_an_unknown_payment_method_is_played_as_itself(sandbox: Sandbox) -> None:
    asked = ORDER | {"pay_method": "kpay", "buyer_tel": "010-0000-0000"}
    window = open_window(sandbox.handle, asked)
    assert shown(sandbox.handle, window)["order"]["pay_method"] == "kpay"
    assert act(sandbox.handle, window, "approve", pay_method="zpay").status == 400  # the page did not name it
    assert outcome(act(sandbox.handle, window, "approve", pay_method="kpay"))["pay_method"] == "kpay"
    assert any("pay_method kpay" in line for exchange in sandbox.journal for line in exchange.advice)


def test_a_virtual_account_that_is_due_in_the_past_is_not_issued(sandbox: Sandbox) -> None:
    asked = ORDER | {"pay_method": "vbank", "vbank_due": "20200101", "buyer_tel": "010-0000-0000"}
    declined = outcome(act(sandbox.handle, open_window(sandbox.handle, asked), "approve", pay_method="vbank"))
    assert (declined["success"], declined["error_msg"]) == (False, "vbank_due 값은 현재시각 이후여야 합니다.")
    assert sandbox.client().payments.get(declined["imp_uid"]).status == "failed"
