"""The dashboard: live, in two languages, by keyboard, on a telephone, and legible."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from portone_v1_sandbox import DEFAULT_CHANNELS, Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, POOR_CONTRASTS, Watched

Visitor = Callable[..., Watched]
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]
STORES = next(channel.channel_key for channel in DEFAULT_CHANNELS if channel.pg_provider == "galaxia")
TABS = ["payments", "billing_keys", "schedules", "webhooks", "journal"]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


def fill(sandbox: Sandbox) -> None:
    """Something of everything."""
    with sandbox.client() as client:
        sandbox.pay(merchant_uid="order-paid", amount=12000, name="커피 1kg")
        partly = sandbox.pay(merchant_uid="order-partly", amount=30000, name="찻잔 세트")
        client.payments.cancel(imp_uid=partly.imp_uid, amount=5000, reason="한 개 파손")
        sandbox.pay(merchant_uid="order-account", amount=45000, name="원두 3kg", pay_method="vbank", status="ready")
        sandbox.pay(merchant_uid="order-failed", amount=8000, name="컵", status="failed", fail_reason="[SB02] 한도초과")
        sandbox.pay(merchant_uid="order-test", amount=1000, name="테스트", sandbox=True, pay_method="kakaopay")
        client.billing_keys.issue("customer-1", card_number="4242424242424242", expiry="2099-12", birth="880101")
        now = sandbox.clock.now()
        schedules: list[Any] = [
            {
                "merchant_uid": f"month-{n}",
                "schedule_at": now + n * 86400,
                "amount": 9900,
                "currency": "KRW",
                "name": "구독",
            }
            for n in (1, 31)
        ]
        client.subscribe.schedule(customer_uid="customer-1", schedules=schedules)


def row(page: Page, words: str) -> Any:
    return page.locator("tbody tr").filter(has_text=words)


@pytest.mark.parametrize("size", SIZES)
def test_live(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, size: dict[str, Any]) -> None:
    watched = visitor(**size)
    page = watched.page(server.url)
    expect(page.get_by_text("아직 없습니다.")).to_be_visible()
    fill(sandbox)
    expect(page.locator("tbody tr")).to_have_count(5)
    expect(row(page, "order-paid")).to_contain_text("12,000원")
    expect(row(page, "order-partly")).to_contain_text("부분취소")
    expect(row(page, "order-partly")).to_contain_text("환불 5,000원")
    expect(row(page, "order-failed")).to_contain_text("[SB02] 한도초과")
    expect(row(page, "order-test")).to_contain_text("테스트")
    expect(page.locator("#money")).to_contain_text("43,000원")
    expect(page.locator("#money")).to_contain_text("38,000원")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert [address for address in watched.addresses if not address.startswith(server.url)] == []


@pytest.mark.parametrize("size", SIZES)
def test_deposit_and_cancel(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, size: dict[str, Any]) -> None:
    page = visitor(**size).page(server.url)
    fill(sandbox)
    page.get_by_role("button", name="입금: order-account").click()
    expect(row(page, "order-account")).to_contain_text("결제완료")
    assert sandbox.client().payments.find("order-account").status == "paid"
    page.get_by_role("button", name="전액취소: order-partly").click()
    expect(page.get_by_role("dialog")).to_contain_text("order-partly 주문의 25,000원을 환불할까요?")
    page.get_by_role("button", name="그만두기", exact=True).click()
    assert sandbox.client().payments.find("order-partly").cancel_amount == 5000
    page.get_by_role("button", name="전액취소: order-partly").click()
    page.get_by_role("button", name="확인").click()
    expect(row(page, "order-partly")).to_contain_text("환불 30,000원")
    assert sandbox.client().payments.find("order-partly").status == "cancelled"
    expect(page.get_by_role("button", name="전액취소: order-partly")).to_have_count(0)


def test_pending_refund_and_a_store(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(server.url)
    refunded = sandbox.pay(merchant_uid="order-late", amount=5000)
    sandbox.defer_refunds(imp_uid=refunded.imp_uid)
    sandbox.client().cvs.issue(channel_key=STORES, merchant_uid="order-store", amount=7000, name="컵")
    page.get_by_role("button", name="전액취소: order-late").click()
    page.get_by_role("button", name="확인").click()
    page.get_by_role("button", name="환불 완료: order-late").click()
    expect(row(page, "order-late")).to_contain_text("환불 5,000원")
    page.get_by_role("button", name="편의점 수납: order-store").click()
    expect(row(page, "order-store")).to_contain_text("결제완료")
    assert [int(m.amount) for m in sandbox.ledger] == [5000, 5000, 7000]


def test_action_that_is_refused_is_told(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(server.url)
    fill(sandbox)
    page.get_by_role("button", name="입금: order-account").wait_for()
    sandbox.pay(merchant_uid="order-account", amount=45000)
    page.get_by_role("button", name="입금: order-account").click()
    expect(page.locator("#toast")).to_have_text(
        "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)"
    )


def test_advancing_the_clock_charges_what_is_due(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(server.url)
    fill(sandbox)
    page.get_by_role("tab", name="결제예약").click()
    expect(row(page, "month-1").first).to_contain_text("예약됨")
    before = sandbox.clock.now()
    page.get_by_role("button", name="+1일").click()
    expect(row(page, "실행됨")).to_contain_text("결제완료")
    assert [m.merchant_uid for m in sandbox.ledger if m.merchant_uid.startswith("month")] == ["month-1"]
    page.get_by_label("앞으로 갈 일수").fill("40")
    page.get_by_label("앞으로 갈 일수").press("Enter")
    expect(row(page, "실행됨")).to_have_count(2)
    assert sandbox.clock.now() - before >= 41 * 86400


def test_tabs_by_keyboard(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    tab = "#tab-{}[aria-selected=true]"
    page.locator(tab.format(TABS[0])).focus()
    for name in [*TABS[1:], TABS[0]]:
        page.keyboard.press("ArrowRight")
        expect(page.locator(tab.format(name))).to_be_focused()
    page.keyboard.press("End")
    expect(page.locator("tbody")).to_contain_text("subscribe_schedule")
    page.reload()
    expect(page.locator(tab.format("journal"))).to_be_visible()


def test_what_is_drawn_anew_keeps_the_keyboard(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    page.get_by_role("button", name="전액취소: order-paid").focus()
    sandbox.pay(merchant_uid="order-new", amount=1000)
    expect(row(page, "order-new")).to_be_visible()
    expect(page.get_by_role("button", name="전액취소: order-paid")).to_be_focused()


def test_webhooks_and_their_answers(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(f"{server.url}/#webhooks")
    sandbox.pay(merchant_uid="order-1", amount=1000)
    expect(row(page, "order-1")).to_contain_text("보낼 곳 없음")
    # The sandbox itself stands in for a shop that has no such address.
    sandbox.pay(merchant_uid="order-2", amount=1000, notice_url=f"{server.url}/nothing")
    expect(row(page, "order-2")).to_contain_text("HTTP 404")
    page.get_by_role("button", name="다시 보내기: order-2").click()
    expect(row(page, "order-2")).to_have_count(2)


def test_finding(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    page.get_by_label("찾기").fill("ORDER-PA")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("찾기").fill("nothing like it")
    expect(page.get_by_text("아직 없습니다.")).to_be_visible()


def test_finding_what_is_far_back(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    for n in range(150):
        sandbox.pay(merchant_uid=f"order-{n:03}", amount=1000 + n, name="커피", buyer_name="홍길동")
    page = visitor().page(server.url)
    expect(page.locator("tbody tr")).to_have_count(100)
    page.keyboard.press("/")
    page.keyboard.type("order-007")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("찾기").fill("1,007원")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_label("찾기").fill("홍길동")
    expect(page.locator("#found")).to_have_text("150건")
    expect(page.locator("tbody tr")).to_have_count(50)
    page.get_by_role("button", name="다음", exact=True).click()
    expect(page.locator("tbody tr").first).to_contain_text("order-099")
    page.reload()
    expect(page.locator("tbody tr").first).to_contain_text("order-099")
    page.get_by_role("button", name="이전", exact=True).click()
    expect(page.locator("tbody tr").first).to_contain_text("order-149")
    page.get_by_label("찾기").fill("order-007")
    page.get_by_role("tab", name="웹훅").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("tab", name="빌링키").click()
    expect(page.get_by_text("다른 탭에는 있습니다")).to_be_visible()


def test_reset(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    page.get_by_role("button", name="비우기").click()
    page.get_by_role("button", name="확인").click()
    expect(page.get_by_text("아직 없습니다.")).to_be_visible()
    assert sandbox.ledger == ()


def test_two_languages(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor(locale="en-GB").page(server.url)
    expect(row(page, "order-paid")).to_contain_text("12,000 KRW")
    assert page.title() == "PortOne V1 sandbox"
    assert page.evaluate("document.documentElement.lang") == "en"
    page.get_by_role("button", name="한국어").click()
    expect(row(page, "order-paid")).to_contain_text("결제완료")
    page.reload()
    expect(page.locator("#tab-payments")).to_contain_text("결제")
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_same_words_in_both_languages(visitor: Visitor, server: SandboxServer) -> None:
    page = visitor().page(server.url)
    missing = page.evaluate("""async () => {
      const { choose, known } = await import("/_sandbox/web/files/words.js");
      const source = await (await fetch("/_sandbox/web/files/words.js")).text();
      const keys = new Set([...source.matchAll(/^    "([a-zA-Z._0-9]+)":/gm)].map((found) => found[1]));
      const missing = [];
      for (const language of ["ko", "en"]) {
        choose(language);
        for (const key of keys) if (!known(key)) missing.push(`${language} ${key}`);
      }
      return [keys.size, missing];
    }""")
    assert missing[0] > 100
    assert missing[1] == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_legible_and_named(
    visitor: Visitor, server: SandboxServer, sandbox: Sandbox, scheme: str, size: dict[str, Any]
) -> None:
    fill(sandbox)
    page = visitor(color_scheme=scheme, **size).page(server.url)
    for tab in TABS:
        page.locator(f"#tab-{tab}").click()
        expect(page.locator("tbody tr").first).to_be_visible()
        assert page.evaluate(POOR_CONTRASTS) == [], tab
    nameless = "els => els.filter(e => !e.textContent.trim() && !e.labels?.[0]?.textContent.trim() && !e.ariaLabel)"
    assert page.locator("button, input, select").evaluate_all(f"{nameless}.map(e => e.outerHTML)") == []


def test_sandbox_that_is_gone(visitor: Visitor) -> None:
    with SandboxServer() as server:
        port = int(server.url.rpartition(":")[2])
        page = visitor().page(server.url)
        expect(page.get_by_text("실시간")).to_be_visible()
    expect(page.get_by_role("alert")).to_be_visible()
    with SandboxServer(port=port) as again:
        again.sandbox.pay(merchant_uid="order-again", amount=1000)
        expect(row(page, "order-again")).to_be_visible()
        expect(page.get_by_role("alert")).to_have_count(0)


def test_time_is_korean(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor(timezone_id="America/New_York").page(server.url)
    shown = page.locator("#now")
    expect(shown).to_contain_text(":")
    assert date.fromisoformat(shown.inner_text()[:10]) >= date.fromtimestamp(sandbox.clock.now())  # noqa: DTZ012
