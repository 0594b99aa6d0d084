"""Requirements of a PG for `request_pay`, from its profile: arguments, lengths, currencies, methods and amounts.

Where V1 is known to stop the window with a sentence of its own (`errors.window` of the profile), the sandbox does so.
What only a page or a list of the vendor requires is advice: the journal notes it, and only `strict` refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final, Literal, NamedTuple

from portone_v1 import pg_profiles

from ..errors.checkout import stopped_by_pg
from ..wire.json_types import is_object

__all__ = [
    "check_identity",
    "check_window",
    "default_currency",
    "fitting_order_number",
    "profiled",
    "rule_of",
]

Device = Literal["pc", "mobile"]
KEPT_OF_ORDER_NUMBERS: Final = 40
"""Characters, where the profile of the PG says nothing: captured at KG Inicis, and the vendor's API description."""
LENGTHS: Final = ("merchant_uid", "name", "customer_id")
IDENTITY: Final = ("min_age", "name", "phone", "carrier")
"""Arguments of `IMP.certification` that only some PGs take."""


class Finding(NamedTuple):
    """A rule that a window breaks."""

    about: str
    """The key of `errors.window` that has V1's sentence, if it is known."""
    text: str


def profiled(pg: str | None, name: str) -> Any:
    """Return a value of the PG's profile, None without evidence."""
    profile = pg_profiles.find(pg)
    return None if profile is None else profile.value(name)


def default_currency(pg: str) -> str:
    """Return the currency of a request that names none."""
    return str(rule_of(pg, "currencies").get("left_out") or "KRW")


def rule_of(pg: str | None, name: str) -> Mapping[str, Any]:
    """Return a value of the PG's profile that is a mapping, an empty one without evidence."""
    rule: Mapping[str, Any] | None = profiled(pg, name)
    return {} if rule is None else rule


def fitting_order_number(pg: str, merchant_uid: str) -> str:
    """Return the order number as V1 stores it: one that is too long for the window is cut, not refused."""
    return merchant_uid[: _kept_of_order_number(pg)]


def _kept_of_order_number(pg: str) -> int:
    return int(rule_of(pg, "limits.merchant_uid").get("max") or KEPT_OF_ORDER_NUMBERS)


def check_window(pg: str, asked: Mapping[str, Any], device: Device, *, strict: bool) -> list[str]:
    """Return advice. Raises Refusal where V1 is known to stop such a window, or for any advice if `strict`."""
    known: Mapping[str, str] = rule_of(pg, "errors.window")
    advice: list[str] = []
    for finding in _findings(pg, asked, device):
        sentence = known.get(finding.about)
        if sentence is not None:
            raise stopped_by_pg(sentence.replace("{pay_method}", str(asked.get("pay_method") or "card")))
        if strict:
            raise stopped_by_pg(finding.text)
        advice.append(finding.text)
    return advice


def check_identity(pg: str, asked: Mapping[str, Any]) -> list[str]:
    """Return advice about arguments of `IMP.certification` that the PG does not take: V1 was not seen stopping."""
    takes = profiled(pg, "identity.arguments")
    given = [name for name in IDENTITY if asked.get(name) not in (None, "")]
    advice = [f"{pg} is not known to take {name}" for name in given if takes is not None and name not in takes]
    carriers, carrier = profiled(pg, "identity.carriers"), asked.get("carrier")
    if carrier and carriers is not None and carrier not in carriers:
        advice.append(f"{pg} knows the carriers {', '.join(carriers)}")
    return advice


def _findings(pg: str, asked: Mapping[str, Any], device: Device) -> Iterator[Finding]:
    yield from _means(pg, asked)
    yield from _required(pg, asked, device)
    yield from _redirecting(pg, asked, device)
    for name in LENGTHS:
        yield from _length(pg, name, asked.get(name))
    yield from _money(pg, asked)


def _means(pg: str, asked: Mapping[str, Any]) -> Iterator[Finding]:
    pay_method = asked.get("pay_method")
    if asked.get("customer_uid") and profiled(pg, "billing.by_window") is False:
        yield Finding("customer_uid", f"{pg} is not known to issue billing keys in its window")
    takes = profiled(pg, "pay_methods.asked")
    refuses = profiled(pg, "pay_methods.refused") or ()
    if not isinstance(pay_method, str) or not pay_method or takes == ():
        return  # Empty: this PG ignores the argument.
    if pay_method in refuses or (takes is not None and pay_method not in takes):
        about = "billing_method" if asked.get("customer_uid") else "pay_method"
        yield Finding(about, f"{pg} is not known to take pay_method {pay_method}")


def _required(pg: str, asked: Mapping[str, Any], device: Device) -> Iterator[Finding]:
    needed: list[str] = list(profiled(pg, "required.always") or ())
    for rule in profiled(pg, "required.when") or ():
        if _applies(rule, asked, device):
            needed += rule["need"]
    for name in dict.fromkeys(needed):
        if _inner(asked, name) in (None, "", [], {}):
            yield Finding(name, f"{pg} requires {name}")


def _applies(rule: Mapping[str, Any], asked: Mapping[str, Any], device: Device) -> bool:
    if "pay_method" in rule and (asked.get("pay_method") or "card") not in rule["pay_method"]:
        return False
    if "device" in rule and rule["device"] != device:
        return False
    if "escrow" in rule and bool(asked.get("escrow")) is not rule["escrow"]:
        return False
    return "billing_key" not in rule or bool(asked.get("customer_uid")) is rule["billing_key"]


def _redirecting(pg: str, asked: Mapping[str, Any], device: Device) -> Iterator[Finding]:
    """Find a window that has to redirect and has no address for it: the newer engine stops it. Captured."""
    redirects = profiled(pg, "result.engine") == "checkout" and profiled(pg, f"result.{device}") == "redirect"
    if redirects and not asked.get("m_redirect_url"):
        yield Finding("m_redirect_url", f"{pg} redirects on a phone and requires m_redirect_url")


def _length(pg: str, name: str, value: object) -> Iterator[Finding]:
    limits: Mapping[str, Any] = rule_of(pg, f"limits.{name}")
    if not isinstance(value, str) or not value:
        return
    size = len(value)
    if name == "merchant_uid" and size > _kept_of_order_number(pg):
        yield Finding(f"limits.{name}", f"{pg} cuts {name} to {_kept_of_order_number(pg)} characters")
        return
    octets = len(value.encode("euc-kr", "replace"))
    if size < limits.get("min", 0):
        yield Finding(f"limits.{name}", f"{pg} requires at least {limits['min']} characters of {name}")
    if size > limits.get("max", size):
        yield Finding(f"limits.{name}", f"{pg} keeps {limits['max']} characters of {name}")
    if octets > limits.get("max_bytes", octets):
        yield Finding(f"limits.{name}", f"{pg} keeps {limits['max_bytes']} bytes of {name}")
    if limits.get("characters") == "alphanumeric" and not (value.isascii() and value.isalnum()):
        yield Finding(f"limits.{name}", f"{pg} accepts only letters and digits in {name}")
    found = [sign for sign in limits.get("forbidden", ()) if sign in value]
    if found:
        yield Finding(f"limits.{name}", f"{pg} does not accept {' '.join(found)} in {name}")
    if limits.get("encoding") and value.encode(limits["encoding"], "ignore").decode(limits["encoding"]) != value:
        yield Finding(f"limits.{name}", f"{pg} accepts only {limits['encoding']} in {name}")


def _money(pg: str, asked: Mapping[str, Any]) -> Iterator[Finding]:
    currency = asked.get("currency")
    rule: Mapping[str, Any] = rule_of(pg, "currencies")
    currency = currency if isinstance(currency, str) and currency else default_currency(pg)
    if currency in rule.get("refuses", ()) or currency not in rule.get("takes", (currency,)):
        yield Finding("currency", f"{pg} is not known to take {currency}")
    least = rule_of(pg, "amounts.min").get(str(asked.get("pay_method") or "card"))
    amount = _decimal(asked.get("amount"))
    if least is not None and currency == "KRW" and amount is not None and 0 < amount < least:
        yield Finding("amount", f"{pg} requires at least {least} KRW")
    if _decimal(asked.get("tax_free")):
        known: Mapping[str, str] = rule_of(pg, "errors.window")
        if "tax_free" in known:
            yield Finding("tax_free", f"{pg} does not accept tax_free")


def _decimal(value: object) -> Decimal | None:
    try:
        return Decimal(str(value)) if isinstance(value, int | float | Decimal) else None
    except InvalidOperation:
        return None


def _inner(asked: Mapping[str, Any], path: str) -> Any:
    value: Any = asked
    for name in path.split("."):
        value = value.get(name) if is_object(value) else None
    return value
