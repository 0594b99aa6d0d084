"""Find the proxy for the requests to V1."""

from __future__ import annotations

from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from portone_v1_runtime.secret import conceal, hidden

from .settings import Settings, check_proxy, is_loopback

__all__ = ["environment_proxy", "proxy_for"]


def proxy_for(settings: Settings) -> str | None:
    """Return the proxy of the settings, else that of the environment."""
    return environment_proxy(settings.base_url) if settings.proxy is None else settings.proxy


def environment_proxy(url: str) -> str | None:
    """Return the environment's proxy for a URL, but never one for a loopback address."""
    parts = urlsplit(url)
    if is_loopback(parts.hostname or "") or proxy_bypass(parts.hostname or ""):
        return None
    found = getproxies().get(parts.scheme)
    named = conceal(found if found is None or "://" in found else f"http://{found}")
    del found  # it may hold a password
    checked: str | None = hidden(check_proxy, "the proxy of the environment", named)
    return checked
