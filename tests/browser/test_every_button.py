"""Every button, link and fold of a page is pressed. They are listed from the page: a new one has to be added.

The control room has its own tests: test_control_room.py.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import ElementHandle, Error, Page, Response, expect
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, Watched
from tests.browser.states import STATES, Stage

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
    """The control call is made, and the sandbox accepts it."""

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
    """Something is there that was not there before, or as often as that."""

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
    """Checked where the shop's page gets the outcome: test_shop.py and test_page.py."""
    press()
    expect(_page.locator("#headline")).to_be_visible()


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
    """Arrange a page: an address, and what is pressed there until everything is in sight."""

    def arrange(stage: Stage) -> None:
        stage.go(path.replace("UID", stage.fill()))
        expect(stage.page.locator(selector).first).to_be_visible()
        for click in clicks:
            stage.page.locator(click).first.click()

    return arrange


def part_of_a_refund(path: str, button: str) -> Callable[[Stage], None]:
    """So that there is something left to refund the next time."""

    def arrange(stage: Stage) -> None:
        at(path, button, button)(stage)
        stage.page.locator("dialog input").first.fill("10")

    return arrange


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


TIMELINE: Final = "/payments/UID/timeline"
SCENES: Final[dict[str, list[Callable[[Stage], None]]]] = {
    "list": [
        at("/", "tbody tr"),
        *(at(f"/?tab={tab}", "tbody tr") for tab in ("schedules", "webhooks", "journal")),
        at("/?q=nowhere", ".empty"),
        at("/", "tbody tr", "#go-following"),
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
        while _press_some(stage, watched, arrange, left, name):
            pass
    assert list(left) == [], "there is no such control any more"


def _press_some(
    stage: Stage, watched: Watched, arrange: Callable[[Stage], None], left: dict[str, Effect], name: str
) -> bool:
    """Press what is left of a scene, until the page is another one. Return whether there was anything."""
    page = stage.page = watched.page()
    arrange(stage)
    began, pressed = page.url, False
    while page.url == began and page.evaluate("document.documentElement.lang") == "ko":
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
    page.close()
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
