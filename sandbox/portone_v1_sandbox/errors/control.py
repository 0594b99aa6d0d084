"""Refusals of control calls, which V1 does not have."""

from __future__ import annotations

from collections.abc import Iterable

from .base import PG, PORTONE, Refusal
from .shops import ended, meant

__all__ = [
    "no_such_call",
    "no_such_delivery",
    "no_such_event",
    "no_such_fault",
    "no_such_payment",
    "not_kept",
    "not_ready",
    "unknown_names",
    "unknown_operation",
    "unknown_value",
    "unusable_time",
    "unusable_webhook_url",
    "wrong_host",
]


def no_such_call(path: str, known: Iterable[str]) -> Refusal:
    shown = ended(f"No control call is {path[:80]!a}{meant(path, known)}")
    return Refusal(404, PG, f"{shown} GET /_sandbox/openapi.json lists them.")


def no_such_delivery(number: int) -> Refusal:
    return Refusal(404, PORTONE, f"Webhook delivery {number} not found.")


def no_such_fault(number: str) -> Refusal:
    """Refuse to remove a fault or a decline that is used up or already removed."""
    return Refusal(404, PORTONE, f"No fault or decline has the number {number[:20]!a} any more.")


def unusable_time(reason: str) -> Refusal:
    return Refusal(400, PORTONE, f"{reason[:1].upper()}{reason[1:]}.")


def unusable_webhook_url(reason: str) -> Refusal:
    return Refusal(400, PORTONE, f"Invalid webhook URL: {reason}.")


def no_such_payment(imp_uid: str) -> Refusal:
    return Refusal(404, PORTONE, f"Payment {imp_uid} not found.")


def no_such_event(number: int) -> Refusal:
    return Refusal(404, PORTONE, f"Event {number} not found: it never existed, or newer events have replaced it.")


def not_kept(reason: str) -> Refusal:
    """Refuse a request that could not be saved.

    Nothing of it remains, not even after a restart. A 500 leaves that open to the caller, as V1's would.
    """
    return Refusal(500, -1, f"The sandbox did not execute the request, because it could not be saved: {reason}")


def not_ready(reason: str) -> Refusal:
    return Refusal(503, -1, f"The sandbox cannot execute writes: {reason}")


def unknown_names(names: Iterable[str], known: Iterable[str]) -> Refusal:
    """Refuse unknown names in a body: a misspelt name would otherwise be ignored, and the default used."""
    # A name is text of the caller, so it is shortened, and its control characters are escaped.
    known = sorted(known)
    shown = ", ".join(f"{name[:40]!a}{meant(name, known)}" for name in sorted(names)[:5])
    unknown = ended(f"Unknown name: {shown}")
    return Refusal(400, PORTONE, f"{unknown} Known: {', '.join(known) or 'none'}.")


def unknown_operation(name: str, known: Iterable[str]) -> Refusal:
    known = tuple(known)
    same = " or ".join(repr(one) for one in known if one.endswith(f".{name}"))
    found = f", did you mean {same}?" if same else meant(name, known)
    return Refusal(400, PORTONE, ended(f"No operation has the name {name[:80]!a}{found}"))


def unknown_value(name: str, value: str, known: Iterable[str]) -> Refusal:
    known = tuple(dict.fromkeys(known))
    unknown = ended(f"{name} has no value {value[:40]!a}{meant(value, known)}")
    shown = ", ".join((*known[:20], "…") if len(known) > 20 else known)
    return Refusal(400, PORTONE, f"{unknown} Known: {shown}.")


def wrong_host() -> Refusal:
    """Refuse an unknown Host: a page whose own name resolves to this machine must not control it (DNS rebinding)."""
    return Refusal(403, PG, "The Host header is neither loopback nor --host. To add a name, pass --allowed-hosts.")
