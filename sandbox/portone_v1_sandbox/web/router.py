"""Routes of the browser's pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ..engine.engine import to_refusal
from ..errors.base import body_too_large, unknown_route, wrong_method
from ..errors.checkout import another_site
from ..storage.errors import SandboxStoreError
from ..wire.forms import body_values
from ..wire.messages import BODY_LIMIT, Request, Response, envelope
from ..wire.web_paths import WEB, WINDOWS
from .actions import CheckoutActions
from .assets import FRAMED, file, page, script
from .checkout_open import CheckoutOpener
from .checkout_view import shown_window
from .confirm import Confirm, request_confirmation_from_shop
from .paths import ONE_PAYMENT, PAGES, SCRIPTS
from .sessions import Windows

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["Site"]

ONE_WINDOW: Final = re.compile(rf"{WINDOWS}/([A-Za-z0-9_-]+)(/state)?")


class Site:
    """The pages, and the calls of their scripts. `handle` may wait for the shop, so run it in a thread of its own."""

    def __init__(self, engine: Engine, ask: Confirm = request_confirmation_from_shop) -> None:
        self._engine = engine
        self._windows = Windows()
        self._opener = CheckoutOpener(engine, self._windows)
        self._actor = CheckoutActions(engine, ask)

    def handle(self, request: Request) -> Response:
        """Respond to a request for a page or of its script. Raises SandboxStoreError only."""
        try:
            return self._answer(request)
        except SandboxStoreError:
            raise
        except Exception as error:
            refusal = to_refusal(error, request)
            return envelope(refusal.status, refusal.code, refusal.message, None)

    def _answer(self, request: Request) -> Response:
        if len(request.body) > BODY_LIMIT:
            raise body_too_large()
        path = request.path
        if path == WINDOWS:
            _require(request, "POST")
            key = self._opener.open(body_values(request), request)
            return Response(303, b"", {"Location": f"{WINDOWS}/{key}", "Cache-Control": "no-store"})
        one = ONE_WINDOW.fullmatch(path)
        if one is not None:
            return self._window(request, one[1], state=one[2] is not None)
        _require(request, "GET")
        if path in PAGES:
            return page(PAGES[path])
        if ONE_PAYMENT.fullmatch(path):
            return page("payment/payment.html")
        if SCRIPTS.fullmatch(path) is not None:
            return script(self._engine.settings.channels)
        if path.startswith(f"{WEB}files/"):
            return file(path.removeprefix(f"{WEB}files/"))
        raise unknown_route()

    def _window(self, request: Request, key: str, *, state: bool) -> Response:
        window = self._windows.find(key)
        if state:
            _require(request, "GET")
        elif request.method == "GET":
            return page("window/window.html", FRAMED)
        else:
            _require(request, "POST")
            _require_own_page(request)
            self._actor.act(window, body_values(request))
        return _data(shown_window(self._engine, window))


def _require(request: Request, method: str) -> None:
    if request.method != method:
        raise wrong_method()


def _require_own_page(request: Request) -> None:
    if request.from_another_site:
        raise another_site()


def _data(payload: Any) -> Response:
    answer = envelope(200, 0, None, payload)
    return Response(answer.status, answer.body, {**answer.headers, "Cache-Control": "no-store"})
