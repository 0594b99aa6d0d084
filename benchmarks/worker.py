"""One side in its own process: reads which case to run how often, writes what it cost.

`python -m benchmarks.worker SIDE URL`
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from benchmarks.process import pin_to_first

__all__ = ["Cases", "main"]


class Cases(NamedTuple):
    """What a side can do. A value is called once, and gives what is then repeated."""

    plain: dict[str, Callable[[], Callable[[], object]]]
    awaited: dict[str, Callable[[], Awaitable[Callable[[], Awaitable[object]]]]]


def _time(run: Callable[[], object], repeats: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        run()
    return time.process_time() - cpu, time.perf_counter() - wall


async def _time_awaited(run: Callable[[], Awaitable[object]], repeats: int) -> tuple[float, float]:
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(repeats):
        await run()
    return time.process_time() - cpu, time.perf_counter() - wall


def main(side: str, url: str) -> None:
    pin_to_first()
    cases: Cases = importlib.import_module(f"benchmarks.sides.{side}").cases(url)
    ready: dict[str, Any] = {}
    with asyncio.Runner() as runner:
        print(json.dumps([*cases.plain, *cases.awaited]), flush=True)
        for line in sys.stdin:
            order = json.loads(line)
            name, repeats, warm = order["case"], order["repeats"], order["warm"]
            gc.collect()
            if name in cases.plain:
                run = ready.get(name) or ready.setdefault(name, cases.plain[name]())
                _time(run, warm)
                cpu, wall = _time(run, repeats)
            else:
                run = ready.get(name) or ready.setdefault(name, runner.run(_made(cases.awaited[name])))
                runner.run(_time_awaited(run, warm))
                cpu, wall = runner.run(_time_awaited(run, repeats))
            print(json.dumps({"cpu": cpu / repeats, "wall": wall / repeats}), flush=True)


async def _made(factory: Callable[[], Awaitable[Any]]) -> Any:
    return await factory()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
