"""Pages, exports and reconciliations beside their peers, and the rows that they make."""

from __future__ import annotations

import json
import os
import random
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.driving import served
from benchmarks.environments import BENCH, run_json
from benchmarks.table import Row, compared, table_of

__all__ = ["Bulk", "bulk", "pages", "rows", "tables", "walk"]

WALKED = 100_000
PAGED = {True: 10_000, False: 30_000}
LARGE = {True: 50_000, False: 1_000_000}
LARGE_WAYS = {
    "export": ("export", "columns"),
    "reconcile": ("reconcile", "books"),
}


class Bulk(NamedTuple):
    """What each way cost: of so many payments, in each round."""

    payments: int
    found: dict[str, list[dict[str, Any]]]

    def cpu(self, way: str) -> list[float]:
        return [one["cpu"] / one["count"] for one in self.found[way]]


def lists(stack: ExitStack, count: int) -> str:
    """Start a server with so many payments, and return its address."""
    return f"http://127.0.0.1:{served(stack, sys.executable, 'benchmarks.bulk.server', str(count))}"


def walk() -> dict[str, Any]:
    with ExitStack() as stack:
        found: dict[str, Any] = run_json("ours", "-m", "benchmarks.walking", lists(stack, WALKED))
    return found


def _measure(count: int, ways: tuple[str, ...], rounds: int) -> Bulk:
    found: dict[str, list[dict[str, Any]]] = {way: [] for way in ways}
    shuffle = random.Random(4)
    order = [*ways]
    os.environ["BENCH_COUNT"] = str(count)
    with ExitStack() as stack:
        url = lists(stack, count)
        BENCH.mkdir(exist_ok=True)
        folder = stack.enter_context(tempfile.TemporaryDirectory(dir=BENCH))
        for _ in range(rounds):
            shuffle.shuffle(order)
            for way in order:
                _counts(url)
                out = Path(folder) / f"{way}.parquet"
                one = run_json("bulk", "-m", "benchmarks.bulk.way", way, url, str(out))
                if one["count"] != count:
                    raise ValueError(f"{way}: {one['count']} of {count} payments")
                found[way].append(one | {"requests": _counts(url)["pages"]})
                out.unlink(missing_ok=True)
                out.with_suffix(".csv").unlink(missing_ok=True)
    return Bulk(count, found)


def _counts(url: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{url}/_counts?reset") as answer:
        found: dict[str, int] = json.loads(answer.read())
    return found


def pages(rounds: int, *, quick: bool) -> Bulk:
    return _measure(PAGED[quick], ("iterate", "orjson"), rounds)


def bulk(section: str, *, quick: bool) -> Bulk:
    return _measure(LARGE[quick], LARGE_WAYS[section], 1)


def rows(paged: Bulk | None, exported: Bulk | None, reconciled: Bulk | None) -> Iterator[Row]:
    if paged is not None:
        yield compared(
            f"{paged.payments:,} payments in pages of 1,000 through the extra, CPU a payment",
            2.0,
            "orjson.loads of the same pages",
            paged.cpu("iterate"),
            paged.cpu("orjson"),
            "both fetch what they read",
        )
    if exported is not None:
        ours, peer = (exported.found[way][0] for way in LARGE_WAYS["export"])
        memory = f"{ours['over']:.0f} and {peer['over']:.0f} MiB over the start; ours resumes and keeps odd values"
        what = f"export of {exported.payments:,} payments to Parquet, CPU"
        yield compared(what, 2.0, "msgspec → pyarrow", exported.cpu("export"), exported.cpu("columns"), memory)
    if reconciled is not None:
        for way, name in (("reconcile", "reconcile"), ("books", "the command reconcile, with as many orders,")):
            one = reconciled.found[way][0]
            what = f"{name} of {reconciled.payments:,} payments: memory over the start"
            cost = f"{one['cpu'] / one['count'] * 1e6:.0f} µs of CPU a payment; {one['requests']:,} pages"
            yield Row(what, "≤ 60 MiB", f"{one['over']:.0f} MiB", "one run", one["over"] / 60, cost)


def tables(*found: Bulk | None) -> str:
    body = [
        (
            way, f"{each.payments:,}", f"{min(each.cpu(way)) * 1e6:.1f}", f"{one['over']:.0f}", f"{one['requests']:,}",
        )
        for each in found if each is not None
        for way in each.found
        for one in each.found[way][:1]
    ]  # fmt: skip
    head = ("way", "payments", "CPU a payment, µs", "memory over the start, MiB", "pages")
    return "### many payments\n\n" + table_of(head, body)
