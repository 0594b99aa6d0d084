"""Host names: which ones are this machine, and which `Host` headers a server accepts."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

__all__ = ["host_of", "is_accepted_host", "is_loopback", "split_target"]

ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://([^/?#]*)([^?]*)")


def split_target(target: bytes) -> tuple[str | None, bytes]:
    """Return the host and the path of a request line. `GET http://host/path` names one, which counts before `Host`."""
    found = ABSOLUTE.match(target)
    return (None, target.partition(b"?")[0]) if found is None else (found[1].decode("latin-1"), found[2] or b"/")


def host_of(header: str) -> str:
    """Return the name in a `Host` header, without the port and the brackets of IPv6."""
    if header.startswith("["):
        return header[1:].partition("]")[0].lower()
    return header.partition(":")[0].rstrip(".").lower()


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Return whether a host is this machine, so that no other machine sees the traffic."""
    try:
        return host.lower() == "localhost" or _is_loopback(ip_address(host))
    except ValueError:
        return False


def _is_loopback(ip: IPv4Address | IPv6Address) -> bool:
    """Return whether an address is loopback. `::ffff:127.0.0.1` is not, though Python 3.13 and later call it so."""
    return ip.is_loopback and getattr(ip, "ipv4_mapped", None) is None


def is_accepted_host(header: str, bound: str, allowed: Iterable[str] = ()) -> bool:
    """Return whether a request with this `Host` was meant for the server.

    A page on the web can have its own name resolve to this machine (DNS rebinding), so names are accepted only if the
    operator has set them. An address cannot be rebound: a server on every address accepts all of them.
    """
    host = host_of(header)
    if is_loopback(host) or host.endswith(".localhost") or host in {name.lower() for name in (bound, *allowed)}:
        return True
    return _is_address(host) and _is_address(bound) and ip_address(bound).is_unspecified


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
