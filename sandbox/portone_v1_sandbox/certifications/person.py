"""A person's data, checked for their form. None of it may appear in a message."""

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
    """Digits only."""
    digits = re.sub(r"[^0-9]", "", text)
    if not re.fullmatch(r"01[0-9]{8,9}", digits):
        raise wrong_value("phone")
    return digits


def read_birth(text: str, gender_digit: str) -> str:
    """YYMMDD in the century that the digit stands for."""
    if not re.fullmatch(r"[0-9]{6}", text):
        raise wrong_value("birth")
    century = "19" if gender_digit in "1256" else "20"
    return read_day("birth", f"{century}{text[:2]}-{text[2:4]}-{text[4:]}")


def read_day(name: str, text: str) -> str:
    """YYYY-MM-DD."""
    try:
        if date.fromisoformat(text).isoformat() == text:
            return text
    except ValueError:
        pass
    raise wrong_value(name)
