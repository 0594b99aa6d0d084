"""The campaign of faults: charges and cancels through a bad network, and then the books.

python -m tests.faults.campaign [--seed N] [--orders N] [--json FILE] [--docs]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, nullcontext
from multiprocessing import get_context
from pathlib import Path
from random import SystemRandom
from typing import Any, Final, Literal, get_args

from attrs import Factory, asdict, define
from portone_v1 import Timeout
from portone_v1_sandbox import TEST_CARDS, Sandbox, SandboxClock

from .audit import audit, outcome
from .docs_table import write_tables
from .leaks import BUYER, CARD, KEY, SECRET, Leaks
from .mortal import KilledError, MortalStore
from .proxy import FaultProxy, Plan
from .shop import CARDS, Intent, Order, plan_orders, rerun, run_at_once, settle, visit, visit_beside

__all__ = ["Report", "run"]

Flavour = Literal["sync", "async", "aiohttp"]
"""The last is asynchronous as well, over aiohttp."""
FLAVOURS: Final = get_args(Flavour)

SHARE: Final = 0.3
WAVE: Final = 1_000
"""Orders that share a sandbox."""
WORKERS: Final = {"sync": 16, "async": 200, "aiohttp": 200}
PATIENCE: Final = {"sync": 0.5, "async": 2.5, "aiohttp": 2.5}
"""The clients' timeouts. 200 tasks in one process wait longer for their turn."""
LATEST: Final = 5.0
"""In timeouts: long after a client has given up and looked in vain."""
HURRY: Final = 0.05
"""The SDK's pauses go by at this rate."""
QUIET: Final = 400
"""Seconds by which V1's clock moves on before what is left is settled."""


class HurriedClock:
    """Time as it is, with short pauses."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds * HURRY)


class AsyncHurriedClock:
    """The same, awaited."""

    def time(self) -> float:
        return time.time()

    def monotonic(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds * HURRY)


@define
class Report:
    flavour: str
    seed: int
    orders: int = 0
    seconds: float = 0.0
    operations: Counter[str] = Factory(Counter)
    exchanges: Counter[str] = Factory(Counter)
    outcomes: Counter[str] = Factory(Counter)
    settled: Counter[str] = Factory(Counter)
    checked: Counter[str] = Factory(Counter)
    alarms: Counter[str] = Factory(Counter)
    habits: Counter[str] = Factory(Counter)
    broken: Counter[str] = Factory(Counter)
    violations: list[str] = Factory(list)
    searched: int = 0


def run(flavour: Flavour, seed: int, orders: int, *, patience: float | None = None) -> Report:
    report, leaks, started = Report(flavour, seed), Leaks(), time.monotonic()
    timeout = patience or PATIENCE[flavour]
    planned = list(plan_orders(f"{seed}/{flavour}", orders))
    with leaks.everywhere():
        for number, first in enumerate(range(0, orders, WAVE)):
            _wave(flavour, f"{seed}/{flavour}/{number}", planned[first : first + WAVE], timeout, leaks, report)
    report.orders, report.searched = orders, leaks.searched
    report.checked["nothing secret to be seen"] = leaks.searched
    report.broken["nothing secret to be seen"] = len(leaks.found)
    report.violations += [f"seed {seed}, {flavour}: a secret in {where}" for where in leaks.found[:20]]
    report.seconds = time.monotonic() - started
    return report


def _wave(flavour: Flavour, seed: str, orders: list[Order], timeout: float, leaks: Leaks, report: Report) -> None:
    sandbox = Sandbox(imp_key=KEY, imp_secret=SECRET, clock=SandboxClock())
    by_uid = {order.merchant_uid: order for order in orders}

    def note(about: str, what: str) -> None:
        if about in by_uid:
            by_uid[about].note(what)

    late = (timeout * 1.2, timeout * LATEST)
    with FaultProxy(sandbox, Plan(seed, SHARE), late=late, note=note) as proxy:
        _prepare(sandbox, proxy, orders)
        options: dict[str, Any] = {
            "imp_key": KEY,
            "imp_secret": SECRET,
            "base_url": proxy.url,
            "timeout": Timeout(5.0, timeout, 5.0, 30.0),
            "intents": MortalStore(clock=lambda: time.time() + proxy.later),
            "clock": HurriedClock() if flavour == "sync" else AsyncHurriedClock(),
            "on_alarm": lambda alarm: report.alarms.update([alarm.kind]),
        }
        if flavour == "sync":
            _sync(options, orders, leaks, proxy, report)
        else:
            asyncio.run(_async(flavour, options, orders, leaks, proxy, report))
    for order in orders:
        if any(isinstance(intent.result, KilledError) for intent in order.intents):
            order.wrong.append("a job that was killed was never told how it ended")
    report.exchanges += proxy.counts
    report.violations += [f"the proxy itself failed: {error}" for error in proxy.broken]
    for order in orders:
        report.operations.update(f"{intent.kind} ({order.way})" for intent in order.intents)
        report.outcomes.update(f"{intent.kind}: {outcome(intent)}" for intent in order.intents)
    report.habits += _habits(orders, proxy)
    checked, violated = audit(orders, sandbox.ledger)
    report.broken.update(name for name, _ in violated)
    report.checked += checked
    report.violations += [f"seed {report.seed}, {flavour}: {name}: {_story(order)}" for name, order in violated]


def _habits(orders: list[Order], proxy: FaultProxy) -> Counter[str]:
    """Count what shops, workers and V1 did apart from faults."""
    found = Counter(f"V1 {proxy.v1.habits(order.merchant_uid).kind}s" for order in orders)
    found["reads behind"] = sum(order.lags for order in orders)
    found["second worker"] = sum(order.twice and order.way != "window" for order in orders)
    found["worker killed"] = sum("killed" in {what for _, what in order.history} for order in orders)
    found["other card"] = sum(order.other_card for order in orders)
    return found


def _prepare(sandbox: Sandbox, proxy: FaultProxy, orders: list[Order]) -> None:
    """Issue billing keys, and pay in the payment window, without a bad network."""
    data: dict[str, Any] = {**CARD}
    with sandbox.client() as client:
        for card in set(CARDS):
            client.billing_keys.issue(card, card_number=TEST_CARDS[card].number, **data)
    buyer: dict[str, Any] = {name: value for name, value in BUYER.items() if name not in ("browser_ip", "bypass")}
    for order in orders:
        order.lags = proxy.v1.habits(order.merchant_uid).lag > 0
        if order.way == "window":
            sold: dict[str, Any] = {"merchant_uid": order.merchant_uid, "amount": order.amount, **buyer}
            order.imp_uid = sandbox.pay(pay_method=order.chance.choice(("card", "vbank")), **sold).imp_uid
            proxy.learn(order.imp_uid, order.merchant_uid)


def _sync(options: Any, orders: list[Order], leaks: Leaks, proxy: FaultProxy, report: Report) -> None:
    from portone_v1 import PortOne

    with PortOne(**options) as client, PortOne(**options) as other, ThreadPoolExecutor(WORKERS["sync"]) as pool:

        def work(visits: list[Any]) -> None:
            list(pool.map(run_at_once, visits))

        work(_visits(client, other, orders, leaks))
        _later(proxy)
        while left := _left_open(orders, report):
            work([rerun(client, intent, order, leaks) for intent, order in left])
            _later(proxy)
        left = _unknown(orders, report)
        work([settle(client, intent, order, leaks) for intent, order in left])
        report.settled.update(outcome(intent) for intent, _ in left)


async def _async(
    flavour: Flavour, options: Any, orders: list[Order], leaks: Leaks, proxy: FaultProxy, report: Report
) -> None:
    from portone_v1 import AsyncPortOne

    async def work(visits: list[Any]) -> None:
        waiting = iter(visits)

        async def worker() -> None:
            for one in waiting:
                await one

        async with asyncio.TaskGroup() as group:
            for _ in range(WORKERS[flavour]):
                group.create_task(worker())

    async with (
        _way_out(flavour) as transport,
        AsyncPortOne(**options, transport=transport) as client,
        AsyncPortOne(**options, transport=transport) as other,
    ):
        await work(_visits(client, other, orders, leaks))
        await asyncio.to_thread(_later, proxy)
        while left := _left_open(orders, report):
            await work([rerun(client, intent, order, leaks) for intent, order in left])
            await asyncio.to_thread(_later, proxy)
        left = _unknown(orders, report)
        await work([settle(client, intent, order, leaks) for intent, order in left])
        report.settled.update(outcome(intent) for intent, _ in left)


def _visits(client: Any, other: Any, orders: list[Order], leaks: Leaks) -> list[Any]:
    """Run each order's visit, and beside it a second worker with its own client and the same journal."""
    found: list[Any] = []
    for order in orders:
        found.append(visit(client, order, leaks))
        if order.twice and order.way != "window":
            found.append(visit_beside(other, order, leaks))
    return found


def _later(proxy: FaultProxy) -> None:
    """Settle long afterwards, when all is quiet."""
    proxy.wait_until_quiet()
    proxy.sandbox.clock.advance(seconds=QUIET)
    proxy.later += QUIET


def _left_open(orders: list[Order], report: Report) -> list[tuple[Intent, Order]]:
    left = [(intent, order) for order in orders for intent in order.intents if intent.left_open]
    report.outcomes["killed, or under review"] += len(left)
    return left


def _way_out(flavour: Flavour) -> AbstractAsyncContextManager[Any]:
    if flavour != "aiohttp":
        return nullcontext()
    from portone_v1.contrib.aiohttp import AiohttpTransport

    return AiohttpTransport()


def _unknown(orders: list[Order], report: Report) -> list[tuple[Any, Order]]:
    left = [(intent, order) for order in orders for intent in order.intents if intent.unknown]
    report.outcomes["left to settle"] += len(left)
    return left


def _story(order: Order) -> str:
    lines = [f"    {at:.3f} {what}" for at, what in order.history]
    return "\n".join([f"{order.merchant_uid} ({order.way}, {order.card}, {order.amount})", *order.wrong, *lines])


def _table(reports: list[Report]) -> str:
    """Return the table in Markdown, for docs/reliability.md."""
    rows: list[tuple[str, list[int]]] = [("orders", [report.orders for report in reports])]
    rows.append(("charges and cancels", [report.operations.total() for report in reports]))
    rows.append(("exchanges with the server", [report.exchanges.total() for report in reports]))
    faults = [Counter({kind: n for kind, n in r.exchanges.items() if kind != "none"}) for r in reports]
    rows.append(("met by a fault", [count.total() for count in faults]))
    sections = {
        "habit": [report.habits for report in reports],
        "operation": [report.operations for report in reports],
        "fault": faults,
        "outcome": [report.outcomes for report in reports],
        "settled": [report.settled for report in reports],
        "checked": [report.checked for report in reports],
        "alarm": [report.alarms for report in reports],
    }
    for section, counts in sections.items():
        rows += [(f"{section}: {name}", [count[name] for count in counts]) for name in sorted(set().union(*counts))]
    rows.append(("violations", [len(report.violations) for report in reports]))
    rows.append(("seconds", [round(report.seconds) for report in reports]))
    head = [f"| | {' | '.join(report.flavour for report in reports)} |", f"|---|{'---:|' * len(reports)}"]
    return "\n".join([*head, *(f"| {name} | {' | '.join(f'{n:,}' for n in counts)} |" for name, counts in rows)])


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults.campaign", description=__doc__)
    parser.add_argument("--seed", type=int, default=SystemRandom().randrange(10**6))
    parser.add_argument("--orders", type=int, default=15_000, help="shared out among the flavours")
    parser.add_argument("--json", type=Path, help="the counts, too")
    parser.add_argument("--docs", action="store_true", help="write the table of docs/reliability.md, in both languages")
    given = parser.parse_args(arguments)
    print(f"seed {given.seed}, {given.orders} orders", flush=True)  # noqa: T201
    started = time.monotonic()
    with ProcessPoolExecutor(len(FLAVOURS), mp_context=get_context("spawn")) as pool:
        jobs = [pool.submit(run, flavour, given.seed, given.orders // len(FLAVOURS)) for flavour in FLAVOURS]
        reports = [job.result() for job in jobs]
    print(_table(reports))  # noqa: T201
    print(f"{time.monotonic() - started:.0f} seconds altogether")  # noqa: T201
    violations = [violation for report in reports for violation in report.violations]
    for violation in violations[:10]:
        print(f"VIOLATED: {violation}")  # noqa: T201
    if given.docs:
        write_tables(given.seed, [asdict(report) for report in reports])
    if given.json:
        given.json.write_text(json.dumps([asdict(report) for report in reports], indent=1) + "\n", "utf-8")
    return 1 if violations else 0


if __name__ == "__main__":
    sys.exit(main())
