"""웹훅 (V1): parse webhooks, and trust only what V1 returns.

A V1 webhook is unsigned and contains no amount. Anyone can send one; use it only as a signal to read the payment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, cast
from urllib.parse import parse_qsl

from attrs import field, frozen
from portone_v1_runtime import exact_json
from portone_v1_runtime.depth import shallow

from .errors import PortOneError

__all__ = ["PORTONE_ADDRESSES", "WebhookEvent", "WebhookFormatError", "from_portone", "parse"]

PORTONE_ADDRESSES: Final = ("52.78.100.19", "52.78.48.223", "52.78.5.241")
"""Source addresses that PortOne documents for its webhooks. Not a proof of origin: they have changed before."""

LONGEST: Final = 64 * 1024
LONGEST_ID: Final = 200
"""Characters of an imp_uid: those of V1 have 16. With its tier and what tells events apart it is the inbox's key."""
LONGEST_TEXT: Final = 255
_NO_TEXT: Final = re.compile(r"[\x00\ud800-\udfff]")
"""What no database takes as text. Anything else may be in an order number: one that was copied holds blanks that are
not seen, a tab, marks of the direction of writing. What is answered 400 is not sent again, and the order is lost."""


class WebhookFormatError(PortOneError, ValueError):
    """The body is not a V1 webhook: respond with 400. The text contains no part of the body."""


@frozen
class WebhookEvent:
    """Content of a webhook. Do not trust it before `client.webhooks.resolve`."""

    imp_uid: str
    merchant_uid: str | None = None
    status: str | None = None
    """Status when the webhook was sent, unverified."""
    cancellation_id: str | None = None
    extra: Mapping[str, Any] = field(factory=dict[str, Any], repr=False, hash=False)
    """All other fields, unchanged: also `event` and `extra` of INICIS escrow and Galaxia CVS webhooks."""


def parse(body: bytes | str, content_type: str | None = None) -> WebhookEvent:
    """웹훅 해석: Parse the body of a webhook, JSON or form, as set in the console.

    Raises:
        WebhookFormatError: the body is not a V1 webhook. Respond with 400.
    """
    if len(body) > LONGEST:
        raise WebhookFormatError("request body too large (limit 64 KiB)")
    kind = (content_type or "").partition(";")[0].strip().lower()
    try:
        text = body.removeprefix("\ufeff") if isinstance(body, str) else body.decode("utf-8-sig")
        if kind.endswith("json") or text.lstrip()[:1] in ("{", "["):  # a wrong header must not lose a paid order
            data: Any = exact_json.loads(text)
        else:
            data = dict(parse_qsl(text, keep_blank_values=True, max_num_fields=64))
    except (ValueError, RecursionError):
        raise WebhookFormatError("request body is neither JSON nor form-encoded") from None
    if not isinstance(data, dict):
        raise WebhookFormatError("request body must be a JSON object")
    fields = cast("dict[str, Any]", data)
    if "imp_uid" not in fields and "type" in fields and "data" in fields:
        raise WebhookFormatError("this is a V2 webhook: set the webhook version to V1 in the console")
    named = {name: _text(fields.pop(name, None)) for name in ("imp_uid", "merchant_uid", "status", "cancellation_id")}
    imp_uid = named.pop("imp_uid")
    if imp_uid and (len(imp_uid) > LONGEST_ID or not imp_uid.isprintable()):
        raise WebhookFormatError("imp_uid must be a short string")
    if not imp_uid or not imp_uid.strip() or imp_uid in (".", ".."):  # which no path can name
        raise WebhookFormatError("request body has no imp_uid")
    return WebhookEvent(imp_uid, extra={name: shallow(value) for name, value in fields.items()}, **named)


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    value = str(value) if value.__class__ is int else value  # an order number of digits only
    if not isinstance(value, str) or len(value) > LONGEST_TEXT or _NO_TEXT.search(value):
        raise WebhookFormatError("a field that must be a short string is not")
    return value


def from_portone(remote: str, *, forwarded_for: str | None = None, trusted_proxies: Iterable[str] = ()) -> bool:
    """포트원 주소 확인: Return whether a request comes from a PortOne address.

    Use it to log or to throttle, never to trust a webhook.

    Args:
        remote: address of the other end of the connection.
        forwarded_for: `X-Forwarded-For` header.
        trusted_proxies: addresses or networks of your own proxies. Only addresses that they added to the header count.
    """
    proxies = [ip_network(proxy) for proxy in trusted_proxies]
    hops = [hop.strip() for hop in (forwarded_for or "").split(",") if hop.strip()]
    try:
        address = _address(remote)
        while hops and any(address in proxy for proxy in proxies):
            address = _address(hops.pop())
    except ValueError:
        return False
    return str(address) in PORTONE_ADDRESSES


def _address(text: str) -> IPv4Address | IPv6Address:
    address = ip_address(text)
    return getattr(address, "ipv4_mapped", None) or address  # as a socket for both families shows IPv4
