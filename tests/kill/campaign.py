"""Real processes, real SIGKILL, one journal: `make kill` (KILLS=500).

Every order is one charge and two partial refunds. A process does all three; most are killed at a random instant and
started again, two of the same order sometimes at once. In the end V1's ledger and the journal have to agree, and
nothing may have been done twice.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from attrs import define, field

from tests.kill.v1 import RATE, serve
from tests.kill.worker import AGAIN, BROKEN, DONE, PARTS, open_client, run

SPAWN = multiprocessing.get_context("spawn")
KILLS_EACH = 4
"""At most so many of one order, so that it ends."""
LIFE = 0.9
"""Seconds within which most processes are killed."""


@define
class Result:
    processes: int = 0
    kills: int = 0
    reports: Counter[int] = field(factory=Counter)
    twice: list[str] = field(factory=list)
    missing: list[str] = field(factory=list)
    differing: list[str] = field(factory=list)
    still_open: int = 0

    @property
    def good(self) -> bool:
        broken = (self.twice, self.missing, self.differing, self.still_open, self.reports[BROKEN])
        return not any(broken)

    @property
    def text(self) -> str:
        counts = {"done": self.reports[DONE], "not yet": self.reports[AGAIN], "broken": self.reports[BROKEN]}
        return (
            f"{self.processes} processes, {self.kills} killed, {counts}; "
            f"executed twice: {self.twice or 'none'}; never executed: {len(self.missing)}; "
            f"journal and ledger differ: {self.differing or 'nowhere'}; still open: {self.still_open}"
        )


@contextmanager
def server(seed: int) -> Iterator[str]:
    here, there = SPAWN.Pipe()
    process = SPAWN.Process(target=serve, args=(seed, there), daemon=True)
    process.start()
    try:
        yield f"http://127.0.0.1:{here.recv()}"
    finally:
        process.kill()
        process.join()


def killed_at_random(place: str, *, kills: int, at_once: int, seed: int) -> Result:
    """Start orders until so many processes were killed, and run every one of them to its end."""
    result, chance = Result(), random.Random(seed)
    with server(seed) as url:
        orders = _until_done(url, place, result, chance, kills, at_once)
        settle(url, place, result)
        _compare(url, place, orders, result)
    return result


def _until_done(url: str, place: str, result: Result, chance: random.Random, kills: int, at_once: int) -> list[str]:
    orders: list[str] = []
    done, killed = set[str](), Counter[str]()
    waiting: list[tuple[float, str]] = []
    alive: dict[int, tuple[str, float]] = {}
    with open_client(url, place) as client:
        client.intents.open()  # makes the file
    while True:
        now = time.monotonic()
        while len(alive) < at_once:
            due = [each for each in waiting if each[0] <= now]
            if due:
                waiting.remove(due[0])
                order = due[0][1]
            elif result.kills < kills and len(waiting) + len(alive) < 3 * at_once:
                order = f"order-{len(orders)}"
                orders.append(order)
            else:
                break
            for _ in range(2 if chance.random() < 0.15 else 1):
                dies = killed[order] < KILLS_EACH and chance.random() < 0.85
                alive[_start(url, place, order)] = (order, now + chance.uniform(0, LIFE) if dies else float("inf"))
                result.processes += 1
        for pid, (order, dies_at) in list(alive.items()):
            if time.monotonic() >= dies_at:
                os.kill(pid, signal.SIGKILL)
                alive[pid] = (order, float("inf"))
            ended, status = os.waitpid(pid, os.WNOHANG)
            if not ended:
                continue
            del alive[pid]
            if os.WIFSIGNALED(status):
                killed[order] += 1
                result.kills += 1
            else:
                result.reports[os.WEXITSTATUS(status)] += 1
                if os.WEXITSTATUS(status) == DONE:
                    done.add(order)
            busy = any(each[0] == order for each in alive.values()) or any(each[1] == order for each in waiting)
            if order not in done and not busy:
                waiting.append((time.monotonic() + chance.uniform(0, 0.5), order))
        if not alive and not waiting and result.kills >= kills:
            return orders
        time.sleep(0.002)


def _start(url: str, place: str, order: str) -> int:
    pid = os.fork()
    if pid == 0:
        run(open_client(url, place), order)
    return pid


def settle(url: str, place: str, result: Result) -> None:
    with open_client(url, place) as client:
        for _ in range(20):
            client.settle_all()
            result.still_open = len(client.intents.open())
            if not result.still_open:
                return
            time.sleep(60 / RATE)


def _compare(url: str, place: str, orders: list[str], result: Result) -> None:
    with urllib.request.urlopen(f"{url}/_ledger") as answer:
        ledger: list[tuple[str, str, int]] = json.load(answer)["response"]
    effects = Counter((kind, what) for kind, what, _ in ledger)
    expected = {("charge", order) for order in orders}
    expected |= {("refund", f"{order} r{amount}") for order in orders for amount in PARTS}
    result.twice = [f"{kind} {what}" for (kind, what), times in effects.items() if times > 1]
    result.missing = [f"{kind} {what}" for kind, what in expected - set(effects)]
    with open_client(url, place) as client:
        for order in orders:
            records = {order: (client.intents.of(merchant_uid=order), "paid")}
            keys = (f"{order}-{amount}" for amount in PARTS)
            records |= {key: (client.intents.of(key=key), "refunded") for key in keys}
            for name, (found, outcome) in records.items():
                if found is None or found.outcome != outcome:
                    result.differing.append(f"{name}: {None if found is None else found.outcome}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    options = parser.parse_args()
    from tests.kill.databases import with_postgres
    from tests.kill.plain import plain_writes_killed

    good = True
    with tempfile.TemporaryDirectory() as folder, with_postgres() as database:
        for name, place in {"SQLite": str(Path(folder) / "intents.sqlite3"), "PostgreSQL": database}.items():
            for what, play in {"…_once": killed_at_random, "plain writes": plain_writes_killed}.items():
                began = time.monotonic()
                where = f"{place}.{what[:5]}" if name == "SQLite" else place
                seed = options.seed + (what != "…_once")
                result = play(where, kills=options.kills, at_once=options.at_once, seed=seed)
                good &= result.good
                took = f"{time.monotonic() - began:.0f} s"
                print(f"{name}, {what}, seed {seed}: {result.text}; {took}", flush=True)  # noqa: T201
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
