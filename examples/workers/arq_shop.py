"""Charge orders in arq, so that a worker may be killed at any instant.

arq examples.workers.arq_shop.WorkerSettings     # environment: PORTONE_V1_KEY, …, SHOP_BROKER, SHOP_FOLDER

A job may run twice: arq runs again what a dead worker had begun, and `again_once` charges an order once however often
it is called. A job may also never come back: `settle` finds out what became of each charge and tells the shop.
"""

# pyright: reportMissingTypeStubs=false, reportMissingImports=false, reportUnknownMemberType=false
# pyright: reportUnknownVariableType=false, reportUntypedFunctionDecorator=false

from __future__ import annotations

import asyncio
import os
import sqlite3
from pathlib import Path
from typing import Any, ClassVar

from arq import Retry, cron  # type: ignore[import-not-found]
from arq.connections import RedisSettings  # type: ignore[import-not-found]
from portone_v1 import AsyncPortOne, InProgressError, NotSentError, UndecidedError
from portone_v1.intents import SQLiteStore
from portone_v1.results import SettledWrite

FOLDER = Path(os.environ.get("SHOP_FOLDER", "."))


async def start(ctx: dict[str, Any]) -> None:
    """Make one client for each worker, with one journal for all of them."""
    ctx["portone"] = AsyncPortOne(intents=SQLiteStore(FOLDER / "intents.sqlite3"))


async def stop(ctx: dict[str, Any]) -> None:
    await ctx["portone"].aclose()


async def charge(ctx: dict[str, Any], merchant_uid: str, customer_uid: str, amount: int) -> None:
    """Charge an order. Run it as often as you like."""
    try:
        outcome = await ctx["portone"].subscribe.again_once(
            customer_uid=customer_uid, merchant_uid=merchant_uid, amount=amount, name="정기배송"
        )
    except NotSentError as error:
        raise Retry(defer=10) from error
    except (UndecidedError, InProgressError):
        return  # nobody knows yet; `settle` tells the shop
    await asyncio.to_thread(mark, merchant_uid, outcome.state)


async def settle(ctx: dict[str, Any]) -> None:
    """Find out what became of charges that no job has returned."""
    await ctx["portone"].settle_all(settled_later)


async def settled_later(settled: SettledWrite) -> None:
    """Handle an outcome that no call has returned. This is called at least once for each."""
    if settled.state not in ("undecided", "pending"):
        await asyncio.to_thread(mark, str(settled.intent.arguments["merchant_uid"]), settled.state)


def mark(merchant_uid: str, state: str) -> None:
    """Write the state of an order into the shop's own database. Repeating it changes nothing, and nothing unpays it.

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


class WorkerSettings:
    """What `arq` reads."""

    redis_settings = RedisSettings.from_dsn(os.environ.get("SHOP_BROKER", "redis://127.0.0.1:6379/0"))
    functions: ClassVar[list[Any]] = [charge]
    cron_jobs: ClassVar[list[Any]] = [cron(settle, second=0, run_at_startup=True)]
    on_startup = start
    on_shutdown = stop
    max_tries = 5
