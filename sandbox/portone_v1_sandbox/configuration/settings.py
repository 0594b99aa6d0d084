"""The sandbox's own options."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Final

from ..merchant.channel_tables import channels_of
from ..state.channels import DEFAULT_CHANNELS, Channel
from ..state.conditions.clock import SandboxClock
from .options import (
    PREFIX,
    PROXY,
    SWITCH,
    Option,
    Options,
    add_options,
    checked_table,
    named_file,
    of_environment,
    read_file,
)
from .questions import ASSUMED

__all__ = ["add_flags", "clock_of", "read_configuration"]

KST: Final = timezone(timedelta(hours=9))


OPTIONS: Final[Options] = {
    "host": Option(str, "127.0.0.1", "바인딩 주소. 기본값: 루프백 · Bind address. Default: loopback only"),
    "port": Option(int, 8765, "포트 번호. 0이면 빈 포트. 기본값: 8765 · Port; 0 picks a free one. Default: 8765"),
    "expose_to_network": Option(
        bool,
        default=False,
        help="다른 컴퓨터가 접속할 수 있는 --host 허용. 접속하면 샌드박스를 조작할 수 있음"
        " · Allow a --host that other machines can reach; they can control the sandbox",
    ),
    "allowed_hosts": Option(
        list,
        (),
        "Host 헤더에 허용할 이 컴퓨터의 다른 이름 · Other names of this machine allowed in the Host header",
        "NAME",
    ),
    "imp_key": Option(str, "sandbox_key", "유효한 REST API 키 · Valid API key. Default: sandbox_key", "KEY"),
    "imp_secret": Option(
        str, "sandbox_secret", "REST API 키의 Secret · Secret of the API key. Default: sandbox_secret", "SECRET"
    ),
    "unknown_close_status": Option(
        str,
        "failed",
        "창을 닫은 뒤의 상태가 알려지지 않은 PG사에서 쓸 상태"
        " · Status after the buyer closes the window, for PGs whose status is not known. Default: failed",
        choices=("failed", "ready"),
    ),
    "pg_rules": Option(
        bool,
        default=False,
        help="포트원이 정한 PG사별 규칙을 어긴 호출을 거절 · Refuse calls that break the vendor's rules for the PG",
    ),
    "strict": Option(
        bool,
        default=False,
        help="페이지의 모르는 pg·channelKey와 모르는 필드를 거절"
        " · Refuse unknown fields, and an unknown pg or channelKey of a page",
    ),
    "muted_rules": Option(list, (), "보고하지 않을 점검 규칙 · Rules of the linter that are not reported", "RULE"),
    "partial_cancel_status": Option(
        str,
        "cancelled",
        "부분취소 뒤의 결제 상태 · Status of a payment after a partial refund. Default: cancelled",
        choices=("paid", "cancelled"),
    ),
    "unknown_billing_key_status": Option(
        str,
        "200",
        "모르는 빌링키의 HTTP 상태 · HTTP status of an unknown billing key. Default: 200",
        choices=("200", "404"),
    ),
    "tiers": Option(
        list, (), "등록된 하위 상점: ABC 또는 ABC=이름 · Registered sub-merchants: ABC or ABC=name", "CODE"
    ),
    "clock_date": Option(
        str, None, "시계의 시작 시각(KST) · Time at which the clock starts (KST): 2026-03-01T09:00", "DATE"
    ),
    "clock_frozen": Option(
        bool, default=False, help="직접 움직일 때까지 시계를 멈춤 · Stop the clock until it is moved"
    ),
    "clock_rate": Option(float, 1.0, "1초마다 흐르는 초 · Seconds that pass in one second. Default: 1"),
    "webhook_hosts": Option(list, (), "웹훅을 받을 수 있는 다른 컴퓨터 · Other machines that may get webhooks", "HOST"),
    "registered_tiers_only": Option(
        bool, default=False, help="등록된 하위 상점 코드만 허용 · Accept registered Tier codes only"
    ),
    "db": Option(
        str, None, "상태를 저장할 SQLite 파일. 기본값: 메모리 · SQLite file for the state. Default: in memory", "FILE"
    ),
    "webhook": Option(str, None, "웹훅을 받을 주소 · Webhook URL", "URL"),
    "webhook_test": Option(str, None, "테스트 채널의 웹훅을 받을 주소 · Webhook URL for test channels", "URL"),
    "webhook_type": Option(
        str, None, "웹훅 본문 형식 · Format of the webhook body. Default: json", choices=("json", "form")
    ),
    "webhook_repeats": Option(
        bool,
        default=None,
        help="네트워크 오류나 5xx 뒤에 1분 간격으로 다섯 번까지 재전송"
        " · Redeliver up to five times, one minute apart, after a network error or 5xx",
    ),
    "webhook_escrow": Option(
        bool, default=None, help="KG이니시스 에스크로 이벤트도 전송 · Also send INICIS escrow events"
    ),
    "allow_remote_webhooks": Option(
        bool, default=False, help="다른 컴퓨터의 웹훅 주소 허용 · Allow webhook URLs on other machines"
    ),
    **ASSUMED,
}
SOURCE: Final[Options] = {
    "channels_from": Option(
        str, None, "V1의 GET /users/pg 응답에 있는 채널 · Channels from V1's response to GET /users/pg", "FILE"
    )
}
"""Not settings of their own, because they set `channels`."""
OF_THE_PROCESS: Final = frozenset({"host", "port", "expose_to_network", "allowed_hosts", "db", "allow_remote_webhooks"})
"""Options that a control call cannot change: what the sandbox can reach, and who can reach it."""


def add_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every option. A flag that is not given stays None."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="이 옵션들과 [[channels]]가 있는 TOML 파일 · TOML file with these options and [[channels]]",
    )
    parser.add_argument(
        "--channel",
        action="append",
        metavar="NAME=VALUE,…",
        help="파일의 채널 대신 쓸 채널 · A channel, instead of those of the file: pg=kcp,mid=shop1",
    )
    add_options(parser, SOURCE)
    add_options(parser, OPTIONS)


def read_configuration(flags: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the value of every option, and `channels`. Raises ValueError, in one line."""
    given = {name: getattr(flags, name) for name in OPTIONS}
    named = _from_environment(environment)
    path = named_file("--config", flags.config) or environment.get(f"{PREFIX}CONFIG") or None
    kept: dict[str, Any] = {} if path is None else _from_file(Path(path))
    if flags.channel:
        given["channels"] = channels_of("--channel", [_table(text) for text in flags.channel])
    elif source := named_file("--channels-from", flags.channels_from):
        given["channels"] = _channels_from(source)
    values = {name: option.default for name, option in OPTIONS.items()} | {"channels": DEFAULT_CHANNELS}
    return values | kept | named | {name: value for name, value in given.items() if value is not None}


def _from_environment(environment: Mapping[str, str]) -> dict[str, Any]:
    found = {name.removeprefix(PREFIX).lower(): value for name, value in environment.items() if name.startswith(PREFIX)}
    found.pop("config", None)
    channels, source = found.pop("channels", ""), found.pop("channels_from", "")
    ours = {name: value for name, value in found.items() if not name.startswith(f"{PROXY}_")}
    values: dict[str, Any] = {}
    if channels:
        try:
            values["channels"] = channels_of(f"{PREFIX}CHANNELS", json.loads(channels))
        except json.JSONDecodeError:
            raise ValueError(f"{PREFIX}CHANNELS must be a JSON list of channels") from None
    elif source:
        values["channels"] = _channels_from(source)
    return values | of_environment(ours, OPTIONS, PREFIX)


def _from_file(path: Path) -> dict[str, Any]:
    content = read_file(path)
    channels = content.pop("channels", None)
    content.pop(PROXY, None)
    if isinstance(started := content.get("clock_date"), date):
        content["clock_date"] = started.isoformat()
    values = checked_table(path.name, content, {**OPTIONS, **SOURCE})
    source = values.pop("channels_from", None)
    if channels is not None:
        values["channels"] = channels_of(path.name, channels)
    elif source is not None:
        values["channels"] = _channels_from(source)
    return values


def _channels_from(source: str) -> tuple[Channel, ...]:
    return channels_of(source, _json(Path(source)))


def _table(text: str) -> dict[str, Any]:
    """Return the table of `pg=kcp,mid=shop1,sandbox=true`."""
    pairs = (part.partition("=") for part in text.split(","))
    table: dict[str, Any] = {name.strip(): value for name, _, value in pairs}
    if "sandbox" in table:
        table["sandbox"] = SWITCH.get(table["sandbox"].lower(), table["sandbox"])
    return table


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise ValueError(f"cannot read {path.name}: {error.strerror}") from None
    except ValueError:
        raise ValueError(f"{path.name} is not JSON") from None


def clock_of(settings: Mapping[str, Any]) -> SandboxClock | None:
    """Return the clock of the settings, None if they do not mention one. Raises ValueError."""
    start = settings["clock_date"]
    if start is None and not settings["clock_frozen"] and settings["clock_rate"] == 1:
        return None
    try:
        at = None if start is None else int(start) if start.isdigit() else _korean(start)
    except ValueError:
        raise ValueError("clock_date must be a date such as 2026-03-01T09:00, or UNIX seconds") from None
    return SandboxClock(at, frozen=settings["clock_frozen"], rate=settings["clock_rate"])


def _korean(start: str) -> int:
    at = datetime.fromisoformat(start)
    return int((at if at.tzinfo else at.replace(tzinfo=KST)).timestamp())
