"""Decisions of the proxy: who gets a tunnel, and where it may lead."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from ..wire.hosts import is_loopback
from .errors import Refused
from .names import ANSWERED, is_of_vendor
from .targets import Target

__all__ = ["Policy"]

TRANSLATED: Final = ip_network("64:ff9b::/96")
"""IPv4 addresses inside IPv6 (NAT64)."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the operator allows."""

    only: bool = False
    """Whether tunnels to other hosts are refused."""
    allowed_hosts: Collection[str] = ()
    """Hosts in the local network that a tunnel may reach."""

    def is_answered(self, target: Target) -> bool:
        """Return whether the sandbox answers. Raises Refused for every other way to the vendor."""
        if not is_of_vendor(target.host):
            return False
        if target.host not in ANSWERED:
            raise Refused(403, f"{target}: this host of the vendor is not imitated, and nothing is sent to it")
        if target.port != 443:
            raise Refused(
                403, f"{target}: the sandbox answers for {target.host} on port 443 only, and nothing goes out"
            )
        return True

    def check_host(self, target: Target, *, local: bool) -> None:
        """Check a name before it is resolved. Raises Refused."""
        if self.only:
            raise Refused(403, f"{target}: only {' and '.join(ANSWERED)} are answered (--only)")
        if _names_this_machine(target.host) and not local and target.host not in self.allowed_hosts:
            raise Refused(403, f"{target}: other machines may not reach this one through the proxy")

    def check_address(self, target: Target, address: str, *, local: bool) -> None:
        """Check what a name resolved to: nothing is connected to any other address. Raises Refused.

        A browser asks its user before a page on the web reaches the user's network, but not behind a proxy.
        """
        if target.host in self.allowed_hosts or _is_public(address):
            return
        if local and _names_this_machine(target.host) and is_loopback(address):
            return
        raise Refused(403, f"{target}: an address in your own network; name the host in --allowed-hosts to allow it")


def _names_this_machine(host: str) -> bool:
    return is_loopback(host) or host.endswith(".localhost")


def _is_public(address: str) -> bool:
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        within = _within(ip)
        return ip.is_global and (within is None or within.is_global) and not ip.is_multicast
    return ip.is_global and not ip.is_multicast


def _within(ip: IPv6Address) -> IPv4Address | None:
    if ip in TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
