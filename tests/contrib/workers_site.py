"""A shop as it runs: behind gunicorn with several workers, on PostgreSQL. `SHOP_…` of the environment say which one.

gunicorn tests.contrib.workers_site:application
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from portone_v1 import AsyncPortOne, PortOne

KEYS: dict[str, Any] = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret", "max_retries": 0}
EFFECTS = sa.Table("effects", sa.MetaData(), sa.Column("what", sa.String(80)))
SLOW = "slow"
"""Orders of this name hold up the first worker that handles them, until it is killed."""


def granted(merchant_uid: str) -> str:
    """Return what the handler writes. Before that, the first handler of a slow order waits for its end."""
    if merchant_uid.startswith(SLOW):
        mark = Path(os.environ["SHOP_FOLDER"]) / f"{merchant_uid}.pid"
        try:
            with mark.open("x", encoding="ascii") as file:
                file.write(f"{os.getpid()}\n")
        except FileExistsError:
            pass
        else:
            time.sleep(60)
    return f"granted {merchant_uid}"


def flask(url: str, v1: str) -> Any:
    from flask import Flask
    from flask import request as asked
    from portone_v1.contrib.flask import PortOneV1
    from portone_v1.contrib.sqlalchemy import SqlInboxStore

    app, engine = Flask("shop"), sa.create_engine(url)
    app.config["PORTONE_V1"] = {**KEYS, "base_url": v1}
    portone = PortOneV1(lambda: SqlInboxStore(engine), app)

    @portone.on_payment
    def payment_changed(change: Any, work: Any) -> None:
        merchant_uid = change.payment.merchant_uid
        work.session.execute(EFFECTS.insert().values(what=granted(merchant_uid)))
        work.later("receipt", key=f"receipt:{merchant_uid}", merchant_uid=merchant_uid)

    @portone.task
    def receipt(merchant_uid: str) -> None:
        with engine.begin() as db:
            db.execute(EFFECTS.insert().values(what=f"receipt {merchant_uid}"))

    @app.before_request
    def reads_the_form() -> None:  # as extensions do, before the kit sees the body
        asked.form.get("csrf_token")

    return app


def fastapi(url: str, v1: str) -> Any:
    from fastapi import FastAPI
    from portone_v1.contrib.fastapi import PortOneV1
    from portone_v1.contrib.sqlalchemy import SqlInboxStore

    engine = sa.create_engine(url)
    portone = PortOneV1(SqlInboxStore(engine), lambda: AsyncPortOne(base_url=v1, **KEYS), drain_every=None)

    @portone.on_payment
    def payment_changed(change: Any, work: Any) -> None:
        merchant_uid = change.payment.merchant_uid
        work.session.execute(EFFECTS.insert().values(what=granted(merchant_uid)))
        work.later("receipt", key=f"receipt:{merchant_uid}", merchant_uid=merchant_uid)

    @portone.task
    def receipt(merchant_uid: str) -> None:
        with engine.begin() as db:
            db.execute(EFFECTS.insert().values(what=f"receipt {merchant_uid}"))

    app = FastAPI(lifespan=portone.lifespan)
    app.include_router(portone.router, prefix="/portone")
    app.state.portone = portone
    return app


def django(url: str, v1: str) -> Any:
    import django as package  # type: ignore[import-untyped]
    from django.conf import settings  # type: ignore[import-untyped]

    if settings.configured:  # by `python -m`, whose module has another name
        return None
    address = sa.engine.make_url(url)
    settings.configure(
        SECRET_KEY="only for tests",
        ALLOWED_HOSTS=["127.0.0.1"],
        INSTALLED_APPS=["portone_v1.contrib.django"],
        MIDDLEWARE=["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"],
        ROOT_URLCONF=__name__,
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.postgresql",
                "NAME": address.database,
                "USER": address.username,
                "HOST": address.host,
                "PORT": address.port,
                "ATOMIC_REQUESTS": True,
            }
        },
        PORTONE_V1={"CLIENT": lambda: PortOne(base_url=v1, **KEYS)},
        LOGGING_CONFIG=None,
        USE_TZ=True,
    )
    package.setup()
    from django.core.wsgi import get_wsgi_application  # type: ignore[import-untyped]
    from django.urls import path  # type: ignore[import-untyped]
    from portone_v1.contrib import django as kit

    globals()["urlpatterns"] = [path("portone/webhook", kit.webhook)]
    kit.webhook_handler("payment")(grant)
    return get_wsgi_application()


def grant(change: Any) -> None:
    from django.db import connection  # type: ignore[import-untyped]
    from portone_v1.contrib.django import later

    merchant_uid = change.payment.merchant_uid
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (what) VALUES (%s)", [granted(merchant_uid)])
    later(send_receipt, key=f"receipt:{merchant_uid}", merchant_uid=merchant_uid)


def send_receipt(merchant_uid: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO effects (what) VALUES (%s)", [f"receipt {merchant_uid}"])


def make() -> Any:
    kits = {"flask": flask, "fastapi": fastapi, "django": django}
    return kits[os.environ["SHOP_KIT"]](os.environ["SHOP_DATABASE"], os.environ["SHOP_V1"])


if "SHOP_KIT" in os.environ:
    application = make()

if __name__ == "__main__":  # manage.py of Django
    from django.core.management import execute_from_command_line  # type: ignore[import-untyped]

    execute_from_command_line(sys.argv)
