"""Write calls, requests and answers to standard error for `PORTONE_V1_LOG=info` and `=debug`, without `logging`.

A value is shown if its name is in SHOWN and it looks like an id, a number or a code; of every other value only the
type and the length are shown. So a field that V1 adds tomorrow is hidden until it is added to SHOWN.
"""

from __future__ import annotations

import logging
import re
import sys
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from typing import Any, Final, cast
from urllib.parse import parse_qsl, quote, urlsplit

from portone_v1_runtime import exact_json
from portone_v1_runtime.models.fields import mask
from portone_v1_runtime.operation import Call

from .._http.messages import HttpRequest, HttpResponse

__all__ = ["Console", "console", "redact"]

SHOWN: Final = frozenset({
    "amount", "cancel_amount", "cancellation_id", "cancelled_at", "card_quota", "channel", "checksum", "code",
    "currency", "escrow", "executed_at", "expired_at", "failed_at", "imp_uid", "include_sandbox", "limit",
    "merchant_uid", "next", "now", "page", "paid_at", "pay_method", "payment_status", "pg_provider", "previous",
    "revoked_at", "sandbox", "schedule_at", "schedule_status", "sorting", "started_at", "status", "tax_free",
    "total", "vat_amount",
})  # fmt: skip
PLAIN: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
FIELD: Final = re.compile(r"[A-Za-z_][A-Za-z_-]{0,31}")
MOST_ITEMS: Final = 3
DEEPEST: Final = 6


def redact(value: Any, name: str = "", depth: int = 0) -> Any:
    """Return the value with all field names, but only with the values that are ids, numbers or codes by name."""
    if depth > DEEPEST:
        return "…"
    if isinstance(value, dict):
        items = cast("dict[str, Any]", value).items()
        return {_name(key): redact(item, key, depth + 1) for key, item in items}
    if isinstance(value, list):
        found: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        shown = [redact(item, name, depth + 1) for item in found[:MOST_ITEMS]]
        return [*shown, f"<{len(found) - MOST_ITEMS} more>"] if len(found) > MOST_ITEMS else shown
    if value is None or isinstance(value, bool):
        return value
    if name in SHOWN and _is_plain(value):
        return value
    return f"<{type(value).__name__} {len(str(value))}>"


def _is_plain(value: object) -> bool:
    if isinstance(value, int | Decimal):
        return len(str(value)) <= 20 and mask(str(value)) == str(value)
    return isinstance(value, str) and PLAIN.fullmatch(value) is not None


def _body(data: bytes | None) -> str:
    if not data:
        return ""
    try:
        return " " + exact_json.dumps(redact(exact_json.loads(data)))
    except (TypeError, ValueError, RecursionError):
        return f" <{len(data)} bytes, no JSON>"


def _path(call: Call[Any], request: HttpRequest) -> str:
    """Return the path, built from its template and the ids that may be shown, and the query, redacted."""
    path = call.operation.path
    if call.operation.id == "request":
        path = f"/{path.split('/')[1]}/…"
    for name, value in call.ids().items():
        path = path.replace(f"{{{name}}}", quote(str(redact(value, name)), safe="<> "))
    pairs = parse_qsl(urlsplit(request.path).query, keep_blank_values=True)
    query = "&".join(f"{_name(key)}={redact(value, key.removesuffix('[]'))}" for key, value in pairs)
    return f"{path}?{query}" if query else path


def _name(key: str) -> str:
    """Return the name of a field, or `…` for a key that holds a number or an address: that is personal data."""
    return key if FIELD.fullmatch(key.removesuffix("[]")) else "…"


class Console:
    """Writes lines to standard error. A line that cannot be written is left out."""

    def __init__(self, *, bodies: bool) -> None:
        self._bodies = bodies

    def request(self, request_id: str, attempt: int, call: Call[Any], request: HttpRequest) -> None:
        if self._bodies:
            with suppress(Exception):
                text = f"> {request.method} {_path(call, request)}{_body(request.content)}"
                self._write(request_id, attempt, text)

    def response(self, request_id: str, attempt: int, response: HttpResponse, seconds: float) -> None:
        if self._bodies:
            with suppress(Exception):
                text = f"< {response.status} in {seconds * 1000:.0f} ms{_body(response.body)}"
                self._write(request_id, attempt, text)

    def broken(self, request_id: str, attempt: int, kind: str, seconds: float) -> None:
        if self._bodies:
            self._write(request_id, attempt, f"< {kind} in {seconds * 1000:.0f} ms")

    def ended(self, request_id: str, call: Call[Any], attempts: int, error: str | None, seconds: float) -> None:
        text = f"= {call.operation.name}: {error or 'ok'} in {seconds * 1000:.0f} ms, requests: {attempts}"
        self._write(request_id, attempts, text)

    def _write(self, request_id: str, attempt: int, text: str) -> None:
        now = datetime.now().astimezone().isoformat(timespec="milliseconds")
        with suppress(Exception):
            sys.stderr.write(f"{now} portone_v1 {request_id}/{attempt} {text}\n")


def console(wanted: str) -> Console | None:
    """Return the console that a value of `PORTONE_V1_LOG` asks for, or None."""
    level = wanted.strip().lower()
    if level in ("info", "debug"):
        return Console(bodies=level == "debug")
    if level not in ("", "off"):
        logging.getLogger("portone_v1").warning("PORTONE_V1_LOG is neither info, debug nor off: nothing is shown")
    return None
