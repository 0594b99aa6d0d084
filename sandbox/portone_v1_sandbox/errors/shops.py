"""Refusals about shops of a server, snapshots and scenarios, which V1 does not have."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from .base import PORTONE, Refusal

__all__ = ["ended", "meant", "no_such_name", "too_many_kept", "two_shops", "wrong_shop_name"]


def wrong_shop_name() -> Refusal:
    text = "The name of a shop has 1 to 80 letters, digits and `._-`, and starts with a letter or a digit."
    return Refusal(400, PORTONE, text)


def two_shops() -> Refusal:
    """Refuse two X-Sandbox headers: a proxy and this server might each read another one."""
    return Refusal(400, PORTONE, "Two X-Sandbox headers: a request is for one shop.")


def too_many_kept(what: str, most: int, how: str) -> Refusal:
    return Refusal(400, PORTONE, f"There are {most} {what} already, which is the most: {how}.")


def no_such_name(what: str, name: str, known: Iterable[str]) -> Refusal:
    names = sorted(known)
    shown = ", ".join(names[:20]) or "none"
    found = ended(f"No {what} has the name {name[:80]!a}{meant(name, names)}")
    return Refusal(404, PORTONE, f"{found} Known: {shown}.")


def meant(name: str, known: Iterable[str]) -> str:
    """Return `, did you mean …?` where one name is close."""
    close = get_close_matches(name, list(known), 1, 0.6)
    return f", did you mean {close[0]!r}?" if close else ""


def ended(text: str) -> str:
    """Return a sentence with its full stop, unless it is a question."""
    return text if text.endswith("?") else f"{text}."
