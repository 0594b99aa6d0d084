"""What an operation costs in a shop of so many payments: `python -m benchmarks.scale.costs COUNT [FILE]`.

In each line its parent asks what an operation costs, and gets the CPU time of one call in seconds, or asks for a count,
and gets its instructions of Python. Only `Sandbox.handle` is measured: what a call needs beforehand, for example a
payment to cancel, is made before.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
import time
from functools import partial

from portone_v1_sandbox import Response

from benchmarks.process import pin_to_first
from benchmarks.scale.counting import counting
from benchmarks.scale.requests import CALLS
from benchmarks.scale.shop import Shop, checked

__all__ = ["cpu_time", "instructions", "main"]

REPEATS = 5


def cpu_time(shop: Shop, name: str) -> float:
    """Return the CPU seconds of one call."""
    requests = [CALLS[name](shop) for _ in range(REPEATS)]
    began = time.process_time()
    answers = [shop.sandbox.handle(request) for request in requests]
    spent = time.process_time() - began
    for answer in answers:
        _check(name, answer)
    return spent / REPEATS


def instructions(shop: Shop, name: str) -> int:
    """Return how many instructions of Python one call takes, the least of three."""
    found: list[int] = []
    for number in range(4):
        request = CALLS[name](shop)
        answer, counted = counting(partial(shop.sandbox.handle, request))
        _check(name, answer)
        found += [counted] if number else []  # the first makes what is made once
    return min(found)


def _check(name: str, answer: Response) -> None:
    if name != "kakao_list_orders":  # V1 has ended it.
        checked(answer)


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def main(count: int, file: str | None) -> None:
    pin_to_first()
    before = memory()
    shop = Shop(count, file)
    spent = shop.fill()
    gc.collect()
    facts = {"seed": spent / count, "bytes": (memory() - before) / count, "operations": list(CALLS)}
    gc.disable()  # A collection in the middle of one of two calls would be the difference between them.
    print(json.dumps(facts), flush=True)
    for line in sys.stdin:
        what, name = json.loads(line)
        print(json.dumps(instructions(shop, name) if what == "count" else cpu_time(shop, name)), flush=True)
    shop.sandbox.close()


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)
