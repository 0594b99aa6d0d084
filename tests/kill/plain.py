"""Writes without key and mark, in processes that are killed at any instant: an intent remains of each, and settles.

Every process charges an order, gives a part of it back, retries a schedule that was declined and issues a virtual
account, each once and by the plain call.
None is run again: in the end the journal alone has to know what V1 did.
"""

from __future__ import annotations

import json
import os
import random
import signal
import time
import urllib.request
from typing import Any

from portone_v1 import PortOne
from portone_v1.errors import PortOneError
from portone_v1.intents import Intent

from tests.kill.campaign import LIFE, Result, server, settle
from tests.kill.worker import AGAIN, BROKEN, DONE, open_client, open_store

PART = 4_000
EXECUTED = {"charge": "paid", "refund": "refunded", "account": "done"}


def plain_writes_killed(place: str, *, kills: int, at_once: int, seed: int) -> Result:
    """Start processes until so many were killed, settle what they left, and compare it with V1's ledger."""
    result, chance = Result(), random.Random(seed)
    with server(seed) as url:
        orders = _until_killed(url, place, result, chance, kills, at_once)
        settle(url, place, result)
        _compare(url, place, orders, result)
    return result


def _until_killed(url: str, place: str, result: Result, chance: random.Random, kills: int, at_once: int) -> list[str]:
    orders: list[str] = []
    alive: dict[int, float] = {}
    with open_client(url, place) as client:
        client.intents.open()  # makes the file

    def more() -> bool:
        return result.kills < kills or not result.reports[DONE]

    while alive or more():
        while len(alive) < at_once and more():
            orders.append(f"order-{len(orders)}")
            dies = chance.random() < 0.85
            alive[_start(url, place, orders[-1])] = time.monotonic() + (chance.uniform(0, LIFE) if dies else 60.0)
            result.processes += 1
        for pid, dies_at in list(alive.items()):
            if time.monotonic() >= dies_at:
                os.kill(pid, signal.SIGKILL)
                alive[pid] = float("inf")
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                del alive[pid]
                result.kills += os.WIFSIGNALED(status)
                if not os.WIFSIGNALED(status):
                    result.reports[os.WEXITSTATUS(status)] += 1
        time.sleep(0.002)
    return orders


def _start(url: str, place: str, order: str) -> int:
    pid = os.fork()
    if pid:
        return pid
    code = BROKEN
    try:
        code = _work(open_client(url, place), order)
    except BaseException:
        import traceback

        traceback.print_exc()
    os._exit(code)


def _work(client: PortOne, order: str) -> int:
    due = int(time.time()) + 7 * 86_400
    try:
        charge = client.subscribe.again(customer_uid="card-A", merchant_uid=order, amount=10_000, name="구독")
        client.payments.cancel(imp_uid=charge.imp_uid, amount=PART)
        client.subscribe.retry(f"{order}-late")
        account: dict[str, Any] = {"merchant_uid": f"{order}-account", "amount": 1_000, "vbank_due": due}
        client.vbanks.issue(**account, vbank_code="088", vbank_holder="상점")
    except PortOneError:
        return AGAIN
    return DONE


def _compare(url: str, place: str, orders: list[str], result: Result) -> None:
    """Check that each effect has its intent, and that each intent which reports an effect has one."""
    with urllib.request.urlopen(f"{url}/_ledger") as answer:
        effects = {(kind, what.partition(" ")[0]) for kind, what, _ in json.load(answer)["response"]}
    with open_client(url, place) as client:
        first = client.intents.of(merchant_uid=next(what for kind, what in effects if kind == "charge"))
        assert first is not None
        store = open_store(place)
        for order in orders:
            charge = store.latest(first.shop, resource=f"order:{order}")
            imp_uid = None if charge is None else charge.result.get("imp_uid")
            found: dict[tuple[str, str], Intent | None] = {
                ("charge", order): charge,
                ("refund", order): store.latest(first.shop, resource=f"payment:{imp_uid}") if imp_uid else None,
                ("charge", f"{order}-late"): store.latest(first.shop, resource=f"order:{order}-late"),
                ("account", f"{order}-account"): store.latest(first.shop, resource=f"account:{order}-account"),
            }
            for (kind, what), intent in found.items():
                executed = intent is not None and intent.outcome == EXECUTED[kind]
                if ((kind, what) in effects) != executed:
                    outcome = "no intent" if intent is None else intent.outcome
                    result.differing.append(f"{kind} {what}: {outcome}")
