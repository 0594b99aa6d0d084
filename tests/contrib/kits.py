"""The kits in their frameworks, each behind a server that people use, with one handler that the tests steer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
from portone_v1.contrib.flask import MemoryStates, PaymentChange

from tests.contrib import django_site
from tests.contrib.servers import django_server, uvicorn_server, werkzeug_server
from tests.contrib.v1 import V1

PATH = "/portone/webhook"


class Handler:
    """Notes what it is called with, waits until it may go on, and raises what it is told."""

    def __init__(self) -> None:
        self.calls: list[PaymentChange] = []
        self.raises: Exception | None = None
        self.ready: Callable[[], bool] = lambda: True

    @property
    def keys(self) -> list[str]:
        return [change.key for change in self.calls]

    def __call__(self, change: PaymentChange) -> None:
        self._begin(change)
        while not self.ready():
            time.sleep(0.005)
        self._end()

    async def awaited(self, change: PaymentChange) -> None:
        self._begin(change)
        while not self.ready():  # noqa: ASYNC110 - it waits for what other threads do
            await asyncio.sleep(0.005)
        self._end()

    def _begin(self, change: PaymentChange) -> None:
        self.calls.append(change)

    def _end(self) -> None:
        if self.raises is not None:
            raise self.raises


class Shop:
    """A running shop: its endpoint, its handler, and V1 behind it."""

    def __init__(self, kind: str, url: str, handler: Handler, v1: V1, http: httpx.Client) -> None:
        self.kind = kind
        self.url = url + PATH
        self.handler = handler
        self.v1 = v1
        self.http = http

    def notify(self, imp_uid: str, merchant_uid: str = "order-1", status: str = "paid") -> httpx.Response:
        """PortOne posts a notice."""
        return self.http.post(self.url, json={"imp_uid": imp_uid, "merchant_uid": merchant_uid, "status": status})


@contextmanager
def flask(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    from flask import Flask
    from portone_v1.contrib.flask import webhook

    app = Flask("shop")
    with v1.client() as client:
        app.post(PATH)(webhook(client, handler, MemoryStates(), **options))
        with werkzeug_server(app) as url:
            yield url


def _fastapi(v1: V1, handler: Any, options: dict[str, Any]) -> Any:
    from fastapi import FastAPI
    from portone_v1.contrib.fastapi import webhook

    app = FastAPI()
    app.post(PATH)(webhook(v1.async_client(), handler, MemoryStates(), **options))
    return app


@contextmanager
def fastapi(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    with uvicorn_server(_fastapi(v1, handler.awaited, options)) as url:
        yield url


@contextmanager
def fastapi_in_threads(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    with uvicorn_server(_fastapi(v1, handler, options)) as url:
        yield url


@contextmanager
def django(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    django_site.set_up(folder)
    django_site.empty()
    from django.core.wsgi import get_wsgi_application  # type: ignore[import-untyped]
    from portone_v1.contrib.django import webhook

    with ExitStack() as stack:
        client = stack.enter_context(v1.client())
        stack.enter_context(django_site.routed(webhook(client, handler, **options)))
        yield stack.enter_context(django_server(get_wsgi_application()))


@contextmanager
def django_async(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    django_site.set_up(folder)
    django_site.empty()
    from django.core.asgi import get_asgi_application  # type: ignore[import-untyped]
    from portone_v1.contrib.django import webhook

    with ExitStack() as stack:
        stack.enter_context(django_site.routed(webhook(v1.async_client(), handler, **options)))
        yield stack.enter_context(uvicorn_server(get_asgi_application()))


KITS = {
    "django": django,
    "django-async": django_async,
    "fastapi": fastapi,
    "fastapi-threads": fastapi_in_threads,
    "flask": flask,
}
