"""Calls to servers of this machine over plain HTTP, where no certificate is looked at."""

from __future__ import annotations

import ssl
from typing import Final

__all__ = ["NO_AUTHORITIES"]

NO_AUTHORITIES: Final = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""`httpx.Client(verify=NO_AUTHORITIES)`: it trusts nobody, and does not read who may be trusted, which takes 20 ms."""
