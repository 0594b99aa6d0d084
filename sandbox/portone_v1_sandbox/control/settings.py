"""`/_sandbox/settings`: the settings of flags, variables and `sandbox.toml`, by the same names, at run time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import PORTONE, Refusal, wrong_value
from ..merchant.channel_tables import channel_to_table, channels_of
from ..merchant.tiers import tiers_of
from ..state.conditions.assumptions import CONCURRENT_WRITES, LONGEST_WAIT, Assumptions
from ..state.conditions.clock import FASTEST, time_of
from ..wire.forms import body_values
from ..wire.json_types import is_list
from ..wire.money import to_wire
from .lint import rules_of
from .webhooks import apply_settings, content_type_of

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["CHOICES", "SETTING_NAMES", "change_settings", "setting_schemas", "settings_to_wire"]


FLAGS: Final = ("pg_rules", "registered_tiers_only", "strict")
TEXTS: Final = ("tiers", "webhook_hosts", "muted_rules")
CHOICES: Final[Mapping[str, tuple[Any, ...]]] = {
    "partial_cancel_status": ("paid", "cancelled"),
    "unknown_billing_key_status": (200, 404),
    "unknown_close_status": ("failed", "ready"),
}
WEBHOOKS: Final[Mapping[str, str]] = {
    "webhook": "url", "webhook_test": "test_url", "webhook_type": "content_type", "webhook_repeats": "repeats",
    "webhook_escrow": "escrow", "webhook_hosts": "hosts",
}  # fmt: skip
ASSUMED: Final[Mapping[str, Any]] = {each.name: each.default for each in fields(Assumptions)}
PAIR: Final = ("imp_key", "imp_secret")
CLOCK: Final = ("clock_date", "clock_frozen", "clock_rate")
SETTING_NAMES: Final = (*PAIR, *FLAGS, *CHOICES, *ASSUMED, *WEBHOOKS, *CLOCK, "tiers", "muted_rules", "channels")
SWITCH: Final[Mapping[Any, bool]] = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}


def settings_to_wire(engine: Engine, _request: Request | None = None) -> dict[str, Any]:
    """Return the settings by the names of `sandbox.toml`. The secret is left out; `/_sandbox/clock` tells the time."""
    settings, webhooks = engine.settings, engine.state.webhooks
    shown: dict[str, Any] = {name: getattr(settings, name) for name in ("imp_key", *FLAGS, *CHOICES)}
    assumed = {name: getattr(settings.assumptions, name) for name in ASSUMED}
    shown |= {name: to_wire(Decimal(str(one))) if type(one) is float else one for name, one in assumed.items()}
    shown |= {name: getattr(webhooks, own) for name, own in WEBHOOKS.items()}
    shown["webhook_type"] = "json" if webhooks.content_type == "application/json" else "form"
    shown["webhook_hosts"] = list(webhooks.hosts)
    shown |= {"clock_frozen": engine.clock.frozen, "clock_rate": to_wire(Decimal(str(engine.clock.rate)))}
    shown["muted_rules"] = list(settings.muted_rules)
    shown["tiers"] = [f"{code}={name}" for code, name in engine.state.tiers.items()]
    return shown | {"channels": [channel_to_table(each) for each in settings.channels]}


def change_settings(engine: Engine, request: Request) -> dict[str, Any]:
    """Change the settings that are named, all of them or none."""
    values = body_values(request)
    changed: dict[str, Any] = {name: _pair(name, values[name]) for name in PAIR if name in values}
    changed |= {name: _checked(name, values[name]) for name in (*FLAGS, *CHOICES) if name in values}
    if "muted_rules" in values:
        changed["muted_rules"] = rules_of("muted_rules", values["muted_rules"])
    assumed = {name: _assumed(name, values[name]) for name in ASSUMED if name in values}
    if assumed:
        changed["assumptions"] = replace(engine.settings.assumptions, **assumed)
    if "channels" in values:
        changed["channels"] = _channels(values["channels"])
    tiers = _tiers(values["tiers"]) if "tiers" in values else None
    frozen = _switch("clock_frozen", values["clock_frozen"]) if "clock_frozen" in values else None
    rate = _number("clock_rate", values["clock_rate"], 1 / FASTEST, FASTEST) if "clock_rate" in values else None
    webhooks = {WEBHOOKS[name]: _webhook(name, values[name]) for name in WEBHOOKS if name in values}
    before = engine.state.webhooks
    apply_settings(engine.state, webhooks)
    if "clock_date" in values:
        try:
            engine.clock.set(time_of(str(values["clock_date"])))
        except ValueError:
            engine.state.webhooks = before
            raise wrong_value("clock_date") from None
    if rate is not None or frozen is False:
        engine.clock.run(rate)
    if frozen:
        engine.clock.freeze()
    if tiers is not None:
        engine.state.tiers.clear()
        engine.state.tiers.update(tiers)
    engine.change(**changed)
    return settings_to_wire(engine)


def setting_schemas() -> dict[str, Any]:
    """Return the JSON schema of each setting."""
    shown: dict[str, Any] = {name: {"type": ["string", "null"]} for name in SETTING_NAMES}
    assumed: dict[str, type[object]] = {name: type(default) for name, default in ASSUMED.items()}
    flags = [*FLAGS, "webhook_repeats", "webhook_escrow", "clock_frozen"]
    flags += [name for name, kind in assumed.items() if kind is bool]
    numbers = ["clock_rate", *(name for name, kind in assumed.items() if kind is float)]
    choices: Mapping[str, tuple[Any, ...]] = {
        **CHOICES, "webhook_type": ("json", "form"), "concurrent_writes": CONCURRENT_WRITES,
    }  # fmt: skip
    shown |= {name: {"type": ["boolean", "string"]} for name in flags}
    shown |= {name: {"type": ["number", "string"]} for name in numbers}
    shown |= {name: {"type": ["integer", "string"]} for name in ("clock_date",)}
    shown |= {name: {"enum": list(dict.fromkeys((*values, *map(str, values))))} for name, values in choices.items()}
    shown |= {name: {"type": ["array", "string"], "items": {"type": "string"}} for name in TEXTS}
    return shown | {"channels": {"type": ["array", "object"]}}


def _checked(name: str, value: Any) -> Any:
    if name in FLAGS:
        return _switch(name, value)
    return _chosen(name, value, CHOICES[name])


def _chosen(name: str, value: Any, choices: tuple[Any, ...]) -> Any:
    known = {each: each for each in choices} | {str(each): each for each in choices}
    if is_list(value) or isinstance(value, dict | bool) or value not in known:
        raise wrong_value(name)
    return known[value]


def _switch(name: str, value: Any) -> bool:
    if not isinstance(value, str | bool) or value not in SWITCH:
        raise wrong_value(name)
    return SWITCH[value]


def _number(name: str, value: Any, least: float, most: float) -> float:
    try:
        number = -1.0 if isinstance(value, bool) else float(str(value))
    except ValueError:
        number = -1.0
    if not least <= number <= most:
        raise wrong_value(name)
    return number


def _assumed(name: str, value: Any) -> Any:
    default = ASSUMED[name]
    if isinstance(default, bool):
        return _switch(name, value)
    if isinstance(default, float):
        return _number(name, value, 0.0, LONGEST_WAIT)
    return _chosen(name, value, CONCURRENT_WRITES)


def _pair(name: str, value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise wrong_value(name)
    return value


def _tiers(value: Any) -> dict[str, str]:
    texts: list[Any] = value if is_list(value) else str(value).split(",") if value else []
    try:
        return tiers_of(texts)
    except (AttributeError, ValueError):
        raise wrong_value("tiers") from None


def _webhook(name: str, value: Any) -> Any:
    if name in ("webhook_repeats", "webhook_escrow"):
        return _switch(name, value)
    if name == "webhook_hosts":
        hosts = value if is_list(value) else str(value).split(",") if value else []
        if not all(isinstance(host, str) and host for host in hosts):
            raise wrong_value(name)
        return tuple(host.lower() for host in hosts)
    if value is not None and not isinstance(value, str):
        raise wrong_value(name)
    try:
        return content_type_of(value or "") if name == "webhook_type" else value or None
    except ValueError:
        raise wrong_value(name) from None


def _channels(value: Any) -> Any:
    try:
        return channels_of("settings", value)
    except ValueError as error:
        raise Refusal(400, PORTONE, f"{error}.") from None
