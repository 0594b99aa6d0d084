"""The TLS that PortOne has accepted since 1 September 2024, and never less; certificates are always verified.

TLS 1.2 with eight suites, or TLS 1.3, where OpenSSL's default suites are the vendor's three.
"""

from __future__ import annotations

import os
import ssl
from functools import lru_cache
from pathlib import Path
from typing import Final

from ..errors import ConfigurationError

__all__ = ["TLS_1_2_SUITES", "TLS_1_3_SUITES", "names_authorities", "tls_context"]

TLS_1_2_SUITES: Final = (
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-SHA384",
    "ECDHE-RSA-AES256-SHA384",
    "ECDHE-ECDSA-AES128-SHA256",
    "ECDHE-RSA-AES128-SHA256",
)
TLS_1_3_SUITES: Final = ("TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256")


@lru_cache(maxsize=16)
def tls_context(
    ca_file: Path | None = None, client_cert: tuple[str, str | None, str | None] | None = None
) -> ssl.SSLContext:
    """Return the context for these files. It is cached, because reading the certificates is slow."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # verifies the certificate and the host name
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(":".join(TLS_1_2_SUITES))
    set_suites = getattr(context, "set_ciphersuites", None)  # from Python 3.15 on
    if set_suites is not None:
        set_suites(":".join(TLS_1_3_SUITES))
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    try:
        _load_authorities(context, ca_file)
        if client_cert is not None:
            certificate, key, password = client_cert
            context.load_cert_chain(certificate, key, password or _no_password)
    except (ssl.SSLError, OSError) as error:
        which = "SSL_CERT_FILE or SSL_CERT_DIR" if ca_file is None else "ca_file"
        which += "" if client_cert is None else " or client_cert"
        raise ConfigurationError(f"cannot load {which}: {error.strerror or type(error).__name__}") from error
    return context


def names_authorities() -> bool:
    """Return whether the environment names the certificate authorities to trust."""
    return bool(os.environ.get("SSL_CERT_FILE") or os.environ.get("SSL_CERT_DIR"))


def _no_password() -> str:
    raise ConfigurationError("the client_cert key is encrypted: pass (file, key_file, password)")


def _load_authorities(context: ssl.SSLContext, ca_file: Path | None) -> None:
    """Load the caller's file, else `SSL_CERT_FILE` or `SSL_CERT_DIR`, else certifi's list."""
    if ca_file is not None:
        context.load_verify_locations(cafile=ca_file)
    elif named := os.environ.get("SSL_CERT_FILE"):
        context.load_verify_locations(cafile=named)
    elif folder := os.environ.get("SSL_CERT_DIR"):
        context.load_verify_locations(capath=folder)
    else:
        import certifi

        context.load_verify_locations(cafile=certifi.where())
