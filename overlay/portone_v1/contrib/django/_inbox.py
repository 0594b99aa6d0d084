"""The inbox, built from the settings."""

# pyright: reportPrivateUsage=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import Any

from django.utils.module_loading import import_string  # type: ignore[import-untyped]

from ...client import PortOne
from ...inbox import EscrowChanged, Inbox, PaymentChanged, Work
from .._requests import with_webhook_timeouts
from . import _settings
from ._handlers import HANDLERS
from ._inbox_store import DjangoInboxStore

__all__ = ["inbox"]


def inbox() -> Inbox:
    """웹훅 인박스: Return the inbox of this shop, for `drain()` in your own job, `replay([imp_uid])` and `rows()`."""
    option = _settings.options().get  # the dictionary, with key and secret, is in no variable that an error page shows
    made = Inbox(
        _client,
        DjangoInboxStore(_settings.database()),
        drained=bool(option("WORKER")),
        allow_test=bool(option("ALLOW_TEST_PAYMENTS")),
        trusted_proxies=tuple(option("TRUSTED_PROXIES", ())),
        task_lease=float(option("TASK_LEASE", 60.0)),
        find_task=import_string,
    )
    # Looked up when they are called: a handler that is registered later, or replaced in a test, counts.
    if "payment" in HANDLERS:
        made.on_payment(_payment)
    if "escrow" in HANDLERS:
        made.on_escrow(_escrow)
    if "cvs_confirm" in HANDLERS:
        made.on_cvs_confirm(HANDLERS["cvs_confirm"])
    if "checkout_confirm" in HANDLERS:
        made.on_checkout_confirm(HANDLERS["checkout_confirm"])
    return made


def _client(tier: str | None) -> PortOne:
    return with_webhook_timeouts(_settings.client(), tier)


def _payment(change: PaymentChanged, work: Work) -> Any:
    del work  # the transaction is the ambient one, and `later` finds it
    return HANDLERS["payment"](change)


def _escrow(event: EscrowChanged, work: Work) -> Any:
    del work
    return HANDLERS["escrow"](event)
