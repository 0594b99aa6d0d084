"""The merchant's channels: which PG and merchant id a record gets, and whether it is a test."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import no_api_channel, no_payment_channel, unknown_channel_key

__all__ = ["DEFAULT_CHANNELS", "Channel", "choose_channel"]

ChannelType = Literal["payment", "api_payment", "certification"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel as the console sets it up. `sandbox` marks a test channel."""

    channel_key: str
    pg_provider: str
    pg_id: str
    type: ChannelType
    sandbox: bool = False
    channel_name: str | None = None


def _key(number: int) -> str:
    return f"channel-key-00000000-0000-4000-8000-{number:012d}"


DEFAULT_CHANNELS: Final[tuple[Channel, ...]] = (
    Channel(_key(1), "html5_inicis", "sandboxmid", "payment", channel_name="일반결제"),
    Channel(_key(2), "nice_v2", "sandboxbill", "api_payment", channel_name="정기결제"),
    Channel(_key(3), "payco", "sandboxpayco", "payment", channel_name="페이코"),
    Channel(_key(4), "smartro_v2", "sandboxsmt", "payment", channel_name="스마트로"),
    Channel(_key(5), "kcp", "sandboxkcp", "api_payment", channel_name="정기결제 예비"),
    Channel(_key(6), "html5_inicis", "sandboxtest", "payment", sandbox=True, channel_name="일반결제 테스트"),
    Channel(_key(7), "nice_v2", "sandboxtbill", "api_payment", sandbox=True, channel_name="정기결제 테스트"),
    Channel(_key(8), "danal", "sandboxcert", "certification", channel_name="본인인증"),
    Channel(_key(21), "settle", "sandboxsettle", "payment", channel_name="가상계좌"),
    Channel(_key(22), "galaxia", "sandboxcvs", "payment", channel_name="편의점결제"),
    Channel(_key(23), "daou", "sandboxdaou", "payment", channel_name="키움페이"),
    Channel(_key(31), "naverco", "sandboxnaverco", "payment", channel_name="네이버페이 주문형"),
    Channel(_key(32), "naverpay", "sandboxnaverpay", "payment", channel_name="네이버페이 결제형"),
    Channel(_key(33), "kcp_quick", "sandboxquick", "payment", channel_name="KCP 퀵페이"),
    Channel(_key(34), "paymentwall", "sandboxpw", "payment", channel_name="페이먼트월"),
    Channel(_key(35), "kcp_v2", "sandboxkcpcert", "certification", channel_name="본인인증 KCP"),
    Channel(_key(36), "inicis_unified", "sandboxunified", "certification", channel_name="통합인증"),
)
"""What a sandbox starts with. The first channel of a type is its default."""


def choose_channel(
    channels: Sequence[Channel],
    kind: ChannelType,
    *,
    channel_key: str | None = None,
    pg: str | None = None,
    sandbox: bool | None = None,
) -> Channel:
    """By key, else by PG, else the first of the kind. Raises Refusal when there is none."""
    none_left = no_api_channel if kind == "api_payment" else no_payment_channel
    if channel_key:
        chosen = next((channel for channel in channels if channel.channel_key == channel_key), None)
        if chosen is None:
            raise unknown_channel_key()
        if chosen.type != kind:
            raise none_left()
        return chosen
    fitting = [channel for channel in channels if channel.type == kind and sandbox in (None, channel.sandbox)]
    if not fitting:
        raise none_left()
    provider, _, pg_id = (pg or "").partition(".")
    named = (c for c in fitting if c.pg_provider == provider and pg_id in ("", c.pg_id))
    return next(named, fitting[0])


@handles(
    "channels_list",
    Evidence(
        documented="the fields; kinds and test channels", assumed="which channels there are: `Sandbox(channels=…)`"
    ),
)
def list_channels(call: Call) -> Answer:
    return Answer([_wire(channel) for channel in call.settings.channels])


def _wire(channel: Channel) -> dict[str, Any]:
    return {
        "channel_key": channel.channel_key,
        "channel_name": channel.channel_name,
        "pg_id": channel.pg_id,
        "pg_provider": channel.pg_provider,
        "sandbox": channel.sandbox,
        "type": channel.type,
    }
