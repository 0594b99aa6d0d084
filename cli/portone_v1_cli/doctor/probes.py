"""Probe the network below HTTP."""

from __future__ import annotations

import socket

from portone_v1.tls import tls_context

__all__ = ["addresses_of", "tls_handshake"]

TIMEOUT = 10.0


def addresses_of(host: str) -> list[str]:
    """Return the addresses of a host. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(str(error)) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def tls_handshake(host: str, port: int) -> tuple[str, str]:
    """Return version and cipher suite of a TLS connection made as the client makes one. Raises OSError."""
    context = tls_context()
    with (
        socket.create_connection((host, port), timeout=TIMEOUT) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        suite = secured.cipher()
        return secured.version() or "?", suite[0] if suite else "?"
