"""A server that answers after a pause and counts the connections: `python -m benchmarks.load.server MILLISECONDS`."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter

from benchmarks import payload
from benchmarks.answering import Answers, respond, target

__all__ = ["main"]


class Slow(Answers):
    """Made once each: the server must be quicker than those who call it."""

    def __init__(self, pause: float) -> None:
        self.pause = pause
        self.counts: Counter[str] = Counter()
        self._example = json.loads(payload.one())
        self._payment = payload.one()

    def opened(self) -> None:
        self.counts["opened"] += 1

    def answer(self, head: bytes) -> tuple[bytes, float]:
        path, _ = target(head)
        if path == "/_counts":
            shown = json.dumps(self.counts).encode()
            self.counts.clear()
            return shown, 0.0
        self.counts["requests"] += 1
        if path == "/users/getToken":
            return payload.token(int(time.time())), 0.0
        uid = path.rpartition("/")[2]
        if uid.startswith("imp_echo"):  # the caller checks that the answer is its own
            self._example["response"]["imp_uid"] = uid
            return json.dumps(self._example).encode(), self.pause
        return self._payment, self.pause


def main(milliseconds: float) -> None:
    respond(Slow(milliseconds / 1e3))


if __name__ == "__main__":
    main(float(sys.argv[1]))
