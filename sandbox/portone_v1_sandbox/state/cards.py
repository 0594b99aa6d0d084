"""Test cards. Only the mask and the behaviour of a card number are kept, never the number itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType
from typing import Final, Literal, NoReturn

from portone_v1 import pg_profiles

from ..errors.base import Refusal, invalid_card_number, wrong_value
from .bank_codes import CARD_COMPANIES

__all__ = ["ORDINARY", "TEST_CARDS", "Card", "TestCard", "has_expired", "read_card", "require_cvc"]

Behaviour = Literal["works", "not_issued", "charge_refused", "charge_failed"]

KST: Final = timezone(timedelta(hours=9))


@dataclass(frozen=True, slots=True)
class TestCard:
    """A test card number and its behaviour."""

    __test__ = False  # Not a case for pytest.

    number: str
    behaviour: Behaviour
    card_code: str
    card_type: int
    reason: str | None
    """The PG's reason when it declines."""
    summary: str


class _Cards(dict[str, TestCard]):
    def __missing__(self, name: str) -> NoReturn:
        raise KeyError(f"no test card is called {name!r}. Known: {', '.join(self)}")


TEST_CARDS: Final[Mapping[str, TestCard]] = MappingProxyType(
    _Cards(
        {
            "ordinary": TestCard("4242-4242-4242-4242", "works", "366", 0, None, "A credit card that always works."),
            "debit": TestCard("5555-5555-5555-4444", "works", "381", 1, None, "A debit card that always works."),
            "bc": TestCard("4330-1234-1234-1234", "works", "361", 0, None, "A credit card of BC that always works."),
            "not_issued": TestCard(
                "4000-0000-0000-0002",
                "not_issued",
                "367",
                0,
                "[SB01] 거래정지카드",
                "Refused at once, `code` -1: no billing key, no one-time payment.",
            ),
            "charge_refused": TestCard(
                "4000-0000-0000-0341",
                "charge_refused",
                "365",
                0,
                "[SB02] 카드사 점검중",
                "Issues a billing key; no charge reaches the card company, which is refused with `code` -1.",
            ),
            "charge_failed": TestCard(
                "4000-0000-0000-9995",
                "charge_failed",
                "368",
                1,
                "[SB03] 잔액부족",
                "Issues a billing key; each charge answers `code` 0 with a payment whose `status` is `failed`.",
            ),
        }
    )
)
"""Test cards by name. Any other valid number behaves like the first one; an invalid one (4242-4242-4242-4241) is
refused."""

ORDINARY: Final = "ordinary"


@dataclass(frozen=True, slots=True)
class Card:
    """The data that the sandbox keeps of a card."""

    masked: str = field(repr=False)
    name: str
    """The test card that it behaves like."""
    company: str | None = None
    """Code of the card company that it plays; None: that of the test card."""

    @property
    def test_card(self) -> TestCard:
        return TEST_CARDS[self.name]

    def fields(self, pg_provider: str, *, by_wallet: bool = False) -> dict[str, str | int | None]:
        """Return the card fields of payments and billing keys, masked and worded as this PG does."""
        code = self.company or self.test_card.card_code
        company = CARD_COMPANIES[code]
        shown = _profile_tells(pg_provider, "record.issuer")
        masks = _profiled(pg_provider, "record.card_number")
        return {
            "card_code": code,
            "card_issuer_code": code if shown else None,
            "card_issuer_name": company if shown else None,
            "card_name": _profiled(pg_provider, "record.card_names").get(code, company),
            "card_number": self.masked_by((masks.get("wallet") if by_wallet else None) or masks.get("card")),
            "card_publisher_code": code if shown else None,
            "card_publisher_name": company if shown else None,
            "card_type": self.test_card.card_type,
        }

    def masked_by(self, mask: str | None) -> str:
        """Return the number under a PG's mask, in which `#` shows a digit. Digits that were not stored stay hidden."""
        if mask is not None and "#" not in mask:
            return mask
        if mask is None or len(mask) != len(self.masked):
            return self.masked
        own = _digits(self.test_card.number)
        known = own if own[:6] == self.masked[:6] and own[-4:] == self.masked[-4:] else self.masked
        return "".join(digit if sign == "#" else sign for sign, digit in zip(mask, known, strict=True))


@lru_cache(maxsize=256)
def _profile_tells(pg_provider: str, name: str) -> bool:
    profile = pg_profiles.find(pg_provider)
    return profile is not None and profile.value(name) is True


@lru_cache(maxsize=256)
def _profiled(pg_provider: str, name: str) -> Mapping[str, str]:
    profile = pg_profiles.find(pg_provider)
    return (profile.value(name) if profile is not None else None) or {}


def _digits(number: str) -> str:
    return re.sub(r"[\s.,/_-]", "", number)


BY_NUMBER: Final = MappingProxyType({_digits(card.number): name for name, card in TEST_CARDS.items()})


def read_card(number: str, refusal: Callable[[], Refusal] = invalid_card_number) -> Card:
    """Read a card number. Raises Refusal, in the words of the operation, if it is invalid."""
    digits = _digits(number)
    name = BY_NUMBER.get(digits)
    if name is None:
        if not re.fullmatch(r"[0-9]{14,19}", digits) or not _passes_check(digits):
            raise refusal()
        name = ORDINARY
    return Card(f"{digits[:6]}{'*' * (len(digits) - 10)}{digits[-4:]}", name)


def _passes_check(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def require_cvc(cvc: str | None) -> None:
    """Refuse an invalid security code. None and an empty one are allowed: most PGs take none."""
    if cvc and not re.fullmatch("[0-9]{3,4}", cvc):
        raise wrong_value("cvc")


def has_expired(expiry: str, now: int) -> bool:
    """Return whether the month is over in Korea. Raises Refusal if it is not a month.

    Documented as `YYYY-MM`; the vendor's Java tests send `YYYYMM`.
    """
    if not re.fullmatch(r"[0-9]{4}-?(0[1-9]|1[0-2])", expiry):
        raise wrong_value("expiry")
    today = datetime.fromtimestamp(now, KST)
    return expiry.replace("-", "") < f"{today.year}{today.month:02}"
