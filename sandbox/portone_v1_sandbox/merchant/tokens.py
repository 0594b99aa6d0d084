"""인증: one access token per key pair, shared by all callers."""

from __future__ import annotations

import hmac
import re
import secrets
from typing import Final
from urllib.parse import parse_qs

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import bad_tier, unauthorized, wrong_key_pair
from ..state.state import State, Token
from ..wire.messages import Request

__all__ = ["checked_tier", "read_tier", "require_token"]

LIFETIME: Final = 30 * 60
LAST_MINUTE: Final = 60
EXTENSION: Final = 5 * 60


@handles(
    "auth_get_token",
    Evidence(
        documented="lifetime, the same token for all callers, 5 more minutes in the last one; 401",
        observed="the words for a wrong pair",
        assumed="400 for a missing half",
    ),
)
def get_token(call: Call) -> Answer:
    arguments, settings = call.arguments, call.settings
    given = (arguments.need_text("imp_key"), arguments.need_text("imp_secret"))
    if not all(map(_same, given, (settings.imp_key, settings.imp_secret))):
        raise wrong_key_pair()
    token = call.state.token
    if token is None or token.expired_at <= call.now:
        token = Token(secrets.token_hex(20), call.now + LIFETIME)
    elif token.expired_at - call.now < LAST_MINUTE:
        token = Token(token.access_token, token.expired_at + EXTENSION)
    call.state.token = token
    return Answer({"access_token": token.access_token, "now": call.now, "expired_at": token.expired_at})


def require_token(request: Request, state: State, now: int) -> None:
    """Refuse a request without the valid token, which V1 accepts in four ways."""
    live = state.token
    if live is None or live.expired_at <= now or not _same(_sent_token(request), live.access_token):
        raise unauthorized()


def _sent_token(request: Request) -> str:
    header = request.header("authorization")
    if header is not None:
        kind, _, token = header.strip().partition(" ")
        return token.strip() if kind.lower() == "bearer" else header.strip()
    old = request.header("x-imptokenheader")
    if old is not None:
        return old.strip()
    return parse_qs(request.query).get("_token", [""])[-1]


def _same(given: str, wanted: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), wanted.encode())


def read_tier(request: Request) -> str | None:
    """Return the sub-merchant (하위상점) of the request. Raises Refusal for an invalid code."""
    return checked_tier(request.header("tier"))


def checked_tier(tier: str | None) -> str | None:
    """Return the code, or None for the agent itself. Raises Refusal for an invalid code."""
    if not tier:
        return None
    if not re.fullmatch(r"[A-Z0-9]{3}", tier):
        raise bad_tier()
    return tier
