"""An authority of the tests' own, and a server's certificate from it."""

from __future__ import annotations

import ssl
from pathlib import Path

import trustme

__all__ = ["certified"]


def certified(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """Return a context for a server of these names, and the file with the authority that clients trust."""
    ca = trustme.CA()
    file = folder / "ca.pem"
    ca.cert_pem.write_to_path(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ca.issue_cert(*names).configure_cert(context)
    return context, file
