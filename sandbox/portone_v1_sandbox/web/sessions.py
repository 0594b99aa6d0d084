"""Open windows: the arguments of the shop's page, and the outcome."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from ..errors.checkout import no_such_window, wrong_address
from ..state.channels import Channel

__all__ = ["Window", "Windows", "address", "app_scheme_of", "channel_of", "due_time"]

KEPT: Final = 1000
KST: Final = timezone(timedelta(hours=9))
IOS: Final = re.compile(r"\b(?:iPhone|iPad|iPod)\b")
SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,63}")
OF_THE_WEB: Final = frozenset({"http", "https", "javascript", "data", "file", "blob", "about", "ftp", "ws", "wss"})


@dataclass(slots=True, kw_only=True, eq=False, repr=False)
class Window:
    """One call of `request_pay` or `certification`."""

    kind: Literal["payment", "certification"]
    asked: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The arguments of the shop's page."""
    tier: str | None = None
    origin: str | None = None
    """The origin of the page that receives the result."""
    redirect_url: str | None = None
    """Where the browser is redirected with the result; None calls the page's callback."""
    app_scheme: str | None = None
    """The scheme of the iOS app whose WebView shows the page."""
    imp_uid: str | None = None
    pg_provider: str | None = None
    channel: Channel | None = None
    outcome: Mapping[str, Any] | None = None
    unknown: str | None = None
    """The `pg` or `channelKey` of the page that the merchant does not have; the window shows it."""
    silent: bool = False
    """Whether the page gets no result, because its callback is not called."""
    alert: str | None = None
    busy: bool = False
    """Whether a confirmation of the shop is being requested."""
    key: str = field(default_factory=lambda: secrets.token_urlsafe(16))


class Windows:
    """The latest windows, by a random key."""

    def __init__(self) -> None:
        self._windows: dict[str, Window] = {}

    def keep(self, window: Window) -> None:
        self._windows[window.key] = window
        while len(self._windows) > KEPT:
            del self._windows[next(iter(self._windows))]

    def find(self, key: str) -> Window:
        """Return a window. Raises Refusal if there is none."""
        try:
            return self._windows[key]
        except KeyError:
            raise no_such_window() from None


def address(asked: Mapping[str, Any], name: str) -> str | None:
    """Return a URL of the page's arguments. Raises Refusal if it is not an HTTP URL."""
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


def app_scheme_of(asked: Mapping[str, Any], user_agent: str | None) -> str | None:
    """Return the scheme of the iOS app whose WebView shows the page, None if there is none."""
    value = asked.get("app_scheme")
    # Safari names itself; a WKWebView does not.
    if not isinstance(value, str) or not IOS.search(user_agent or "") or "Safari/" in (user_agent or ""):
        return None
    scheme = value.removesuffix("://")
    return scheme if SCHEME.fullmatch(scheme) and scheme.lower() not in OF_THE_WEB else None


def channel_of(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Return the channel of the page's arguments, under the API's name."""
    key = asked.get("channelKey") or asked.get("channel_key")
    return {"channel_key": key} if key else {}


def due_time(value: object, rule: Mapping[str, Any] = MappingProxyType({})) -> int | None:
    """Parse `vbank_due`, `YYYYMMDDhhmm` in Korea, with or without separators; None if it is not a time.

    `rule` is `vbank.due` of the PG's profile: some keep the day alone, some the minute.
    """
    due = _time_of(value)
    if due is None:
        return None
    if rule.get("date_only") or rule.get("time") == "end of day":
        due = due.replace(hour=23, minute=59, second=59)
    elif rule.get("time") == "minutes kept, seconds 59":
        due = due.replace(second=59)
    return int(due.timestamp())


def _time_of(value: object) -> datetime | None:
    digits = re.sub(r"[^0-9]", "", str(value or ""))
    for length, form in ((14, "%Y%m%d%H%M%S"), (12, "%Y%m%d%H%M"), (8, "%Y%m%d")):
        if len(digits) == length:
            try:
                due = datetime.strptime(digits, form).replace(tzinfo=KST)
            except ValueError:
                return None
            return due.replace(hour=23, minute=59, second=59) if length == 8 else due
    return None
