"""Pages that load V1's script by its real address, and what Chromium lets pages of the web load from this machine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from playwright.sync_api import Page
from portone_v1_sandbox import Sandbox, SandboxServer
from portone_v1_sandbox.proxy import ProxyServer, open_certificate
from portone_v1_sandbox.proxy.advice import browser_flags

from tests.browser.chromium import DESKTOP, PATIENCE, PHONE, Browsers, Watched

Come = Callable[..., Watched]
SCRIPT = "https://cdn.iamport.kr/v1/iamport.js"
ORDER = {"merchant_uid": "order-1", "amount": 12000, "name": "커피", "pg": "html5_inicis"}
PUBLIC = "shop.example"
"""A host whose address Chromium takes for one of the web."""


class Site(NamedTuple):
    """A shop's server. `paths` are those that a browser asked for, with the headers of each."""

    port: int
    paths: list[tuple[str, dict[str, str]]]

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}"


@contextmanager
def site(script: str) -> Iterator[Site]:
    html = f"<!doctype html><html lang='ko'><title>shop</title><body><script src='{script}'></script>".encode()
    asked: list[tuple[str, dict[str, str]]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append((self.path, dict(self.headers)))
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html)

        do_OPTIONS = do_GET  # noqa: N815 - a preflight

        def log_message(self, *_: object) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield Site(serving.server_port, asked)
        finally:
            serving.shutdown()
            thread.join()


@pytest.fixture(scope="module")
def proxy(server: SandboxServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxyServer]:
    certificate, _ = open_certificate(tmp_path_factory.mktemp("home") / "kept", datetime.now(UTC))
    with ProxyServer(server.url, certificate, allowed_hosts=[PUBLIC]) as running:
        yield running


@pytest.fixture
def come(browsers: Browsers) -> Iterator[Come]:
    """Return a function that opens a visitor in a browser with these flags: in all of Chromium to test its rules."""
    with ExitStack() as stack:

        def one(*flags: str, whole: bool = False, **options: Any) -> Watched:
            context = browsers.running(*flags, whole=whole).new_context(**(DESKTOP | {"locale": "ko-KR"} | options))
            stack.callback(context.close)
            return Watched(context)

        yield one


def ask(page: Page, **more: Any) -> None:
    page.evaluate(
        "asked => { IMP.init('imp00000000'); IMP.request_pay(asked, outcome => { window.outcome = outcome; }); }",
        ORDER | more,
    )


def pay(page: Page) -> dict[str, Any]:
    ask(page)
    page.frame_locator("dialog iframe").get_by_role("button", name="결제 승인", exact=True).click(timeout=PATIENCE)
    result: dict[str, Any] = page.wait_for_function("window.outcome", timeout=PATIENCE).json_value()
    return result


def flags(proxy: ProxyServer, *, certificate_only: bool = False) -> list[str]:
    server, trust = browser_flags(proxy.url, proxy.certificate)
    return [trust] if certificate_only else [server, trust]


def test_an_unchanged_page(proxy: ProxyServer, sandbox: Sandbox, come: Come) -> None:
    """It loads the script by its real address, pays, and is called back."""
    with site(SCRIPT) as shop:
        page = come(*flags(proxy)).page(shop.url())
        result = pay(page)
        payment = sandbox.client().payments.find("order-1")
        assert (result["success"], result["imp_uid"], result["paid_amount"]) == (True, payment.imp_uid, 12000)
        loaded = page.evaluate("performance.getEntriesByType('resource').map(entry => entry.name)")
        assert SCRIPT in loaded


def test_an_unchanged_page_on_a_phone(proxy: ProxyServer, sandbox: Sandbox, come: Come) -> None:
    with site(SCRIPT) as shop:
        page = come(*flags(proxy), **PHONE).page(shop.url())
        ask(page, m_redirect_url=f"{shop.url()}/done")
        page.wait_for_url("https://cdn.iamport.kr/_sandbox/web/windows/*")
        page.get_by_role("button", name="결제 승인", exact=True).click()
        page.wait_for_url("**/done?*")
        assert dict(parse_qsl(urlsplit(page.url).query))["merchant_uid"] == "order-1"
    assert sandbox.client().payments.find("order-1").status == "paid"


def test_by_a_pac_file(proxy: ProxyServer, sandbox: Sandbox, come: Come) -> None:
    """Only the two names go through it."""
    pac = f"{proxy.url}/proxy.pac"
    with site(SCRIPT) as shop:
        visitor = come(f"--proxy-pac-url={pac}", *flags(proxy, certificate_only=True), whole=True)
        assert pay(visitor.page(shop.url()))["success"] is True


def test_without_trust_nothing_is_loaded(proxy: ProxyServer, come: Come) -> None:
    with site(SCRIPT) as shop:
        page = come(flags(proxy)[0]).page(shop.url())
        assert page.evaluate("typeof window.IMP") == "undefined"


def public(port: int) -> list[str]:
    """Return flags that make one port of this machine a server on the web."""
    return [f"--host-resolver-rules=MAP {PUBLIC} 127.0.0.1", f"--ip-address-space-overrides=127.0.0.1:{port}=public"]


def secure(port: int) -> str:
    """Return the flag that makes Chromium treat that server like one with https."""
    return f"--unsafely-treat-insecure-origin-as-secure=http://{PUBLIC}:{port}"


ANDROID = (
    "Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP2A.240805.005; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36"
)
IOS = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"


@pytest.mark.parametrize("agent", [ANDROID, IOS], ids=["android", "ios"])
@pytest.mark.parametrize("press", ["결제 승인", "거절", "취소"])
def test_a_page_in_a_web_view(proxy: ProxyServer, sandbox: Sandbox, come: Come, agent: str, press: str) -> None:
    """The window takes the place of the page, and the result is the query of an address the app waits for."""
    with site(SCRIPT) as shop:
        page = come(*flags(proxy), **PHONE | {"user_agent": agent}).page(shop.url())
        ask(page, m_redirect_url=f"{shop.url()}/iamport/rn?kept=1", app_scheme="shopapp")
        page.wait_for_url("https://cdn.iamport.kr/_sandbox/web/windows/*")
        label = page.locator({"결제 승인": "#approve", "거절": "#decline", "취소": "#leave"}[press])
        label.click()
        page.wait_for_url("**/iamport/rn?*")
        query = dict(parse_qsl(urlsplit(page.url).query))
    payment = sandbox.client().payments.find("order-1")
    assert (query["kept"], query["imp_uid"], query["merchant_uid"]) == ("1", payment.imp_uid, "order-1")
    assert query["imp_success"] == ("true" if press == "결제 승인" else "false")
    assert ("error_msg" in query) == (press != "결제 승인")


@pytest.mark.parametrize(
    ("more", "scheme"),
    [
        ({"user_agent": IOS}, "shopapp"),
        ({"user_agent": IOS, "app_scheme": "javascript"}, "http"),
        ({"user_agent": IOS, "pg": "smartro_v2"}, "http"),
        ({"user_agent": IOS, "pay_method": "card"}, "http"),
        ({"user_agent": f"{IOS} Safari/604.1"}, "http"),
        ({"user_agent": ANDROID}, "http"),
    ],
)
def test_a_bank_transfer_returns_to_the_app(
    proxy: ProxyServer, sandbox: Sandbox, come: Come, more: dict[str, str], scheme: str
) -> None:
    """INICIS in a WKWebView, as the vendor's React Native package reads it."""
    asked = {"pay_method": "trans", "app_scheme": "shopapp"} | more
    agent = asked.pop("user_agent")
    with site(SCRIPT) as shop:
        page = come(*flags(proxy), **PHONE | {"user_agent": agent}).page(shop.url())
        ask(page, m_redirect_url=f"{shop.url()}/iamport/rn", **asked)
        page.wait_for_url("https://cdn.iamport.kr/_sandbox/web/windows/*")
        rn = f"{shop.url()}/iamport/rn"
        if scheme == "http":
            page.locator("#approve").click()
            page.wait_for_url(f"{rn}?*")
            address = page.url
        else:  # No app opens it here, so the page stays.
            with page.expect_response(lambda response: response.request.method == "POST") as answered:
                page.locator("#approve").click()
            address = str(answered.value.json()["response"]["redirect"])
    payment = sandbox.client().payments.find("order-1")
    if scheme == "shopapp":
        assert address.startswith(f"shopapp://imp_uid={payment.imp_uid}%26merchant_uid=order-1%26m_redirect_url=http")
        query = dict(parse_qsl(unquote(address).partition("://")[2]))
        assert query == {"imp_uid": payment.imp_uid, "merchant_uid": "order-1", "m_redirect_url": rn}
    else:
        assert address.startswith(f"{rn}?imp_uid={payment.imp_uid}&")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_a_page_of_this_machine_loads_from_this_machine(
    server: SandboxServer, sandbox: Sandbox, come: Come, host: str
) -> None:
    with site(f"{server.url}/v1/iamport.js") as shop:
        assert pay(come(whole=True).page(shop.url(host)))["success"] is True


@pytest.mark.parametrize("page_of", ["about:blank", "data:text/html,<title>shop</title>"])
def test_a_page_without_an_origin(server: SandboxServer, proxy: ProxyServer, come: Come, page_of: str) -> None:
    """Its origin is "null": Chromium treats it as a page of the web that cannot ask. The proxy needs no question."""
    load = """src => new Promise((done) => {
      const script = document.createElement("script");
      Object.assign(script, { src, onload: () => done("loaded"), onerror: () => done("blocked") });
      document.head.append(script);
    })"""
    for script, more, result in ((f"{server.url}/v1/iamport.js", [], "blocked"), (SCRIPT, flags(proxy), "loaded")):
        page = come(*more, whole=True).page(page_of)
        assert page.evaluate(load, script) == result


def test_a_page_of_the_web_asks_first(server: SandboxServer, sandbox: Sandbox, come: Come) -> None:
    """Local Network Access: nothing is sent to the sandbox, no preflight either, before the visitor agrees."""
    with site("") as local, site(f"{local.url()}/v1/iamport.js") as shop:
        refused = come(*public(shop.port), secure(shop.port), whole=True).page(shop.url(PUBLIC))
        assert refused.evaluate("isSecureContext") is True
        assert local.paths == []
        assert [path for path, _ in shop.paths if path != "/favicon.ico"] == ["/"]
    with site(f"{server.url}/v1/iamport.js") as shop:
        asking = [*public(shop.port), secure(shop.port)]
        assert come(*asking, whole=True).page(shop.url(PUBLIC)).evaluate("typeof window.IMP") == "undefined"
        allowed = come(*asking, whole=True, permissions=["local-network-access"])
        assert pay(allowed.page(shop.url(PUBLIC)))["success"] is True


def test_a_page_of_the_web_without_https_cannot_even_ask(server: SandboxServer, come: Come) -> None:
    with site(f"{server.url}/v1/iamport.js") as shop:
        visitor = come(*public(shop.port), whole=True, permissions=["local-network-access"])
        page = visitor.page(shop.url(PUBLIC))
        assert page.evaluate("[isSecureContext, typeof window.IMP]") == [False, "undefined"]


@pytest.mark.parametrize("https", [True, False])
def test_a_page_of_the_web_behind_the_proxy_is_not_asked(
    proxy: ProxyServer, sandbox: Sandbox, come: Come, *, https: bool
) -> None:
    """A tunnel or a staging host: the page is unchanged, and the names are public ones."""
    with site(SCRIPT) as shop:
        pac = f"--proxy-pac-url={proxy.url}/proxy.pac"
        more = [secure(shop.port)] if https else []
        more += [pac, *flags(proxy, certificate_only=True)]
        page = come(*public(shop.port), *more, whole=True).page(shop.url(PUBLIC))
        assert page.evaluate("isSecureContext") is https
        assert pay(page)["success"] is True
