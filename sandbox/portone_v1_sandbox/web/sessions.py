"""The windows that are open: what the shop's page asked for, and where the outcome goes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from ..errors.checkout import no_such_window, wrong_address
from ..state.channels import Channel

__all__ = ["Window", "Windows", "address", "channel_of", "due_time"]

KEPT: Final = 1000
KST: Final = timezone(timedelta(hours=9))


@dataclass(slots=True, kw_only=True, repr=False)
class Window:
    """One call of `request_pay` or `certification`."""

    kind: Literal["payment", "certification"]
    asked: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """As the page gave it."""
    tier: str | None = None
    origin: str | None = None
    """The site whose page is told the outcome."""
    redirect_url: str | None = None
    """Where the browser goes with the outcome; None calls the page's function back."""
    imp_uid: str | None = None
    channel: Channel | None = None
    outcome: Mapping[str, Any] | None = None
    busy: bool = False
    """While the shop is asked whether it agrees."""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))


class Windows:
    """The last ones, by a key that cannot be guessed."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def keep(self, window: Window) -> None:
        self._windows[window.key] = window
        while len(self._windows) > KEPT:
            del self._windows[next(iter(self._windows))]

    def find(self, key: str) -> Window:
        """Raises Refusal when there is none."""
        try:
            return self._windows[key]
        except KeyError:
            raise no_such_window() from None


def address(asked: Mapping[str, Any], name: str) -> str | None:
    """A web address that the page gave. Raises Refusal for anything that is no such address."""
    value = asked.get(name)
    if value is None or value == "":
        return None
    try:
        parts = urlsplit(value) if isinstance(value, str) else None
    except ValueError:
        parts = None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or re.search(r"[\s\x00]", value):
        raise wrong_address(name)
    return str(value)


def channel_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """The channel that the page named, under the API's name for it."""
    key = asked.get("channelKey") or asked.get("channel_key")
    return {"channel_key": key} if key else {}


def due_time(value: object) -> int | None:
    """`vbank_due` as pages write it, `YYYYMMDDhhmm` or with separators, in Korea; None for what is no time."""
    digits = re.sub(r"[^0-9]", "", str(value or ""))
    for length, form in ((14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M"), (8, "%Y%m%d")):
        if len(digits) == length:
            try:
                due = datetime.strptime(digits, form).replace(tzinfo=KST)
            except ValueError:
                return None
            return int(due.timestamp()) + (24 * 60 * 60 - 1 if length == 8 else 0)
    return None
