"""The picture of the Django admin: a payment, about to be refunded."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.conf import settings  # type: ignore[import-untyped]
from playwright.sync_api import Browser
from portone_v1_sandbox import Sandbox

from tests.browser.chromium import DESKTOP
from tests.contrib import django_site

__all__ = ["admin"]


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        del format, args


def admin(browser: Browser, sandbox: Sandbox, file: Path) -> None:
    """Show order-1002 of `sandbox` in the admin, with the form of a refund filled in."""
    payment = sandbox.client().payments.find("order-1002")
    with TemporaryDirectory() as folder, ThreadPoolExecutor(1) as thread:  # Django refuses the thread of an event loop
        thread.submit(django_site.set_up, Path(folder)).result()
        from django.contrib.admin import site  # type: ignore[import-untyped]
        from django.contrib.staticfiles.handlers import StaticFilesHandler  # type: ignore[import-untyped]
        from django.core.handlers.wsgi import WSGIHandler  # type: ignore[import-untyped]
        from django.test import override_settings  # type: ignore[import-untyped]
        from django.urls import path  # type: ignore[import-untyped]

        routes = ModuleType("routes")
        vars(routes)["urlpatterns"] = [path("admin/", site.urls)]
        shop: dict[str, Any] = {"CLIENT": sandbox.client}
        with override_settings(ROOT_URLCONF=routes, PORTONE_V1=shop, STATIC_URL="/static/", LANGUAGE_CODE="ko"):
            session = thread.submit(_session).result()
            web = make_server("127.0.0.1", 0, StaticFilesHandler(WSGIHandler()), WSGIServer, _Quiet)
            with closing(web.socket):
                threading.Thread(target=web.serve_forever, daemon=True).start()
                try:
                    _shoot(browser, f"http://127.0.0.1:{web.server_port}", session, payment.imp_uid, file)
                finally:
                    web.shutdown()


def _session() -> str:
    from django.contrib.auth.models import User  # type: ignore[import-untyped]
    from django.db import connection  # type: ignore[import-untyped]
    from django.test import Client

    staff = Client()
    staff.force_login(User.objects.create_superuser("operator", password="only for pictures"))
    connection.close()
    return str(staff.cookies[settings.SESSION_COOKIE_NAME].value)


def _shoot(browser: Browser, url: str, session: str, imp_uid: str, file: Path) -> None:
    page = browser.new_page(**(DESKTOP | {"viewport": {"width": 1100, "height": 820}, "color_scheme": "light"}))
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": url}])
    page.goto(f"{url}/admin/portone_v1/storedwebhook/payment/{imp_uid}/")
    page.get_by_label("취소 금액(KRW)").fill("20000")
    page.get_by_label("사유").fill("찻잔 한 개 파손")
    page.get_by_label("주문번호 확인").fill("order-1002")
    page.screenshot(path=file)
    page.close()
