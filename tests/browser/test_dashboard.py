"""The list: search on the server, conditions in the address, live without moving, by keyboard, in two languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, Watched
from tests.browser.states import TABS
from tests.browser.stories import channel_key

Visitor = Callable[..., Watched]
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


def fill(sandbox: Sandbox) -> None:
    """Create something of every kind."""
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
            {"merchant_uid": f"month-{n}", "schedule_at": now + n * 86400, "amount": 9900, "name": "구독"}
            for n in (1, 31)
        ]
        client.subscribe.schedule(customer_uid="customer-1", schedules=schedules)


def row(page: Page, words: str) -> Any:
    return page.locator("tbody tr").filter(has_text=words)


def rows(page: Page, count: int) -> None:
    expect(page.locator("tbody tr")).to_have_count(count)


def act(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("size", SIZES)
def test_live(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, size: dict[str, Any]) -> None:
    watched = visitor(**size)
    addresses: list[str] = []
    watched.context.on("request", lambda request: addresses.append(request.url))
    page = watched.page(server.url)
    expect(page.get_by_text("아직 없습니다.")).to_be_visible()
    sandbox.pay(merchant_uid="order-first", amount=1000)
    rows(page, 1)
    fill(sandbox)
    expect(page.locator("#fresh")).to_have_text("새 항목 5건 보기")
    rows(page, 1)
    page.locator("#fresh").click()
    rows(page, 6)
    expect(page.locator("tr.new")).to_have_count(5)
    expect(row(page, "order-paid")).to_contain_text("12,000원")
    expect(row(page, "order-partly")).to_contain_text("부분취소")
    expect(row(page, "order-partly")).to_contain_text("환불 5,000원")
    expect(row(page, "order-failed")).to_contain_text("[SB02] 한도초과")
    expect(row(page, "order-test")).to_contain_text("테스트")
    expect(page.locator("#sums")).to_contain_text("44,000원")
    expect(page.locator("#sums")).to_contain_text("39,000원")
    assert {address.startswith(server.url) for address in addresses} == {True}


WRAPPED = """names => [...document.querySelectorAll("tbody td")].flatMap((cell) => [...cell.querySelectorAll(names)])
  .filter((part) => new Set([...part.getClientRects()].map((box) => Math.round(box.top))).size > 1)
  .map((part) => part.textContent)"""


@pytest.mark.parametrize("locale", ["ko-KR", "en-GB"])
def test_ids_amounts_and_times_stay_on_one_line(
    visitor: Visitor, server: SandboxServer, sandbox: Sandbox, locale: str
) -> None:
    for n, currency in enumerate(("KRW", "USD")):
        sandbox.pay(
            merchant_uid=f"order-2026-11-29-0000000{n}", amount=114_121, currency=currency, name="드립 커피 세트 " * 4
        )
    page = visitor(**(DESKTOP | {"locale": locale})).page(server.url)
    rows(page, 2)
    assert page.evaluate(WRAPPED, "td.id code, td.number strong, td.moment time") == []
    expect(page.locator("thead")).to_contain_text("KST")
    expect(page.locator("tbody tr").first).to_contain_text("114,121")


def test_what_changes_changes_in_place_and_keeps_focus_and_scroll(
    visitor: Visitor, server: SandboxServer, sandbox: Sandbox
) -> None:
    account = sandbox.pay(merchant_uid="order-account", amount=45000, pay_method="vbank", status="ready").imp_uid
    for n in range(20):
        sandbox.pay(merchant_uid=f"order-{n:02}", amount=1000)
    page = visitor().page(server.url)
    rows(page, 21)
    page.get_by_role("button", name="입금: order-account").focus()
    page.evaluate("window.scrollTo(0, 400)")
    before = page.evaluate("window.scrollY")
    sandbox.pay(merchant_uid="order-new", amount=1000)
    expect(page.locator("#fresh")).to_be_visible()
    expect(page.get_by_role("button", name="입금: order-account")).to_be_focused()
    sandbox.deposit(account)
    expect(row(page, "order-account")).to_contain_text("결제완료")
    rows(page, 21)
    assert page.evaluate("window.scrollY") == before
    page.get_by_role("button", name="환불…: order-19").focus()
    sandbox.cancel(sandbox.client().payments.find("order-19").imp_uid, amount=100)
    expect(row(page, "order-19")).to_contain_text("부분취소")
    expect(page.get_by_role("button", name="환불…: order-19")).to_be_focused()
    act(page, "환불…: order-19")
    sandbox.cancel(sandbox.client().payments.find("order-18").imp_uid, amount=100)
    expect(row(page, "order-18")).to_contain_text("부분취소")
    page.get_by_role("dialog").get_by_role("button", name="그만두기", exact=True).click()
    expect(page.get_by_role("button", name="환불…: order-19")).to_be_focused()


@pytest.mark.parametrize("size", SIZES)
def test_deposit_and_refund(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, size: dict[str, Any]) -> None:
    fill(sandbox)
    page = visitor(**size).page(server.url)
    act(page, "입금: order-account")
    expect(row(page, "order-account")).to_contain_text("결제완료")
    assert sandbox.client().payments.find("order-account").status == "paid"
    act(page, "환불…: order-partly")
    dialog = page.get_by_role("dialog", name="order-partly 환불")
    dialog.get_by_role("button", name="그만두기", exact=True).click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("button", name="환불…: order-partly")).to_be_focused()
    act(page, "환불…: order-partly")
    amount = dialog.get_by_label("취소할 금액 (취소 가능 금액 25,000원)")
    amount.fill("25,001")
    dialog.get_by_role("button", name="25,001원 환불").click()
    expect(dialog.get_by_role("alert")).to_have_text("취소 가능 금액 25,000원까지만 환불할 수 있습니다.")
    expect(amount).to_be_focused()
    assert sandbox.client().payments.find("order-partly").cancel_amount == 5000
    amount.fill("25,000")
    dialog.get_by_role("button", name="25,000원 환불").click()
    expect(row(page, "order-partly")).to_contain_text("환불 30,000원")
    assert sandbox.client().payments.find("order-partly").status == "cancelled"
    expect(page.get_by_role("button", name="환불…: order-partly")).to_have_count(0)


def test_pending_refund_and_a_store(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    refunded = sandbox.pay(merchant_uid="order-late", amount=5000)
    sandbox.defer_refunds(imp_uid=refunded.imp_uid)
    sandbox.client().cvs.issue(channel_key=channel_key("galaxia"), merchant_uid="order-store", amount=7000, name="컵")
    page = visitor().page(server.url)
    act(page, "환불…: order-late")
    act(page, "5,000원 환불")
    act(page, "환불 완료: order-late")
    expect(row(page, "order-late")).to_contain_text("환불 5,000원")
    act(page, "편의점 수납: order-store")
    expect(row(page, "order-store")).to_contain_text("결제완료")
    assert [int(m.amount) for m in sandbox.ledger] == [5000, 5000, 7000]


def test_a_refused_action_is_shown(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    page.get_by_role("button", name="입금: order-account").wait_for()
    sandbox.pay(merchant_uid="order-account", amount=45000)
    act(page, "입금: order-account")
    expect(page.locator("#toast")).to_have_text(
        "이미 주문이 이루어진 건입니다. (동일한 merchant_uid로 결제 또는 취소된 기록이 있습니다)"
    )


def test_refusal_of_a_refund_stands_at_its_field(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    act(page, "환불…: order-paid")
    sandbox.cancel(sandbox.client().payments.find("order-paid").imp_uid)
    act(page, "12,000원 환불")
    expect(page.get_by_role("dialog").get_by_role("alert")).not_to_be_empty()
    expect(page.get_by_label("취소할 금액 (취소 가능 금액 12,000원)")).to_be_focused()


def test_advancing_the_clock_charges_what_is_due(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(f"{server.url}/?tab=schedules")
    expect(row(page, "month-1").first).to_contain_text("예약됨")
    act(page, "+1일")
    expect(page.locator("#toast")).to_contain_text("시계를 옮겼습니다")
    expect(row(page, "실행됨")).to_contain_text("결제완료")
    assert [m.merchant_uid for m in sandbox.ledger if m.merchant_uid.startswith("month")] == ["month-1"]


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


def test_keyboard_map(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    rows(page, 5)
    press = page.keyboard.press
    press("j")
    expect(page.locator("a.stop").nth(0)).to_be_focused()
    press("j")
    press("k")
    expect(page.locator("a.stop").nth(0)).to_be_focused()
    press("g")
    expect(page.locator(".nav a").first).to_be_focused()
    press("/")
    page.keyboard.type("j?gk/")
    expect(page.locator("#q")).to_have_value("j?gk/")
    rows(page, 0)
    page.locator("#q").fill("")
    rows(page, 5)  # the search that was typed is over, and draws nothing anew below the keys
    page.locator("#tab-payments").focus()
    press("Control+g")
    expect(page.locator("#tab-payments")).to_be_focused()
    press("?")
    help_ = page.get_by_role("dialog", name="단축키")
    expect(help_.locator("dt")).to_have_count(7)
    press("j")
    help_.get_by_label("한 글자 단축키 사용").uncheck()
    press("Escape")
    expect(help_).to_have_count(0)
    expect(page.locator("#tab-payments")).to_be_focused()
    press("g")
    expect(page.locator("#tab-payments")).to_be_focused()
    page.get_by_role("button", name="단축키").click()
    help_.get_by_label("한 글자 단축키 사용").check()
    act(page, "닫기")
    press("g")
    expect(page.locator(".nav a").first).to_be_focused()


def test_webhooks_and_their_answers(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=1000)
    # The sandbox itself stands in for a shop that has no such address; nobody listens at the other.
    sandbox.pay(merchant_uid="order-2", amount=1000, notice_url=f"{server.url}/nothing")
    sandbox.pay(merchant_uid="order-3", amount=1000, notice_url="http://127.0.0.1:9/nothing")
    page = visitor().page(f"{server.url}/?tab=webhooks")
    expect(row(page, "order-1")).to_contain_text("보낼 곳 없음")
    expect(row(page, "order-2")).to_contain_text("404")
    expect(row(page, "order-3").locator(".badge.bad")).to_contain_text("Connect")
    act(page, "웹훅 재전송: #1")
    expect(row(page, "order-2")).to_have_count(2)


def test_finding(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    page.get_by_label("검색").fill("ORDER-PA")
    rows(page, 2)
    expect(page.locator("#meant")).to_have_text("검색 조건: “order-pa” 포함")
    page.get_by_label("검색").fill("nothing like it")
    expect(page.get_by_text("조건에 맞는 항목이 없습니다.")).to_be_visible()
    page.locator("#rows").get_by_role("button", name="조건 지우기").click()
    rows(page, 5)
    page.get_by_label("검색").fill("부분취소")
    rows(page, 1)
    expect(page.locator("#meant")).to_contain_text("상태 부분취소")
    page.get_by_label("검색").fill("12,000원")
    expect(page.locator("#meant")).to_contain_text("금액 12,000")
    page.locator("#clear").click()
    expect(page.get_by_label("검색")).to_be_focused()


def test_conditions_stand_in_the_address(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor().page(server.url)
    page.locator("#states button", has_text="결제완료").click()
    rows(page, 2)
    page.locator("#states button", has_text="실패").click()
    rows(page, 3)
    page.get_by_label("결제수단").select_option("card")
    rows(page, 2)
    page.get_by_label("최소 금액").fill("9,000")
    rows(page, 1)
    page.get_by_label("기간").select_option("3600")
    page.get_by_label("PG").select_option("html5_inicis")
    page.wait_for_url("**/?*pg=html5_inicis*")
    rows(page, 1)
    page.reload()
    rows(page, 1)
    expect(page.get_by_label("최소 금액")).to_have_value("9,000")
    expect(page.get_by_label("결제수단")).to_have_value("card")
    page.get_by_label("최대 금액").fill("9,001")
    expect(page.locator(".empty")).to_be_visible()
    page.locator("#clear").click()
    rows(page, 5)
    page.locator("#states button", has_text="실패").click()
    rows(page, 1)
    page.locator("#tab-journal").click()
    page.go_back()
    rows(page, 1)
    page.go_back()
    rows(page, 5)


def test_ten_thousand_rows(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    for n in range(10_000):
        sandbox.pay(merchant_uid=f"order-{n:05}", amount=1000 + n, name="커피", buyer_name="홍길동")
    page = visitor().page(server.url)
    rows(page, 25)
    expect(page.locator("#tab-payments .count")).to_have_text("10,000")
    page.keyboard.press("/")
    page.keyboard.type("order-00007")
    rows(page, 1)
    page.get_by_label("검색").fill("1,007원")
    rows(page, 1)
    page.get_by_label("검색").fill("홍길동")
    expect(page.locator("#found")).to_have_text("10,000건")
    act(page, "다음")
    expect(page.locator("tbody tr").first).to_contain_text("order-09974")
    expect(page.locator("#panel")).to_be_focused()
    page.reload()
    expect(page.locator("tbody tr").first).to_contain_text("order-09974")
    act(page, "이전")
    expect(page.locator("tbody tr").first).to_contain_text("order-09999")
    act(page, "다음")
    expect(page.locator("tbody tr").first).to_contain_text("order-09974")
    act(page, "처음")
    expect(page.locator("tbody tr").first).to_contain_text("order-09999")
    page.get_by_label("검색").fill("order-09990")
    page.locator("#tab-webhooks").click()
    rows(page, 1)
    page.locator("#tab-billing_keys").click()
    expect(page.get_by_text("다른 탭에는 있습니다")).to_be_visible()


def test_each_shop_has_its_own_pages(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-main", amount=1000)
    sandbox.shops.open("second").pay(merchant_uid="order-second", amount=2000)
    page = visitor().page(server.url)
    rows(page, 1)
    page.get_by_label("상점").select_option("second")
    page.wait_for_url("**/?shop=second")
    expect(row(page, "order-second")).to_be_visible()
    rows(page, 1)
    page.get_by_label("검색").fill("second")
    page.wait_for_url("**/?shop=second&q=second")
    page.get_by_role("link", name="order-second").click()
    page.wait_for_url("**/timeline?shop=second")
    expect(page.locator("#timeline")).to_contain_text("+2,000원")
    for name in ("제어실", "점검", "결제"):
        page.get_by_role("link", name=name, exact=True).click()
        page.wait_for_url("**shop=second")
    page.goto(f"{server.url.replace('127.0.0.1', 'second.localhost')}/")
    expect(row(page, "order-second")).to_be_visible()


def test_two_tabs(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    visited = visitor()
    one, two = visited.page(server.url), visited.page(server.url)
    one.bring_to_front()
    act(one, "입금: order-account")
    two.bring_to_front()
    expect(row(two, "order-account")).to_contain_text("결제완료")
    act(two, "환불…: order-account")
    act(two, "45,000원 환불")
    one.bring_to_front()
    expect(row(one, "order-account")).to_contain_text("취소")
    one.goto(f"{server.url}/control")
    one.get_by_role("button", name="기록 시작").click()
    two.bring_to_front()
    two.reload()
    expect(two.locator(".recording")).to_have_count(0)  # what is recorded belongs to one tab


def test_two_languages(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    fill(sandbox)
    page = visitor(locale="en-GB").page(server.url)
    expect(row(page, "order-paid")).to_contain_text("12,000 KRW")
    assert page.title() == "Payments · PortOne V1 sandbox"
    assert page.evaluate("document.documentElement.lang") == "en"
    act(page, "한국어")
    expect(row(page, "order-paid")).to_contain_text("결제완료")
    expect(page.locator("#language")).to_be_focused()
    page.reload()
    expect(page.locator("#tab-payments")).to_contain_text("결제")
    assert page.evaluate("document.documentElement.lang") == "ko"


def test_sandbox_that_is_gone(visitor: Visitor) -> None:
    with SandboxServer() as server:
        port = int(server.url.rpartition(":")[2])
        visited = visitor()
        uid = server.sandbox.pay(merchant_uid="order-kept", amount=1000).imp_uid
        paths = ["/", f"/payments/{uid}/timeline", "/control", "/findings"]
        pages = [visited.page(f"{server.url}{path}") for path in paths]
        for page in pages:
            page.bring_to_front()
            expect(page.get_by_text("실시간")).to_be_visible()
    for page in pages:
        page.bring_to_front()
        expect(page.get_by_role("alert")).to_be_visible()
        expect(page.locator("#live")).to_have_text("연결 끊김")
    with SandboxServer(port=port) as again:
        again.sandbox.pay(merchant_uid="order-again", amount=1000)
        for page in pages:
            page.bring_to_front()
            expect(page.get_by_text("실시간")).to_be_visible()
            expect(page.get_by_role("alert")).to_have_count(0)
        expect(row(pages[0], "order-again")).to_be_attached()


def test_list_that_could_not_be_read_is_read_again(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    """A poll that says that rows are gone must not count as seen before the list is drawn anew."""
    sandbox.pay(merchant_uid="order-before", amount=1000)
    page = visitor().page(server.url)
    expect(row(page, "order-before")).to_be_visible()
    failed: list[str] = []

    def lose_one(route: Route) -> None:
        if failed:
            route.fallback()
        else:
            failed.append(route.request.url)
            route.abort()

    page.route(re.compile(r"/_sandbox/list/payments"), lose_one)
    sandbox.reset()
    sandbox.pay(merchant_uid="order-after", amount=1000)
    expect(row(page, "order-after")).to_be_visible()
    assert len(failed) == 1


def test_time_is_korean(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor(timezone_id="America/New_York").page(server.url)
    shown = page.locator("#now")
    expect(shown).to_contain_text(":")
    assert date.fromisoformat(shown.inner_text()[:10]) >= date.fromtimestamp(sandbox.clock.now())  # noqa: DTZ012
