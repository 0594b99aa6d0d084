"""포트원 V1 in a Django shop: settings, a webhook view, an inbox and a journal in the shop's own database.

    INSTALLED_APPS += ["portone_v1.contrib.django"]                 # settings.py; then: manage.py migrate
    PORTONE_V1 = {"WORKER": "command"}                              # keys: PORTONE_V1_KEY, PORTONE_V1_SECRET

    path("portone/webhook", webhook)                                # urls.py
    path("portone/<str:tier>/webhook", webhook)                     # an agency's sub-merchants

    @webhook_handler("payment")                                     # <app>/portone.py, which is imported at start
    def payment_changed(change: PaymentChanged) -> None: ...

    manage.py portone_drain --watch 5                               # the worker

Names are loaded on first use: this package is imported before the apps are ready, and models may not be.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..._elsewhere import loader

try:
    import django  # type: ignore[import-untyped]  # noqa: F401
except ImportError:
    raise ImportError("portone_v1.contrib.django needs Django: pip install django") from None

if TYPE_CHECKING:
    from ...inbox import RetryLater, UnknownOrder
    from ._handlers import webhook_handler
    from ._inbox import inbox
    from ._inbox_store import DjangoInboxStore
    from ._intents import AsyncDjangoStore, DjangoStore
    from ._outbox import later
    from ._settings import async_client, client
    from ._view import async_webhook, webhook

__all__ = [
    "AsyncDjangoStore",
    "DjangoInboxStore",
    "DjangoStore",
    "RetryLater",
    "UnknownOrder",
    "async_client",
    "async_webhook",
    "client",
    "inbox",
    "later",
    "webhook",
    "webhook_handler",
]

_HOMES = {
    "AsyncDjangoStore": "portone_v1.contrib.django._intents",
    "DjangoInboxStore": "portone_v1.contrib.django._inbox_store",
    "DjangoStore": "portone_v1.contrib.django._intents",
    "RetryLater": "portone_v1.inbox",
    "UnknownOrder": "portone_v1.inbox",
    "async_client": "portone_v1.contrib.django._settings",
    "async_webhook": "portone_v1.contrib.django._view",
    "client": "portone_v1.contrib.django._settings",
    "inbox": "portone_v1.contrib.django._inbox",
    "later": "portone_v1.contrib.django._outbox",
    "webhook": "portone_v1.contrib.django._view",
    "webhook_handler": "portone_v1.contrib.django._handlers",
}


if not TYPE_CHECKING:  # or a type checker would take every name
    __getattr__ = loader(__name__, _HOMES)
