"""Paths of the browser's pages, none of which conflicts with V1's own."""

from __future__ import annotations

import re
from typing import Final

from ..wire.web_paths import WEB

__all__ = ["ONE_PAYMENT", "PAGES", "SCRIPTS", "is_page"]

SCRIPTS: Final = re.compile(r"/v1/iamport\.js|/js/iamport\.payment-1\.(?:1\.[5-9]|2\.[01]|3\.0)\.js")
"""Paths of the vendor's script; every version is the same one here."""
PAGES: Final = {"/": "list/list.html", "/control": "room/room.html", "/findings": "findings/findings.html"}
ONE_PAYMENT: Final = re.compile(r"/payments/[A-Za-z0-9_]{1,40}/timeline")
"""Longer than the path of V1's own call, so that it hides none."""
ANY: Final = re.compile(f"{SCRIPTS.pattern}|{ONE_PAYMENT.pattern}")


def is_page(path: str) -> bool:
    """Return whether a path is one of the browser's pages."""
    return path in PAGES or path.startswith(WEB) or ANY.fullmatch(path) is not None
