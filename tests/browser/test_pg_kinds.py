"""One walk through a real browser for each kind of PG behaviour, over a PG of each kind as the profiles have them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Dialog, FrameLocator, Page, expect
from portone_v1 import pg_profiles
from portone_v1_sandbox import Channel, Sandbox, SandboxServer

from tests.browser.chromium import PATIENCE, PHONE, Watched
from tests.browser.sites import running_site

Visitor = Callable[..., Watched]
PGS = pg_profiles.codes()
ORDER: dict[str, Any] = {
    "merchant_uid": "order-1",
    "amount": 12000,
    "name": "coffee",
    "buyer_name": "홍길동",
    "buyer_tel": "010-0000-0000",
    "buyer_email": "hong@example.com",
}


class Kind(NamedTuple):
    """What a page sees of a PG: two PGs of one kind need the same code in the shop."""

    callback: str | None
    pc: str | None
    mobile: str | None
    called_when_closed: bool
    code_when_closed: bool


def kind_of(pg: str) -> Kind:
    value = pg_profiles.get(pg).value
    closed = value("closed") or {}
    called = closed.get("called", True)
    return Kind(
        value("result.callback"),
        value("result.pc"),
        value("result.mobile"),
        called,
        closed.get("error_code", "") is not None,
    )


def representatives() -> list[Any]:
    """Return the first PG of each kind, so that a new kind in the profiles is tested, too."""
    first: dict[Kind, str] = {}
    for pg in PGS:
        if pg_profiles.get(pg).value("result.pc") is not None:
            first.setdefault(kind_of(pg), pg)
    return [pytest.param(pg, kind, id=pg) for kind, pg in first.items()]


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def server() -> Iterator[SandboxServer]:
    channels = [Channel(f"channel-key-{pg}", pg, f"mid-{pg}", "payment") for pg in PGS]
    with SandboxServer(Sandbox(channels=channels)) as running:
        yield running


@pytest.fixture(scope="module")
def site(server: SandboxServer) -> Iterator[str]:
    with running_site(server.url) as address:
        yield address


def ask(page: Page, site: str, pg: str, **more: Any) -> None:
    currencies = pg_profiles.get(pg).value("currencies") or {}
    currency = (currencies.get("takes") or ("USD" if "refuses" in currencies else "KRW",))[0]
    asked = ORDER | {"pg": pg, "currency": currency, "m_redirect_url": f"{site}/done"} | more
    page.goto(f"{site}/shop")
    page.evaluate(
        """asked => {
            window.outcomes = [];
            IMP.init('imp00000000');
            IMP.request_pay(asked, outcome => { window.outcomes.push(outcome); });
        }""",
        asked,
    )


def window(page: Page, *, redirected: bool) -> FrameLocator | Page:
    if redirected:
        page.wait_for_url("**/windows/*")
        return page
    return page.frame_locator("dialog iframe")


def press(page: Page, name: str, *, redirected: bool) -> None:
    window(page, redirected=redirected).get_by_role("button", name=name, exact=True).click()


def back(page: Page) -> dict[str, str]:
    page.wait_for_url("**/done?*")
    return dict(parse_qsl(page.url.partition("?")[2], keep_blank_values=True))


@pytest.mark.parametrize("device", ["pc", "mobile"])
@pytest.mark.parametrize(("pg", "kind"), representatives())
def test_paid(visitor: Visitor, site: str, sandbox: Sandbox, pg: str, kind: Kind, device: str) -> None:
    """The result comes where this PG tells it, with the fields that it tells."""
    page = visitor(**(PHONE if device == "mobile" else {})).page()
    result = (kind.mobile if device == "mobile" else kind.pc) or ("redirect" if device == "mobile" else "callback")
    ask(page, site, pg)
    press(page, "결제 승인", redirected=result == "redirect")
    if result == "redirect":
        query = back(page)
        payment = sandbox.client().payments.find("order-1")
        assert (query["imp_uid"], query["merchant_uid"]) == (payment.imp_uid, "order-1")
        assert not query.keys() & {"error_code", "error_msg"}
        fields = pg_profiles.get(pg).value("result.redirect_fields")
        assert fields is None or query.keys() <= {*fields}
    else:
        expect(page.locator("dialog")).to_have_count(0)
        outcomes = page.evaluate("window.outcomes")
        payment = sandbox.client().payments.find("order-1")
        if result == "none":
            assert outcomes == []
        elif kind.callback == "ids":
            assert outcomes == [{"imp_uid": payment.imp_uid, "merchant_uid": "order-1"}]
        else:
            assert (outcomes[0]["success"], outcomes[0]["imp_uid"], len(outcomes)) == (True, payment.imp_uid, 1)
            assert len(outcomes[0].keys() - {"emb_pg_provider"}) == 24
    assert (payment.status, payment.pg_provider, payment.channel) == ("paid", pg, device)


@pytest.mark.parametrize(("pg", "kind"), representatives())
def test_closed(visitor: Visitor, site: str, sandbox: Sandbox, pg: str, kind: Kind) -> None:
    """Closing the window: reported with a code, without one, or not at all."""
    page = visitor().page()
    boxes: list[str] = []

    def read(box: Dialog) -> None:
        boxes.append(box.message)
        box.accept()

    page.on("dialog", read)
    closed = pg_profiles.get(pg).value("closed") or {}
    ask(page, site, pg)
    press(page, "닫기 (결제 포기)", redirected=kind.pc == "redirect")
    if kind.pc == "redirect":
        query = back(page)
        assert query["error_msg"]
        assert query["merchant_uid"] == "order-1"
    else:
        expect(page.locator("dialog")).to_have_count(0)
        outcomes = page.evaluate("window.outcomes")
        if kind.pc == "none" or not kind.called_when_closed:
            assert outcomes == []
            assert boxes == ([closed["alert"]] if "alert" in closed else [])
        else:
            assert len(outcomes) == 1
            assert ("error_code" in outcomes[0]) is kind.code_when_closed
            assert outcomes[0]["error_msg"] == closed.get("error_msg", outcomes[0]["error_msg"])
            assert ("success" in outcomes[0]) is (kind.callback != "ids")
    payments = sandbox.client().payments.find_all("order-1").items
    assert [payment.status for payment in payments or []] == ["failed"]


def test_order_number_that_the_pg_cuts(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor().page()
    number = "1" * 40 + "tail"
    ask(page, site, "smartro_v2", merchant_uid=number)
    press(page, "결제 승인", redirected=False)
    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("window.outcomes[0].merchant_uid") == number[:40]
    assert sandbox.client().payments.find(number[:40]).status == "paid"


def test_argument_without_which_the_window_does_not_open(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor().page()
    ask(page, site, "nice_v2", pay_method="vbank")
    page.wait_for_function("window.outcomes.length")
    outcomes = page.evaluate("window.outcomes")
    sentence = pg_profiles.get("nice_v2").value("errors.window")["vbank_due"]
    assert outcomes == [{"merchant_uid": "order-1", "error_code": "F400", "error_msg": sentence}]
    assert sandbox.client().payments.search("all").total == 0


def test_argument_that_only_a_page_of_the_vendor_asks_for(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor().page()
    ask(page, site, "html5_inicis", buyer_tel=None)
    press(page, "결제 승인", redirected=False)
    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("window.outcomes[0].success") is True
    assert [line for exchange in sandbox.journal for line in exchange.advice] == ["html5_inicis requires buyer_tel"]


def test_phone_without_an_address_at_the_newer_engine(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor(**PHONE).page()
    ask(page, site, "tosspayments", m_redirect_url=None)
    page.wait_for_function("window.outcomes.length")
    assert page.evaluate("window.outcomes[0].error_code") == "F400"
    assert page.evaluate("'imp_uid' in window.outcomes[0]") is False


@pytest.mark.parametrize("popup", [True, False])
def test_naver_pay_as_the_page_says(visitor: Visitor, site: str, sandbox: Sandbox, popup: bool) -> None:
    page = visitor().page()
    product = {"categoryType": "PRODUCT", "categoryId": "GENERAL", "uid": "tea", "name": "차", "count": 1}
    ask(page, site, "naverpay", naverPopupMode=popup, naverProducts=[product])
    press(page, "결제 승인", redirected=not popup)
    if popup:
        page.wait_for_function("window.outcomes.length")
        imp_uid = page.evaluate("window.outcomes[0].imp_uid")
    else:
        imp_uid = back(page)["imp_uid"]
    assert sandbox.client().payments.get(imp_uid).status == "paid"


@pytest.mark.parametrize("pg", ["paypal", "daou"])
def test_failed_and_paid_after_all(visitor: Visitor, site: str, sandbox: Sandbox, pg: str) -> None:
    """The page gets a failure, and the webhook reports the payment days later."""
    page = visitor().page()
    ask(page, site, pg)
    redirected = pg_profiles.get(pg).value("result.pc") == "redirect"
    press(page, "PG가 거절", redirected=redirected)
    if redirected:
        imp_uid = back(page)["imp_uid"]
    else:
        page.wait_for_function("window.outcomes.length")
        imp_uid = page.evaluate("window.outcomes[0].imp_uid")
    assert sandbox.client().payments.get(imp_uid).status == "failed"
    sandbox.approve_late(imp_uid)
    assert sandbox.client().payments.get(imp_uid).status == "paid"
    assert [(notice.imp_uid, notice.status) for notice in sandbox.notifications] == [(imp_uid, "paid")]


def test_billing_key_whose_amount_is_only_shown(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor().page()
    ask(page, site, "html5_inicis", customer_uid="customer-1")
    press(page, "결제 승인", redirected=False)
    page.wait_for_function("window.outcomes.length")
    outcome = page.evaluate("window.outcomes[0]")
    assert (outcome["success"], outcome["status"], outcome["apply_num"], outcome["customer_uid"]) == (
        True,
        "paid",
        "",
        "customer-1",
    )
    assert sandbox.ledger == ()


def test_wallet_chosen_inside_the_window(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor().page()
    ask(page, site, "html5_inicis")
    frame = page.frame_locator("dialog iframe")
    frame.get_by_label("간편결제", exact=True).check(force=True)
    frame.get_by_label("간편결제 종류").select_option("kakaopay")
    press(page, "결제 승인", redirected=False)
    page.wait_for_function("window.outcomes.length")
    outcome = page.evaluate("window.outcomes[0]")
    assert (outcome["pay_method"], outcome["emb_pg_provider"]) == ("card", "kakaopay")
    assert set(outcome["card_number"]) == {"*"}


def test_account_that_is_due_at_the_end_of_its_day(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor().page()
    ask(page, site, "kcp", pay_method="vbank", vbank_due="203012311020")
    press(page, "가상계좌 발급", redirected=False)
    page.wait_for_function("window.outcomes.length")
    assert page.evaluate("window.outcomes[0].vbank_date") == 1_924_959_599  # 2030-12-31 23:59:59 in Korea


def test_a_function_that_throws_is_called_once(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    """As in the real script the exception is logged; a shop must not wait for its function alone."""
    page = visitor().page()
    page.goto(f"{site}/shop")
    page.evaluate(
        """asked => {
            window.calls = 0;
            IMP.init('imp00000000');
            IMP.request_pay(asked, () => { window.calls += 1; throw new Error('in the shop'); });
        }""",
        ORDER | {"pg": "kcp"},
    )
    press(page, "결제 승인", redirected=False)
    expect(page.locator("dialog")).to_have_count(0)
    assert page.evaluate("window.calls") == 1
    assert sandbox.client().payments.find("order-1").status == "paid"


def test_number_that_waits_at_a_counter(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    """Econtext of Eximbay: an account under the word `unknown`, paid when the buyer was at the counter."""
    page = visitor().page()
    ask(page, site, "eximbay", pay_method="econtext", currency="JPY")
    press(page, "결제 승인", redirected=False)
    page.wait_for_function("window.outcomes.length")
    outcome = page.evaluate("window.outcomes[0]")
    assert (outcome["success"], outcome["status"], outcome["vbank_num"]) == (True, "ready", "unknown")
    sandbox.deposit(outcome["imp_uid"])
    assert sandbox.client().payments.get(outcome["imp_uid"]).status == "paid"
