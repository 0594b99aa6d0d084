"""Personal data, checked for its form. Messages never contain it."""

from __future__ import annotations

import re
from datetime import date

from ..errors.base import wrong_value

__all__ = ["read_birth", "read_day", "read_name", "read_phone"]


def read_name(text: str) -> str:
    if not text.strip():
        raise wrong_value("name")
    return text.strip()


def read_phone(text: str) -> str:
    """Return the digits of a telephone number."""
    digits = re.sub(r"[^0-9]", "", text)
    if not re.fullmatch(r"01[0-9]{8,9}", digits):
        raise wrong_value("phone")
    return digits


def read_birth(text: str, gender_digit: str) -> str:
    """Return the birthday as YYYY-MM-DD, from YYMMDD and the digit that tells the century."""
    if not re.fullmatch(r"[0-9]{6}", text):
        raise wrong_value("birth")
    century = "19" if gender_digit in "1256" else "20"
    return read_day("birth", f"{century}{text[:2]}-{text[2:4]}-{text[4:]}")


def read_day(name: str, text: str) -> str:
    """Check a date in the form YYYY-MM-DD and return it."""
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise wrong_value(name)
