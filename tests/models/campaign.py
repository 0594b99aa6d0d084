"""The long run over all models of V1: `make models` (ORDERS=200 SEED=1).

It prints the table of broken promises by habit and V1, and for each broken one its shortest story.
Exit status 1: a promise is broken where one process runs, or where all processes share one journal.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections import Counter
from collections.abc import Iterator

from tests.models.promises import broken
from tests.models.shop import PLAIN
from tests.models.shrinking import shortest
from tests.models.stories import HABITS, Cell, play
from tests.models.v1 import KINDS, LAGS

WRITES = ("charge", "onetime", "refund", *sorted(PLAIN))
SHARED = tuple(habit for habit in HABITS if "no shared store" not in habit)


def cells(habits: tuple[str, ...] = HABITS, flavours: tuple[str, ...] = ("sync",)) -> Iterator[Cell]:
    for what, habit, kind, lag, echo, flavour in itertools.product(
        WRITES, habits, KINDS, LAGS, (True, False), flavours
    ):
        if is_a_cell(what, habit, echo=echo):
            yield Cell(what, habit, kind, lag, echo, flavour)


def is_a_cell(what: str, habit: str, *, echo: bool) -> bool:
    if what in PLAIN:  # no mark that could come back, and no card to choose; each journal knows of its own calls alone
        return not echo and habit in SHARED and habit != "other card"
    return what in ("charge", "onetime") or habit != "other card"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=60, help="orders of each cell")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--habit", choices=HABITS, action="append")
    parser.add_argument("--write", choices=WRITES, action="append")
    options = parser.parse_args()
    began, orders, failures = time.monotonic(), 0, 0
    for cell in cells(tuple(options.habit or HABITS), ("sync", "async")):
        if options.write and cell.what not in options.write:
            continue
        count, first = Counter[str](), dict[str, str]()
        for number in range(options.orders):
            seed = f"{options.seed}/{number}"
            orders += 1
            for promise in broken(play(cell, seed)):
                count[promise] += 1
                first.setdefault(promise, seed)
        summary = "; ".join(f"{promise} {times}" for promise, times in count.most_common()) or "0"
        echo = "echo" if cell.echo else "no echo"
        name = f"{cell.what:10} {cell.habit:32} {cell.kind:6} lag {cell.lag:2.0f} s {echo:7} {cell.flavour:5}"
        print(f"{name}  {summary}", flush=True)  # noqa: T201
        if cell.habit in SHARED:
            failures += sum(count.values())
            for promise, seed in first.items():
                text = shortest(cell, seed, promise).text()
                print(f"-- the shortest story of: {promise}\n{text}", flush=True)  # noqa: T201
    print(f"{orders} orders in {time.monotonic() - began:.0f} s; broken where one journal is shared: {failures}")  # noqa: T201
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
