"""Shell completion of ids: offer those of the journal's last writes. It works offline and never fails."""

from __future__ import annotations

from typing import Any

import typer
from portone_v1.intents import Intent

from .session import session_of

__all__ = ["complete_intents", "complete_keys", "complete_orders", "complete_payments"]

MOST = 50


def complete_payments(context: typer.Context, incomplete: str) -> list[str]:
    """Return imp_uids of the journal's last writes, the newest first."""
    return _offered(context, incomplete, "imp_uid")


def complete_orders(context: typer.Context, incomplete: str) -> list[str]:
    """Return order numbers of the journal's last writes, the newest first."""
    return _offered(context, incomplete, "merchant_uid")


def complete_keys(context: typer.Context, incomplete: str) -> list[str]:
    """Return keys of the journal's last writes, as `cancel_once` and `again_once` take them."""
    names = [each.key.partition("/")[2] or each.key for each in _recent(context)]
    return _fitting(names, incomplete)


def complete_intents(context: typer.Context, incomplete: str) -> list[str]:
    """Return the ids of the journal's last writes."""
    return _fitting([each.id for each in _recent(context)], incomplete)


def _offered(context: typer.Context, incomplete: str, name: str) -> list[str]:
    found: list[str] = []
    for intent in _recent(context):
        places: tuple[Any, ...] = (intent.arguments.get(name), intent.result.get(name))
        found += [place for place in places if isinstance(place, str)]
    return _fitting(found, incomplete)


def _fitting(names: list[str], incomplete: str) -> list[str]:
    return [name for name in dict.fromkeys(names) if name.startswith(incomplete)][:MOST]


def _recent(context: typer.Context) -> list[Intent]:
    from .journal.opening import journal

    try:
        options: dict[str, Any] = {**context.find_root().params, **context.params}
        session = session_of(context, profile=options.get("profile"), tier=options.get("tier"))
        with journal(session, options.get("store")) as client:
            return client.intents.unfinished()[::-1]
    except Exception:
        return []
