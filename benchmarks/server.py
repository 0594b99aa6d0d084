"""A small server that keeps connections, answers from memory and counts: `python -m benchmarks.server`."""

from __future__ import annotations

import json
import time
from collections import Counter

from . import payload
from .answering import Answers, respond, target

__all__ = ["main"]


class FromMemory(Answers):
    """What is sent for which path, and how often each was asked for."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._payment = payload.one()
        self._v2 = payload.v2_payment()
        charge = {"id": "ch_1", "object": "charge", "amount": 12000, "currency": "krw", "status": "succeeded"}
        self._charge = json.dumps(charge).encode()
        self._model = json.dumps({"id": "m", "object": "model", "created": 1, "owned_by": "example"}).encode()

    def answer(self, head: bytes) -> tuple[bytes, float]:
        return self._body(*target(head), head), 0.0

    def _body(self, path: str, query: str, head: bytes) -> bytes:
        if path == "/_counts":
            shown = json.dumps(self.counts).encode()
            if query == "reset":
                self.counts.clear()
            return shown
        self.counts["requests"] += 1
        if path == "/users/getToken":
            self.counts["tokens"] += 1
            return payload.token(int(time.time()))
        if path.startswith("/v1/charges/"):
            return self._charge
        if path.startswith("/models/"):
            return self._model
        return self._v2 if b"PortOne " in head else self._payment


def main() -> None:
    respond(FromMemory())


if __name__ == "__main__":
    main()
