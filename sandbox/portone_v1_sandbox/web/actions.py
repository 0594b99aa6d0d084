"""The buyer's actions in a window: approve, be declined, verify their identity, leave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..certifications.window import CERTIFY, certify
from ..errors.base import Refusal, wrong_value
from ..errors.checkout import window_is_closed
from ..merchant.card_options import card_options, is_restricted
from ..merchant.window_rules import profiled, rule_of
from ..payments.approval import in_shape
from ..payments.checkout_result import FINISH, finish_window, require_open
from ..state.cards import ORDINARY, TEST_CARDS
from ..wire.money import to_wire
from .confirm import Confirm, stopped_by_shop
from .evidence import record_window
from .notes import note_result
from .results import DECLINED, certified, closed, failure, in_words_of, paid
from .sessions import Window, channel_of, due_time

if TYPE_CHECKING:
    from ..engine.engine import Engine

__all__ = ["CheckoutActions"]

DECLINED_BY_PG: Final = "[SB05] 승인거절"
PERSON: Final = ("name", "birthday", "gender", "phone", "carrier", "foreigner")
CERTIFIED_AS: Final = ("merchant_uid", "pg")


class CheckoutActions:
    """Completes windows. It asks the shop before an approval, outside of a transaction."""

    def __init__(self, engine: Engine, ask: Confirm) -> None:
        self._engine = engine
        self._ask = ask

    def act(self, window: Window, choice: Mapping[str, Any]) -> None:
        """Store the outcome in the window. Raises Refusal for an invalid choice."""
        with self._engine.transaction():
            if window.outcome is not None:
                return  # This is a second click, or the page was opened again.
            if window.busy:
                raise window_is_closed()
            window.busy = True
        try:
            window.outcome = self._outcome(window, choice)
            note_result(self._engine, window)
            record_window(self._engine, window, f"window.{choice.get('action')}", choice)
        finally:
            window.busy = False

    def _outcome(self, window: Window, choice: Mapping[str, Any]) -> Mapping[str, Any]:
        action = choice.get("action")
        if action == "leave":
            return self._leave(window, choice)
        if window.kind == "certification":
            if action == "approve":
                return self._certify(window, choice)
        elif action == "approve":
            return self._approve(window, choice)
        elif action == "decline":
            return self._finish(window, choice, "failed", _declined(window, _text(choice, "reason")))
        raise wrong_value("action")

    def _leave(self, window: Window, choice: Mapping[str, Any]) -> Mapping[str, Any]:
        """Fail the payment, as the PG's own button and the X do. If the page is left it stays `ready`: documented."""
        code, message, called, status, alert = closed(window)
        if window.kind == "certification":
            return failure(window, code, message)
        window.silent, window.alert = not called, alert
        status = self._engine.settings.unknown_close_status if status == "unknown" else status
        try:
            if status == "failed":
                self._finish(window, choice, "failed", message)
        except Refusal as refusal:
            if refusal.status >= 400:
                raise
        return failure(window, code, message)

    def _approve(self, window: Window, choice: Mapping[str, Any]) -> Mapping[str, Any]:
        url = window.asked.get("confirm_url")
        # According to their profile, some PGs approve without a confirmation.
        if isinstance(url, str) and url and profiled(window.pg_provider, "confirm_url") is not False:
            with self._engine.transaction():
                payment = require_open(self._engine.state, window.tier, window.imp_uid or "")
                body = {
                    "imp_uid": payment.imp_uid,
                    "merchant_uid": payment.merchant_uid,
                    "amount": to_wire(payment.amount),
                }
            reason = self._ask(url, body)
            if reason is not None:
                return self._finish(window, choice, "failed", stopped_by_shop(reason))
        return self._finish(window, choice, "paid")

    def _finish(
        self, window: Window, choice: Mapping[str, Any], status: str, reason: str | None = None
    ) -> Mapping[str, Any]:
        engine = self._engine
        if window.channel is None:
            raise window_is_closed()
        name = _text(choice, "card")
        card = TEST_CARDS.get(name)
        body = {
            "imp_uid": window.imp_uid,
            "status": status,
            "pay_method": choice.get("pay_method") or "card",
            "card_number": None if card is None else card.number,
            "vbank_due": due_time(window.asked.get("vbank_due"), rule_of(window.pg_provider, "vbank.due")),
            "fail_reason": reason,
        }
        with engine.transaction():
            engine.catch_up()
            body |= self._card_of(window, choice, name or ORDINARY)
            try:
                payment = finish_window(engine.call(FINISH, {"body": body}, window.tier), window.channel)
            except Refusal as refusal:
                if refusal.status >= 400:
                    raise
                return failure(window, *in_words_of(window, refusal))
            if payment.status == "failed":
                return failure(window, DECLINED, payment.fail_reason or "", payment)
            return paid(window, payment)

    def _card_of(self, window: Window, choice: Mapping[str, Any], card: str) -> dict[str, Any]:
        """Return the instalments and the card company. Raises Refusal for months that the page does not allow."""
        quota = choice.get("card_quota")
        payment = self._engine.state.find_payment(window.tier, window.imp_uid or "")
        if payment is None:
            return {"card_quota": quota}
        options = card_options(payment.pg_provider, window.asked, payment.amount, payment.currency)
        if is_restricted(window.asked):
            quota = options.months[0] if quota is None else quota
            if quota not in options.months:
                raise wrong_value("card_quota")
        return {"card_quota": quota, "card_code": options.companies.get(card)}

    def _certify(self, window: Window, choice: Mapping[str, Any]) -> Mapping[str, Any]:
        engine, asked = self._engine, window.asked
        body = {name: choice[name] for name in PERSON if choice.get(name) not in (None, "")}
        body |= {name: asked[name] for name in CERTIFIED_AS if asked.get(name)}
        body |= channel_of(asked)
        body |= {} if window.origin is None else {"origin": window.origin}
        body |= {} if window.imp_uid is None else {"imp_uid": window.imp_uid}
        with engine.transaction():
            engine.catch_up()
            record = certify(engine.call(CERTIFY, {"body": body}, window.tier))
            window.imp_uid = record["imp_uid"]
            return certified(record["imp_uid"], record["merchant_uid"], record["pg_provider"])


def _declined(window: Window, reason: str) -> str:
    return in_shape(window.pg_provider or "", reason or DECLINED_BY_PG, window.imp_uid or "")


def _text(choice: Mapping[str, Any], name: str) -> str:
    value = choice.get(name)
    return value.strip() if isinstance(value, str) else ""
