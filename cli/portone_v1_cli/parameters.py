"""Parse option texts into arguments of the SDK. Each error names the option and shows a valid value."""

from __future__ import annotations

import getpass
import re
import sys
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

from portone_v1.operations import ParameterInfo
from portone_v1_runtime import exact_json
from portone_v1_runtime.decode import KST
from portone_v1_runtime.unset import FULL

from .exit_codes import usage_error
from .formatting import holds_personal

__all__ = ["amount", "moment", "parse", "require_plain", "secret"]

AMOUNT: Final = re.compile(r"-?(\d{1,21}|\d{1,3}(,\d{3}){1,6})(\.\d+)?", re.ASCII)
"""Excludes `1e3`, `1_000` and `+5`, which Python also reads: their meaning is not certain enough to move money."""
THOUSANDS: Final = re.compile(r"-?\d{1,3}\.\d{3}", re.ASCII)
"""`1.000` is a thousand in half of Europe, but 1 in Python. No currency has three decimal places here."""
TIMES: Final = frozenset({"schedule_at", "sent_at"})
"""Fields of the objects that are passed as JSON. Their times are read like those of options."""


def amount(option: str, text: str, *, full: bool = False) -> Any:
    """Parse `5000`, `5,000` or `10.50`; with `full`, also the word `full` for the full refundable balance."""
    if full and text.lower() == "full":
        return FULL
    if text != text.strip() and AMOUNT.fullmatch(text.strip()):
        usage_error(
            f"{option} 금액의 앞뒤에 공백이나 보이지 않는 줄바꿈 문자(Windows 파일의 CR)가 있습니다",
            f"{option}: the amount has blanks around it, or a line end that cannot be seen (CR, of a Windows file)",
        )
    if not AMOUNT.fullmatch(text) or THOUSANDS.fullmatch(text):
        usage_error(
            f"{option}에는 금액을 지정하세요(예: 5000{', full' if full else ''})",
            f"{option} must be an amount, e.g. 5000 or 10.50{' or full' if full else ''}",
        )
    value = Decimal(text.replace(",", ""))
    if full and value <= 0:
        usage_error(
            f"보내지 않았습니다. {option}에는 0보다 큰 금액을 지정하세요. 취소 가능 금액 전액은 full입니다.",
            f"Not sent: {option} must be above 0; full is the full refundable balance",
        )
    return value


def moment(option: str, text: str, *, end: bool = False) -> datetime:
    """Parse a time, KST unless it names another zone. A date alone is its first second; with `end`, its last."""
    if text.isascii() and text.isdigit() and len(text) in (9, 10):
        return datetime.fromtimestamp(int(text), KST)
    try:
        read = datetime.fromisoformat(text)
        read = read.replace(tzinfo=KST) if read.tzinfo is None else read.astimezone(KST)
        if end and _is_day(text):
            read += timedelta(days=1, seconds=-1)
    except (ValueError, OverflowError):
        usage_error(
            f"{option}에는 KST 날짜나 시각을 지정하세요(예: 2026-01-31, 2026-01-31T09:00)",
            f"{option} must be a date or time (KST), e.g. 2026-01-31 or 2026-01-31T09:00",
        )
    return read


def _is_day(text: str) -> bool:
    """Return whether a text is a date alone, also in Python's other forms `20260630` and `2026-W27-2`."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def require_plain(option: str, text: str) -> None:
    """Refuse an id or a key that only looks like another one: V1 and the journal would treat it as a new one.

    A cell of a spreadsheet ends with a blank, a line of a Windows file with a carriage return, the first one begins
    with a byte order mark, and macOS decomposes Hangul. What was refunded or charged under the plain text would be
    refunded or charged again.
    """
    if text != text.strip() or not text.isprintable() or not unicodedata.is_normalized("NFC", text):
        usage_error(
            f"보내지 않았습니다. {option} 값의 앞뒤에 공백이 있거나 보이지 않는 문자가 있습니다({text!a})."
            " V1은 다른 번호로 보므로 두 번 결제·취소될 수 있습니다.",
            f"Not sent: {option} has blanks around it or characters that cannot be seen ({text!a})."
            " V1 treats it as another one, so that money could move twice",
        )


def secret(option: str, text: str, label: str) -> str:
    """Read a card number, a name or a password from a prompt or a file. Other users can read a command line."""
    if text == "-":
        read = getpass.getpass(f"{label} ({option}): ") if sys.stdin.isatty() else sys.stdin.readline()
        read = read.rstrip("\r\n")
        if not read:
            usage_error(f"{option} -: 표준 입력이 비어 있습니다", f"{option} -: standard input is empty")
        return read
    if not text.startswith("@"):
        usage_error(
            f"{option} 값을 명령줄에 적지 마세요. 셸 기록과 프로세스 목록에 남습니다: - (입력 요청) 또는 @파일",
            f"do not pass {option} on the command line (shell history, process list): use - for a prompt or @FILE",
        )
    return _file(option, text[1:]).rstrip("\r\n")


def parse(parameter: ParameterInfo, option: str, text: str, *, full: bool = False) -> Any:
    """Parse the text of one option by the kind that the specification gives the parameter."""
    if parameter.sensitive:
        text = secret(option, text, parameter.name_ko)
    reader = READERS.get(parameter.kind)
    if parameter.kind == "money":
        return amount(option, text, full=full)
    if parameter.kind == "time":
        return moment(option, text, end=parameter.name == "to" or parameter.name.endswith("_to"))
    if reader is None:
        return text
    value = reader(option, text)
    if not parameter.sensitive and not text.startswith("@") and holds_personal(value):
        usage_error(
            f"{option} 값에 개인정보가 있습니다. 셸 기록과 프로세스 목록에 남지 않도록 파일로 지정하세요: @파일",
            f"{option} contains personal data: put it into a file, which no shell history or process list shows: @FILE",
        )
    _read_times(option, value)
    return value


def _read_times(option: str, value: Any) -> None:
    """Replace the texts of times within an object or a list of them."""
    items = cast("list[dict[str, Any]]", value if isinstance(value, list) else [value])
    for item in items:
        for name, inner in item.items():
            if name in TIMES and isinstance(inner, str):
                item[name] = moment(f"{option} {name}", inner)


def _file(option: str, name: str) -> str:
    try:
        return Path(name).read_text(encoding="utf-8-sig")
    except OSError as error:
        usage_error(
            f"{option} @{name}: 읽을 수 없습니다", f"cannot read {option} @{name}: {(error.strerror or '').lower()}"
        )
    except UnicodeError:
        usage_error(f"{option} @{name}: UTF-8 파일이 아닙니다", f"{option} @{name} is not UTF-8")


def _structure(option: str, text: str) -> Any:
    if text.startswith("@"):
        text = _file(option, text[1:])
    try:
        return exact_json.loads(text)
    except (ValueError, RecursionError):
        usage_error(f"{option}에는 JSON 또는 @파일을 지정하세요", f"{option} must be JSON or @FILE")


def _object(option: str, text: str) -> Any:
    value = _structure(option, text)
    if not isinstance(value, dict):
        usage_error(
            f'{option}에는 JSON 객체를 지정하세요(예: {{"name": "value"}})',
            f'{option} must be a JSON object, e.g. {{"name": "value"}}',
        )
    return cast("Any", value)


def _objects(option: str, text: str) -> Any:
    value = _structure(option, text)
    items: list[Any] = cast("Any", value) if isinstance(value, list) else [value, None]
    if not all(isinstance(item, dict) for item in items):
        usage_error(
            f'{option}에는 JSON 객체 배열을 지정하세요(예: [{{"name": "value"}}])',
            f'{option} must be a JSON array of objects, e.g. [{{"name": "value"}}]',
        )
    return items


READERS: Final[dict[str, Callable[[str, str], Any]]] = {
    "json": _object,
    "model": _object,
    "models": _objects,
    "object": _object,
}
