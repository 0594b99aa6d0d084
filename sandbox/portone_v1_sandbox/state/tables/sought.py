"""The searched part of each payment, in columns, so that the dashboard's search reads no record."""

from __future__ import annotations

import json
from collections import Counter
from functools import lru_cache
from typing import Final, NamedTuple

from ..payments import PaymentRecord

__all__ = ["BLOCK", "Sought", "SoughtColumns", "Traits", "sought_of", "text_of", "words_of"]


BLOCK: Final = 512
"""Number of payments that are searched as one text, before any single one is."""


class Traits(NamedTuple):
    """Values that many payments have in common."""

    shown_status: str
    status: str
    pg: str
    method: str
    embedded_pg: str | None


class Sought(NamedTuple):
    """The searched part of one payment."""

    started: int
    amount: float
    traits: str
    """`Traits` as JSON: payments with the same traits share one text."""
    words: bytes
    """The searched texts in lower case, one per line."""


def words_of(one: PaymentRecord) -> tuple[object, ...]:
    """Return the texts by which a payment is found."""
    return (
        one.merchant_uid, one.imp_uid, one.name, one.buyer_name, one.buyer_tel, one.buyer_email, one.customer_uid,
        one.pg_tid, one.apply_num, one.vbank_num, one.pg_provider, one.pay_method, one.fail_reason, one.tier,
    )  # fmt: skip


def sought_of(payment: PaymentRecord) -> Sought:
    traits = _text_of_traits(
        payment.shown_status, payment.status, payment.pg_provider, payment.pay_method, payment.emb_pg_provider
    )
    lines = "\n".join([word for word in words_of(payment) if isinstance(word, str) and word])
    return Sought(payment.started_at, float(payment.amount), traits, text_of(lines))


def text_of(text: str) -> bytes:
    """Return a text in the form in which it is compared."""
    return text.lower().encode("utf-8", "replace")


@lru_cache(maxsize=1024)
def _text_of_traits(*traits: str | None) -> str:
    return json.dumps(traits)


class SoughtColumns:
    """All payments in the order of arrival, one list for each field."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.amounts: list[float] = []
        self.words: list[bytes] = []
        self.kinds: list[int] = []
        """Index into `traits` of each payment."""
        self.traits: list[Traits] = []
        self.counts: Counter[int] = Counter()
        """Number of payments of each kind."""
        self._kind_of: dict[str, int] = {}
        self._place_of: dict[str, int] = {}
        self._blocks: dict[int, bytes] = {}
        """The words of `BLOCK` payments as one text, made at their first search."""

    def __len__(self) -> int:
        return len(self.words)

    def put(self, uid: str, started: int, amount: float, traits: str, words: bytes) -> None:
        """Add a payment at the end, or update a changed one in its place."""
        kind = self._kind_of.get(traits)
        if kind is None:
            kind = self._kind_of[traits] = len(self.traits)
            self.traits.append(Traits(*json.loads(traits)))
        self.counts[kind] += 1
        place = self._place_of.get(uid)
        self._blocks.pop((len(self.words) if place is None else place) // BLOCK, None)
        if place is None:
            self._place_of[uid] = len(self.words)
            self.started.append(started)
            self.amounts.append(amount)
            self.words.append(words)
            self.kinds.append(kind)
            return
        self.counts[self.kinds[place]] -= 1
        self.started[place] = started
        self.amounts[place] = amount
        self.words[place] = words
        self.kinds[place] = kind

    def saying(self, text: bytes) -> list[int]:
        """Return the places of the payments whose words contain this text."""
        found: list[int] = []
        for first in range(0, len(self.words), BLOCK):
            number = first // BLOCK
            block = self._blocks.get(number)
            if block is None:
                block = self._blocks[number] = b"\n".join(self.words[first : first + BLOCK])
            if text in block:
                words = self.words[first : first + BLOCK]
                found += [place for place, own in enumerate(words, first) if text in own]
        return found
