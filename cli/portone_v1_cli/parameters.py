"""From what was typed to what the SDK takes. Each refusal names the option and shows how it is written."""

from __future__ import annotations

import getpass
import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Final, cast

from portone_v1_generated.operations import ParameterInfo
from portone_v1_runtime import exact_json
from portone_v1_runtime.decode import KST
from portone_v1_runtime.unset import FULL

from .exit_codes import misused

__all__ = ["amount", "moment", "parse", "secret"]

THOUSANDS: Final = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?")
DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


def amount(option: str, text: str, *, full: bool = False) -> Any:
    """`5000`, `5,000`, `10.50`; `full` for all that is left, where that can be said."""
    if full and text.lower() == "full":
        return FULL
    plain = text.replace(",", "") if THOUSANDS.fullmatch(text) else text
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or number.adjusted() > 20 or not plain.isascii():
        misused(f"{option} takes an amount such as 5000 or 10.50{' or full' if full else ''}", "금액 오류")
    return number


def moment(option: str, text: str, *, end: bool = False) -> datetime:
    """A time in KST unless it names another zone. A day alone is its first second, or its last where it is an end."""
    if text.isascii() and text.isdigit() and len(text) in (9, 10):
        return datetime.fromtimestamp(int(text), KST)
    try:
        read = datetime.fromisoformat(text)
        read = read.replace(tzinfo=KST) if read.tzinfo is None else read.astimezone(KST)
        if end and DAY.fullmatch(text):
            read += timedelta(days=1, seconds=-1)
    except (ValueError, OverflowError):
        misused(f"{option} takes a time such as 2026-01-31 or 2026-01-31T09:00 (KST)", "날짜 오류")
    return read


def secret(option: str, text: str, label: str) -> str:
    """A card number, a name, a password: asked for, or read from a file. Command lines can be read by others."""
    if text == "-":
        read = getpass.getpass(f"{label} ({option}): ") if sys.stdin.isatty() else sys.stdin.readline()
        read = read.rstrip("\r\n")
        if not read:
            misused(f"{option} - got nothing to read")
        return read
    if not text.startswith("@"):
        misused(
            f"{option} is not typed here, where others can read it: {option} - asks for it, {option} @FILE reads it",
            "명령줄에 적지 마세요",
        )
    return _file(option, text[1:]).rstrip("\r\n")


def parse(parameter: ParameterInfo, option: str, text: str, *, full: bool = False) -> Any:
    if parameter.sensitive:
        text = secret(option, text, parameter.name_ko)
    reader = READERS.get(parameter.kind)
    if parameter.kind == "money":
        return amount(option, text, full=full)
    if parameter.kind == "time":
        return moment(option, text, end=parameter.name == "to" or parameter.name.endswith("_to"))
    return text if reader is None else reader(option, text)


def _file(option: str, name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        misused(f"{option} @{name} can not be read: {(error.strerror or '').lower()}")
    except UnicodeError:
        misused(f"{option} @{name} is not UTF-8 text")


def _structure(option: str, text: str) -> Any:
    if text.startswith("@"):
        text = _file(option, text[1:])
    try:
        return exact_json.loads(text)
    except (ValueError, RecursionError):
        misused(f"{option} takes JSON, or @FILE with JSON in it")


def _object(option: str, text: str) -> Any:
    value = _structure(option, text)
    if not isinstance(value, dict):
        misused(f'{option} takes a JSON object such as {{"name": "value"}}')
    return cast("Any", value)


def _objects(option: str, text: str) -> Any:
    value = _structure(option, text)
    items: list[Any] = cast("Any", value) if isinstance(value, list) else [value, None]
    if not all(isinstance(item, dict) for item in items):
        misused(f'{option} takes a JSON list of objects such as [{{"name": "value"}}]')
    return items


READERS: Final[dict[str, Callable[[str, str], Any]]] = {
    "json": _object,
    "model": _object,
    "models": _objects,
    "object": _object,
}
