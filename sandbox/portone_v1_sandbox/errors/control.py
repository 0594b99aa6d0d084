"""Refusals of control calls, which V1 does not have."""

from __future__ import annotations

from collections.abc import Iterable

from .base import PG, PORTONE, Refusal
from .shops import meant

__all__ = ["no_such_delivery", "not_kept", "unknown_names", "unusable_webhook_url", "wrong_host"]


def no_such_delivery(number: int) -> Refusal:
    return Refusal(404, PORTONE, f"Webhook delivery {number} not found.")


def unusable_webhook_url(reason: str) -> Refusal:
    return Refusal(400, PORTONE, f"Invalid webhook URL: {reason}.")


def not_kept(reason: str) -> Refusal:
    """The request may have been executed, and may be lost with the process: a 500 allows both."""
    return Refusal(500, -1, f"The sandbox executed the request but could not save it: {reason}")


def unknown_names(names: Iterable[str], known: Iterable[str]) -> Refusal:
    """A misspelt name would otherwise be ignored, and the default used."""
    # A name is the caller's own text: it is cut, and control characters are escaped.
    known = sorted(known)
    shown = ", ".join(f"{name[:40]!a}{meant(name, known)}" for name in sorted(names)[:5])
    return Refusal(400, PORTONE, f"Unknown name: {shown}. Known: {', '.join(known) or 'none'}.")


def wrong_host() -> Refusal:
    """A rule of the sandbox: a page whose own name resolves to this machine must not control it (DNS rebinding)."""
    return Refusal(403, PG, "The Host header is neither loopback nor the server's --host.")
