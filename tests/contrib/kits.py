"""The kits in their frameworks, each behind a server that people use, with one handler that the tests steer."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import sqlalchemy as sa
from portone_v1.contrib.sqlalchemy import AsyncSqlInboxStore, SqlInboxStore
from portone_v1.inbox import AsyncWork, PaymentChanged
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from tests.contrib import django_site
from tests.contrib.servers import django_server, uvicorn_server, werkzeug_server
from tests.contrib.v1 import V1

PATH = "/portone/webhook"


class Handler:
    """Notes what it is called with, waits until it may go on, and raises what it is told."""

    def __init__(self) -> None:
        self.calls: list[PaymentChanged] = []
        self.raises: Exception | None = None
        self.ready: Callable[[], bool] = lambda: True

    @property
    def seen(self) -> list[tuple[str, str, int]]:
        """Of each call the payment, its status, and what was refunded."""
        results = [(change.payment, change.payment.cancel_amount or 0) for change in self.calls]
        return [(payment.imp_uid, str(payment.status), int(cancelled)) for payment, cancelled in results]

    def __call__(self, change: PaymentChanged) -> None:
        self._begin(change)
        while not self.ready():
            time.sleep(0.005)
        self._end()

    async def with_work(self, change: PaymentChanged, _work: AsyncWork) -> None:
        self._begin(change)
        while not self.ready():  # noqa: ASYNC110 - it waits for what other threads do
            await asyncio.sleep(0.005)
        self._end()

    def _begin(self, change: PaymentChanged) -> None:
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
        """Post a webhook as PortOne does."""
        return self.http.post(self.url, json={"imp_uid": imp_uid, "merchant_uid": merchant_uid, "status": status})


def database(folder: Path) -> str:
    """Make an empty database, in which twenty at once may wait longer than the five seconds of sqlite3."""
    empty, own = folder / "empty.sqlite3", folder / f"{uuid4().hex}.sqlite3"
    if not empty.exists():
        engine = sa.create_engine(f"sqlite:///{empty}")
        SqlInboxStore.metadata.create_all(engine)
        engine.dispose()
    shutil.copyfile(empty, own)  # its tables are written to the disk once
    return f"sqlite:///{own}?timeout=60"


@contextmanager
def flask(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    from flask import Flask
    from portone_v1.contrib.flask import PortOneV1

    app, engine = Flask("shop"), sa.create_engine(database(folder))
    portone = PortOneV1(lambda: SqlInboxStore(engine), **options)
    portone.on_payment(lambda change, _work: handler(change))
    portone.init_app(app)
    with v1.client() as client:
        portone.use(app, client)
        with werkzeug_server(app) as url:
            yield url
    engine.dispose()


@contextmanager
def starlette(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    from portone_v1.contrib.starlette import PortOneV1
    from starlette.applications import Starlette
    from starlette.routing import Mount

    store = AsyncSqlInboxStore(async_engine(folder))
    portone = PortOneV1(store, v1.async_client, drain_every=None, **options)
    portone.on_payment(handler.with_work)
    app = Starlette(lifespan=portone.lifespan, routes=[Mount("/portone", routes=portone.routes)])
    with uvicorn_server(app) as url:
        yield url


def async_engine(folder: Path) -> AsyncEngine:
    return create_async_engine(database(folder).replace("sqlite:", "sqlite+aiosqlite:"), poolclass=NullPool)


def _fastapi(portone: Any) -> Any:
    from fastapi import FastAPI

    app = FastAPI(lifespan=portone.lifespan)
    app.include_router(portone.router, prefix="/portone")
    return app


@contextmanager
def fastapi(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    from portone_v1.contrib.fastapi import PortOneV1

    portone = PortOneV1(AsyncSqlInboxStore(async_engine(folder)), v1.async_client, drain_every=None, **options)
    portone.on_payment(handler.with_work)
    with uvicorn_server(_fastapi(portone)) as url:
        yield url


@contextmanager
def fastapi_in_threads(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    from portone_v1.contrib.fastapi import PortOneV1

    engine = sa.create_engine(database(folder))
    portone = PortOneV1(SqlInboxStore(engine), v1.async_client, drain_every=None, **options)
    portone.on_payment(lambda change, _work: handler(change))
    with uvicorn_server(_fastapi(portone)) as url:
        yield url
    engine.dispose()


DJANGO_OPTIONS = {"allow_test": "ALLOW_TEST_PAYMENTS", "trusted_proxies": "TRUSTED_PROXIES", "drained": "WORKER"}


@contextmanager
def django_shop(v1: V1, handler: Handler, folder: Path, kind: str, options: dict[str, Any]) -> Iterator[None]:
    django_site.set_up(folder)
    django_site.empty()
    from portone_v1.contrib import django as kit

    kit.webhook_handler("payment")(handler.__call__)
    settings = {DJANGO_OPTIONS[name]: value for name, value in options.items()}
    with v1.client() as client, django_site.routed(getattr(kit, kind), CLIENT=lambda: client, **settings):
        yield


@contextmanager
def django(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    with django_shop(v1, handler, folder, "webhook", options):
        from django.core.wsgi import get_wsgi_application  # type: ignore[import-untyped]

        with django_server(get_wsgi_application()) as url:
            yield url


@contextmanager
def django_async(v1: V1, handler: Handler, folder: Path, **options: Any) -> Iterator[str]:
    with django_shop(v1, handler, folder, "async_webhook", options):
        from django.core.asgi import get_asgi_application  # type: ignore[import-untyped]

        with uvicorn_server(get_asgi_application()) as url:
            yield url


KITS = {
    "django": django,
    "django-async": django_async,
    "fastapi": fastapi,
    "fastapi-threads": fastapi_in_threads,
    "flask": flask,
    "starlette": starlette,
}
