"""`iamport.js` on pages of all kinds: what it takes, what it tells, and what it does not let anyone do."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Dialog, FrameLocator, Page, expect
from portone_v1_sandbox import DEFAULT_CHANNELS, Sandbox, SandboxServer

from tests.browser.chromium import PATIENCE, PHONE, POOR_CONTRASTS, Watched
from tests.browser.sites import running_site

Visitor = Callable[..., Watched]
EVIL = "<script>window.hacked = 1</script><img src=x onerror='window.hacked = 1'>\"'&"
ORDER = {"merchant_uid": "order-1", "amount": 12000, "name": "커피"}


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


class ShopPage:
    """A page that loads the script and does nothing by itself."""

    def __init__(self, page: Page, site: str) -> None:
        self.page = page
        page.goto(f"{site}/shop?x=1")

    def ask(self, asked: dict[str, Any], *, start: str = "IMP.init('imp00000000')", what: str = "request_pay") -> None:
        call = f"{start}; IMP.{what}(asked, outcome => {{ window.outcome = outcome; }});"
        self.page.evaluate(f"asked => {{ window.outcome = undefined; {call} }}", asked)

    @property
    def window(self) -> FrameLocator:
        return self.page.frame_locator("dialog iframe")

    def press(self, name: str) -> None:
        self.window.get_by_role("button", name=name, exact=True).click()

    @property
    def outcome(self) -> dict[str, Any]:
        found: dict[str, Any] = self.page.wait_for_function("window.outcome").json_value()
        return found


@pytest.fixture(scope="module")
def site(server: SandboxServer) -> Iterator[str]:
    with running_site(server.url) as address:
        yield address


@pytest.fixture
def shop(visitor: Visitor, site: str, sandbox: Sandbox) -> ShopPage:
    return ShopPage(visitor().page(), site)


def test_the_result_that_the_function_receives(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask(ORDER | {"custom_data": {"size": ["L"]}, "buyer_name": "홍길동", "buyer_email": "hong@example.com"})
    shop.press("결제 승인")
    result = shop.outcome
    payment = sandbox.client().payments.find("order-1")
    assert result["success"] is True
    assert (result["imp_uid"], result["merchant_uid"]) == (payment.imp_uid, "order-1")
    assert (result["paid_amount"], result["status"], result["pay_method"]) == (12000, "paid", "card")
    assert (result["custom_data"], result["buyer_name"]) == ({"size": ["L"]}, "홍길동")
    assert not result.keys() & {"error_code", "error_msg", "vbank_num"}
    assert payment.to_dict()["custom_data"] == '{"size":["L"]}'


@pytest.mark.parametrize(
    ("call", "message", "returned"),
    [
        (
            "IMP.request_pay({merchant_uid: 'order-1', amount: 1}, outcome => { window.outcome = outcome; })",
            "판매자 코드가 설정되지 않았습니다. IMP.init()함수를 먼저 호출하세요.",
            None,
        ),
        ("IMP.init('imp00000000'), IMP.request_pay()", "결제요청 파라메터가 누락되었습니다.", False),
    ],
)
def test_a_forgotten_call_is_an_alert_as_in_the_classic_script(
    shop: ShopPage, call: str, message: str, returned: object
) -> None:
    alerts: list[str] = []

    def read(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.accept()

    shop.page.on("dialog", read)
    assert shop.page.evaluate(f"() => ({call})") is returned
    shop.page.evaluate("new Promise(done => setTimeout(done, 0))")
    assert (alerts, shop.page.evaluate("window.outcome")) == ([message], None)
    assert shop.page.locator("dialog").count() == 0


def test_account_and_its_due_time(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask(ORDER | {"pay_method": "vbank", "vbank_due": "203012312359"})
    shop.press("가상계좌 발급")
    result = shop.outcome
    assert (result["success"], result["status"], result["vbank_name"]) == (True, "ready", "KB국민은행")
    assert result["vbank_date"] == 1_924_959_540  # 2030-12-31 23:59 in Korea
    assert sandbox.client().payments.find("order-1").vbank_num == result["vbank_num"]


def test_names_stay_text(shop: ShopPage, server: SandboxServer, sandbox: Sandbox) -> None:
    evil = EVIL[:40]
    shop.ask({"merchant_uid": evil, "amount": 12000, "name": evil, "customer_uid": EVIL[:80], "language": "ko"})
    expect(shop.window.locator("#title")).to_have_text(evil)
    expect(shop.window.locator("#key")).to_have_text(EVIL[:80])
    assert shop.page.frames[1].evaluate("window.hacked") is None
    shop.press("결제 승인")
    assert shop.outcome["merchant_uid"] == evil

    dashboard = shop.page.context.new_page()
    dashboard.goto(server.url)
    expect(dashboard.locator("td.lead").first).to_contain_text(evil)
    for name in ("빌링키", "웹훅", "API 기록"):
        dashboard.get_by_role("tab", name=name).click()
        expect(dashboard.get_by_role("tab", name=name)).to_have_attribute("aria-selected", "true")
    sandbox.client().payments.search("all")
    dashboard.locator("#fresh").click()
    expect(dashboard.locator("td.lead").first).to_contain_text("/payments/status/all")
    assert dashboard.evaluate("window.hacked") is None
    assert dashboard.locator("main img, main script").count() == 0


def test_page_that_is_a_file(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, tmp_path: Path) -> None:
    file = tmp_path / "shop.html"
    file.write_text(f"<!doctype html><title>shop</title><script src='{server.url}/v1/iamport.js'></script>", "utf-8")
    page = visitor().page(file.as_uri())
    page.evaluate("order => { IMP.init('imp'); IMP.request_pay(order, given => { window.outcome = given; }); }", ORDER)
    page.frame_locator("dialog iframe").get_by_role("button", name="결제 승인").click()
    assert page.wait_for_function("window.outcome?.success").json_value() is True


def test_one_window_at_a_time(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask(ORDER)
    expect(shop.window.locator("#approve")).to_be_visible()
    shop.ask(ORDER | {"merchant_uid": "order-2"})
    assert shop.outcome["error_msg"] == "a window is open already"
    shop.press("결제 승인")
    expect(shop.page.locator("dialog")).to_have_count(0)
    assert [movement.merchant_uid for movement in sandbox.ledger] == ["order-1"]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"merchant_uid": "order-1"}, "amount"),
        (ORDER | {"amount": -1}, "amount"),
        (ORDER | {"amount": 0.5}, "amount"),
        (ORDER | {"channelKey": "channel-key-unknown"}, "channel_key"),
        (ORDER | {"confirm_url": "http://192.0.2.1/confirm"}, "confirm_url"),
        (ORDER | {"confirm_url": "javascript:alert(1)"}, "confirm_url"),
    ],
)
def test_what_stops_a_window(shop: ShopPage, sandbox: Sandbox, asked: dict[str, Any], words: str) -> None:
    shop.ask(asked)
    assert shop.outcome["success"] is False
    assert words in shop.outcome["error_msg"]
    expect(shop.page.locator("dialog")).to_have_count(0)
    assert sandbox.ledger == ()


def test_order_that_is_paid_already(shop: ShopPage, sandbox: Sandbox) -> None:
    sandbox.pay(merchant_uid="order-1", amount=12000)
    shop.ask(ORDER)
    result = shop.outcome
    assert (result["error_code"], result["error_msg"]) == ("F1002", "이미 결제가 이루어진 거래건입니다.")


def test_order_that_is_paid_while_the_window_is_open(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask(ORDER)
    expect(shop.window.locator("#approve")).to_be_visible()
    sandbox.pay(merchant_uid="order-1", amount=12000)
    shop.press("결제 승인")
    result = shop.outcome
    assert (result["error_code"], result["error_msg"]) == ("F1002", "이미 결제가 이루어진 거래건입니다.")
    assert len(sandbox.ledger) == 1


def test_sandbox_that_was_reset_while_the_window_is_open(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask(ORDER)
    expect(shop.window.locator("#approve")).to_be_visible()
    sandbox.reset()
    shop.press("결제 승인")
    assert shop.outcome["error_msg"] == "이미 종료된 결제창입니다."


def test_agency(shop: ShopPage, server: SandboxServer, sandbox: Sandbox) -> None:
    shop.ask(ORDER, start="IMP.agency('imp00000000', 'ABC')")
    shop.press("결제 승인")
    assert shop.outcome["success"] is True
    assert [movement.tier for movement in sandbox.ledger] == ["ABC"]
    dashboard = shop.page.context.new_page()
    dashboard.goto(server.url)
    dashboard.get_by_role("button", name="환불…: order-1").click()
    dashboard.get_by_role("dialog").get_by_role("button", name="원 환불").click()
    expect(dashboard.locator("tbody").get_by_text("취소", exact=True)).to_be_visible()
    shop.ask(ORDER | {"merchant_uid": "order-2"}, start="IMP.agency('imp00000000', 'too long')")
    assert shop.outcome["error_msg"] == "Tier 값이 올바르지 않습니다."


def test_test_channel(shop: ShopPage, sandbox: Sandbox) -> None:
    channel = next(c for c in DEFAULT_CHANNELS if c.sandbox and c.type == "payment")
    shop.ask(ORDER | {"channelKey": channel.channel_key})
    expect(shop.window.get_by_text("테스트 채널")).to_be_visible()
    shop.press("결제 승인")
    payment = sandbox.client().payments.get(shop.outcome["imp_uid"], include_sandbox=True)
    assert (payment.sandbox, payment.pg_id) == (True, channel.pg_id)


def test_certification(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask({"merchant_uid": "person-1", "phone": "010-0000-1234", "company": EVIL}, what="certification")
    expect(shop.window.locator("#title")).to_have_text(EVIL)
    shop.window.get_by_label("이름").fill("김하늘")
    shop.window.get_by_label("통신사").select_option("KT")
    shop.press("본인인증 완료")
    result = shop.outcome
    assert (result["success"], result["merchant_uid"], result["pg_type"]) == (True, "person-1", "certification")
    assert "김하늘" not in json.dumps(result, ensure_ascii=False)
    person = sandbox.client().certifications.get(result["imp_uid"])
    assert (person.name, person.birthday, person.certified) == ("김하늘", "1988-01-01", True)


def test_certification_that_is_left_or_wrong(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask({"merchant_uid": "person-1"}, what="certification")
    shop.window.get_by_label("휴대폰 번호").fill("12")
    shop.press("본인인증 완료")
    expect(shop.window.get_by_role("alert")).to_contain_text("phone")
    shop.press("닫기 (인증 포기)")
    assert shop.outcome["success"] is False
    left = sandbox.client().certifications.get(shop.outcome["imp_uid"])
    assert (left.certified, left.name) == (False, None)


def test_certification_on_a_telephone(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor(**PHONE).page()
    shop = ShopPage(page, site)
    shop.ask({"merchant_uid": "person-1", "m_redirect_url": "/done?a=1#top"}, what="certification")
    page.get_by_role("button", name="본인인증 완료").click()
    page.wait_for_url(f"{site}/done?a=1&imp_uid=*&merchant_uid=person-1&success=true#top")


def test_certification_in_a_popup_of_a_telephone(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    """`popup` asks for the function instead of the address; a computer opens a popup whatever it says."""
    page = visitor(**PHONE).page()
    shop = ShopPage(page, site)
    shop.ask({"merchant_uid": "person-1", "m_redirect_url": "/done", "popup": True}, what="certification")
    shop.press("본인인증 완료")
    assert shop.outcome["success"] is True
    computer = ShopPage(visitor().page(), site)
    computer.ask({"merchant_uid": "person-2", "m_redirect_url": "/done", "popup": False}, what="certification")
    computer.press("본인인증 완료")
    assert (computer.outcome["success"], computer.outcome["merchant_uid"]) == (True, "person-2")


def test_pg_that_tells_ids_alone(shop: ShopPage, sandbox: Sandbox) -> None:
    """The newer window has no `success`: a page that tests it would take every payment for a failure."""
    shop.ask(ORDER | {"pg": "smartro_v2"})
    shop.press("결제 승인")
    result = shop.outcome
    assert result.keys() == {"imp_uid", "merchant_uid"}
    assert sandbox.client().payments.get(result["imp_uid"]).status == "paid"


def test_pg_that_tells_ids_alone_when_its_window_is_closed(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask(ORDER | {"pg": "smartro_v2"})
    shop.press("닫기 (결제 포기)")
    result = shop.outcome
    assert result.keys() == {"imp_uid", "merchant_uid", "error_code", "error_msg"}
    assert sandbox.client().payments.get(result["imp_uid"]).status == "failed"


def test_pg_whose_closed_window_tells_no_code(shop: ShopPage, sandbox: Sandbox) -> None:
    """KG Inicis: a page that tests `error_code` would take it for a success."""
    shop.ask(ORDER | {"pg": "html5_inicis"})
    shop.press("닫기 (결제 포기)")
    result = shop.outcome
    assert (result["success"], result["error_msg"]) == (False, "사용자가 결제를 취소하셨습니다")
    assert "error_code" not in result
    assert (result["pg_provider"], result["pg_type"]) == ("html5_inicis", "payment")


def test_pg_that_sends_ids_alone_on_a_telephone(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor(**PHONE).page()
    shop = ShopPage(page, site)
    shop.ask(ORDER | {"pg": "smartro_v2", "m_redirect_url": "/done#top"})
    page.get_by_role("button", name="결제 승인").click()
    page.wait_for_url(f"{site}/done*")
    imp_uid = page.evaluate("new URLSearchParams(location.search).get('imp_uid')")
    assert page.url == f"{site}/done?imp_uid={imp_uid}&merchant_uid=order-1#top"


@pytest.mark.parametrize("wrong", [{"amount": "12000"}, {"merchant_uid": 1}])
def test_types_that_stop_the_window(shop: ShopPage, wrong: dict[str, Any]) -> None:
    shop.ask(ORDER | wrong)
    assert "숫자" in shop.outcome["error_msg"]


def test_address_on_a_telephone(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor(**PHONE).page()
    shop = ShopPage(page, site)
    shop.ask(ORDER | {"m_redirect_url": "/done?a=%ED%95%9C#top"})
    page.get_by_role("button", name="PG가 거절").click()
    page.wait_for_url(f"{site}/done*")
    query = "&imp_success=false&error_code=F500&error_msg=SB05+%7C+%EC%8A%B9%EC%9D%B8%EA%B1%B0%EC%A0%88#top"
    imp_uid = page.evaluate("new URLSearchParams(location.search).get('imp_uid')")
    assert page.url == f"{site}/done?a=%ED%95%9C&imp_uid={imp_uid}&merchant_uid=order-1{query}"


def test_address_that_is_a_script(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    page = visitor(**PHONE).page()
    shop = ShopPage(page, site)
    shop.ask(ORDER | {"m_redirect_url": "javascript:document.title='hacked'"})
    expect(page.locator("#message")).to_have_text("이미 끝난 결제창입니다. 상점 화면으로 돌아가세요.")
    assert page.title() != "hacked"
    assert sandbox.client().payments.search("all").total == 0


def test_telephone_without_an_address_calls_the_function(visitor: Visitor, site: str, sandbox: Sandbox) -> None:
    shop = ShopPage(visitor(**PHONE).page(), site)
    shop.ask(ORDER)
    shop.press("결제 승인")
    assert shop.outcome["success"] is True


def test_another_site_cannot_play_the_buyer(shop: ShopPage, server: SandboxServer, sandbox: Sandbox) -> None:
    shop.ask(ORDER)
    expect(shop.window.locator("#approve")).to_be_visible()
    address = shop.page.frames[1].url
    request = "{ method: 'POST', mode: 'no-cors', body: JSON.stringify({ action: 'approve' }) }"
    shop.page.evaluate(f"async url => {{ await fetch(url, {request}); }}", address)
    assert sandbox.ledger == ()
    # A message that is not the window's own ends nothing either.
    shop.page.evaluate("window.postMessage({ 'portone-v1-sandbox': 'outcome', outcome: { success: true } }, '*')")
    expect(shop.window.locator("#approve")).to_be_visible()
    assert shop.page.evaluate("window.outcome") is None


def test_dashboard_stands_in_no_frame(shop: ShopPage, server: SandboxServer) -> None:
    with shop.page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        shop.page.evaluate(
            "url => { const f = document.createElement('iframe'); f.src = url; document.body.append(f); }", server.url
        )


def test_language_of_the_window(shop: ShopPage, sandbox: Sandbox) -> None:
    shop.ask(ORDER | {"language": "en"})
    shop.window.get_by_label("Card issuer under maintenance").check()
    shop.press("한국어")
    expect(shop.window.locator("#approve")).to_have_text("결제 승인")
    expect(shop.window.get_by_label("카드사 점검중 카드")).to_be_checked()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["request_pay", "certification"])
def test_window_is_legible_and_named(visitor: Visitor, site: str, sandbox: Sandbox, scheme: str, what: str) -> None:
    shop = ShopPage(visitor(color_scheme=scheme).page(), site)
    shop.ask(ORDER | {"amount": 99000, "customer_uid": "customer-1"}, what=what)
    expect(shop.window.locator("#approve")).to_be_visible()
    assert shop.page.frames[1].evaluate(POOR_CONTRASTS) == []
    fields = shop.window.locator("input:visible, select:visible")
    named = "els => els.filter(e => !e.labels?.[0]?.textContent.trim() && !e.ariaLabel).map(e => e.outerHTML)"
    assert fields.evaluate_all(named) == []
    assert shop.page.locator("dialog").get_attribute("aria-label")


def test_a_pg_without_a_channel_is_shown_and_added_with_one_click(shop: ShopPage, server: SandboxServer) -> None:
    shop.ask(ORDER | {"pg": "nicepay_v9.shop1"})
    expect(shop.window.get_by_role("status").filter(has_text="nicepay_v9.shop1")).to_be_visible()
    shop.press("이 채널 추가")
    expect(shop.window.get_by_text("추가했습니다")).to_be_visible()
    client = server.sandbox.client()
    adopted = [each for each in client.channels.list() if each.pg_provider == "nicepay_v9"]
    assert [each.pg_id for each in adopted] == ["shop1"]


def test_a_channel_key_that_no_channel_has_is_reported_and_adopted_with_one_click(
    shop: ShopPage, server: SandboxServer
) -> None:
    logged: list[str] = []
    shop.page.on("console", lambda message: logged.append(message.text))
    shop.ask(ORDER | {"channelKey": "channel-key-9", "pg": "tosspayments"})
    assert "channel_key" in shop.outcome["error_msg"]
    assert any(f"Add it at {server.url}/control" in text for text in logged)  # the page may leave at once
    notice = shop.page.frame_locator("aside iframe")
    expect(notice.get_by_role("status").filter(has_text="channel-key-9")).to_be_visible()
    notice.get_by_role("button", name="tosspayments").click()
    expect(notice.get_by_text("추가했습니다")).to_be_visible()
    shop.page.locator("aside > button").click()
    expect(shop.page.locator("aside")).to_have_count(0)
    (adopted,) = [each for each in server.sandbox.client().channels.list() if each.channel_key == "channel-key-9"]
    assert adopted.pg_provider == "tosspayments"
    shop.ask(ORDER | {"channelKey": "channel-key-9"})
    expect(shop.window.locator("#approve")).to_be_visible()


def test_at_400_percent_the_buttons_hide_no_choice(shop: ShopPage) -> None:
    """1280 × 1024 at 400 %: each choice and each button can be scrolled to and clicked."""
    shop.page.set_viewport_size({"width": 320, "height": 256})
    shop.ask(ORDER | {"amount": 60000})
    expect(shop.window.locator("#approve")).to_be_visible()
    page = shop.window.locator("html")
    assert page.evaluate("page => page.scrollHeight - innerHeight") == 0  # the sheet alone scrolls, not what is behind
    for place in ("#means label", "#cards label"):
        choices = shop.window.locator(place)
        expect(choices.first).to_be_visible()
        for number in range(choices.count()):
            choices.nth(number).click()  # fails if anything lies above it
            expect(choices.nth(number).locator("input")).to_be_checked()
        shop.window.locator("#means input[value=card]").check()
    shop.window.locator("#quota").select_option("3")
    shop.press("결제 승인")
    assert shop.outcome["success"] is False  # the last card was declined
    assert shop.outcome["imp_uid"]


def test_load_ui_draws_a_button_that_opens_the_window(shop: ShopPage) -> None:
    place = "<div class='portone-ui-container' data-portone-ui-type='paypal-spb'></div>"
    shop.page.evaluate("html => document.body.insertAdjacentHTML('beforeend', html)", place)
    shop.page.evaluate("IMP.init('imp00000000')")
    load = "asked => IMP.loadUI('paypal-spb', asked, outcome => { window.outcome = outcome; })"
    shop.page.evaluate(load, ORDER | {"pg": "html5_inicis", "amount": 1})
    shop.page.evaluate("asked => IMP.updateLoadUIRequest('paypal-spb', asked)", ORDER | {"pg": "html5_inicis"})
    shop.page.locator(".portone-ui-container button").click()
    expect(shop.window.get_by_text("12,000")).to_be_visible()


def test_months_and_the_card_company_of_the_page(shop: ShopPage, sandbox: Sandbox) -> None:
    asked = ORDER | {"amount": 60000, "display": {"card_quota": [4, 8]}, "card": {"direct": {"code": "367"}}}
    shop.ask(asked)
    expect(shop.window.locator("#cards")).to_contain_text("현대카드")
    expect(shop.window.locator("#quota option")).to_have_text(["일시불", "4개월", "8개월"])
    shop.window.locator("#quota").select_option("8")
    shop.press("결제 승인")
    assert (shop.outcome["card_name"], shop.outcome["card_quota"]) == ("현대카드", 8)
    shop.ask(asked | {"merchant_uid": "order-2", "card": {"direct": {"code": "366", "quota": 3}}})
    expect(shop.window.locator("#quota option")).to_have_text(["3개월"])
    shop.press("결제 승인")
    assert (shop.outcome["card_name"], shop.outcome["card_quota"]) == ("신한카드", 3)


def test_a_module_of_a_pg_says_what_is_not_played(shop: ShopPage) -> None:
    load = "type => IMP.loadModule(type, {userCode: 'imp00000000'}, {}).then(() => 'loaded', error => error.message)"
    assert shop.page.evaluate(load, "toss-brandpay") == "loaded"
    assert shop.page.evaluate(load, "nothing") == "지원하지 않는 모듈 타입(nothing)입니다."
    call = "IMP.loadModule('toss-brandpay').then(found => found.anything()).catch(error => error.message)"
    assert "toss-brandpay.anything" in shop.page.evaluate(call)
    shop.ask(ORDER, start="0")  # the module has said who the merchant is
    expect(shop.window.locator("#approve")).to_be_visible()


def test_load_ui_refuses_what_it_cannot_draw(shop: ShopPage) -> None:
    shop.page.evaluate(
        "IMP.init('imp00000000'); IMP.loadUI('nothing', {pg: 'kcp'}, outcome => { window.outcome = outcome; })"
    )
    assert shop.outcome["error_code"] == "F500"
