"""Targets of a client: a tunnel to a host, or a request to a URL."""

from __future__ import annotations

import re
from ipaddress import ip_address
from typing import Final, NamedTuple

from .errors import Refused

__all__ = ["Target", "Url", "host_and_port", "read_connect", "read_url"]

NAME: Final = re.compile(r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
LONGEST_NAME: Final = 253
PORTS: Final = {"http": 80, "https": 443}


class Target(NamedTuple):
    """A host in lower case, without the brackets of IPv6, and a port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


class Url(NamedTuple):
    """A URL to a server: its path keeps its escapes and its query."""

    scheme: str
    target: Target
    path: str


def read_connect(text: str) -> Target:
    """Return the target of `CONNECT host:port`. Raises Refused."""
    target = host_and_port(text, None)
    if target is None:
        raise Refused(400, "CONNECT needs host:port, in ASCII")
    return target


def read_url(text: str) -> Url:
    """Return the URL of a request that a client sends to a proxy. Raises Refused."""
    scheme, _, rest = text.partition("://")
    scheme = scheme.lower()
    end = next((at for at, letter in enumerate(rest) if letter in "/?#"), len(rest))
    target = host_and_port(rest[:end], PORTS.get(scheme))
    if scheme not in PORTS or target is None:
        raise Refused(400, "the proxy needs an http or https URL with a host in ASCII")
    path = rest[end:].partition("#")[0]
    return Url(scheme, target, path if path.startswith("/") else f"/{path}")


def host_and_port(text: str, default: int | None) -> Target | None:
    """Return the target that `host:port` names, None if it is no host name or address."""
    host, _, port = text.rpartition(":") if re.search(r":\d+$", text) else (text.removesuffix(":"), "", "")
    number = int(port) if port and len(port) <= 5 else default
    if number is None or not 0 < number < 65536 or (port and len(port) > 5):
        return None
    if host.startswith("[") and host.endswith("]"):
        try:
            return Target(ip_address(host[1:-1]).compressed, number)
        except ValueError:
            return None
    host = host.lower().removesuffix(".")
    return Target(host, number) if len(host) <= LONGEST_NAME and NAME.fullmatch(host) else None
