"""Requests and CPU of the calls that move money once, beside the plain calls: `python -m benchmarks.safe.cost ROUNDS`.

The sandbox answers in the process. Its CPU is taken off, and that of the journal's two commits, which
`benchmarks.safe.journal` measures.
"""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from portone_v1 import FULL
from portone_v1.intents import MemoryStore
from portone_v1_sandbox import Sandbox

from benchmarks.process import pin_to_first

__all__ = ["main"]

AT_ONCE = 10


class Apart:
    """Seconds of CPU that are not the client's."""

    def __init__(self) -> None:
        self.seconds, self.requests = 0.0, 0

    def over(self, run: Callable[..., Any], *, requests: int = 0) -> Callable[..., Any]:
        def timed(*arguments: Any) -> Any:
            self.requests += requests
            began = time.process_time()
            try:
                return run(*arguments)
            finally:
                self.seconds += time.process_time() - began

        return timed


class Committing(MemoryStore):
    """The journal in memory, the CPU of its commits put aside."""

    def __init__(self, apart: Apart) -> None:
        super().__init__()
        own: dict[str, Any] = {name: apart.over(getattr(self, name)) for name in ("begin", "save")}
        self.__dict__.update(own)


def main(rounds: int) -> None:
    pin_to_first()
    sandbox, apart = Sandbox(), Apart()
    sandbox.__dict__["handle"] = apart.over(sandbox.handle, requests=1)
    plain, once = sandbox.client(intents=None), sandbox.client(intents=Committing(apart))
    numbers = iter(range(10**9))
    card: dict[str, Any] = {"card_number": "4242-4242-4242-4242", "expiry": "2099-12", "birth": "900101"}
    plain.subscribe.onetime(merchant_uid="first", amount=1000, customer_uid="card-1", **card)

    def order() -> dict[str, Any]:
        return {"merchant_uid": f"order-{next(numbers)}", "amount": 1000, "name": "원두 500g", "customer_uid": "card-1"}

    def paid() -> dict[str, Any]:
        return {"imp_uid": sandbox.pay(merchant_uid=f"order-{next(numbers)}", amount=12000).imp_uid, "amount": FULL}

    calls: dict[str, tuple[Callable[[], dict[str, Any]], Callable[..., Any]]] = {
        "again": (order, plain.subscribe.again),
        "again_once": (order, once.subscribe.again_once),
        "cancel": (paid, plain.payments.cancel),
        "cancel_once": (paid, once.payments.cancel_once),
    }
    found: dict[str, list[float]] = {name: [] for name in calls}
    requests: dict[str, float] = {}
    names = [*calls]
    shuffle = random.Random(5)
    for number in range(rounds + 1):
        shuffle.shuffle(names)
        for name in names:
            prepare, run = calls[name]
            arguments = [prepare() for _ in range(AT_ONCE)]
            apart.seconds, apart.requests = 0.0, 0
            began = time.process_time()
            for one in arguments:
                run(**one)
            spent = time.process_time() - began - apart.seconds
            if number:
                found[name].append(spent / AT_ONCE)
                requests[name] = apart.requests / AT_ONCE
    print(json.dumps({"cpu": found, "requests": requests}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
