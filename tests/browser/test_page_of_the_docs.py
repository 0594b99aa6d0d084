"""The page that the documentation shows opens the payment window, and both ways back end at the same address."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PHONE, Watched
from tests.browser.test_shop import press

Visitor = Callable[..., Watched]
DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / folder / "tasks/verify-after-payment.md" for folder in ("", "ko")]
ORDER = {"merchant_uid": "order-1", "amount": 12000}


class Shop(BaseHTTPRequestHandler):
    page: ClassVar[str] = ""
    came_back: ClassVar[list[dict[str, list[str]]]] = []

    def do_GET(self) -> None:
        where = urlsplit(self.path)
        if where.path == "/orders/order-1/complete":
            self.came_back.append(parse_qs(where.query, keep_blank_values=True))
        body = self.page.encode() if where.path == "/" else b"<title>shop</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(params=PAGES, ids=["en", "ko"])
def address(request: pytest.FixtureRequest, server: SandboxServer) -> Iterator[str]:
    """Serve the documented page with the script of the sandbox and a button, and return its address."""
    (shown,) = re.findall(r"```html\n(.*?)```", request.param.read_text("utf-8"), re.DOTALL)
    assert shown.count("https://cdn.iamport.kr/v1/iamport.js") == 1
    shown = shown.replace("https://cdn.iamport.kr", server.url)
    Shop.page = f"<!doctype html><title>shop</title>{shown}<button onclick='pay({json.dumps(ORDER)})'>Buy</button>"
    Shop.came_back.clear()
    shop = ThreadingHTTPServer(("127.0.0.1", 0), Shop)
    thread = Thread(target=shop.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{shop.server_address[1]}/"
    shop.shutdown()
    thread.join()
    shop.server_close()


@pytest.mark.parametrize("size", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
@pytest.mark.parametrize("pays", [True, False])
def test_both_ways_back(visitor: Visitor, sandbox: Sandbox, address: str, size: dict[str, Any], pays: bool) -> None:
    page = visitor(**size).page(address)
    page.get_by_role("button", name="Buy").click()
    press(page, "결제 승인" if pays else "PG가 거절")
    page.wait_for_url("**/orders/order-1/complete?**")
    (query,) = Shop.came_back
    assert bool(query.get("error_msg", [""])[0]) is not pays
    if pays:
        client = sandbox.client()
        assert client.payments.verify(query["imp_uid"][0], merchant_uid="order-1", amount=12000).status == "paid"
