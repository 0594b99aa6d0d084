"""The pictures of the documentation: `python -m tests.browser.screenshots` writes docs/images/."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any

from playwright.sync_api import Browser
from portone_v1_sandbox import Sandbox, SandboxClock, SandboxServer

from tests.browser import django_picture
from tests.browser.chromium import DESKTOP, PHONE, path_of_chromium, running_browser
from tests.browser.docs_picture import korean_docs
from tests.browser.model_pictures import fastapi_docs, notebook
from tests.browser.shops import ROOT, running_shop

IMAGES = ROOT / "docs" / "images"
MORNING = 1_773_104_400
"""2026-03-10 10:00 in Korea."""
BUYER: dict[str, Any] = {"buyer_name": "홍길동", "buyer_tel": "010-0000-0000"}
LOOK: dict[str, Any] = {"locale": "ko-KR", "color_scheme": "light"}


@contextmanager
def webhook_receiver(sandbox: Sandbox) -> Iterator[str]:
    """Run a shop that reads each payment back before it answers, at an address that looks like one."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            webhook = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            client.payments.get(webhook["imp_uid"], include_sandbox=True)
            body = b'{"ok": true}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    with sandbox.client() as client, ThreadingHTTPServer(("127.0.0.1", 8000), Handler) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield "http://127.0.0.1:8000/portone/webhook"
        server.shutdown()
        thread.join()


def settled(sandbox: Sandbox) -> None:
    """Wait for the answers to all webhooks: the server sends them in a thread of its own."""
    sandbox.deliver()
    deadline = time.monotonic() + 20
    while not all(one.attempts for one in sandbox.webhooks.deliveries) and time.monotonic() < deadline:
        time.sleep(0.05)


def trade(sandbox: Sandbox, webhooks: str) -> None:
    """Simulate a busy morning."""
    clock = sandbox.clock
    common: dict[str, Any] = {"notice_url": webhooks}

    def pay(merchant_uid: str, amount: int, name: str, **details: Any) -> str:
        clock.advance(minutes=4, seconds=17)
        uid = sandbox.pay(merchant_uid=merchant_uid, amount=amount, name=name, **BUYER, **common, **details).imp_uid
        settled(sandbox)
        return uid

    with sandbox.client() as client:
        client.billing_keys.issue("customer-7", card_number="4242424242424242", expiry="2031-03", birth="880101")
        schedules: list[Any] = [
            {
                "merchant_uid": f"tea-2026-{m:02}",
                "schedule_at": MORNING + m * 2_592_000,
                "amount": 19000,
                "currency": "KRW",
            }
            for m in (1, 2, 3)
        ]
        client.subscribe.schedule(customer_uid="customer-7", schedules=schedules)
        pay("order-1001", 9000, "핸드드립 필터", pay_method="kakaopay")
        partly = pay("order-1002", 58000, "찻잔 세트")
        client.payments.cancel(imp_uid=partly, amount=14500, reason="한 개 파손")
        pay("order-1003", 132000, "드립 주전자", pay_method="card", status="failed", fail_reason="[SB02] 한도초과")
        pay("order-1004", 76000, "원두 정기세트", pay_method="vbank", status="ready")
        refunded = pay("order-1005", 18000, "머그컵")
        client.payments.cancel(imp_uid=refunded, amount=18000, reason="변심", enable_webhook=True)
        pay("order-1006", 33000, "테스트 주문", sandbox=True)
        clock.advance(minutes=3)
        client.subscribe.again(customer_uid="customer-7", merchant_uid="tea-2026-00", amount=19000, name="차 정기배송")


def checkout(browser: Browser, v1: str) -> None:
    with TemporaryDirectory() as folder, running_shop(v1, Path(folder)) as shop:
        page = browser.new_page(**(DESKTOP | LOOK | {"viewport": {"width": 1100, "height": 800}}))
        page.goto(shop.url)
        page.get_by_role("button", name="카드로 사기").click()
        page.frame_locator("dialog iframe").locator("#approve").wait_for()
        page.screenshot(path=IMAGES / "checkout.png")
        page.close()


def dashboard(browser: Browser, v1: str, name: str, size: dict[str, Any]) -> None:
    page = browser.new_page(**(size | LOOK))
    page.goto(v1)
    page.locator("tbody tr").first.wait_for()
    page.screenshot(path=IMAGES / name)
    page.close()


def evidence(browser: Browser, v1: str) -> None:
    """Draw the timeline of a refunded payment, and the control room."""
    page = browser.new_page(**(DESKTOP | LOOK | {"viewport": {"width": 1280, "height": 860}}))
    page.goto(f"{v1}/?q=order-1002")
    page.get_by_role("link", name="찻잔 세트").click()
    page.locator("summary.stop").filter(has_text="payments_cancel").click()
    page.locator(".codebox").wait_for()
    page.screenshot(path=IMAGES / "payment.png")
    page.goto(f"{v1}/control")
    page.get_by_role("button", name="기록 시작").click()
    page.get_by_role("form", name="다음 호출에 장애 주입").get_by_role("button").click()
    page.locator("#test").wait_for()
    page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
    page.screenshot(path=IMAGES / "control.png")
    page.close()


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    sandbox = Sandbox(clock=SandboxClock.frozen_at(MORNING))
    with running_browser(path_of_chromium()) as browser, SandboxServer(sandbox, port=8765) as server:
        checkout(browser, server.url)
        sandbox.reset()
        with webhook_receiver(sandbox) as webhooks:
            trade(sandbox, webhooks)
            settled(sandbox)
        dashboard(browser, server.url, "dashboard.png", DESKTOP | {"viewport": {"width": 1280, "height": 720}})
        dashboard(browser, server.url, "dashboard-phone.png", PHONE)
        evidence(browser, server.url)
        notebook(browser, sandbox, IMAGES / "notebook.png")
        django_picture.admin(browser, sandbox, IMAGES / "django-admin.png")
        fastapi_docs(browser, IMAGES / "fastapi-docs.png")
        if (ROOT / "site" / "ko").is_dir():  # after `make docs`
            korean_docs(browser, ROOT / "site", IMAGES / "docs-ko.png")


if __name__ == "__main__":
    main()
