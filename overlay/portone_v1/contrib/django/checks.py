"""System checks of `manage.py check`. Only `check --deploy` needs the API key, and none calls V1."""

# pyright: reportPrivateUsage=false, reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, cast
from urllib.parse import urlsplit

from django.conf import settings  # type: ignore[import-untyped]
from django.core import checks  # type: ignore[import-untyped]
from django.urls import URLPattern, URLResolver, get_resolver  # type: ignore[import-untyped]

from ...webhooks import from_portone
from . import _settings
from ._handlers import HANDLERS
from ._view import MARK

__all__ = ["check_database", "check_deployment", "check_settings", "check_urls"]

Messages = list[Any]


@checks.register("portone")  # type: ignore[untyped-decorator]
def check_settings(*_: Any, **__: Any) -> Messages:
    found: Messages = []
    given = _settings.options()
    unknown = sorted(set(given) - _settings.OPTIONS)
    if unknown:
        known = f"options: {', '.join(sorted(_settings.OPTIONS))}"
        found.append(checks.Error(f"PORTONE_V1 has no option {', '.join(unknown)}", hint=known, id="portone.E001"))
    try:
        from_portone("127.0.0.1", trusted_proxies=given.get("TRUSTED_PROXIES", ()))
    except ValueError as error:
        found.append(checks.Error(f"PORTONE_V1['TRUSTED_PROXIES']: {error}", id="portone.E002"))
    if given.get("WORKER") not in (None, *_settings.WORKERS):
        hint = f"one of {', '.join(map(repr, _settings.WORKERS))}, or None"
        found.append(checks.Error("PORTONE_V1['WORKER'] is invalid", hint=hint, id="portone.E003"))
    for option in ("DATABASE", "JOURNAL_DATABASE"):
        if (alias := given.get(option)) is not None and alias not in settings.DATABASES:
            found.append(checks.Error(f"PORTONE_V1[{option!r}]: there is no database {alias!r}", id="portone.E004"))
    base_url = str(given.get("BASE_URL") or os.environ.get("PORTONE_V1_BASE_URL") or "https:")
    where = urlsplit(base_url)
    if where.scheme != "https" and where.hostname not in ("127.0.0.1", "localhost", "::1"):
        found.append(checks.Error("the API key and secret would be sent over plain HTTP", id="portone.E005"))
    if "payment" not in HANDLERS:
        hint = '@webhook_handler("payment") in <app>/portone.py'
        found.append(checks.Warning("no handler of payments is registered", hint=hint, id="portone.W001"))
    return found


@checks.register("portone")  # type: ignore[untyped-decorator]
def check_urls(*_: Any, **__: Any) -> Messages:
    if not getattr(settings, "ROOT_URLCONF", None):
        return []
    try:
        mounted = [view for view in views(cast("Any", get_resolver()).url_patterns) if getattr(view, MARK, False)]
    except ImportError:
        return []  # Django's own check of the URLs reports it
    if mounted:
        return []
    hint = 'path("portone/webhook", webhook); a wrapper around it needs functools.wraps, or PortOne gets 403'
    return [checks.Warning("no URL leads to the webhook", hint=hint, id="portone.W002")]


def views(patterns: Iterable[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views(cast("Any", pattern).url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


@checks.register("portone")  # type: ignore[untyped-decorator]
def check_database(*_: Any, **__: Any) -> Messages:
    found: Messages = []
    for alias in {_settings.database(), _settings.journal_database()} & set(settings.DATABASES):
        database = settings.DATABASES[alias]
        if not str(database.get("ENGINE", "")).endswith("sqlite3"):
            continue
        if database.get("OPTIONS", {}).get("transaction_mode") != "IMMEDIATE":
            hint = 'OPTIONS: {"transaction_mode": "IMMEDIATE", "timeout": 20}'
            text = f"{alias}: requests at once may end in 'database is locked'"
            found.append(checks.Warning(text, hint=hint, id="portone.W003"))
    journal = settings.DATABASES.get(_settings.journal_database(), {})
    if journal.get("ATOMIC_REQUESTS"):
        hint = "PORTONE_V1['JOURNAL_DATABASE']: a second alias of the same database, without ATOMIC_REQUESTS"
        text = (
            "charges and refunds are refused inside a request's transaction: the journal could not be committed first"
        )
        found.append(checks.Warning(text, hint=hint, id="portone.W004"))
    return found


@checks.register("portone", deploy=True)  # type: ignore[untyped-decorator]
def check_deployment(*_: Any, **__: Any) -> Messages:
    found: Messages = []
    given = _settings.options()
    missing = [
        option
        for option, variable in (("IMP_KEY", "PORTONE_V1_KEY"), ("IMP_SECRET", "PORTONE_V1_SECRET"))
        if not (given.get(option) or os.environ.get(variable))
    ]
    if missing and not given.get("CLIENT"):
        hint = "PORTONE_V1_KEY and PORTONE_V1_SECRET in the environment"
        found.append(checks.Error(f"PORTONE_V1: {' and '.join(missing)} missing", hint=hint, id="portone.E101"))
    if given.get("ALLOW_TEST_PAYMENTS"):
        found.append(
            checks.Error("test payments count as paid, although the shop receives no money for them", id="portone.E102")
        )
    if not given.get("WORKER"):
        hint = "WORKER: 'command', and manage.py portone_drain --watch 5 as a service"
        text = (
            "no worker drains the inbox: failed webhooks wait until PortOne redelivers, and tasks of later() never run"
        )
        found.append(checks.Warning(text, hint=hint, id="portone.W101"))
    found.extend(missing_migrations())
    return found


def missing_migrations() -> Messages:
    from django.db import DatabaseError, connections  # type: ignore[import-untyped]
    from django.db.migrations.executor import MigrationExecutor  # type: ignore[import-untyped]

    found: Messages = []
    for alias in sorted({_settings.database(), _settings.journal_database()} & set(settings.DATABASES)):
        try:
            executor = MigrationExecutor(connections[alias])
            targets = [node for node in executor.loader.graph.leaf_nodes() if node[0] == "portone_v1"]
            planned = executor.migration_plan(targets)
        except DatabaseError:
            continue  # it cannot be reached from where this runs
        if planned:
            text = f"{alias}: migrations of portone_v1 are missing"
            found.append(checks.Error(text, hint="manage.py migrate", id="portone.E103"))
    return found
