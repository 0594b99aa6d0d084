"""The webhook endpoint of a Django shop. Put `portone_v1.contrib.django` into INSTALLED_APPS, migrate, and route to it:

path("portone/webhook", webhook(client, order_changed))

`DjangoStore` keeps the journal of writes in the same database: `PortOne(intents=DjangoStore())`.
"""

from __future__ import annotations

try:
    import django  # type: ignore[import-untyped]  # noqa: F401
except ImportError:
    raise ImportError("portone_v1.contrib.django needs Django: pip install django") from None

from ...results import PaymentChange
from .._webhook_rules import UnknownOrderError
from ._intents import AsyncDjangoStore, DjangoStore
from ._states import ModelStates
from ._view import webhook

__all__ = ["AsyncDjangoStore", "DjangoStore", "ModelStates", "PaymentChange", "UnknownOrderError", "webhook"]
