"""Canaries in every argument that must not be seen, and the search for them in everything that can be."""

from __future__ import annotations

import io
import logging
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

from portone_v1_sandbox import TEST_CARDS

__all__ = ["ACCOUNT", "BUYER", "CARD", "KEY", "SECRET", "Leaks"]

KEY: Final = "canary_key_7391"
SECRET: Final = "canary_secret_7391"
BUYER: Final = {
    "buyer_name": "홍길동카나리",
    "buyer_email": "canary.buyer@example.com",
    "buyer_tel": "010-0000-7391",
    "buyer_addr": "서울시 카나리로 7391",
    "buyer_postcode": "KNR-7391",
    "custom_data": "canary note 7391",
    "browser_ip": "192.0.2.173",
    "bypass": {"canary": "canary bypass 7391"},
}
CARD: Final = {"expiry": "2039-11", "birth": "907391", "pwd_2digit": "73", "cvc": "739"}
ACCOUNT: Final = {
    "refund_holder": "카나리예금주",
    "refund_bank": "04",
    "refund_account": "3333-7391-0001",
    "refund_tel": "02-0000-7391",
}
TOO_SHORT: Final = ("73", "739", "04")
"""They stand in every other number."""


class Leaks(logging.Handler):
    """Searches texts. What was found is told by where it was, never shown."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        values = [KEY, SECRET, *BUYER.values(), *CARD.values(), *ACCOUNT.values()]
        texts = [str(value) for value in values if value not in TOO_SHORT and not isinstance(value, dict)]
        texts += ["canary bypass 7391"]
        cards = "|".join("[- ]?".join(card.number.split("-")) for card in TEST_CARDS.values())
        token = r"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])"
        masked = r"\d{6}\*{6}\d{4}"
        # Digits within a longer number are not counted: neither 0.90739134 nor 907391.25 s holds a date of birth.
        apart = [rf"(?<![\d.]){text}(?!\.?\d)" if text.isdigit() else re.escape(text) for text in texts]
        self._pattern = re.compile("|".join([*apart, cards, token, masked]))
        self.found: list[str] = []
        self.searched = 0

    def search(self, where: str, text: str) -> None:
        self.searched += 1
        if (hit := self._pattern.search(text)) is not None:
            self.found.append(f"{where} ({len(hit[0])} characters at {hit.start()})")

    def emit(self, record: logging.LogRecord) -> None:
        text = f"{record.getMessage()} {record.args!r}"
        if record.exc_info:
            text += "".join(traceback.format_exception(*record.exc_info))
        self.search(f"log record of {record.name}: {record.msg!r}"[:200], text)

    def look_at(self, where: str, result: object) -> None:
        """Look at the result or exception of a call, as text, with everything that led to it."""
        seen: set[int] = set()
        waiting: list[object] = [result]
        while waiting:
            item = waiting.pop()
            if item is None or id(item) in seen:
                continue
            seen.add(id(item))
            self.search(f"{where}: {type(item).__name__}", f"{item!r} {item!s}")
            if isinstance(item, BaseException):
                waiting += [item.__cause__, item.__context__]

    @contextmanager
    def everywhere(self) -> Iterator[None]:
        """Look at every record of every logger, and at everything printed."""
        root, printed = logging.getLogger(), (sys.stdout, sys.stderr)
        level = root.level
        root.addHandler(self)
        root.setLevel(logging.DEBUG)
        sys.stdout, sys.stderr = _Tee(self, printed[0]), _Tee(self, printed[1])
        try:
            yield
        finally:
            sys.stdout, sys.stderr = printed
            root.setLevel(level)
            root.removeHandler(self)


class _Tee(io.TextIOBase):
    def __init__(self, leaks: Leaks, below: TextIO) -> None:
        self._leaks = leaks
        self._below = below

    def write(self, text: str) -> int:
        self._leaks.search("printed", text)
        self._below.write(text)
        return len(text)

    def flush(self) -> None:
        self._below.flush()
