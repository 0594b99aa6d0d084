"""Lists of payments made of text: `python -m benchmarks.bulk.server COUNT` spreads them evenly over 30 days."""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from typing import Final
from urllib.parse import parse_qs

from benchmarks import payload
from benchmarks.answering import Answers, respond, target

__all__ = ["SPAN", "START", "main"]

SPAN: Final = 30 * 86_400
START: Final = 1_772_290_800
"""2026-03-01, midnight in KST."""


class Lists:
    def __init__(self, count: int) -> None:
        self._count = count
        own = {"imp_uid": "imp_@U@", "merchant_uid": "order-@U@", "started_at": -1, "paid_at": -1}
        one = json.loads(payload.one())["response"] | own | {"cancel_history": [], "sandbox": False}
        text = json.dumps(one, ensure_ascii=False).replace("%", "%%").replace("@U@", "%(u)012d")
        self._form = text.replace('_at": -1', '_at": %(t)d')

    def page(self, status: str, asked: dict[str, list[str]]) -> bytes:
        def number(name: str, default: int) -> int:
            return int(asked.get(name, [str(default)])[0])

        size, page = number("limit", 20), number("page", 1)
        first, last = (
            min(max(0, -(-(moment - START) * self._count // SPAN)), self._count)
            for moment in (number("from", 0), number("to", START + SPAN) + 1)
        )
        if status in ("cancelled", "failed", "ready"):
            first = last
        start, stop = min(first + (page - 1) * size, last), min(first + page * size, last)
        items = ", ".join(
            [self._form % {"u": one, "t": START + one * SPAN // self._count} for one in range(start, stop)]
        )
        following = page + 1 if stop < last else 0
        head = f'{{"total": {last - first}, "previous": {page - 1}, "next": {following}, "list": ['
        return f'{{"code": 0, "message": null, "response": {head}{items}]}}}}'.encode()


class Counted(Answers):
    """The lists, and how many pages and items were asked for."""

    def __init__(self, lists: Lists) -> None:
        self._lists, self._counts = lists, Counter[str]()

    def answer(self, head: bytes) -> tuple[bytes, float]:
        return self._body(*target(head)), 0.0

    def _body(self, path: str, query: str) -> bytes:
        if path == "/users/getToken":
            return payload.token(int(time.time()))
        if path == "/_counts":
            body = json.dumps(self._counts).encode()
            if query == "reset":
                self._counts.clear()
            return body
        body = self._lists.page(path.rpartition("/")[2], parse_qs(query))
        self._counts.update(pages=1, items=body.count(b'"imp_uid"'))
        return body


def main(count: int) -> None:
    respond(Counted(Lists(count)))


if __name__ == "__main__":
    main(int(sys.argv[1]))
