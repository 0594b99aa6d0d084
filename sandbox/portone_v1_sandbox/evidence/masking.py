"""Mask personal data in bodies until the user of the page reveals it."""

from __future__ import annotations

import re
from typing import Any, Final

from ..wire.json_types import is_list, is_object
from .secrets import MASK, is_secret

__all__ = ["masked_text", "shown"]

PERSONAL: Final = frozenset(
    {
        "benepia_user", "birth", "birthday", "browser_ip", "business_registration_number", "buyer_addr", "buyer_email",
        "buyer_name", "buyer_postcode", "buyer_tel", "carrier", "company_tel", "cust_ip", "custom_data",
        "customer_addr", "customer_email", "customer_name", "customer_postcode", "customer_tel", "foreigner", "gender",
        "gender_digit", "identifier", "memo", "phone", "receiver", "refund_account", "refund_holder", "refund_tel",
        "sender", "vbank_holder",
    }
)  # fmt: skip
SHIPPING: Final = "shipping_address_"
PERSONS: Final = ("certifications_", "certification")
"""Prefixes of operations whose `name` is a person's."""
CARD: Final = re.compile(r"(?<!\d)(\d{4})[ -]?\d{4}[ -]?\d{4}[ -]?(\d{2,4})(?!\d)")
MASKED_CARD: Final = r"\1********\2"
EXACT: Final = ("_uid", "_id", "_tid", "_num", "_code", "_url")
"""Ends of the names of ids, which may look like a card number. In any other field, such a number is masked."""
TOKEN: Final = re.compile(r"(?i)(bearer\s+|access_token\W+)[\w.~+/-]{8,}")


def shown(value: Any, what: str = "", *, reveal: bool = False) -> Any:
    """Return a value for the page: without secrets, and with personal data as `{"$personal": …, "mask": …}`."""
    if is_list(value):
        return [shown(item, what, reveal=reveal) for item in value]
    if not is_object(value):
        return str(value) if isinstance(value, float) else value  # NaN and Infinity, which are not JSON
    return {name: _field(name, item, what, reveal=reveal) for name, item in value.items()}


def _field(name: str, value: Any, what: str, *, reveal: bool) -> Any:
    if is_secret(name, value):
        return MASK
    if value in (None, "") or not _is_personal(name, what):
        if isinstance(value, str) and not name.endswith(EXACT):
            return CARD.sub(MASKED_CARD, value)
        return shown(value, what, reveal=reveal)
    return {"$personal": shown(value, what, reveal=True) if reveal else None, "mask": _mask(value)}


def _is_personal(name: str, what: str) -> bool:
    bare = name.strip().lower()
    if bare == "name":
        return what.startswith(PERSONS)
    return bare in PERSONAL or bare.startswith(SHIPPING)


def _mask(value: Any) -> str:
    if not isinstance(value, str):
        return MASK
    text = value.strip()
    local, at, domain = text.partition("@")
    if at:
        return f"{local[:1]}***@{domain}"
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 9 and len(digits) * 2 > len(text):
        return f"{digits[:3]}-****-{digits[-4:]}"
    return f"{text[:1]}**" if len(text) <= 20 else f"{text[:2]}…"


def masked_text(text: str) -> str:
    """Return text of an unknown form without anything that looks like a card number or a token."""
    return TOKEN.sub(rf"\1{MASK}", CARD.sub(MASKED_CARD, text))
