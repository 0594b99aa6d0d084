"""The data that a window shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..merchant.card_options import card_options
from ..state.bank_codes import CARD_COMPANIES
from ..state.cards import TEST_CARDS, read_card
from ..wire.money import to_wire
from .results import redirect
from .sessions import Window, channel_of

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["shown_window"]

LONGEST_KEY: Final = 80
CARRIERS: Final = {"KTF": "KT", "MVNO": "SKT_MVNO"}
"""Carriers of the request that have another name in the response."""
FILLED_IN: Final = ("name", "phone", "carrier", "birthday", "gender")


def shown_window(engine: Engine, window: Window) -> dict[str, Any]:
    """Return the data for the window's script."""
    shown: dict[str, Any] = {
        "kind": window.kind,
        "language": window.asked.get("language"),
        "origin": window.origin,
        "outcome": window.outcome,
        "redirect": None if window.silent else redirect(window),
        "silent": window.silent,
        "alert": window.alert,
        "warning": window.unknown,
        "unknown_pg": window.asked.get("pg") if (window.unknown or "").startswith("unknown pg ") else None,
        "unknown_key": _unknown_key(engine, window),
    }
    if window.kind == "certification":
        company = window.asked.get("company")
        person = {name: window.asked.get(name) for name in FILLED_IN}
        person["carrier"] = CARRIERS.get(str(person["carrier"]), person["carrier"])
        return shown | {"company": company, "person": person}
    with engine.transaction(read_only=True):
        payment = engine.state.find_payment(window.tier, window.imp_uid or "")
        if payment is not None:
            order: dict[str, Any] = {
                "amount": to_wire(payment.amount),
                "currency": payment.currency,
                "customer_uid": payment.customer_uid,
                "imp_uid": payment.imp_uid,
                "merchant_uid": payment.merchant_uid,
                "name": payment.name,
                "pay_method": payment.pay_method,
                "pg_provider": payment.pg_provider,
                "test": payment.sandbox,
            }
            options = card_options(payment.pg_provider, window.asked, payment.amount, payment.currency)
            order["months"] = list(options.months)
            return shown | {"cards": _cards(options.companies), "order": order}
    return shown | {"cards": [], "order": None}


def _unknown_key(engine: Engine, window: Window) -> dict[str, str] | None:
    """Return a `channelKey` that the merchant does not have, and the PG of a channel that could be added for it."""
    if not (window.unknown or "").startswith("unknown channelKey "):
        return None
    pg = str(window.asked.get("pg") or "").partition(".")[0]
    default = next((each.pg_provider for each in engine.settings.channels if each.type == "payment"), "html5_inicis")
    return {"key": str(channel_of(window.asked)["channel_key"])[:LONGEST_KEY], "pg": pg or default}


def _cards(companies: Mapping[str, str | None]) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "number": read_card(card.number).masked,
            "company": CARD_COMPANIES[companies.get(name) or card.card_code],
            "behaviour": card.behaviour,
            "reason": card.reason,
        }
        for name, card in TEST_CARDS.items()
    ]
