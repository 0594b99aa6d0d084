"""A real Chromium without a screen, and the sizes that pages are looked at in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36",
}
PATIENCE = 20_000
"""Milliseconds: this may be a slow machine, and nothing is waited for longer than it takes."""

# Relative luminance and contrast as WCAG 2 defines them, of each piece of text on what lies behind it.
POOR_CONTRASTS = """() => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 1, height: 1 });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const known = new Map();
  const rgb = (text) => {
    if (!known.has(text)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = text;
      context.fillRect(0, 0, 1, 1);
      known.set(text, [...context.getImageData(0, 0, 1, 1).data]);
    }
    return known.get(text);
  };
  const light = (color) => {
    const [r, g, b] = color.map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const color = rgb(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return rgb(getComputedStyle(document.documentElement).getPropertyValue("--ground"));
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility()) continue;
    const [one, two] = [light(rgb(getComputedStyle(element).color)), light(behind(element))];
    const contrast = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (contrast < 4.5) poor.push(`${walker.currentNode.data.trim()}: ${contrast.toFixed(2)}`);
  }
  return poor;
}"""


SHELL = "chromium-headless-shell"
"""The same engine without what draws a window around it, which costs three times as much as the pages."""
WHOLE = ("chromium", "chromium-browser", "google-chrome")


def path_of_chromium(*, whole: bool = True) -> str:
    """Return the path, or skip the test if there is no Chromium; in the CI that is a failure."""
    names = WHOLE if whole else (SHELL, *WHOLE)
    path = next(filter(None, map(shutil.which, names)), None)
    if path is not None:
        return path
    reason = "there is no Chromium: apt-get install chromium"
    if os.environ.get("PORTONE_V1_CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@contextmanager
def running_browser(path: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Browsers:
    """One Chromium for each set of flags, started when a test first needs it."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._playwright: Playwright | None = None
        self._running: dict[tuple[str, ...], Browser] = {}

    def running(self, *flags: str, whole: bool = False) -> Browser:
        path = path_of_chromium(whole=whole)
        if self._playwright is None:
            self._playwright = self._stack.enter_context(sync_playwright())
        if (path, *flags) not in self._running:
            browser = self._playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *flags])
            self._running[path, *flags] = browser
            self._stack.callback(browser.close)
        return self._running[path, *flags]

    def close(self) -> None:
        """End all of them, and Playwright's event loop in this thread, which other folders' tests need for theirs."""
        self._stack.close()
        self._playwright = None
        self._running.clear()


class Watched:
    """Pages of one visitor. Whatever a script of theirs stumbles over is kept."""

    def __init__(self, context: BrowserContext) -> None:
        self.context = context
        self.errors: list[str] = []
        context.set_default_timeout(PATIENCE)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))

    def page(self, url: str | None = None) -> Page:
        page = self.context.new_page()
        if url is not None:
            page.goto(url)
        return page

    def close(self) -> None:
        try:
            self.context.close()
        except Error as error:
            self.errors.append(str(error))
        assert self.errors == []
