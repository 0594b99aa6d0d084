"""A development proxy: the sandbox answers for V1's API host and for the host of its script."""

from __future__ import annotations

from .errors import ProxyError
from .server import ProxyServer
from .store import open_certificate

__all__ = ["ProxyError", "ProxyServer", "open_certificate"]
