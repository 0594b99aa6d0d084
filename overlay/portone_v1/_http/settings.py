"""The client's settings, from arguments or `PORTONE_V1_*`, checked before anything is built."""

from __future__ import annotations

import os
import re
from ipaddress import ip_address
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

from portone_v1_runtime.secret import Secret, conceal, hidden, reveal

from ..errors import ConfigurationError

__all__ = [
    "DEFAULT_BASE_URL",
    "Settings",
    "Timeout",
    "check_proxy",
    "check_retries",
    "check_tier",
    "is_loopback",
    "read_timeout",
    "within",
]

DEFAULT_BASE_URL: Final = "https://api.iamport.kr"

LONGEST_TIMEOUT: Final = 86_400.0
"""Sockets accept no longer timeout. To wait for ever, pass None."""


class Timeout(NamedTuple):
    """Seconds for each step of a call; None waits for ever.

    One attempt takes no longer than its four steps together, however slowly its answer comes. Only a synchronous
    `transport` or `http_client` of yours may take longer, until the head of the answer is there.
    """

    connect: float | None = 10.0
    read: float | None = 60.0
    write: float | None = 30.0
    pool: float | None = 10.0


def within(steps: tuple[float, float, float, float], most: Timeout) -> Timeout:
    """Return the timeouts of the steps, none of them longer than `most` allows."""
    connect, read, write, pool = most
    fits = (connect is None or steps[0] <= connect) and (read is None or steps[1] <= read)
    if fits and (write is None or steps[2] <= write) and (pool is None or steps[3] <= pool):
        return Timeout(*steps)
    return Timeout(*(step if each is None or step <= each else each for step, each in zip(steps, most, strict=True)))


class Settings:
    """The checked settings. They hold the key pair, so this is a plain class whose `repr` shows nothing."""

    def __init__(
        self,
        *,
        imp_key: str | None,
        imp_secret: str | None,
        base_url: str | None,
        tier: str | None,
        timeout: float | Timeout | None,
        max_retries: int,
        ca_file: str | os.PathLike[str] | None,
        client_cert: str | tuple[str, str] | tuple[str, str, str] | None,
        proxy: str | None,
    ) -> None:
        imp_key, imp_secret = conceal(imp_key), conceal(imp_secret)
        base_url = conceal(os.environ.get("PORTONE_V1_BASE_URL") if base_url is None else base_url)
        client_cert, proxy = conceal(client_cert), conceal(proxy)  # each of the three may hold a password
        self.imp_key: Secret[str] = _credential("imp_key", imp_key, "PORTONE_V1_KEY")
        self.imp_secret: Secret[str] = _credential("imp_secret", imp_secret, "PORTONE_V1_SECRET")
        self.base_url: str = hidden(_base_url, "base_url", base_url)
        self.tier = check_tier(tier if tier is not None else os.environ.get("PORTONE_V1_TIER") or None)
        self.timeout = read_timeout(timeout)
        self.max_retries = check_retries(max_retries)
        self.ca_file = _file("ca_file", ca_file)
        self.client_cert: tuple[str, str | None, str | None] | None = hidden(_certificate, "client_cert", client_cert)
        self.proxy: str | None = hidden(check_proxy, "proxy", proxy)


def _credential(name: str, value: object, variable: str) -> Secret[str]:
    """Return the key or the secret, hidden. It is checked in another frame, so that no exception can show it."""
    if value is None:
        value = conceal(os.environ.get(variable))
    fault = _fault_of(value)
    if value is None:
        fault = f"is required: pass {name}= or set {variable}"
    if fault is not None:
        raise ConfigurationError(f"{name} {fault}")
    return value if isinstance(value, Secret) else Secret(str(value))  # pyright: ignore[reportUnknownVariableType]


def _fault_of(hidden: object) -> str | None:
    value = reveal(hidden)
    if value is None:
        return None
    if not isinstance(value, str):
        return f"must be a str, not {type(value).__name__}"
    if not value.strip():
        return "must not be empty"
    if value != value.strip() or not value.isprintable():
        return "must not contain whitespace or line breaks"
    return None


def _base_url(name: str, value: object) -> str:
    if value is None:
        return DEFAULT_BASE_URL
    if not isinstance(value, str):
        raise ConfigurationError(f"{name} must be a str, not {type(value).__name__}")
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname or "", parts.port
    except ValueError:  # its text may hold a part of the URL
        raise ConfigurationError("base_url is not a valid URL") from None
    if parts.scheme not in ("http", "https") or not _is_host(host) or not value.isprintable() or " " in value:
        raise ConfigurationError("base_url must be a URL such as https://api.iamport.kr or http://127.0.0.1:8765")
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("base_url must not contain a user name or password")
    if "?" in value or "#" in value:
        raise ConfigurationError("base_url must not contain a query string or fragment")
    if parts.scheme == "http" and not is_loopback(host):
        raise ConfigurationError("base_url must use https; plain http is allowed only for loopback addresses")
    return value.rstrip("/")


def _is_host(host: str) -> bool:
    try:
        return host.encode("idna") != b"" and "\\" not in host
    except UnicodeError:
        return False


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def check_tier(value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not re.fullmatch(r"[A-Z0-9]{3}", value):
        raise ConfigurationError("tier must be three characters from A-Z and 0-9")
    return value


def read_timeout(value: object) -> Timeout:
    if value is None:
        return Timeout(None, None, None, None)
    if isinstance(value, Timeout):
        return Timeout(*(_seconds(part) for part in value))
    seconds = _seconds(value)
    return Timeout(seconds, seconds, seconds, seconds)


def _seconds(value: object) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ConfigurationError(f"timeout must be a number of seconds or a Timeout, not {type(value).__name__}")
    if not 0 < value <= LONGEST_TIMEOUT:
        raise ConfigurationError(
            "timeout must be greater than 0 and at most 86,400 seconds; pass None to wait indefinitely"
        )
    return float(value)


def check_retries(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise ConfigurationError("max_retries must be an int >= 0")
    return value


def _file(name: str, value: str | os.PathLike[str] | None) -> Path | None:
    if value is None:
        return None
    path = Path(value)
    if not path.is_file():
        raise ConfigurationError(f"{name}: file not found: {path}")
    return path


def _certificate(
    name: str,
    value: str | tuple[str, str] | tuple[str, str, str] | None,
) -> tuple[str, str | None, str | None] | None:
    if value is None:
        return None
    parts = (value,) if isinstance(value, str) else tuple(value)
    if not 1 <= len(parts) <= 3:
        raise ConfigurationError(f"{name} must be a file, (file, key_file) or (file, key_file, password)")
    _file(name, parts[0])
    if len(parts) > 1 and not Path(parts[1]).is_file():  # not shown: it may be the password in the wrong place
        raise ConfigurationError(f"{name}: the key file (the second of the three) was not found")
    certificate, key, password = (*parts, None, None)[:3]
    return str(certificate), key, password


def check_proxy(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or not _is_proxy(value):
        raise ConfigurationError(f"{name} must be a URL starting with http://, https:// or socks5://")
    return value


def _is_proxy(value: str) -> bool:
    try:
        parts = urlsplit(value)
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https", "socks5", "socks5h") and _is_host(parts.hostname or "")
