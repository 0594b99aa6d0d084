"""Walking 100,000 payments: `python -m benchmarks.walking URL` tells memory, and who fetched when."""

from __future__ import annotations

import json
import resource
import sys
import time
import urllib.request
from pathlib import Path

from portone_v1 import PortOne

__all__ = ["main"]

LIMIT = 100
LOOKED_AT = 10
PATIENCE = 10.0


def _pages(url: str) -> int:
    with urllib.request.urlopen(f"{url}/_counts") as answer:
        return int(json.loads(answer.read()).get("pages", 0))


def _peak() -> float:
    """MiB. Linux's own figure where there is one: `ru_maxrss` keeps the peak of the process that started this one."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)


def main(url: str) -> None:
    with PortOne(imp_key="bench_key", imp_secret="bench_secret", base_url=url) as client:
        client.payments.search("all", limit=LIMIT, page=1)
        _pages(url)
        before, base, marks = _peak(), _pages(url), list[float]()
        walked, ahead = 0, False
        began = time.perf_counter()
        for _ in client.payments.iter_search("all", from_=1770000000, to=1773100000, limit=LIMIT):
            walked += 1
            if walked == LOOKED_AT * LIMIT - LIMIT // 2:  # half of this page is still unread
                until = time.monotonic() + PATIENCE
                while not ahead and time.monotonic() < until:
                    ahead = _pages(url) - base > LOOKED_AT
            if walked % 10_000 == 0:
                marks.append(_peak() - before)
        seconds = time.perf_counter() - began
    print(json.dumps({"walked": walked, "over": marks, "ahead": ahead, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1])
