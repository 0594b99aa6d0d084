"""Looking at the network below HTTP."""

from __future__ import annotations

import socket

from portone_v1._http.settings import Settings
from portone_v1._http.tls import tls_context

__all__ = ["names_of", "shake_hands"]

PATIENCE = 10.0


def names_of(host: str) -> list[str]:
    """The addresses of a host. Raises OSError."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(str(error)) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def shake_hands(host: str, port: int, settings: Settings) -> tuple[str, str]:
    """Version and suite of a TLS connection made as the client makes its own. Raises OSError."""
    context = tls_context(settings.ca_file, settings.client_cert)
    with (
        socket.create_connection((host, port), timeout=PATIENCE) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        suite = secured.cipher()
        return secured.version() or "?", suite[0] if suite else "?"
