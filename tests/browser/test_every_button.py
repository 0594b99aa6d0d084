"""Every button, link and fold of every page is pressed. They are listed from the pages: a new one has to be added."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urldefrag

import pytest
from playwright.sync_api import ElementHandle, Error, Page, Response, expect
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, Watched
from tests.browser.states import STATES, Stage
from tests.browser.stories import open_window

Visitor = Callable[..., Watched]
Press = Callable[[], None]
Effect = Callable[[Page, Press], None]

# Names without what differs from row to row: numbers, and what stands after a colon.
CONTROLS: Final = """() => {
  const named = (one) => {
    if (one.closest("tbody, .timeline, .finding") && one.matches(".stop")) return "row";
    const family = ["#states", "#kinds", ".found"].find((each) => one.closest(each));
    if (family) return family; // one for each status, kind and rule that there is
    const words = one.ariaLabel || one.innerText || one.labels?.[0]?.innerText || "";
    if (one.closest("#armed .rows")) return "장애 해제"; // one for each that is there
    const form = one.closest("form")?.ariaLabel;
    const plain = words.replace(/\\s*[#+~]?\\d[\\d,.:-]*/g, " N").replace(/: .*$/s, "").replace(/\\s+/g, " ").trim();
    if (one.closest(".nav")) return plain.replace(/ N$/, ""); // with or without a number of findings
    if (/^(curl|Python|PHP|Java) 코드 복사$/.test(plain)) return "코드 복사";
    return form ? `${form} > ${plain}` : plain;
  };
  const all = document.querySelectorAll("button, a[href], summary, input[type=checkbox]");
  const open = document.querySelector("dialog[open]");
  const usable = (one) => (!open || open.contains(one)) && one.checkVisibility() && !one.disabled;
  return [...all].filter(usable).map((one) => [named(one), one]);
}"""
NAMES: Final = f"() => ({CONTROLS})().map(([name]) => name)"
FIND: Final = f"(name) => ({CONTROLS})().find((one) => one[0] === name)[1]"


def calls(path: str) -> Effect:
    """Check that the control call is made, and that the sandbox accepts it."""

    def check(page: Page, press: Press) -> None:
        def made(response: Response) -> bool:
            return response.request.method == "POST" and response.url.endswith(f"/_sandbox/{path}")

        with page.expect_response(made) as caught:
            press()
        assert caught.value.json()["code"] == 0, caught.value.json()

    return check


def goes(path: str) -> Effect:
    def check(page: Page, press: Press) -> None:
        press()
        page.wait_for_url(f"**{path}")

    return check


def shows(selector: str, count: int | None = None) -> Effect:
    """Check that something appears that was not there, or appears as often as given."""

    def check(page: Page, press: Press) -> None:
        before = page.locator(selector).count()
        press()
        expected = count if count is not None else before + 1
        assert before != expected, f"{selector} is there already"
        expect(page.locator(selector)).to_have_count(expected)

    return check


def copies(words: str) -> Effect:
    def check(page: Page, press: Press) -> None:
        page.evaluate("navigator.clipboard.writeText('')")
        press()
        expect(page.locator("#toast")).to_have_text("복사했습니다.")
        assert words in page.evaluate("navigator.clipboard.readText()")

    return check


def focuses(selector: str) -> Effect:
    def check(page: Page, press: Press) -> None:
        press()
        expect(page.locator(selector)).to_be_focused()

    return check


def answers(_page: Page, press: Press) -> None:
    """Check that the window ends. test_shop.py and test_page.py check the outcome that the shop's page gets."""
    press()
    expect(_page.locator("#headline")).to_be_visible()


def sends_what_was_held(page: Page, press: Press) -> None:
    calls("webhooks/release")(page, press)
    expect(page.locator("#hold")).not_to_be_checked()


def back_to_curl(page: Page, press: Press) -> None:
    page.get_by_role("button", name="PHP", exact=True).first.click()
    expect(page.locator(".codebox").first).to_contain_text("file_get_contents")
    press()
    expect(page.locator(".codebox").first).to_contain_text("curl -X")


HEAD: Final[dict[str, Effect]] = {
    "내용으로 건너뛰기": focuses("#main"),
    "결제": goes("/"),
    "제어실": goes("/control"),
    "점검": goes("/findings"),
    "N일": calls("clock"),
    "English": shows("html[lang=en]"),
    "단축키 ?": shows("dialog"),
}
DIALOG: Final[dict[str, Effect]] = {
    "그만두기": shows("dialog", 0),
    "닫기": shows("dialog", 0),
    "한 글자 단축키 사용": shows("dialog input:not(:checked)"),
}
CARDS: Final = {
    "시계": "clock",
    "구매자가 되어 결제": "buy",
    "환불 · 입금 · 늦은 승인": "money",
    "다음 호출에 장애 주입": "faults",
    "웹훅": "webhooks",
    "인증번호": "codes",
    "네이버페이 · 에스크로": "events",
    "채널": "channels",
    "상점": "shops",
    "내가 하는 일을 테스트로 기록": "record",
}
PRESSED: Final[dict[str, dict[str, Effect]]] = {
    "list": HEAD
    | DIALOG
    | {
        "#states": shows("#states [aria-pressed=true]"),
        "결제 N": focuses("#tab-payments"),
        "빌링키 N": shows("#tab-billing_keys[aria-selected=true]"),
        "결제예약 N": shows("#tab-schedules[aria-selected=true]"),
        "웹훅 N": shows("#tab-webhooks[aria-selected=true]"),
        "API 기록 N": shows("#tab-journal[aria-selected=true]"),
        "row": goes("/timeline*"),
        "환불…": shows("dialog"),
        "N원 환불": calls("cancels"),
        "입금": calls("deposits"),
        "편의점 수납": calls("store-payments"),
        "구매확인": calls("inicis/events"),
        "환불 완료": calls("refunds/settle"),
        "웹훅 재전송": calls("webhooks/resend"),
        "조건 지우기": shows(".empty", 0),
        "필터": shows("#filters[open]"),
        "다음": goes("/?after=*"),
        "처음": goes("/"),
        "이전": goes("/?before=*"),
        "새 항목 N건 보기": shows("tr.new"),
    },
    "payment": HEAD
    | DIALOG
    | {
        "← 목록": goes("/"),
        "환불…": shows("dialog"),
        "N원 환불": calls("cancels"),
        "웹훅 재전송": calls("webhooks/resend"),
        "복사": copies("order-partly"),
        "모두 펼치기": shows(".event > details:not([open])", 0),
        "모두 접기": shows(".event > details[open]", 0),
        "개인정보 보기": shows("#reveal[aria-pressed=true]"),
        "개인정보 가리기": shows("#reveal[aria-pressed=false]"),
        "row": shows(".event > details[open]"),
        ".found": goes("/findings#cancel-without-checksum"),
        "헤더 N개": shows(".side details[open]"),
        "curl": back_to_curl,
        "Python": shows(".codebox:has-text('import httpx')"),
        "PHP": shows(".codebox:has-text('file_get_contents')"),
        "Java": shows(".codebox:has-text('HttpRequest')"),
        "코드 복사": copies("127.0.0.1"),
        "#kinds": shows("#kinds [aria-pressed=false]"),
    },
    "findings": HEAD
    | {
        "위험 N": shows("#levels [aria-pressed=false]"),
        "권고 N": shows("#levels [aria-pressed=false]"),
        "row": shows(".finding details[open]", 0),
        "타임라인에서 보기": goes("/timeline*"),
        "이 규칙 끄기": calls("lint/mute"),
        "다시 켜기": calls("lint/unmute"),
    },
    "room": {"복사": shows("#toast:has-text('복사했습니다.')")}  # first: a code expires when the clock moves
    | HEAD
    | {
        "기록 N": goes("/control#record"),
        **{name: goes(f"/control#{place}") for name, place in CARDS.items()},
        "날짜와 시각 (KST) > 이 시각으로": calls("clock"),
        "날짜와 시각 (KST) > N시간": calls("clock"),
        "날짜와 시각 (KST) > N일": calls("clock"),
        "앞으로 갈 일수 > 일 앞으로": calls("clock"),
        "배속 > 시계 흐르게": calls("clock"),
        "배속 > 시계 멈추기": calls("clock"),
        "구매자가 되어 결제 > 결제하기": calls("payments"),
        "환불 > 환불": calls("cancels"),
        "가상계좌 입금 > 틀린 금액 입금": shows("#toast.bad"),
        "가상계좌 입금 > 입금": calls("deposits"),
        "늦은 승인 > 지금 승인": calls("payments/late"),
        "다음 호출에 장애 주입 > 장애 주입": calls("faults"),
        "다음 승인 거절 > 거절 설정": calls("declines"),
        "보낼 주소 > 주소 저장": calls("webhooks/settings"),
        "N 앞으로": shows("#queue li:first-child:has-text('order-held-2')"),
        "N 뒤로": shows("#queue li:first-child:has-text('order-held-1')"),
        "N 버리기": calls("webhooks/drop"),
        "다음 N건 버리기": calls("webhooks/drop"),
        "이 순서로 보내기": sends_what_was_held,
        "보류": calls("webhooks/hold"),
        "N 다시 보내기": calls("webhooks/resend"),
        "N": goes("/timeline"),
        "네이버페이 이벤트 > 이벤트 보내기": calls("naver/events"),
        "이니시스 에스크로 이벤트 > 이벤트 보내기": calls("inicis/events"),
        "채널로 등록": calls("channels/adopt"),
        "채널로 등록 > 채널로 등록": calls("channels/adopt"),
        "이 상점의 채널 N": shows("#channels details[open]"),
        "채널 추가": shows("#channels details:not([open])"),
        "채널 추가 > 추가": calls("channels/adopt"),
        "가져오기": shows("#channels details:not([open])"),
        "가져오기 > 채널 가져오기": calls("channels/import"),
        "채널 추가 > 테스트 채널": shows("[name=sandbox]:checked"),
        "상점 추가 > 이 상점 열기": goes("/control?shop=second"),
        "시나리오 > 재생": calls("scenarios"),
        "스냅샷 > 저장": calls("snapshots"),
        "되돌리기": calls("snapshots/restore"),
        "삭제": calls("snapshots/delete"),
        "기록 시작": shows("#record button:has-text('기록 멈춤')"),
        "기록 멈춤": shows("#record button:has-text('기록 시작')"),
        "curl": shows("#test:has-text('#!/bin/sh')"),
        "Python": shows("#test:has-text('import httpx')"),
        "지우기": shows("#test", 0),
        "테스트 복사": copies("def test_recorded"),
        "장애 해제": calls("faults/remove"),
        "모두 해제": calls("faults/clear"),
        "이 상점 비우기": shows("dialog"),
        "그만두기": shows("dialog", 0),
    },
    "window": {
        "English": shows("html[lang=en]"),
        "결제 승인": answers,
        "가상계좌 발급": answers,
        "본인인증 완료": answers,
        "PG가 거절": answers,
        "닫기 (결제 포기)": answers,
        "닫기 (인증 포기)": answers,
        "거절 사유": shows("#reason-group[open]"),
        "이 채널 추가": calls("channels/adopt"),
    },
}


def more_than_a_page(stage: Stage) -> None:
    for n in range(30):
        stage.sandbox.pay(merchant_uid=f"order-{n:03}", amount=1000)
    stage.fill()


def at(path: str, selector: str, *clicks: str) -> Callable[[Stage], None]:
    """Arrange a page: open an address, and press buttons there until everything is visible."""

    def arrange(stage: Stage) -> None:
        stage.go(path.replace("UID", stage.fill()))
        expect(stage.page.locator(selector).first).to_be_visible()
        for click in clicks:
            stage.page.locator(click).first.click()

    return arrange


def part_of_a_refund(path: str, button: str) -> Callable[[Stage], None]:
    """Refund a part, so that something is left to refund the next time."""

    def arrange(stage: Stage) -> None:
        at(path, button, button)(stage)
        stage.page.locator("dialog input").first.fill("10")

    return arrange


def the_second_page(stage: Stage) -> None:
    at("/", "tbody tr", "#go-following")(stage)
    expect(stage.page.locator("#go-previous")).to_be_enabled()  # else the first page is still the one in sight


def something_new(stage: Stage) -> None:
    at("/", "tbody tr")(stage)
    stage.sandbox.pay(merchant_uid=f"order-new-{len(stage.sandbox.ledger)}", amount=1000)
    expect(stage.page.locator("#fresh")).to_be_visible()


def on_a_phone(stage: Stage) -> None:
    stage.page.set_viewport_size(PHONE["viewport"])
    at("/", "tbody tr")(stage)


def another_language_of_code(stage: Stage) -> None:
    at("/payments/UID/timeline", "summary.stop", "summary.stop:has-text('payments_cancel')")(stage)
    stage.page.get_by_role("button", name="PHP", exact=True).click()


def ready_room(stage: Stage) -> None:
    """Prepare what each form can do, and fill the forms in."""
    page, sandbox = stage.page, stage.sandbox
    STATES["room"]["busy"](stage)
    left = sandbox.pay(merchant_uid=f"order-left-{len(sandbox.notifications)}", amount=1000, status="ready")
    unknown = f"nobody.mid{len(sandbox.notifications)}"
    open_window(stage.url, pg=unknown)
    open_window(stage.url, channelKey=unknown)
    product = next(iter(sandbox._engine.state.product_orders))
    for summary in page.locator("#channels summary").all()[1:]:
        summary.click()
    values = {
        "#money form:nth-of-type(1) [name=id]": "order-paid",
        "#money form:nth-of-type(1) [name=amount]": "10",
        "#money form:nth-of-type(2) [name=id]": "order-account",
        "#money form:nth-of-type(3) [name=id]": left.imp_uid,
        "#events form:nth-of-type(1) [name=id]": product,
        "#events form:nth-of-type(2) [name=id]": "order-escrow",
        "#channels [name=pg][type=text]": "kakaopay",
        "#channels [name=mid]": "TC0ONETIME",
        "#channels [name=json]": '[{"pg_provider": "nice_v2", "pg_id": "nictest04m", "type": "payment"}]',
        "#shops form:nth-of-type(1) [name=name]": "second",
    }
    for selector, value in values.items():
        page.locator(selector).fill(value)
    page.locator("#events [name=event]").first.select_option("cancel_requested")


def room_with_a_snapshot(stage: Stage) -> None:
    ready_room(stage)
    stage.page.get_by_role("form", name="스냅샷").get_by_role("button").click()
    expect(stage.page.locator("#snapshots button").first).to_be_visible()


TIMELINE: Final = "/payments/UID/timeline"
SCENES: Final[dict[str, list[Callable[[Stage], None]]]] = {
    "list": [
        at("/", "tbody tr"),
        *(at(f"/?tab={tab}", "tbody tr") for tab in ("schedules", "webhooks", "journal")),
        at("/?q=nowhere", ".empty"),
        the_second_page,
        part_of_a_refund("/?q=order-paid", "button[aria-label='환불…: order-paid']"),
        at("/", "tbody tr", "#foot button"),
        something_new,
        on_a_phone,
    ],
    "payment": [
        at(TIMELINE, "summary.stop"),
        at(TIMELINE, "summary.stop", "summary.stop:has-text('payments_cancel')"),
        another_language_of_code,
        at(TIMELINE, "summary.stop", "#expand"),
        part_of_a_refund(TIMELINE, "#act-cancel"),
        at(TIMELINE, "summary.stop", "#foot button"),
    ],
    "findings": [at("/findings", ".finding")],
    "room": [
        ready_room,
        room_with_a_snapshot,
        at("/control", "#channels"),
        at("/control", "#channels", "#reset"),
    ],
    "window": [STATES["window"][name] for name in ("card", "account", "unknown", "certification")],
}


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


@pytest.mark.timeout(400)
@pytest.mark.parametrize("name", SCENES)
def test_every_control_does_something(visitor: Visitor, server: SandboxServer, sandbox: Sandbox, name: str) -> None:
    watched = visitor(**DESKTOP, permissions=["clipboard-read", "clipboard-write"])
    stage = Stage(watched.page(), server.url, sandbox)
    more_than_a_page(stage)
    sandbox.webhooks.configure(url=f"{server.url}/nothing")
    left = dict(PRESSED[name])
    for arrange in SCENES[name]:
        while _press_some(stage, arrange, left, name):
            pass
        stage.page.set_viewport_size(DESKTOP["viewport"])
    assert list(left) == [], "there is no such control any more"


def _press_some(stage: Stage, arrange: Callable[[Stage], None], left: dict[str, Effect], name: str) -> bool:
    """Press the remaining buttons of a scene until the page changes. Return whether there were any."""
    page = stage.page
    arrange(stage)
    began, pressed = urldefrag(page.url).url, False
    while urldefrag(page.url).url == began and page.evaluate("document.documentElement.lang") == "ko":
        found: list[str] = page.evaluate(NAMES)
        assert [each for each in found if each not in PRESSED[name]] == [], f"press it, too, on the {name} page"
        one = next((each for each in left if each in found), None)
        if one is None:
            break
        in_dialog = page.locator("dialog").count()
        try:
            left.pop(one)(page, presser(page, one))
        except (AssertionError, Error) as error:
            raise AssertionError(f"{name}: {one}") from error
        pressed = True
        if page.locator("dialog").count() != in_dialog:
            break
    page.evaluate("localStorage.clear()")
    return pressed


def presser(page: Page, name: str) -> Press:
    def press() -> None:
        for attempt in range(3):
            element: Any = page.evaluate_handle(FIND, name).as_element()
            assert isinstance(element, ElementHandle)
            try:
                element.focus()  # what is hidden until it has the focus, too
                element.click(timeout=PATIENCE / 4)
            except Error as error:
                if attempt == 2 or "attached" not in str(error):
                    raise
            else:
                return  # else the page drew it anew meanwhile

    return press
