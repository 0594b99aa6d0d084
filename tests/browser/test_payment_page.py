"""The page of one payment: its timeline, raw bodies, code to copy, and text that means harm."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from subprocess import run
from sys import executable
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PATIENCE, Watched
from tests.browser.stories import HOSTILE, token

Visitor = Callable[..., Watched]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


def refunded(server: SandboxServer, sandbox: Sandbox, name: str = "찻잔 세트") -> str:
    details: dict[str, Any] = {
        "notice_url": f"{server.url}/nothing",
        "buyer_name": "홍길동",
        "buyer_tel": "010-0000-1234",
        "custom_data": "길" * 3000,
    }
    payment = sandbox.pay(merchant_uid="order-1", amount=58000, name=name, **details)
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


REASON = 'it\'s broken: "$HOME" `id` \\\\ 감사합니다 😀'
JAVA = """
import java.net.*; import java.net.http.*; import java.net.http.HttpRequest.*; import java.net.http.HttpResponse.*;
class Copied { public static void main(String[] arguments) throws Exception {
%s
} }
"""


@pytest.mark.parametrize(
    ("language", "name", "frame", "command"),
    [
        ("curl", "copied.sh", "%s", ("sh",)),
        ("Python", "copied.py", "%s", (executable,)),
        ("PHP", "copied.php", "<?php\n%s", ("php",)),
        ("Java", "Copied.java", JAVA, ("java",)),
    ],
)
def test_copied_code_makes_the_same_call(
    visitor: Visitor, server: SandboxServer, sandbox: Sandbox, tmp_path: Path, language: str, name: str, frame: str,
    command: tuple[str],
) -> None:  # fmt: skip
    if shutil.which(command[0]) is None:
        pytest.skip(f"there is no {command[0]}")
    payment = sandbox.pay(merchant_uid="order-1", amount=58000)
    sandbox.client().payments.cancel(imp_uid=payment.imp_uid, amount=1000, reason=REASON)
    page = visitor(permissions=["clipboard-read", "clipboard-write"]).page(
        f"{server.url}/payments/{payment.imp_uid}/timeline"
    )
    opened(page, "payments_cancel")
    page.get_by_role("button", name=language, exact=True).click()
    page.get_by_role("button", name=f"{language} 코드 복사").click()
    expect(page.locator("#toast")).to_have_text("복사했습니다.")
    copied = page.evaluate("navigator.clipboard.readText()")
    file = tmp_path / name
    file.write_text(frame % copied, "utf-8")
    environment = os.environ | {"PORTONE_TOKEN": token(server.url)["Authorization"].removeprefix("Bearer ")}
    ended = run([*command, str(file)], env=environment, check=False, capture_output=True, text=True, timeout=100)
    assert ended.returncode == 0, ended.stderr
    assert '"code":0' in ended.stdout.replace(" ", "")
    changed = sandbox.client().payments.get(payment.imp_uid)
    assert changed.cancel_amount == 2000
    assert [one.reason for one in changed.cancel_history or []] == [REASON, REASON]
    expect(page.locator("#timeline")).to_contain_text("취소 가능 금액 56,000")


def test_findings_and_what_to_do(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    uid = refunded(server, sandbox)
    page = visitor().page(f"{server.url}/payments/{uid}/timeline")
    found = page.locator(".event", has_text="payments_cancel").locator(".found")
    expect(found).to_contain_text("checksum 없이 취소했습니다. 취소 가능 금액을 checksum으로 보내세요.")
    found.get_by_role("link").click()
    page.wait_for_url("**/findings#cancel-without-checksum")
    card = page.locator(".finding", has_text="cancel-without-checksum")
    expect(card.locator("details")).to_have_attribute("open", "")
    card.get_by_role("link", name="타임라인에서 보기").click()
    page.wait_for_url(f"**/payments/{uid}/timeline#e*")
    expect(page.locator("details[open]", has_text="payments_cancel")).to_be_visible()


def test_refund_resend_kinds_and_live(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    uid = refunded(server, sandbox)
    page = visitor().page(f"{server.url}/payments/{uid}/timeline")
    page.get_by_role("button", name="환불…").click()
    page.get_by_role("dialog").get_by_role("textbox").first.fill("20,000")
    page.get_by_role("dialog").get_by_role("button", name="20,000원 환불").click()
    expect(page.locator("#timeline")).to_contain_text("−20,000원")
    page.get_by_role("button", name="웹훅 재전송").click()
    expect(page.locator("summary.stop").filter(has_text="웹훅 #3")).to_contain_text("404")  # the last row there will be
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


@pytest.mark.parametrize("size", [DESKTOP, {"viewport": {"width": 320, "height": 256}}])
def test_hostile_text(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, size: dict[str, object]) -> None:
    uid = refunded(server, sandbox, HOSTILE)
    page = visitor(**size).page(server.url)
    expect(page.locator("tbody tr").first).to_contain_text("<img src=x")
    page.goto(f"{server.url}/payments/{uid}/timeline")
    expect(page.locator("h1")).to_contain_text("</script>")
    page.get_by_role("button", name="모두 펼치기").click()
    expect(page.locator(".codebox").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("#main img").count() == 0
    assert "\u202e" not in page.locator("body").inner_text()
