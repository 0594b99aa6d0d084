"""The merchant's channels as data: which PG and merchant id a payment gets, and whether it is a test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

__all__ = ["DEFAULT_CHANNELS", "Channel", "ChannelType"]

ChannelType = Literal["payment", "api_payment", "certification"]


@dataclass(frozen=True, slots=True)
class Channel:
    """One channel of the merchant's console. `sandbox` marks a test channel."""

    channel_key: str
    pg_provider: str
    pg_id: str
    type: ChannelType
    sandbox: bool = False
    channel_name: str | None = None
    tells_phone: bool = True
    """Identity checks by danal: whether the carriers have agreed that the merchant learns number and carrier."""


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
"""Default channels of a sandbox. The first one of each type is its default."""
