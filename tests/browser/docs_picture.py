"""The picture of the documentation in Korean: a page of the reference, from the built site."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

from playwright.sync_api import Browser

from tests.browser.chromium import DESKTOP

__all__ = ["korean_docs"]


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


def korean_docs(browser: Browser, site: Path, file: Path) -> None:
    """Take a picture of the site, which `make docs` has built."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        look = {"locale": "ko-KR", "color_scheme": "light", "viewport": {"width": 1280, "height": 900}}
        page = browser.new_page(**(DESKTOP | look))
        page.goto(
            f"http://127.0.0.1:{server.server_port}/ko/reference/payments/#portone_v1.PortOne.payments.cancel_once"
        )
        page.locator(".md-content").wait_for()
        page.screenshot(path=file)
        page.close()
        server.shutdown()
