"""Charge orders in Celery, so that a worker may be killed at any instant.

celery -A examples.workers.celery_shop worker --beat     # environment: PORTONE_V1_KEY, …, SHOP_BROKER, SHOP_FOLDER

A task may run twice, because it is acknowledged last: `again_once` charges an order once however often it is called.
A task may also never return: beat runs `settle_all`, which reads the outcome of each charge and reports it to the shop.
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false, reportUntypedFunctionDecorator=false
# pyright: reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
import sqlite3
from functools import cache
from pathlib import Path

from celery import Celery  # type: ignore[import-untyped]
from portone_v1 import InProgressError, NotSentError, PortOne, UndecidedError
from portone_v1.intents import SQLiteStore
from portone_v1.results import SettledWrite

FOLDER = Path(os.environ.get("SHOP_FOLDER", "."))

app = Celery("shop", broker=os.environ.get("SHOP_BROKER", "redis://127.0.0.1:6379/0"))
app.conf.update(
    task_acks_late=True,  # acknowledge the task when it has ended, not when it begins
    task_reject_on_worker_lost=True,  # and comes back if its process dies
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
    beat_schedule_filename=str(FOLDER / "beat"),
    beat_schedule={"settle": {"task": "shop.settle", "schedule": float(os.environ.get("SHOP_SETTLE_EVERY", "60"))}},
)


@cache
def client() -> PortOne:
    """Make one client for each worker process, after the fork, with one journal for all of them."""
    return PortOne(intents=SQLiteStore(FOLDER / "intents.sqlite3"))


@app.task(name="shop.charge", bind=True, max_retries=5)  # type: ignore[untyped-decorator]
def charge(self, merchant_uid: str, customer_uid: str, amount: int) -> None:  # type: ignore[no-untyped-def]
    """Charge an order. Run it as often as you like."""
    try:
        outcome = client().subscribe.again_once(
            customer_uid=customer_uid, merchant_uid=merchant_uid, amount=amount, name="정기배송"
        )
    except NotSentError as error:
        raise self.retry(exc=error, countdown=10) from error
    except (UndecidedError, InProgressError):
        return  # not known yet: `settle` reports it
    mark(merchant_uid, outcome.state)


@app.task(name="shop.settle")  # type: ignore[untyped-decorator]
def settle() -> None:
    """Read the outcome of the charges that no task has returned."""
    client().settle_all(settled_later)


def settled_later(settled: SettledWrite) -> None:
    """Handle an outcome that no call has returned. This is called at least once for each."""
    if settled.state not in ("undecided", "pending"):
        mark(str(settled.intent.arguments["merchant_uid"]), settled.state)


def mark(merchant_uid: str, state: str) -> None:
    """Write the state of an order into the shop's own database. Safe to repeat; paid stays paid unless refunded.

    `settle` may report that a first try was not executed while a second one pays.
    """
    with sqlite3.connect(FOLDER / "orders.sqlite3", timeout=20) as database:
        database.execute("CREATE TABLE IF NOT EXISTS orders (merchant_uid TEXT PRIMARY KEY, state TEXT NOT NULL)")
        database.execute(
            "INSERT INTO orders VALUES (?, ?) ON CONFLICT (merchant_uid) DO UPDATE SET state = excluded.state"
            " WHERE orders.state != 'paid' OR excluded.state = 'refunded'",
            (merchant_uid, state),
        )
    database.close()
