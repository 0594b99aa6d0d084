"""The page of one payment: its timeline, raw bodies, code to copy, and text that means harm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, POOR_CONTRASTS, Watched

Visitor = Callable[..., Watched]
HOSTILE = "감\ud83d\u202egnp <img src=x onerror=x>'\"</script>"


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


def refunded(server: SandboxServer, sandbox: Sandbox, name: str = "찻잔 세트") -> str:
    told: dict[str, Any] = {
        "notice_url": f"{server.url}/nothing",
        "buyer_name": "홍길동",
        "buyer_tel": "010-0000-1234",
        "custom_data": "길" * 3000,
    }
    payment = sandbox.pay(merchant_uid="order-1", amount=58000, name=name, **told)
    sandbox.client().payments.cancel(imp_uid=payment.imp_uid, amount=8000, reason="it's broken")
    return payment.imp_uid


def opened(page: Page, words: str) -> None:
    page.locator("summary.stop").filter(has_text=words).first.click()


def test_from_the_list_to_a_raw_body(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    uid = refunded(server, sandbox)
    page = visitor().page(server.url)
    page.get_by_role("link", name="찻잔 세트").click()
    page.wait_for_url(f"**/payments/{uid}/timeline")
    expect(page.locator("h1")).to_have_text("찻잔 세트")
    expect(page.locator("#timeline")).to_contain_text("POST /payments/cancel")
    expect(page.locator("#timeline")).to_contain_text("+58,000원")
    expect(page.locator("#timeline")).to_contain_text("−8,000원")
    expect(page.locator("#next")).to_contain_text("404")
    opened(page, "payments_cancel")
    expect(page.locator(".side").nth(1)).to_contain_text('"cancel_amount": 8000')
    expect(page.locator(".side").nth(1)).to_contain_text('"홍**"')
    page.get_by_role("button", name="개인정보 보기").click()
    expect(page.locator(".side").nth(1)).to_contain_text('"홍길동"')


def test_copied_code(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    uid = refunded(server, sandbox)
    page = visitor(permissions=["clipboard-read", "clipboard-write"]).page(f"{server.url}/payments/{uid}/timeline")
    opened(page, "payments_cancel")
    for language, words in (
        ("Python", "httpx.request"),
        ("PHP", r"it\'s broken"),
        ("Java", "HttpRequest.newBuilder"),
        ("curl", r"it'\''s broken"),
    ):
        page.get_by_role("button", name=language, exact=True).click()
        expect(page.locator(".codebox")).to_contain_text(words)
        page.get_by_role("button", name=f"{language} 코드 복사").click()
        copied = page.evaluate("navigator.clipboard.readText()")
        assert words in copied
        assert "PORTONE_TOKEN" in copied


def test_refund_resend_kinds_and_live(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    uid = refunded(server, sandbox)
    page = visitor().page(f"{server.url}/payments/{uid}/timeline")
    page.get_by_role("button", name="환불…").click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill("20,000")
    page.get_by_role("dialog").get_by_role("button", name="환불…").click()
    expect(page.locator("#timeline")).to_contain_text("−20,000원")
    page.get_by_role("button", name="웹훅 재전송").click()
    expect(page.locator("#timeline")).to_contain_text("웹훅 #2")
    page.get_by_role("button", name="모두 펼치기").click()
    expect(page.locator(".attempts").first).to_be_visible()
    page.get_by_role("button", name="모두 접기").click()
    page.get_by_role("button", name="원장").click()
    expect(page.locator("#timeline")).not_to_contain_text("−20,000원")
    page.locator("summary.stop").first.focus()
    page.keyboard.press("j")
    expect(page.locator("summary.stop").nth(1)).to_be_focused()
    page.keyboard.press("?")
    page.get_by_role("button", name="닫기").click()
    page.get_by_role("button", name="English").click()
    expect(page.locator("h2").first).to_have_text("Timeline")


@pytest.mark.parametrize("size", [DESKTOP, PHONE, {"viewport": {"width": 320, "height": 256}}])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_hostile_text(
    visitor: Visitor, server: SandboxServer, sandbox: Sandbox, size: dict[str, object], scheme: str
) -> None:
    uid = refunded(server, sandbox, HOSTILE)
    page = visitor(color_scheme=scheme, **size).page(server.url)
    expect(page.locator("tbody tr").first).to_contain_text("<img src=x")
    page.goto(f"{server.url}/payments/{uid}/timeline")
    expect(page.locator("h1")).to_contain_text("</script>")
    page.get_by_role("button", name="모두 펼치기").click()
    expect(page.locator(".codebox").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("#main img").count() == 0
    assert page.evaluate(POOR_CONTRASTS) == []
    assert "\u202e" not in page.locator("body").inner_text()
