"""Find the shop of a server that a request is for: by header, by path or by host name."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from ..errors.shops import wrong_shop_name
from .hosts import host_of
from .messages import Request

__all__ = ["HEADER", "MAIN", "SHOPS", "addressed", "checked_name", "without_shop"]

HEADER: Final = "X-Sandbox"
MAIN: Final = "portone-v1"
"""Value of the header in responses and webhooks of the main shop."""
SHOPS: Final = "/_sandbox/shops"
UNDER_SHOP: Final = re.compile(rf"{SHOPS}/([^/]*)(/.*)")
NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")


def addressed(request: Request) -> tuple[str | None, Request]:
    """Return the name of the shop, None for the main one, and the request as that shop sees it. Raises Refusal.

    `/_sandbox/shops/<name>/…` is for a client whose base URL is all that can be set, `X-Sandbox: <name>` for any other,
    `http://<name>.localhost:8765/` for a browser.
    """
    found = UNDER_SHOP.fullmatch(request.path)
    if found is not None:
        return checked_name(found[1]), replace(request, path=found[2])
    name = request.header(HEADER)
    if name is None:
        label, dot, rest = host_of(request.header("host") or "").rpartition(".localhost")
        name = label if dot and not rest and "." not in label else None
    if name is None or name.strip() in ("", MAIN):
        return None, request
    return checked_name(name.strip()), request


def without_shop(path: str) -> str:
    """Return the path without the name of the shop, as that shop sees it."""
    found = UNDER_SHOP.fullmatch(path)
    return path if found is None else found[2]


def checked_name(name: str) -> str:
    """Return the name. Raises Refusal for what cannot be the name of a shop."""
    if NAME.fullmatch(name) is None or name in (MAIN, "delete"):
        raise wrong_shop_name()
    return name
