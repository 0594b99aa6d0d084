"""axe over every page in every state, and every page at 400 %."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Page, expect
from portone_v1_sandbox import Sandbox, SandboxServer

from tests.browser.axe import violations
from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, POOR_CONTRASTS, Watched
from tests.browser.states import STATES, Stage

Visitor = Callable[..., Watched]
# Of language, colours and size each pair of values: twice as many looks would find nothing that is not in one of these.
LOOKS: Final = {
    "ko-light-desktop": DESKTOP | {"locale": "ko-KR", "color_scheme": "light"},
    "ko-dark-phone": PHONE | {"locale": "ko-KR", "color_scheme": "dark"},
    "en-light-phone": PHONE | {"locale": "en-GB", "color_scheme": "light"},
    "en-dark-desktop": DESKTOP | {"locale": "en-GB", "color_scheme": "dark"},
}
ZOOMED: Final[Any] = {"width": 320, "height": 256}
"""1280 × 1024 at 400 %."""

# What lies beyond the right edge, and what is hidden by a box too small for it. Boxes that scroll hide nothing.
CUT: Final = """() => {
  const cut = [];
  const report = (element, why) => cut.push(`${why}: ${element.outerHTML.slice(0, 200)}`);
  const wide = document.documentElement.scrollWidth;
  if (wide > window.innerWidth) cut.push(`scrolls to ${wide}`);
  const scrolls = (element) => {
    for (let at = element.parentElement; at; at = at.parentElement) {
      if (["auto", "scroll"].includes(getComputedStyle(at).overflowX) && at !== document.body) return true;
    }
    return false;
  };
  for (const element of document.querySelectorAll("body *")) {
    if (!element.checkVisibility() || element.closest(".visually-hidden, thead")) continue;
    const style = getComputedStyle(element);
    const box = element.getBoundingClientRect();
    if (box.width > 1 && box.right > window.innerWidth + 1 && !scrolls(element)) report(element, "beyond the edge");
    const small = element.scrollWidth > element.clientWidth + 1;
    const hides = ["hidden", "clip"].includes(style.overflowX);
    const named = ["BUTTON", "A", "TH"].includes(element.tagName) && style.display !== "inline";
    if (small && (hides || named)) report(element, "too wide for its box");
  }
  return cut;
}"""


@pytest.fixture(autouse=True)
def _patience() -> None:
    expect.set_options(timeout=PATIENCE)


def settled(page: Page) -> None:
    """Wait until colours have faded in, because they would be measured half-way. A later redraw does not fade."""
    page.evaluate("Promise.allSettled(document.getAnimations().map((one) => one.finished))")


def zoomed(page: Page) -> None:
    """Zoom by resizing: the page stays, and its layout has fewer pixels."""
    page.set_viewport_size(ZOOMED)
    page.wait_for_function(f"window.innerWidth === {ZOOMED['width']}")
    # What listens to the width is called before the first of these, and has been drawn before the second.
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("name", STATES)
def test_axe_finds_nothing_and_nothing_is_cut_at_400_percent(
    visitor: Visitor, server: SandboxServer, sandbox: Sandbox, name: str, look: str
) -> None:
    watched = visitor(**LOOKS[look])
    found: list[str] = []
    page = watched.page()
    stage, size = Stage(page, server.url, sandbox), LOOKS[look]["viewport"]
    for state, arrange in STATES[name].items():
        page.unroute_all()
        page.set_viewport_size(size)
        arrange(stage)
        settled(page)
        found += [f"{state}: {one}" for one in violations(page)]
        found += [f"{state}: contrast of {one}" for one in page.evaluate(POOR_CONTRASTS)]
        if look.endswith("desktop"):  # once in each language
            zoomed(page)
            found += [f"{state}: {one}" for one in page.evaluate(CUT)]
    assert found == []


def test_axe_does_look(visitor: Visitor, server: SandboxServer, sandbox: Sandbox) -> None:
    page = visitor().page(server.url)
    expect(page.locator(".empty")).to_be_visible()
    page.route("**/_sandbox/**", lambda route: None)  # Nothing is drawn any more.
    page.evaluate(
        "document.querySelector('main').innerHTML = '<img src=/_sandbox/web/files/icon.svg><input><p id=x>a</p>'"
    )
    assert {one.partition(":")[0] for one in violations(page)} >= {"image-alt", "label"}
