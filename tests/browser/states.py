"""Every page in every state that it can be in: what is looked at for accessibility, at 400 % and in pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, expect
from portone_v1_sandbox import Sandbox

from tests.browser.stories import busy_room, morning, open_window

TABS: Final = ("payments", "billing_keys", "schedules", "webhooks", "journal")


@dataclass(slots=True)
class Stage:
    """A page of a visitor, and the sandbox behind it, which stays filled from one state to the next."""

    page: Page
    url: str
    sandbox: Sandbox
    longest: str | None = None
    """The payment with the longest story, once there is one."""

    def go(self, path: str) -> None:
        self.page.goto(f"{self.url}{path}")

    def fill(self) -> str:
        if self.longest is None:
            self.longest = morning(self.url, self.sandbox)
        return self.longest

    def lose(self) -> None:
        """Make the server unreachable."""
        self.page.route("**/_sandbox/**", lambda route: route.abort())
        expect(self.page.get_by_role("alert")).to_be_visible()


def list_empty(stage: Stage) -> None:
    stage.go("/")
    expect(stage.page.locator(".empty")).to_be_visible()


def _tab(name: str) -> Callable[[Stage], None]:
    def arrange(stage: Stage) -> None:
        stage.fill()
        stage.go("/")
        stage.page.locator(f"#tab-{name}").click()
        expect(stage.page.locator("tbody tr").first).to_be_visible()

    return arrange


def list_nothing_found(stage: Stage) -> None:
    stage.fill()
    stage.go("/?q=customer-1")
    expect(stage.page.locator(".empty")).to_be_visible()


def list_dialog(stage: Stage) -> None:
    stage.fill()
    stage.go("/")
    stage.page.get_by_role("button", name="order-paid").click()
    expect(stage.page.get_by_role("dialog")).to_be_visible()


def list_lost(stage: Stage) -> None:
    stage.go("/")
    expect(stage.page.locator(".empty")).to_be_visible()
    stage.lose()


def payment_closed(stage: Stage) -> None:
    stage.go(f"/payments/{stage.fill()}/timeline")
    expect(stage.page.locator("summary.stop").first).to_be_visible()


def payment_open(stage: Stage) -> None:
    payment_closed(stage)
    stage.page.locator("#expand").click()
    expect(stage.page.locator(".codebox").first).to_be_visible()


def payment_refund(stage: Stage) -> None:
    payment_closed(stage)
    stage.page.locator(".head-actions button").first.click()
    expect(stage.page.get_by_role("dialog")).to_be_visible()


def payment_help(stage: Stage) -> None:
    payment_closed(stage)
    stage.page.keyboard.press("?")
    expect(stage.page.get_by_role("dialog")).to_be_visible()


def payment_gone(stage: Stage) -> None:
    stage.go("/payments/imp_000000000000/timeline")
    expect(stage.page.locator("h1")).to_be_visible()


def payment_lost(stage: Stage) -> None:
    payment_closed(stage)
    stage.lose()


def room_idle(stage: Stage) -> None:
    stage.go("/control")
    expect(stage.page.locator("#channels")).to_be_visible()


def room_busy(stage: Stage) -> None:
    stage.fill()
    busy_room(stage.url, stage.sandbox)
    room_idle(stage)
    stage.page.locator("#record button").first.click()
    stage.page.locator("#faults form button").first.click()
    expect(stage.page.locator("#test")).to_be_visible()


def room_unfolded(stage: Stage) -> None:
    room_idle(stage)
    for summary in stage.page.locator("#channels summary").all():
        summary.click()


def room_lost(stage: Stage) -> None:
    room_idle(stage)
    stage.lose()


def findings_none(stage: Stage) -> None:
    stage.go("/findings")
    expect(stage.page.locator("#findings > *").first).to_be_visible()


def findings_some(stage: Stage) -> None:
    stage.fill()
    findings_none(stage)
    expect(stage.page.locator("#findings h2").first).to_be_visible()


def findings_muted(stage: Stage) -> None:
    findings_some(stage)
    stage.page.locator("#findings details[open] button").first.click()
    expect(stage.page.locator("#muted li")).to_have_count(1)
    stage.sandbox.lint.unmute(*stage.sandbox.lint.muted)


def window_card(stage: Stage) -> None:
    stage.page.goto(open_window(stage.url))
    expect(stage.page.locator("#approve")).to_be_visible()


def window_account(stage: Stage) -> None:
    stage.page.goto(open_window(stage.url, pay_method="vbank"))
    expect(stage.page.locator("#vbank-group")).to_be_visible()
    stage.page.locator("#reason-group summary").click()


def window_unknown(stage: Stage) -> None:
    stage.page.goto(open_window(stage.url, pg=f"nobody.mid{len(stage.sandbox.journal)}"))
    expect(stage.page.locator("#unknown button")).to_be_visible()
    # The buttons stay over a window that is higher than its frame: its end is looked at, as a buyer scrolls to it.
    stage.page.evaluate("document.querySelector('.sheet').scrollTop = 10000")


def window_certification(stage: Stage) -> None:
    stage.page.goto(open_window(stage.url, kind="certification"))
    expect(stage.page.locator("#person-name")).to_be_visible()


def window_gone(stage: Stage) -> None:
    address = open_window(stage.url)
    stage.sandbox.reset()
    stage.page.goto(address)
    expect(stage.page.locator("#message")).to_be_visible()


# Empty ones first.
STATES: Final[dict[str, dict[str, Callable[[Stage], None]]]] = {
    "list": {
        "empty": list_empty,
        "lost": list_lost,
        **{name: _tab(name) for name in TABS},
        "nothing found": list_nothing_found,
        "dialog": list_dialog,
    },
    "payment": {
        "gone": payment_gone,
        "closed": payment_closed,
        "open": payment_open,
        "refund": payment_refund,
        "help": payment_help,
        "lost": payment_lost,
    },
    "room": {"idle": room_idle, "unfolded": room_unfolded, "lost": room_lost, "busy": room_busy},
    "findings": {"none": findings_none, "some": findings_some, "muted": findings_muted},
    "window": {
        "card": window_card,
        "account": window_account,
        "unknown": window_unknown,
        "certification": window_certification,
        "gone": window_gone,
    },
}
