"""The query of a list: its search text and its conditions."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from ..errors.base import wrong_value
from ..wire.json_types import is_list

__all__ = ["NAMES", "Conditions", "conditions_of", "number_of"]

NAMES: Final = ("q", "status", "pg", "method", "min", "max", "from", "to", "after", "before", "limit")
WORDS: Final[Mapping[str, str]] = {
    "ready": "ready", "대기": "ready", "paid": "paid", "결제완료": "paid", "partial": "partial",
    "partly refunded": "partial", "부분취소": "partial", "cancelled": "cancelled", "취소": "cancelled",
    "failed": "failed", "실패": "failed",
}  # fmt: skip
AMOUNT: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?")
UNIT: Final = re.compile(r"\s*(?:원|krw|₩)$", re.IGNORECASE)
LONG_NUMBER: Final = re.compile("[0-9]{10,}")
MOST_ROWS: Final = 100
LONGEST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The rows of a list that are wanted, and the place at which the page begins."""

    text: str = ""
    """The search text in lower case."""
    typed: str = ""
    """The search text as it was typed."""
    amount: Decimal | None = None
    status: frozenset[str] = frozenset()
    by_word: str | None = None
    """A status that was typed into the search."""
    pg: str = ""
    method: str = ""
    lowest: int | None = None
    highest: int | None = None
    since: int | None = None
    until: int | None = None
    after: int | None = None
    before: int | None = None
    limit: int = 25

    @property
    def any(self) -> bool:
        """Whether there is any condition besides the place."""
        return any((self.text, self.by_word, self.status, self.pg, self.method)) or any(
            one is not None for one in (self.lowest, self.highest, self.since, self.until)
        )

    @property
    def uid(self) -> str | None:
        """The text if it can be a uid; a number of ten digits is no amount."""
        return self.typed if self.text and (self.amount is None or LONG_NUMBER.fullmatch(self.typed)) else None

    @property
    def only_status(self) -> str | None:
        """The status, if one is asked for and nothing else."""
        status = next(iter(self.status)) if len(self.status) == 1 else None
        return status if status is not None and replace(self, status=frozenset()).any is False else None

    @property
    def meant(self) -> dict[str, Any] | None:
        """How the search text was understood."""
        if self.by_word is not None:
            return {"by": "status", "value": self.by_word}
        if self.amount is not None:
            return {"by": "amount", "value": self.amount}
        return {"by": "text", "value": self.text} if self.text else None


def conditions_of(query: Mapping[str, Any]) -> Conditions:
    """Read the query of a list. Raises Refusal."""
    typed = " ".join(_text(query, "q").split())[:LONGEST]
    text = typed.lower()
    by_word = WORDS.get(text)
    bare = UNIT.sub("", text)
    amount = Decimal(bare.replace(",", "")) if AMOUNT.fullmatch(bare) and len(bare) <= 18 else None
    limit = number_of(query, "limit")
    if limit is not None and not 1 <= limit <= MOST_ROWS:
        raise wrong_value("limit")
    return Conditions(
        text="" if by_word else text,
        typed=typed,
        amount=amount,
        by_word=by_word,
        status=frozenset(_texts(query.get("status"))),
        pg=_text(query, "pg"),
        method=_text(query, "method"),
        lowest=number_of(query, "min"),
        highest=number_of(query, "max"),
        since=number_of(query, "from"),
        until=number_of(query, "to"),
        after=number_of(query, "after"),
        before=number_of(query, "before"),
        limit=limit or 25,
    )


def number_of(query: Mapping[str, Any], name: str) -> int | None:
    """Return a whole number of the query. Raises Refusal."""
    text = _text(query, name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 15):
        raise wrong_value(name)
    return int(text)


def _text(query: Mapping[str, Any], name: str) -> str:
    value = query.get(name, "")
    if not isinstance(value, str):
        raise wrong_value(name)
    return value.strip()


def _texts(value: Any) -> list[str]:
    if is_list(value):
        return [one for one in value if isinstance(one, str) and one]
    return [one for one in str(value or "").split(",") if one]
