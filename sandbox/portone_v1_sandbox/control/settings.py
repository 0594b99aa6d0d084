"""`/_sandbox/settings`: what flags, variables and `sandbox.toml` say, by the same names, while the sandbox runs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from ..errors.base import PORTONE, Refusal, wrong_value
from ..merchant.channel_tables import channel_to_table, channels_of, with_channel
from ..wire.forms import body_values
from ..wire.json_types import is_list
from .webhooks import apply_settings, content_type_of

if TYPE_CHECKING:
    from ..engine.engine import Engine
    from ..wire.messages import Request

__all__ = ["SETTING_NAMES", "adopt_channel", "change_settings", "settings_to_wire"]

FLAGS: Final = ("pg_rules", "registered_tiers_only", "strict")
CHOICES: Final[Mapping[str, tuple[Any, ...]]] = {
    "partial_cancel_status": ("paid", "cancelled"),
    "unknown_billing_key_status": (200, 404),
    "unknown_close_status": ("failed", "ready"),
}
WEBHOOKS: Final[Mapping[str, str]] = {
    "webhook": "url", "webhook_test": "test_url", "webhook_type": "content_type", "webhook_repeats": "repeats",
    "webhook_escrow": "escrow", "webhook_hosts": "hosts",
}  # fmt: skip
SETTING_NAMES: Final = (*FLAGS, *CHOICES, *WEBHOOKS, "channels")
SWITCH: Final[Mapping[Any, bool]] = {True: True, False: False, "true": True, "false": False, "1": True, "0": False}


def settings_to_wire(engine: Engine, _request: Request | None = None) -> dict[str, Any]:
    """Return the settings by the names of `sandbox.toml`. API key, secret and file are left out."""
    settings, webhooks = engine.settings, engine.state.webhooks
    shown: dict[str, Any] = {name: getattr(settings, name) for name in (*FLAGS, *CHOICES)}
    shown |= {name: getattr(webhooks, own) for name, own in WEBHOOKS.items()}
    shown["webhook_type"] = "json" if webhooks.content_type == "application/json" else "form"
    shown["webhook_hosts"] = list(webhooks.hosts)
    return shown | {"channels": [channel_to_table(each) for each in settings.channels]}


def change_settings(engine: Engine, request: Request) -> dict[str, Any]:
    """Change the settings that are named; refused as a whole."""
    values = body_values(request)
    changed: dict[str, Any] = {}
    for name in (*FLAGS, *CHOICES):
        if name in values:
            changed[name] = _checked(name, values[name])
    if "channels" in values:
        changed["channels"] = _channels(values["channels"])
    webhooks = {WEBHOOKS[name]: _webhook(name, values[name]) for name in WEBHOOKS if name in values}
    apply_settings(engine.state, webhooks)
    engine.settings = replace(engine.settings, **changed)
    return settings_to_wire(engine)


def adopt_channel(engine: Engine, request: Request) -> dict[str, Any]:
    """Add a channel that a page has named: `pg`, `mid`, `key`, `type`, `name`, `sandbox`."""
    (channel,) = _channels([{"mid": "adopted", "name": None} | body_values(request)])
    engine.settings = replace(engine.settings, channels=with_channel(engine.settings.channels, channel))
    return settings_to_wire(engine)


def _checked(name: str, value: Any) -> Any:
    known: Mapping[Any, Any] = (
        SWITCH
        if name in FLAGS
        else {each: each for each in CHOICES[name]} | {str(each): each for each in CHOICES[name]}
    )
    if is_list(value) or isinstance(value, dict) or value not in known:
        raise wrong_value(name)
    return known[value]


def _webhook(name: str, value: Any) -> Any:
    if name in ("webhook_repeats", "webhook_escrow"):
        if not isinstance(value, str | bool) or value not in SWITCH:
            raise wrong_value(name)
        return SWITCH[value]
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
