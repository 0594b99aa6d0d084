"""`request_pay` and `certification`: open a window, or stop before it opens."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final, Literal

from ..certifications.window import OPEN
from ..certifications.window import open_window as open_certification
from ..errors.base import Refusal, malformed_body
from ..errors.checkout import not_registered, wrong_type
from ..merchant.card_options import card_options
from ..merchant.channels import choose_channel, unknown_channel
from ..merchant.tiers import require_known_tier
from ..merchant.tokens import checked_tier
from ..merchant.window_rules import check_identity, check_window, profiled
from ..payments.checkout import OPEN_WINDOW, open_window
from ..wire.json_body import read_json
from ..wire.json_types import is_object
from ..wire.real_time import wall_time
from .confirm import require_allowed_url
from .evidence import record_window
from .notes import note_opened
from .results import in_words_of, stopped
from .sessions import Window, Windows, address, app_scheme_of, channel_of

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["CheckoutOpener"]

KINDS: Final[Mapping[str, Literal["payment", "certification"]]] = {
    "payment": "payment",
    "certification": "certification",
}
NOBODY: Final = "nobody_"
UNNAMED: Final = "merchant_uid is missing: the order is called nobody_<milliseconds>, which the shop does not know"
METHOD: Final = re.compile("[a-z][a-z0-9_]{0,31}")
PASSED_ON: Final = (
    "merchant_uid",
    "amount",
    "currency",
    "pg",
    "name",
    "buyer_name",
    "buyer_email",
    "buyer_tel",
    "buyer_addr",
    "buyer_postcode",
    "custom_data",
    "customer_uid",
    "tax_free",
    "vat_amount",
    "escrow",
    "notice_url",
)


class CheckoutOpener:
    """Opens windows and keeps their arguments until the buyer decides."""

    def __init__(self, engine: Engine, windows: Windows) -> None:
        self._engine = engine
        self._windows = windows

    def open(self, form: Mapping[str, Any], request: Request) -> str:
        """Return the key of the window. A reason to stop is its outcome. Raises Refusal for invalid requests."""
        sent = _sent(form)
        asked, kind = sent.get("asked"), KINDS.get(str(sent.get("kind")))
        if not is_object(asked) or kind is None:
            raise malformed_body()
        named = asked.get("merchant_uid") not in (None, "")
        window = Window(kind=kind, asked=asked if named else asked | _made_up(), origin=request.header("origin"))
        self._windows.keep(window)
        try:
            self._begin(window, sent, request.header("user-agent"))
        except Refusal as refusal:
            window.outcome = stopped(window, *in_words_of(window, refusal))
        record_window(self._engine, window, "window.open", window.asked)
        return window.key

    def _begin(self, window: Window, sent: Mapping[str, Any], user_agent: str | None) -> None:
        engine = self._engine
        if sent.get("redirects") is True:
            window.redirect_url = address(window.asked, "m_redirect_url")
            window.app_scheme = app_scheme_of(window.asked, user_agent)
        tier = sent.get("tier")
        window.tier = checked_tier(tier if isinstance(tier, str) else None)
        require_known_tier(engine.settings, engine.state, window.tier)
        if window.kind == "certification":
            asked = {name: window.asked[name] for name in ("merchant_uid", "pg") if window.asked.get(name)}
            asked |= channel_of(window.asked) | ({} if window.origin is None else {"origin": window.origin})
            with engine.transaction():
                record = open_certification(engine.call(OPEN, {"body": asked}, window.tier))
            window.imp_uid, window.pg_provider = record.imp_uid, record.pg_provider
            note_opened(engine, window, check_identity(record.pg_provider, window.asked))
            return
        if isinstance(window.asked.get("amount"), str) or not isinstance(window.asked.get("merchant_uid", ""), str):
            raise wrong_type()
        require_allowed_url(engine.state, "confirm_url", address(window.asked, "confirm_url"))
        device: Literal["pc", "mobile"] = "mobile" if sent.get("mobile") is True else "pc"
        advice = [UNNAMED] if str(window.asked.get("merchant_uid")).startswith(NOBODY) else []
        try:
            self._open_payment(window, device, user_agent, advice)
        except Refusal as refusal:
            note_opened(engine, window, advice, refusal)
            raise
        note_opened(engine, window, advice)

    def _open_payment(
        self, window: Window, device: Literal["pc", "mobile"], user_agent: str | None, advice: list[str]
    ) -> None:
        engine = self._engine
        body = _order(window.asked) | {"channel": device}
        with engine.transaction():
            engine.catch_up()
            self._hold_to_profile(window, device, advice)
            payment, window.channel = open_window(engine.call(OPEN_WINDOW, {"body": body}, window.tier))
            constant = profiled(payment.pg_provider, "record.user_agent")
            recorded = constant if constant not in (None, "caller") else user_agent
            payment.user_agent = recorded or payment.user_agent
            window.imp_uid, window.pg_provider = payment.imp_uid, payment.pg_provider
            advice += card_options(payment.pg_provider, window.asked, payment.amount, payment.currency).advice

    def _hold_to_profile(self, window: Window, device: Literal["pc", "mobile"], advice: list[str]) -> None:
        """Apply the PG's own rules. Raises Refusal where V1 is known to stop; the rest is advice in the journal."""
        settings, asked = self._engine.settings, window.asked
        pg = asked.get("pg")
        window.unknown = unknown_channel(settings.channels, channel_of(asked).get("channel_key"), pg)
        if window.unknown is not None:
            advice.append(window.unknown)
            if settings.strict:
                raise not_registered()
        channel = choose_channel(
            settings.channels,
            "payment",
            channel_key=channel_of(asked).get("channel_key"),
            pg=pg if isinstance(pg, str) else None,
        )
        window.pg_provider = channel.pg_provider
        advice += check_window(channel.pg_provider, asked, device, strict=settings.pg_rules)


def _made_up() -> dict[str, str]:
    """Return the order number that V1's script makes up for a page that names none: captured from 2019 to 2024."""
    return {"merchant_uid": f"{NOBODY}{int(wall_time() * 1000)}"}


def _sent(form: Mapping[str, Any]) -> Mapping[str, Any]:
    text = form.get("request")
    try:
        value = read_json(text.encode()) if isinstance(text, str) else None
    except ValueError:
        value = None
    if not is_object(value):
        raise malformed_body()
    return value


def _order(asked: Mapping[str, Any]) -> dict[str, Any]:
    order = {name: asked[name] for name in PASSED_ON if asked.get(name) not in (None, "")}
    order |= channel_of(asked)
    # An unknown payment method does not stop the window and is kept: the buyer may choose another one.
    pay_method = asked.get("pay_method")
    named = isinstance(pay_method, str) and METHOD.fullmatch(pay_method)
    return order | ({"pay_method": pay_method} if named else {})
