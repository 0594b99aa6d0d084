"""코드표: codes of banks, cards, PGs and couriers, and the code of a refund bank at each PG.

    >>> from portone_v1 import codes
    >>> codes.refund_bank("kcp", "KB국민은행")
    'BK04'
    >>> codes.card("366").name
    '신한카드'

`client.codes` asks V1 for the tables of today; this module needs no network. Nothing is read before the first look-up.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from . import pg_profiles

__all__ = [
    "Bank",
    "Card",
    "Courier",
    "Pg",
    "UnknownCodeError",
    "bank",
    "banks",
    "card",
    "cards",
    "couriers",
    "pg",
    "pgs",
    "refund_bank",
]

_DATA: Final = files("portone_v1_generated") / "data" / "codes.json"


class UnknownCodeError(LookupError):
    """Unknown code. The SDK does not guess: a wrong bank code sends money to a stranger."""


@dataclass(frozen=True, slots=True)
class Bank:
    code: str
    """Standard (KFTC) code of three digits."""
    name: str
    names: tuple[str, ...] = ()
    """Other names of it."""
    en: str | None = None
    refundable: bool = False
    """Whether PortOne's table of refund banks contains it."""


@dataclass(frozen=True, slots=True)
class Card:
    code: str
    """Three digits for Korean cards, five for cards from abroad, in older records letters."""
    name: str
    en: str
    names: tuple[str, ...] = ()
    """Wordings of PGs in `card_name`."""
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Courier:
    code: str
    name: str
    older: bool = False
    """Only older lists of the vendor have it; V1 may turn it into `ETC`."""


@dataclass(frozen=True, slots=True)
class Pg:
    code: str
    """`pg_provider`, and the first part of `pg`."""
    name: str
    former: tuple[str, ...] = ()
    """Names that it had before."""
    lifecycle: str | None = None


def refund_bank(pg: str, bank: str) -> str:
    """환불 계좌 은행코드: Return this PG's `refund_bank` of a bank, by name (`KB국민은행`) or standard code.

    Raises `UnknownCodeError` if no source has the PG's rule, if the PG does not refund to the bank, and if no bank has
    the name. The rules are the vendor's, without a capture: `pg_profiles.get(pg).facts["refund.bank"]`.
    """
    profile = pg_profiles.find(pg)
    rule: Mapping[str, Any] | None = profile.value("refund.bank") if profile is not None else None
    if rule is None:
        raise UnknownCodeError(f"the bank codes of {pg} are unknown: ask the PG")
    found = _bank(bank)
    table: Mapping[str, str] | None = rule.get("table")
    if table is not None:
        if found.code not in table:
            raise UnknownCodeError(f"{pg} does not refund to {found.name}")
        return table[found.code]
    if not found.refundable or ("only" in rule and found.code not in rule["only"]):
        raise UnknownCodeError(f"{pg} is not known to refund to {found.name}")
    digits = found.code[-2:]
    return {"two digits": digits, "BK and two digits": f"BK{digits}", "standard": found.code}[rule["rule"]]


def bank(name: str) -> Bank:
    """Return the bank of a standard code or a name. Raises `UnknownCodeError`."""
    return _bank(name)


def banks() -> tuple[Bank, ...]:
    """은행: Return every bank and securities house with a standard code."""
    return tuple({found.code: found for found in _banks().values()}.values())


def card(code: str) -> Card:
    """Return the card company of a `card_code`. Raises `UnknownCodeError`. Never look it up by `card_name`."""
    found = _cards().get(str(code).strip())
    if found is None:
        raise UnknownCodeError(f"unknown card code: {code!r}")
    return found


def cards() -> tuple[Card, ...]:
    """카드사: Return the card companies, Korean and foreign, by code."""
    return tuple({found.code: found for found in _cards().values()}.values())


def couriers() -> tuple[Courier, ...]:
    """택배사: Return the couriers for shipments of escrow payments."""
    rows = _tables()["couriers"]["rows"]
    return tuple(Courier(row["code"], row["name"], row.get("older", False)) for row in rows)


def pg(name: str) -> Pg:
    """Return the PG of a code, a name or a former name. Raises `UnknownCodeError` if none or several have it."""
    wanted = _plain(name)
    found = [entry for entry in pgs() if wanted == entry.code]
    found = found or [entry for entry in pgs() if wanted in map(_plain, (entry.name, *entry.former))]
    if len(found) != 1:
        several = f"several PGs have had the name: {', '.join(entry.code for entry in found)}"
        raise UnknownCodeError(several if found else f"unknown PG: {name!r}")
    return found[0]


@cache
def pgs() -> tuple[Pg, ...]:
    """PG사: Return every PG code that V1 was seen with, with its names."""
    renamed: dict[str, list[str]] = {}
    for row in _tables()["pgs"]["renames"]:
        renamed.setdefault(row["pg"], []).append(row["former"])
    profiles = [pg_profiles.get(code) for code in pg_profiles.codes()]
    return tuple(
        Pg(known.pg, known.name, _once((*renamed.get(known.pg, ()), *known.former_names)), known.lifecycle)
        for known in profiles
    )


@cache
def _tables() -> Mapping[str, Any]:
    tables: Mapping[str, Any] = json.loads(_DATA.read_text(encoding="utf-8"))
    return tables


def _once(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def _plain(name: str) -> str:
    return "".join(str(name).split()).casefold()


@cache
def _banks() -> Mapping[str, Bank]:
    found: dict[str, Bank] = {}
    for row in _tables()["banks"]["rows"]:
        entry = Bank(row["code"], row["name"], tuple(row.get("names", ())), row.get("en"), row.get("refund", False))
        found |= dict.fromkeys(map(_plain, (entry.code, entry.name, *entry.names)), entry)
    return found


def _bank(name: str) -> Bank:
    found = _banks().get(_plain(name))
    if found is None:
        raise UnknownCodeError(f"unknown bank: {name!r}")
    return found


@cache
def _cards() -> Mapping[str, Card]:
    found: dict[str, Card] = {}
    for row in _tables()["cards"]["rows"]:
        entry = Card(row["code"], row["name"], row["en"], tuple(row.get("names", ())), row.get("foreign", False))
        found[entry.code] = entry
        if "older" in row:
            found[row["older"]] = entry
    return found
