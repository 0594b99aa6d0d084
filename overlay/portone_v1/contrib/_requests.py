"""What the framework modules share: how long a webhook may wait for V1, and how much of a body is read."""

from __future__ import annotations

from typing import Any, Final, TypeVar

from .._http.settings import Timeout
from ..webhooks import LONGEST

__all__ = ["LONGEST", "TOO_LONG", "too_long", "with_webhook_timeouts"]

C = TypeVar("C", bound=Any)

WEBHOOK_TIMEOUT: Final = Timeout(connect=3.0, read=5.0, write=5.0, pool=3.0)
"""PortOne waits 30 seconds for the first delivery's answer and 15 for that of a repetition."""

WEBHOOK_DEADLINE: Final = 12.0
"""Seconds for one read, its token and its repetition included. A webhook of an unknown sender takes two reads."""

TOO_LONG: Final = "request body too large"
MOST_DIGITS: Final = 20
"""Digits of a length. Python raises ValueError for more than 4,300, and some servers pass such a header on."""


def with_webhook_timeouts(client: C, tier: str | None) -> C:
    """Return a copy of the client for a tier and one read, which ends before PortOne stops waiting."""
    given = {} if tier is None else {"tier": tier}
    copy: C = client.with_options(timeout=WEBHOOK_TIMEOUT, max_retries=1, **given)
    copy._engine.end = copy._session.clock.monotonic() + WEBHOOK_DEADLINE  # noqa: SLF001 - no user sets a deadline
    return copy


def too_long(content_length: str | None) -> bool:
    """Return whether the header announces more than any webhook has, or is no number."""
    length = content_length or "0"
    return not length.isdecimal() or len(length) > MOST_DIGITS or int(length) > LONGEST
