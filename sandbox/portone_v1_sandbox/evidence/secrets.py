"""Drop secrets before anything is stored: keys, tokens, card data, passwords, CI and DI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote_plus

from portone_v1_generated.operations import OPERATIONS
from portone_v1_runtime.exact_json import dumps

from ..wire.json_types import is_list, is_object
from ..wire.messages import Request, Response
from .bodies import parsed
from .events import Side

__all__ = ["MASK", "SECRET", "dropped", "is_secret", "kept_query", "kept_request", "kept_response"]

MASK: Final = "••••"
LONGEST: Final = 1024 * 1024
"""The most bytes of a body that is stored. Half of one could not be parsed, and so not be masked."""
SECRET: Final = frozenset(
    {
        "_token", "access_token", "benepia_password", "birth", "card_number", "code_verifier", "cvc", "escrow_password",
        "expiry", "imp_key", "imp_secret", "otp", "pg_api_key", "pwd_2digit", "secure_3d_charge_id", "secure_3d_token",
        "unique_in_site", "unique_key", "vbank_key",
    }
)  # fmt: skip
IN_QUERIES: Final = SECRET | {"bank_num"}
"""The page cannot reveal parts of a query, so account numbers are dropped from it, too."""
ANY: Final = "|".join(sorted(SECRET)).encode()
FLAT: Final = re.compile(rb'"(\s*(?:' + ANY + rb')\s*)"(\s*):\s*("[^"]*"|[^\s,}"]+)', re.IGNORECASE)
MASKED: Final = rb'"\1"\2: "' + MASK.encode() + b'"'
HEADERS: Final = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie", "x-imptokenheader"})
OPEN: Final = frozenset(
    operation.id for operation in OPERATIONS.values() if not SECRET.intersection(p.name for p in operation.parameters)
) - {"auth_get_token"}
"""Operations that neither take nor return a secret: their bodies are stored as they are."""
TELLING: Final = frozenset({"auth_get_token", "certifications_get"})
"""Operations whose responses hold a secret."""


def kept_request(request: Request, operation: str | None) -> Side:
    """Return the part of a request that is stored."""
    body = request.body
    if operation not in OPEN and body:
        body = _without_secrets(body, request.header("content-type"), request.parsed)
    return _side(_headers(request.headers), body)


def kept_response(response: Response, operation: str | None) -> Side:
    """Return the part of a response that is stored."""
    body = response.body
    if operation in TELLING:
        body = _without_secrets(body, "application/json", None)
    side = _side(response.headers, body)
    if response.cut:
        side.none = "cut"
    return side


def kept_query(query: str) -> str:
    """Return a query without its secrets.

    Secrets of a body are looked for, too, because some shops send them in the query by mistake.
    """
    if not query:
        return query
    return "&".join(_kept_pair(pair) for pair in query.split("&") if not pair.startswith("_token="))


def _kept_pair(pair: str) -> str:
    name, sign, value = pair.partition("=")
    hidden = unquote_plus(name).strip().lower().removesuffix("[]") in IN_QUERIES
    return f"{name}{sign}{MASK}" if hidden and value else pair


def _side(headers: Mapping[str, str], body: bytes) -> Side:
    return Side(headers=headers, body=body) if len(body) <= LONGEST else Side(headers=headers, none="too_long")


def _headers(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: MASK if name.lower() in HEADERS else value for name, value in headers.items()}


def _without_secrets(body: bytes, kind: str | None, known: Any) -> bytes:
    if body[:1] == b"{" and b"\\" not in body and not any(sign in body[1:] for sign in (b"{", b"[")):
        # A flat object without escapes, as nearly all are, needs no parsing.
        return FLAT.sub(MASKED, body)
    value = known or parsed(body, kind)
    if value is None:
        return MASK.encode()  # Its content is unknown.
    return dumps(dropped(value)).encode("utf-8", "replace")


def dropped(value: Any) -> Any:
    """Return a value without its secrets. A card number that is already masked is not changed."""
    if is_list(value):
        return [dropped(item) for item in value]
    if not is_object(value):
        return str(value) if isinstance(value, float) else value  # NaN and Infinity, which are not JSON
    return {name: MASK if is_secret(name, item) else dropped(item) for name, item in value.items()}


def is_secret(name: str, value: Any) -> bool:
    """Return whether a field holds a secret."""
    if name.strip().lower() not in SECRET or value is None or value == "":
        return False
    return not (name == "card_number" and isinstance(value, str) and "*" in value)
