"""Amounts, exact from request to response."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from ..errors.base import fraction_of_won, wrong_value

__all__ = ["read_amount", "require_fitting", "to_wire"]

NUMBER: Final = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,10})?")
WHOLE_UNITS: Final = frozenset({"KRW", "JPY", "VND"})
THOUSANDTHS: Final = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
"""Currencies with thousandths in ISO 4217. In the sandbox, every other one has hundredths or none."""
CURRENCY: Final = re.compile(r"[A-Z]{3}")


def read_amount(name: str, value: object) -> Decimal:
    """Read a JSON number or its text. Raises Refusal for anything else, and for negative amounts."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        amount = Decimal(value)
        if not abs(amount) < 10**15 or _digits(amount) > 10:
            raise wrong_value(name)
    elif isinstance(value, str) and NUMBER.fullmatch(value.strip()):
        amount = Decimal(value.strip())
    else:
        raise wrong_value(name)
    if amount < 0:
        raise wrong_value(name)
    return amount


def _digits(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    return -exponent if isinstance(exponent, int) else 99


def require_fitting(currency: str, **amounts: Decimal | None) -> None:
    """Refuse an unknown currency, and an amount with too many decimals for it."""
    if not CURRENCY.fullmatch(currency):
        raise wrong_value("currency")
    for name, amount in amounts.items():
        if amount is None:
            continue
        if currency in WHOLE_UNITS:
            if amount != amount.to_integral_value():
                raise fraction_of_won(name, currency)
        elif _digits(amount.normalize()) > (3 if currency in THOUSANDTHS else 2):
            raise wrong_value(name)


def to_wire(amount: Decimal) -> int | Decimal:
    """Return 12000 instead of 12000.0, 24.5 instead of 24.50."""
    return int(amount) if amount == amount.to_integral_value() else amount.normalize()
