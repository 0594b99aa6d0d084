"""`confirm_url`: the shop confirms just before an approval, or rejects it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from portone_v1_runtime.exact_json import dumps

from ..errors.checkout import not_from_here
from ..webhooks.queue import reason_against_url
from ..wire.json_body import read_json
from ..wire.json_types import is_object

if TYPE_CHECKING:
    from ..state.state import State

__all__ = ["Confirm", "request_confirmation_from_shop", "require_allowed_url", "stopped_by_shop"]

SECONDS: Final = 5
"""Seconds. The vendor says 5 in one place and 10 in another; 5 is within both."""
LONGEST: Final = 500
UNKNOWN: Final = "알 수 없음"
"""V1's word where the shop gives no reason."""

Confirm = Callable[[str, Mapping[str, Any]], str | None]
"""URL and body → the reason of a rejection, None for an approval."""


def request_confirmation_from_shop(url: str, body: Mapping[str, Any]) -> str | None:
    """Return None for a 200, else the reason of the shop."""
    import ssl

    import httpx

    headers = {"Content-Type": "application/json; charset=UTF-8"}
    # Loading the machine's certificates takes longer than the whole request without TLS.
    secure = url.startswith("https:")
    trust = ssl.create_default_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        answer = httpx.post(url, content=dumps(body), headers=headers, timeout=SECONDS, verify=trust, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return UNKNOWN  # no answer in time counts as a rejection
    if answer.status_code == 200:
        return None
    return _reason(answer.content) or UNKNOWN


def stopped_by_shop(reason: str) -> str:
    """Return V1's sentence, which is stored and shown to the buyer: documented, and captured in older words."""
    return f"고객사 요청에 의해 결제를 중단합니다. (상세사유 : {reason})"


def _reason(body: bytes) -> str | None:
    try:
        value = read_json(body)
    except ValueError:
        return None
    reason = value.get("reason") if is_object(value) else None
    return reason[:LONGEST] if isinstance(reason, str) and reason else None


def require_allowed_url(state: State, name: str, url: str | None) -> None:
    """Refuse a URL of another machine, unless remote webhooks are allowed."""
    if (
        url is not None
        and reason_against_url(url, allow_remote=state.webhooks.allow_remote, hosts=state.webhooks.hosts) is not None
    ):
        raise not_from_here(name)
