"""The search of both sites, in a browser: what people type leads to the page that they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Error, expect

from tests.browser.chromium import path_of_chromium, running_browser

pytestmark = [pytest.mark.apart, pytest.mark.xdist_group("site"), pytest.mark.timeout(600)]  # the first builds both

ROOT = Path(__file__).parents[2]


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """Serve both sites on a port of this machine."""
    path_of_chromium()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def first_result(address: str) -> Iterator[Callable[[str, str], str]]:
    """Return a function that searches in one language and returns the address of the first result."""
    with running_browser(path_of_chromium()) as browser:
        page = browser.new_page()

        def search(top: str, words: str) -> str:
            page.goto(f"{address}/{top}")
            found = page.locator(".md-search-result__item a").first
            for _ in range(4):  # what is typed before the page's script listens is not searched
                page.locator(".md-search__input").fill("")
                page.keyboard.type(words)
                try:
                    found.wait_for(state="attached", timeout=10_000)
                    break
                except Error:
                    continue
            expect(found).to_be_attached()
            return (found.get_attribute("href") or "").removeprefix(address).partition("?")[0]

        yield search


@pytest.mark.parametrize(
    ("top", "words", "leads_to"),
    [
        ("ko/", "환불하기", "/ko/tasks/cancel/"),
        ("ko/", "무통장입금", "/ko/reference/vbanks/"),
        ("ko/", "위변조", "/ko/tasks/verify-after-payment/"),
        ("ko/", "logging", "/ko/tasks/logging/"),
        ("ko/", "판다스", "/ko/tasks/pandas/"),
        ("ko/", "일할계산", "/ko/tasks/plan-changes/"),
        ("", "pandas", "/tasks/pandas/"),
        ("", "proration", "/tasks/plan-changes/"),
        ("", "dunning", "/tasks/dunning/"),
    ],
)
def test_what_people_type_leads_to_the_page(
    first_result: Callable[[str, str], str], top: str, words: str, leads_to: str
) -> None:
    assert first_result(top, words) == leads_to


@pytest.mark.parametrize("top", ["", "ko/"])
def test_a_vendor_name_leads_to_ours(first_result: Callable[[str, str], str], top: str) -> None:
    assert first_result(top, "KcpQuickControllerAnnotation") == f"/{top}reference/vendor-names/"
