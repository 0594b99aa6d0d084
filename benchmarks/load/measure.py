"""Rounds over the sides and the numbers of callers, and the rows that they make."""

from __future__ import annotations

import json
import random
import statistics
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

from benchmarks.driving import served
from benchmarks.environments import run_json
from benchmarks.table import Row, compared, table_of

__all__ = ["Load", "Timeouts", "rows", "tables"]

PAUSE = 5
"""Milliseconds that the server takes."""
ENVIRONMENTS = {
    "ours": "ours",
    "ours async": "ours",
    "ours async aiohttp": "speed",
    "urllib3": "raw",
    "httpx": "raw",
    "httpx async": "raw",
    "aiohttp": "raw",
}
THREADS, TASKS = 64, 500
MANY_THREADS, MANY_CALLS = 256, 1536
COMPARED = (
    ("ours", THREADS),
    ("urllib3", THREADS),
    *tuple((side, TASKS) for side in ("ours async", "httpx async", "ours async aiohttp", "aiohttp")),
)
CURVES = tuple((side, level) for side in ("ours", "urllib3", "httpx") for level in (1, 16, 64, 256)) + tuple(
    (side, level)
    for side in ("ours async", "ours async aiohttp", "httpx async", "aiohttp")
    for level in (10, 100, 500, 2000)
    if (side, level) != ("httpx async", 2000)  # its last call waits for half a minute
)
ALL_CALLS = {True: 5_000, False: 50_000}
PEER_CALLS = {True: 1_536, False: 6_144}


class Load(NamedTuple):
    """What each side with each number of callers gave, round by round."""

    found: dict[tuple[str, int], list[dict[str, Any]]]

    def values(self, side: str, level: int, what: str) -> list[float]:
        return [one[what] for one in self.found.get((side, level), [])]


class Timeouts(NamedTuple):
    calls: int
    ours: dict[str, Any]
    peer: dict[str, Any]


def _server(stack: ExitStack, pause: int) -> str:
    return f"http://127.0.0.1:{served(stack, sys.executable, 'benchmarks.load.server', str(pause))}"


def _counts(url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{url}/_counts") as answer:
        found: dict[str, int] = json.loads(answer.read())
    return found


def _call(url: str, side: str, callers: int, each: int, *checked: str) -> dict[str, Any]:
    _counts(url)
    arguments = (side, str(callers), str(each), url, *checked)
    found: dict[str, Any] = run_json(ENVIRONMENTS[side], "-m", "benchmarks.load.caller", *arguments)
    found["opened"] = _counts(url)["opened"] - 1  # asking opens one
    return found


def measure(rounds: int, *, quick: bool) -> Load:
    """Measure every pair of a goal in every round; measure the curves and the connections once or three times."""
    found: dict[tuple[str, int], list[dict[str, Any]]] = {}
    shuffle = random.Random(3)
    with ExitStack() as stack:
        url = _server(stack, PAUSE)
        for number in range(rounds):
            order = [*COMPARED, *(one for one in CURVES if one not in COMPARED)] if number == 0 else [*COMPARED]
            shuffle.shuffle(order)
            for side, level in order:
                if quick and number == 0 and level == 2000:
                    continue
                found.setdefault((side, level), []).append(_call(url, side, level, _each(level)))
    return Load(found)


def _each(level: int) -> int:
    return MANY_CALLS // MANY_THREADS if level == MANY_THREADS else max(2, min(100, 1200 // level))


def timeouts(*, quick: bool) -> Timeouts:
    """Count calls that time out although the network loses nothing, and answers to another call."""
    calls, peers = ALL_CALLS[quick], PEER_CALLS[quick]
    with ExitStack() as stack:
        url = _server(stack, 20)
        ours = _call(url, "ours", MANY_THREADS, -(-calls // MANY_THREADS), "checked")
        peer = _call(url, "httpx", MANY_THREADS, -(-peers // MANY_THREADS), "checked")
    return Timeouts(calls, ours, peer)


def rows(load: Load | None, found: Timeouts | None) -> Iterator[Row]:
    if load is not None:
        yield from _load_rows(load)
    if found is not None:
        yield _timeout_row(found)


def _load_rows(load: Load) -> Iterator[Row]:
    def pair(what: str, limit: float, than: str, ours: str, theirs: str, level: int, of: str = "cpu") -> Row:
        both = load.values(ours, level, of), load.values(theirs, level, of)
        unit, scale = ("µs", 1e6) if of == "cpu" else ("ms", 1e3)
        note = " and ".join(f"{statistics.median(one) * scale:,.0f} {unit}" for one in both)
        return compared(what, limit, than, *both, note)

    yield pair("64 threads, CPU a call", 1.35, "urllib3", "ours", "urllib3", THREADS)
    opened = max(load.values("ours", MANY_THREADS, "opened"))
    peers = "; ".join(f"{side} {max(load.values(side, MANY_THREADS, 'opened')):,.0f}" for side in ("urllib3", "httpx"))
    yield Row(
        f"{MANY_THREADS} threads, {MANY_CALLS:,} calls: connections opened", "≤ 200", f"{opened:,.0f}", "exact",
        opened / 200, peers,
    )  # fmt: skip
    same = "`httpx.AsyncClient`, same limits"
    yield pair("500 tasks without an extra, CPU a call", 0.2, same, "ours async", "httpx async", TASKS)
    yield pair("500 tasks without an extra, p99", 0.15, same, "ours async", "httpx async", TASKS, "p99")
    yield pair("500 tasks over aiohttp, CPU a call", 1.8, "raw aiohttp", "ours async aiohttp", "aiohttp", TASKS)


def _timeout_row(found: Timeouts) -> Row:
    ended = sum(found.ours["errors"].values()) + found.ours["wrong"]
    peer = sum(found.peer["errors"].values())
    calls, peers = found.ours["done"] + sum(found.ours["errors"].values()), found.peer["done"] + peer
    return Row(
        f"{MANY_THREADS} threads: calls that fail although the network loses nothing",
        f"0 of {found.calls:,}",
        f"{ended} of {calls:,}",
        "exact",
        1.0 if ended == 0 and calls >= found.calls else 2.0 + ended,
        f"every answer was the caller's own; httpx, same limits: {peer} of {peers:,}",
    )


def tables(load: Load) -> str:
    """Return the tables: every side with every number of callers."""
    body: list[Sequence[str]] = []
    for (side, level), found in sorted(load.found.items(), key=lambda entry: (" " in entry[0][0], entry[0][1])):
        median = {
            what: statistics.median(one[what] for one in found) for what in ("rate", "cpu", "p50", "p99", "opened")
        }
        failed = sum(sum(one["errors"].values()) for one in found)
        body.append(
            (
                side.replace("ours", "**portone-v1**"), f"{level:,}", f"{median['rate']:,.0f}",
                f"{median['cpu'] * 1e6:,.0f}", f"{median['p50'] * 1e3:,.0f}", f"{median['p99'] * 1e3:,.0f}",
                f"{median['opened']:,.0f}", str(failed or "–"),
            )
        )  # fmt: skip
    head = ("side", "callers", "calls/s", "CPU a call, µs", "p50, ms", "p99, ms", "connections", "failed")
    note = f"The server answers after {PAUSE} ms. Callers are threads, or tasks where the side is asynchronous."
    return f"### many callers\n\n{note}\n\n" + table_of(head, body)
