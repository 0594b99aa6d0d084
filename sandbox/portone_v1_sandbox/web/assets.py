"""Pages, scripts and styles as they lie beside this module: nothing is built, nothing is fetched from elsewhere."""

from __future__ import annotations

from functools import cache
from typing import Final

from ..errors.base import unknown_route
from ..wire.messages import Response

__all__ = ["FRAMED", "file", "page"]

KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}
# Whatever a payment is called, no script of it would run: only files of this server may.
POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
ALONE: Final = f"{POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FRAMED: Final = f"{POLICY}; base-uri 'none'; form-action 'none'"
"""The payment window stands in a frame on the shop's page, wherever that is."""


def file(name: str) -> Response:
    """Raises Refusal when there is none."""
    body = _read(name)
    if body is None:
        raise unknown_route()
    return Response(200, body, {"Content-Type": KINDS[name.rpartition(".")[2]], **_common()})


def page(name: str, policy: str = ALONE) -> Response:
    """A page that may show and do nothing but what the sandbox serves."""
    found = file(name)
    return Response(200, found.body, {**found.headers, "Content-Security-Policy": policy})


def _common() -> dict[str, str]:
    return {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@cache
def _read(name: str) -> bytes | None:
    from importlib.resources import files  # not before there is a browser

    # Only what is listed is served, so that no name can lead elsewhere.
    names = {entry.name: entry for entry in files(__name__.rpartition(".")[0]).joinpath("static").iterdir()}
    return names[name].read_bytes() if name in names and name.rpartition(".")[2] in KINDS else None
