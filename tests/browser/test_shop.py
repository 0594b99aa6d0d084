"""From the shop's page through the payment window to the shop's own database, by clicks alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from portone_v1.models import Customer
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, Watched
from tests.browser.shops import Shop

Visitor = Callable[..., Watched]
SIZES = [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


def window(page: Page) -> FrameLocator | Page:
    """Return the window: over the shop's page on a desktop, in its place on a phone."""
    if page.viewport_size == PHONE["viewport"]:
        page.wait_for_url("**/windows/*")
        return page
    return page.frame_locator("dialog iframe")


def press(page: Page, name: str) -> None:
    window(page).get_by_role("button", name=name, exact=True).click()


def order_on(page: Page) -> str:
    page.wait_for_url(re.compile("order="))
    expect(page.locator("#order")).not_to_have_text("아직 없습니다")
    return page.locator("#order").inner_text()


def buy(page: Page, name: str = "카드로 사기") -> None:
    page.get_by_role("button", name=name).click()


def back_on_the_page(page: Page) -> None:
    page.wait_for_url(re.compile(r"/\?order="))
    expect(page.locator("dialog")).to_have_count(0)


def state(page: Page, words: str) -> None:
    expect(page.locator("#state")).to_have_text(words)


@pytest.mark.parametrize("size", SIZES)
def test_paid(visitor: Visitor, shop: Shop, sandbox: Sandbox, size: dict[str, Any]) -> None:
    page = visitor(**size).page(shop.url)
    buy(page)
    expect(window(page).locator("#amount")).to_have_text("12,000원")
    press(page, "결제 승인")
    state(page, "결제 완료")
    order = order_on(page)
    charge = sandbox.ledger[0]
    assert (charge.merchant_uid, int(charge.amount), len(sandbox.ledger)) == (order, 12000, 1)
    assert shop.order(order) == ("paid", charge.imp_uid)
    assert sandbox.lint.findings == ()  # before this test reads the payment itself
    payment = sandbox.client().payments.get(charge.imp_uid)
    assert payment.channel == ("mobile" if size is PHONE else "pc")
    assert payment.user_agent == page.evaluate("navigator.userAgent")


@pytest.mark.parametrize("size", SIZES)
def test_cancelled_in_the_shop(visitor: Visitor, shop: Shop, sandbox: Sandbox, size: dict[str, Any]) -> None:
    page = visitor(**size).page(shop.url)
    buy(page)
    press(page, "결제 승인")
    state(page, "결제 완료")
    page.get_by_role("button", name="주문 취소").click()
    state(page, "취소됨")
    assert shop.order(order_on(page))[0] == "cancelled"
    assert [(m.kind, int(m.amount)) for m in sandbox.ledger] == [("charge", 12000), ("refund", 12000)]
    assert sandbox.lint.findings == ()


@pytest.mark.parametrize("size", SIZES)
def test_declined(visitor: Visitor, shop: Shop, sandbox: Sandbox, size: dict[str, Any]) -> None:
    page = visitor(**size).page(shop.url)
    buy(page)
    press(page, "PG가 거절")
    expect(page.locator("#note")).to_have_text("SB05 | 승인거절")
    assert shop.order(order_on(page)) == ("waiting", None)
    assert sandbox.lint.findings == ()
    payments = sandbox.client().payments.find_all(order_on(page)).items
    assert [(p.status, p.fail_reason) for p in payments or []] == [("failed", "SB05 | 승인거절")]
    assert sandbox.ledger == ()
    assert sandbox.notifications == ()


def test_reason_of_the_decline_is_the_buyers_choice(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor().page(shop.url)
    buy(page)
    window(page).locator("summary").click()
    window(page).get_by_label("거절 사유").fill("잔액이 모자랍니다 <b>")
    press(page, "PG가 거절")
    expect(page.locator("#note")).to_have_text("잔액이 모자랍니다 <b>")


def test_card_over_its_limit(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor().page(shop.url)
    buy(page)
    window(page).get_by_label("카드사 점검중 카드").check()
    press(page, "결제 승인")
    expect(page.locator("#note")).to_have_text("SB02 | 카드사 점검중")
    assert shop.order(order_on(page)) == ("waiting", None)
    assert sandbox.ledger == ()


def escape(page: Page, *, on_the_page: bool) -> None:
    """Press Escape until the window is gone: a key pressed while the focus moves between the frames reaches neither."""
    for _ in range(5):
        if on_the_page:
            page.evaluate("document.querySelector('dialog')?.focus()")
        page.keyboard.press("Escape")
        try:
            expect(page.locator("dialog")).to_have_count(0, timeout=PATIENCE / 5)
        except AssertionError:
            continue
        return


@pytest.mark.parametrize("how", ["button", "escape in the window", "escape on the page"])
def test_walked_away(visitor: Visitor, shop: Shop, sandbox: Sandbox, how: str) -> None:
    page = visitor().page(shop.url)
    buy(page)
    expect(window(page).locator("#approve")).to_be_visible()
    if how == "button":
        press(page, "닫기 (결제 포기)")
    else:
        escape(page, on_the_page=how == "escape on the page")
    expect(page.locator("#note")).to_have_text("사용자가 결제를 취소하셨습니다")
    expect(page.locator("dialog")).to_have_count(0)
    assert shop.order(order_on(page)) == ("waiting", None)
    assert sandbox.lint.findings == ()
    payments = sandbox.client().payments.find_all(order_on(page)).items
    assert [p.status for p in payments or []] == ["failed"]


def test_walked_away_on_a_telephone(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor(**PHONE).page(shop.url)
    buy(page)
    press(page, "닫기 (결제 포기)")
    page.wait_for_url(re.compile(r"/\?order="))
    expect(page.locator("#note")).to_have_text("사용자가 결제를 취소하셨습니다")
    assert shop.order(order_on(page)) == ("waiting", None)


@pytest.mark.parametrize("size", SIZES)
def test_virtual_account_and_a_deposit_on_the_dashboard(
    visitor: Visitor, shop: Shop, server: SandboxServer, sandbox: Sandbox, size: dict[str, Any]
) -> None:
    someone = visitor(**size)
    page = someone.page(shop.url)
    buy(page, "가상계좌로 사기")
    press(page, "가상계좌 발급")
    back_on_the_page(page)
    order = order_on(page)
    expect(page.locator("#order")).to_have_text(order)
    assert shop.order(order) == ("waiting", None)
    assert [notice.status for notice in sandbox.notifications] == ["ready"]

    dashboard = someone.page(server.url)
    dashboard.get_by_role("button", name=f"입금: {order}").click()
    expect(dashboard.get_by_text("결제완료")).to_be_visible()

    state(page, "결제 완료")  # the webhook came, nobody touched its page
    assert shop.order(order) == ("paid", sandbox.ledger[0].imp_uid)
    assert [notice.status for notice in sandbox.notifications] == ["ready", "paid"]


@pytest.mark.parametrize("size", SIZES)
def test_billing_key(visitor: Visitor, shop: Shop, sandbox: Sandbox, size: dict[str, Any]) -> None:
    page = visitor(**size).page(shop.url)
    buy(page, "카드 등록하고 시작하기")
    expect(window(page).locator("#key")).to_contain_text("customer-")
    customer_uid = window(page).locator("#key").inner_text()
    expect(window(page).get_by_label("가상계좌", exact=True)).to_have_count(0)
    press(page, "빌링키 발급")
    state(page, "결제 완료")
    order = order_on(page)
    assert [(m.merchant_uid, int(m.amount)) for m in sandbox.ledger] == [(order, 12000)]
    assert shop.order(order) == ("paid", sandbox.ledger[0].imp_uid)
    assert sandbox.ledger[0].imp_uid.startswith("imps_")
    key = sandbox.client().billing_keys.get(customer_uid)
    assert isinstance(key, Customer)
    assert (key.customer_uid, key.card_name) == (customer_uid, "신한카드")
    page.request.get(f"{shop.url}/subscriptions/{customer_uid}/complete?imp_success=true")  # loaded again
    assert len(sandbox.ledger) == 1


def test_easy_pay(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor().page(shop.url)
    buy(page)
    window(page).get_by_label("간편결제", exact=True).check(force=True)
    window(page).get_by_label("간편결제 종류").select_option("tosspay")
    press(page, "결제 승인")
    state(page, "결제 완료")
    payment = sandbox.client().payments.get(sandbox.ledger[0].imp_uid)
    assert (payment.pay_method, payment.emb_pg_provider, payment.card_number) == ("tosspay", "tosspay", None)


def test_by_keyboard_alone(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor().page(shop.url)
    page.get_by_role("button", name="카드로 사기").focus()
    page.keyboard.press("Enter")
    expect(window(page).locator("#title")).to_be_focused()
    for key in ("Tab", "Tab", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    state(page, "결제 완료")
    assert sandbox.client().payments.get(sandbox.ledger[0].imp_uid).card_number == "555555*********4"


def test_shop_may_say_no_before_the_approval(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor().page(shop.url)
    buy(page)
    expect(window(page).locator("#approve")).to_be_visible()
    order = order_on(page)
    shop.settle(order, "cancelled")
    press(page, "결제 승인")
    expect(page.locator("#note")).to_have_text(
        "고객사 요청에 의해 결제를 중단합니다. (상세사유 : 주문이 바뀌었습니다.)"
    )
    assert shop.order(order) == ("cancelled", None)
    assert sandbox.ledger == ()


def test_window_that_was_finished_and_is_opened_again(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor(**PHONE).page(shop.url)
    buy(page)
    window(page)
    address = page.url
    press(page, "결제 승인")
    state(page, "결제 완료")
    page.goto(address)
    page.wait_for_url(re.compile(r"/\?order="))
    state(page, "결제 완료")
    assert len(sandbox.ledger) == 1


def test_another_amount_than_the_shop_has_prepared(visitor: Visitor, shop: Shop, sandbox: Sandbox) -> None:
    page = visitor().page(shop.url)
    # What a buyer does in the browser's console.
    page.evaluate("() => { const pay = IMP.request_pay; IMP.request_pay = (o, f) => pay({ ...o, amount: 100 }, f); }")
    buy(page)
    expect(page.locator("#note")).to_have_text("사전등록된 결제정보와 결제요청 정보가 일치하지 않습니다.")
    expect(page.locator("dialog")).to_have_count(0)
    assert sandbox.client().payments.search("all").total == 0


@pytest.mark.parametrize("way", ["api", "console"])
def test_refund_reaches_the_shop_as_a_notice(
    visitor: Visitor, shop: Shop, server: SandboxServer, sandbox: Sandbox, way: Literal["api", "console"]
) -> None:
    someone = visitor()
    page = someone.page(shop.url)
    buy(page)
    press(page, "결제 승인")
    state(page, "결제 완료")
    order = order_on(page)
    dashboard = someone.page(server.url)
    if way == "console":
        dashboard.get_by_role("button", name=f"환불…: {order}").click()
        dashboard.get_by_role("dialog").get_by_role("button", name="원 환불").click()
    else:  # its notice goes to the address of the settings, not to that of the window
        sandbox.webhooks.configure(url=f"{shop.url}/portone/webhook")
        sandbox.client().payments.cancel(merchant_uid=order, amount=12000, enable_webhook=True)
        sandbox.webhooks.configure(url="")
    expect(dashboard.locator("tbody").get_by_text("취소", exact=True)).to_be_visible()
    state(page, "취소됨")
    assert shop.order(order)[0] == "cancelled"
