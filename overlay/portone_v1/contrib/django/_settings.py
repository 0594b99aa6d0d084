"""`PORTONE_V1 = {…}` of the settings, read when a client is first used: `migrate` and `check` need no keys."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any, Final, TypeVar, cast

from django.conf import settings  # type: ignore[import-untyped]
from django.core.exceptions import ImproperlyConfigured  # type: ignore[import-untyped]
from django.core.signals import setting_changed  # type: ignore[import-untyped]
from django.utils.module_loading import import_string  # type: ignore[import-untyped]

from ...client import AsyncPortOne, PortOne
from ...errors import ConfigurationError
from ...results import SettledWrite
from ._intents import AsyncDjangoStore, DjangoStore

__all__ = ["OPTIONS", "WORKERS", "async_client", "client", "database", "journal_database", "on_settled", "options"]

T = TypeVar("T")

PASSED_ON: Final = {
    "IMP_KEY": "imp_key",
    "IMP_SECRET": "imp_secret",
    "BASE_URL": "base_url",
    "TIER": "tier",
    "TIMEOUT": "timeout",
    "MAX_RETRIES": "max_retries",
    "TOKEN_STORE": "token_store",
    "ON_ALARM": "on_alarm",
}
NAMED: Final = ("ON_ALARM", "TOKEN_STORE")
OPTIONS: Final = frozenset(PASSED_ON) | {
    "CLIENT",
    "ASYNC_CLIENT",
    "ON_SETTLED",
    "WORKER",
    "DATABASE",
    "JOURNAL_DATABASE",
    "ALLOW_TEST_PAYMENTS",
    "TASK_LEASE",
    "TRUSTED_PROXIES",
}
"""Keys of the dictionary. Strings in `ON_ALARM`, `ON_SETTLED`, `TOKEN_STORE` and those of clients are dotted paths."""
WORKERS: Final = ("command", "celery", "other")
"""Values of `WORKER`: who calls `portone_drain`. With any of them the response to a stored webhook is 200 at once."""

_clients: dict[type, Any] = {}
_lock = Lock()


def options() -> Mapping[str, Any]:
    found: Mapping[str, Any] = getattr(settings, "PORTONE_V1", {})
    return found


def database() -> str:
    """Return the alias of the inbox, which must be that of the orders."""
    return str(options().get("DATABASE", "default"))


def journal_database() -> str:
    """Return the alias of the journal: a second alias of the same database if ATOMIC_REQUESTS is on."""
    return str(options().get("JOURNAL_DATABASE", database()))


def on_settled() -> Callable[[SettledWrite], object] | None:
    """Return the shop's function for the outcomes that `portone_settle` finds."""
    return cast("Callable[[SettledWrite], object] | None", _named(options().get("ON_SETTLED")))


def client(tier: str | None = None) -> PortOne:
    """클라이언트: Return the shop's client, created by the first call and shared by the whole process. Do not close it.

    Args:
        tier: 하위 상점 고유코드. Returns a copy for that sub-merchant, which shares connections and token.

    Raises:
        ImproperlyConfigured: the API key or secret is missing, or an option is invalid.
    """
    made = _shared(PortOne, "CLIENT", lambda: DjangoStore(journal_database()))
    return made if tier is None else made.with_options(tier=tier)


def async_client(tier: str | None = None) -> AsyncPortOne:
    """비동기 클라이언트: Return the client for asynchronous views. Do not close it."""
    made = _shared(AsyncPortOne, "ASYNC_CLIENT", lambda: AsyncDjangoStore(journal_database()))
    return made if tier is None else made.with_options(tier=tier)


def _shared(kind: Callable[..., T], own: str, journal: Callable[[], object]) -> T:
    with _lock:
        found = _clients.get(cast("type", kind))
        if found is None:
            found = _clients[cast("type", kind)] = _make(kind, own, journal)
        return cast("T", found)


def _make(kind: Callable[..., T], own: str, journal: Callable[[], object]) -> T:
    """Keep the settings in no variable: Django's debug page and error trackers show those of each frame."""
    factory = _named(options().get(own))
    if factory is not None:
        return cast("T", factory())
    try:
        return kind(**_arguments(), intents=journal())
    except ConfigurationError as error:
        raise ImproperlyConfigured(f"PORTONE_V1: {error}") from None


def _arguments() -> dict[str, Any]:
    return {argument: _value(option) for option, argument in PASSED_ON.items() if options().get(option) is not None}


def _value(option: str) -> Any:
    return _named(options()[option]) if option in NAMED else options()[option]


def _named(value: Any) -> Any:
    return import_string(value) if isinstance(value, str) else value


def _forget(*, setting: str, **_: Any) -> None:
    if setting == "PORTONE_V1":
        with _lock:
            kept = list(_clients.values())
            _clients.clear()
        for each in kept:
            if isinstance(each, PortOne) and options().get("CLIENT") is None:
                each.close()


setting_changed.connect(_forget)
