"""The journal on a disk: `python -m benchmarks.safe.journal FOLDER THREADS OPERATIONS_EACH` writes JSON.

An operation is what a charge commits: its intent before it leaves, and its outcome after it.
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
import time
from pathlib import Path
from typing import Any

from portone_v1.intents import SQLiteStore
from portone_v1.intents.intent import Intent
from portone_v1_sandbox import Sandbox

from benchmarks.process import pin_to_first

__all__ = ["main"]

ARGUMENTS = {"merchant_uid": "order-1", "amount": "1000", "currency": "KRW", "customer_uid": "0" * 24}
commits: list[float] = []
"""When each began."""


def _counted(*arguments: Any, **options: Any) -> sqlite3.Connection:
    found: sqlite3.Connection = _connect(*arguments, **options)
    found.set_trace_callback(lambda text: commits.append(time.perf_counter()) if text == "COMMIT" else None)
    return found


_connect = sqlite3.connect
sqlite3.connect = _counted  # type: ignore[assignment]


def before_the_request(folder: Path) -> int:
    """Count the commits of one charge before its request is sent."""
    sandbox = Sandbox()
    store = SQLiteStore(folder / "one.sqlite3")
    client = sandbox.client(intents=store)
    card: dict[str, Any] = {"card_number": "4242-4242-4242-4242", "expiry": "2099-12", "birth": "900101"}
    sandbox.client(intents=None).subscribe.onetime(merchant_uid="first", amount=1000, customer_uid="card-1", **card)
    seen: list[int] = []
    handle = sandbox.handle

    def looking(request: Any) -> Any:
        if request.method == "POST" and request.path.startswith("/subscribe"):
            seen.append(len(commits))
        return handle(request)

    sandbox.__dict__["handle"] = looking
    commits.clear()
    client.subscribe.again_once(merchant_uid="order-1", amount=1000, name="원두 500g", customer_uid="card-1")
    store.close()
    if len(seen) != 1:
        raise ValueError(f"{len(seen)} charges were sent")
    return seen[0]


def main(folder: str, threads: int, each: int) -> None:
    pin_to_first()
    before = before_the_request(Path(folder))
    store = SQLiteStore(Path(folder) / "many.sqlite3")
    together = threading.Barrier(threads)
    took: list[float] = []

    def work(number: int) -> None:
        together.wait()
        for operation in range(each):
            name = f"{number}-{operation}"
            intent = Intent(
                id=f"intent-{name}", shop="shop", operation="subscribe.again", resource=f"order:{name}",
                resource_seq=1, key=f"key-{name}", key_seq=1, arguments=ARGUMENTS, sent_at=time.time(),
            )  # fmt: skip
            began = time.perf_counter()
            if not store.begin(intent) or not store.save(intent.changed(state="closed", outcome="paid")):
                raise RuntimeError("the journal refused an intent")
            took.append(time.perf_counter() - began)

    commits.clear()
    workers = [threading.Thread(target=work, args=(number,)) for number in range(threads)]
    cpu, wall = time.process_time(), time.perf_counter()
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    took.sort()
    answer = {
        "before": before,
        "operations": len(took),
        "commits": len(commits) / len(took),
        "p50": took[len(took) // 2],
        "p99": took[int(len(took) * 0.99)],
        "rate": len(took) / (time.perf_counter() - wall),
        "cpu": (time.process_time() - cpu) / len(took),
    }
    print(json.dumps(answer), flush=True)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
