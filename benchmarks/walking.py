"""Walking 100,000 payments: `python -m benchmarks.walking URL` tells memory, and who fetched when."""

from __future__ import annotations

import json
import sys
import time
import urllib.request

from portone_v1 import PortOne

from benchmarks.bulk.server import SPAN, START
from benchmarks.process import peak

__all__ = ["main"]

LIMIT = 100
LOOKED_AT = 950
"""Payments after which it is asked whether the next page has come; the page of this one has some left."""
PATIENCE = 10.0


def _served(url: str) -> int:
    """Return the number of payments that the server has sent."""
    with urllib.request.urlopen(f"{url}/_counts") as answer:
        return int(json.loads(answer.read()).get("items", 0))


def main(url: str) -> None:
    with PortOne(imp_key="bench_key", imp_secret="bench_secret", base_url=url) as client:
        client.payments.search("all", limit=LIMIT, page=1, from_=START, to=START + SPAN - 1)
        base, before, marks = _served(url), peak(), list[float]()
        walked, ahead = 0, False
        began = time.perf_counter()
        for _ in client.payments.iter_search("all", from_=START, to=START + SPAN - 1, limit=LIMIT):
            walked += 1
            if walked == LOOKED_AT:
                until = time.monotonic() + PATIENCE
                while not ahead and time.monotonic() < until:  # the first page was only asked how many there are
                    ahead = _served(url) - base - LIMIT - walked >= LIMIT
            if walked % 10_000 == 0:
                marks.append(peak() - before)
        seconds = time.perf_counter() - began
    print(json.dumps({"walked": walked, "over": marks, "ahead": ahead, "seconds": seconds}))


if __name__ == "__main__":
    main(sys.argv[1])
