"""The proxy's own pages: a PAC file, the authority, and how to use both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .advice import how_to, pac
from .names import ANSWERED

if TYPE_CHECKING:
    from .certificate import Certificate

__all__ = ["own_page"]


def own_page(path: str, url: str, certificate: Certificate) -> tuple[str, bytes] | None:
    """Return the content type and the body of a path, None if there is none."""
    if path == "/proxy.pac":
        return "application/x-ns-proxy-autoconfig", pac(url, ANSWERED).encode("ascii")
    if path == "/ca.crt":
        return "application/x-x509-ca-cert", certificate.authority_der
    if path == "/ca.pem":
        return "application/x-pem-file", certificate.authority
    if path == "/":
        return "text/plain; charset=utf-8", how_to(certificate, url).encode("utf-8")
    return None
