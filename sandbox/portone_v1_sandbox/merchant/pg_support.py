"""The PGs that the vendor lists for an operation, and the channel that is used by default."""

from __future__ import annotations

from portone_v1_generated.pg_rules import PG_RULES

from ..dispatch.handlers import Call
from ..errors.base import no_payment_channel, unknown_channel_key
from ..state.channels import Channel

__all__ = ["choose_listed_channel", "pgs_of"]


def pgs_of(operation_id: str) -> tuple[str, ...]:
    """Return the PGs that the operation is listed for."""
    return next((rule.supported for rule in PG_RULES.get(operation_id, ()) if not rule.argument), ())


def choose_listed_channel(call: Call) -> Channel:
    """Return the channel of `channel_key`, else the first live one of a listed PG. Raises Refusal if there is none."""
    channels = [channel for channel in call.settings.channels if channel.type != "certification"]
    asked = call.arguments.text("channel_key")
    if asked:
        chosen = next((channel for channel in channels if channel.channel_key == asked), None)
        if chosen is None:
            raise unknown_channel_key()
        return chosen
    listed = [channel for channel in channels if channel.pg_provider in pgs_of(call.operation.id)]
    if not listed:
        raise no_payment_channel()
    return min(listed, key=lambda channel: channel.sandbox)
