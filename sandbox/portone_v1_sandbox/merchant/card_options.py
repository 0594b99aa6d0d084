"""`card` and `display` of `request_pay`: the card company and the instalments that a page asks for.

`display.card_quota` lists the months beside paying at once; at some PGs the largest of them is the limit. `card.direct`
opens the window of one card company, with fixed months if it names them, and `card.detail` leaves companies out
(developers.portone.io, pages of the PGs).
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from ..state.bank_codes import CARD_COMPANIES
from ..state.cards import TEST_CARDS
from ..wire.json_types import is_list, is_object
from .window_rules import rule_of

__all__ = ["CardOptions", "card_options", "is_restricted"]

USUAL: Final = (0, 2, 3, 6, 12)
LEAST: Final = Decimal(50_000)
"""The least amount in won that can be paid by instalments."""
LONGEST: Final = 36


class CardOptions(NamedTuple):
    """What the window offers."""

    months: tuple[int, ...]
    """Months of instalments; 0 is paying at once."""
    companies: Mapping[str, str | None]
    """Code of the company that each test card acts for; None for its own."""
    advice: tuple[str, ...]
    """Lines about unknown values that the page names."""


def card_options(pg: str, asked: Mapping[str, Any], amount: Decimal, currency: str) -> CardOptions:
    """Return what the window of this PG offers for a page's arguments."""
    card = asked.get("card")
    details = card if is_object(card) else {}
    found = details.get("direct")
    direct = found if is_object(found) else {}
    advice = [
        f"card.{where} names the unknown card company {str(code)[:20]!a}"
        for where, code in (("direct", direct.get("code")), *(("detail", code) for code in _named(details)))
        if code not in (None, "", "*") and str(code) not in CARD_COMPANIES
    ]
    months = _months(pg, asked, direct)
    if currency != "KRW" or amount < LEAST:
        advice += ["card.direct asks for instalments below 50,000 KRW"] if _whole(direct.get("quota")) else []
        months = (0,)
    return CardOptions(months, _companies(details, direct), tuple(advice))


def is_restricted(asked: Mapping[str, Any]) -> bool:
    """Return whether a page names a card company or months itself."""
    return is_object(asked.get("card")) or is_object(asked.get("display"))


def _months(pg: str, asked: Mapping[str, Any], direct: Mapping[str, Any]) -> tuple[int, ...]:
    rule = rule_of(pg, "card.quota")
    fixed = _whole(direct.get("quota"))
    if fixed is None and direct:
        fixed = rule.get("direct_left_out")
    if fixed is not None:
        return (fixed,)
    display = asked.get("display")
    listed = display.get("card_quota") if is_object(display) else None
    if not is_list(listed):
        return USUAL
    named = sorted({month for each in listed if (month := _whole(each)) is not None and month > 1})
    if named and rule.get("listed") == "up to the largest":
        named = list(range(2, named[-1] + 1))
    return (0, *named)


def _companies(details: Mapping[str, Any], direct: Mapping[str, Any]) -> dict[str, str | None]:
    only = str(direct.get("code"))
    if only in CARD_COMPANIES:
        return dict.fromkeys(TEST_CARDS, only)
    switches = _named(details)
    usual = switches.get("*", True)
    enabled = [code for code in CARD_COMPANIES if switches.get(code, usual)]
    if not enabled:
        return dict.fromkeys(TEST_CARDS)
    return {name: None if card.card_code in enabled else enabled[0] for name, card in TEST_CARDS.items()}


def _named(details: Mapping[str, Any]) -> dict[str, bool]:
    """Return the companies of `card.detail`, and whether each is offered."""
    listed = details.get("detail")
    rows = [row for row in listed if is_object(row)] if is_list(listed) else []
    return {str(row.get("card_code")): row.get("enabled") is not False for row in rows}


def _whole(value: object) -> int | None:
    """Return a number of months, which some pages send as text."""
    if isinstance(value, str) and value.isdecimal():
        value = int(value)
    if isinstance(value, Decimal) and value == int(value):
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST else None
