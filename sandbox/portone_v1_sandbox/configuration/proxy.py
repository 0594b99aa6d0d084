"""The proxy's options."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from ..wire.json_types import is_object
from .options import PREFIX, PROXY, Option, Options, add_options, checked_table, named_file, of_environment, read_file

__all__ = ["add_proxy_flags", "read_proxy_configuration"]

PROXY_PREFIX: Final = f"{PREFIX}{PROXY.upper()}_"
OPTIONS: Final[Options] = {
    "host": Option(str, "127.0.0.1", "바인딩 주소. 기본값: 루프백 · Bind address. Default: loopback only"),
    "port": Option(int, 8766, "포트 번호. 0이면 빈 포트. 기본값: 8766 · Port; 0 picks a free one. Default: 8766"),
    "expose_to_network": Option(
        bool,
        default=False,
        help="휴대폰 등 다른 컴퓨터가 접속할 수 있는 --host 허용. 모두가 터널을 쓸 수 있음"
        " · Allow a --host that other machines can reach, such as a phone; all of them get tunnels",
    ),
    "allowed_hosts": Option(
        list,
        (),
        "이 컴퓨터의 다른 이름, 터널로 연결할 수 있는 내부망 호스트"
        " · Other names of this machine, and hosts of its network that a tunnel may reach",
        "NAME",
    ),
    "only": Option(
        bool,
        default=False,
        help="포트원의 두 호스트가 아니면 터널 대신 거절 · Refuse every host but the vendor's two, instead of a tunnel",
    ),
    "sandbox": Option(
        str, None, "실행 중인 샌드박스. 기본값: 새로 실행 · A sandbox that is running. Default: start one", "URL"
    ),
    "folder": Option(
        str, None, "인증서를 두는 폴더 · Folder of the certificate. Default: ~/.portone-v1-sandbox", "DIR"
    ),
}


def add_proxy_flags(parser: argparse.ArgumentParser) -> None:
    """Add a flag for every option. A flag that is not given stays None."""
    parser.add_argument(
        "--config",
        metavar="FILE",
        help="[proxy]에 이 옵션들이 있는 샌드박스의 TOML 파일 · TOML file of the sandbox with these options in [proxy]",
    )
    add_options(parser, OPTIONS)


def read_proxy_configuration(flags: argparse.Namespace, environment: Mapping[str, str]) -> dict[str, Any]:
    """Return the value of every option. Raises ValueError, in one line."""
    given = {name: getattr(flags, name) for name in OPTIONS}
    found = {
        name.removeprefix(PROXY_PREFIX).lower(): value
        for name, value in environment.items()
        if name.startswith(PROXY_PREFIX)
    }
    path = named_file("--config", flags.config) or environment.get(f"{PREFIX}CONFIG") or None
    kept: dict[str, Any] = {} if path is None else _table(Path(path))
    values = {name: option.default for name, option in OPTIONS.items()}
    named = of_environment(found, OPTIONS, PROXY_PREFIX)
    return values | kept | named | {name: value for name, value in given.items() if value is not None}


def _table(path: Path) -> dict[str, Any]:
    table = read_file(path).get(PROXY, {})
    if not is_object(table):
        raise ValueError(f"{path.name}: {PROXY} must be a table")
    return checked_table(f"{path.name}: [{PROXY}]", table, OPTIONS)
