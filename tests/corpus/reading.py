"""The items of the corpus, and what their form has to be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

__all__ = ["GRADES", "ITEMS", "KINDS", "Difference", "faults_of", "leaves", "personal", "read_items"]

ITEMS: Final = Path(__file__).with_name("items")
KINDS: Final = ("answer", "webhook", "callback", "redirect", "request_pay", "refusal")
GRADES: Final = ("captured", "vendor-doc", "vendor-code", "third-party-code", "inferred")
NEEDED: Final = (
    *("id", "kind", "operation", "status", "observed", "source", "project", "grade", "pg_provider", "pay_method"),
    "body",
)
OBSERVED: Final = re.compile(r"unknown|20\d\d(-[01]\d)?")
# Forms that invented values never have.
PERSONAL: Final = {
    "a mail address": re.compile(r"[\w.+-]+@(?!(?:shop\.)?example\.)[\w-]+\.[\w.]+"),
    "a telephone number": re.compile(r"(?<!\d)01[016-9]-?(?!0{3,4})\d{3,4}-?(?!0{4})\d{4}(?!\d)"),
    "a UUID": re.compile(r"\b(?!0{8}-)[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}\b"),
    "a resident number": re.compile(r"(?<!\d)\d{6}-[1-8]\d{6}(?!\d)"),
}
CARD: Final = re.compile(r"(?<!\d)\d{4}-?\d{4}-?\d{4}-?\d{3,4}(?!\d)")


@dataclass(frozen=True, order=True, slots=True)
class Difference:
    area: str
    item: str
    text: str


def read_items(folder: Path = ITEMS) -> list[dict[str, Any]]:
    return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]


def leaves(node: Any, path: str = "body") -> Iterator[tuple[str, Any]]:
    """Iterate over every value with the path to it."""
    if isinstance(node, dict):
        for key, value in node.items():
            yield from leaves(value, f"{path}.{key}")
    elif isinstance(node, list):
        for value in node:
            yield from leaves(value, f"{path}[]")
    else:
        yield path, node


def personal(item: dict[str, Any]) -> Iterator[str]:
    """Find what looks like a real person's: the place and the kind, never the value."""
    for path, value in leaves({"body": item.get("body"), "request": item.get("request")}, "item"):
        if not isinstance(value, str):
            continue
        yield from (f"{path} looks like {what}" for what, form in PERSONAL.items() if form.search(value))
        for number in CARD.findall(value):
            digits = re.sub(r"\D", "", number)
            if len(digits) in {15, 16} and path.rpartition(".")[2] == "card_number" and _luhn(digits):
                yield f"{path} looks like a card number"


def faults_of(item: dict[str, Any]) -> Iterator[str]:
    """Find faults in the form of an item."""
    missing = [key for key in NEEDED if key not in item]
    yield from (f"{key} is missing" for key in missing)
    if missing:
        return
    if item["kind"] not in KINDS:
        yield f"the kind {item['kind']} is none of {', '.join(KINDS)}"
    if item["grade"] not in GRADES:
        yield f"the grade {item['grade']} is none of {', '.join(GRADES)}"
    if not OBSERVED.fullmatch(item["observed"]):
        yield f"observed is {item['observed']!r}"
    yield from personal(item)


def _luhn(digits: str) -> bool:
    return sum(sum(divmod(int(d) * (1 + i % 2), 10)) for i, d in enumerate(reversed(digits))) % 10 == 0
