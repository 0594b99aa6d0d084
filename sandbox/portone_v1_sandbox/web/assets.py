"""Pages, scripts and styles in this folder. Nothing is built, or loaded from elsewhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from hashlib import sha256
from typing import Final

from ..errors.base import unknown_route
from ..merchant.window_rules import profiled
from ..state.channels import Channel
from ..wire.messages import Response

__all__ = ["FRAMED", "file", "page", "script"]

KINDS: Final = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
}
# Only scripts of this server may run, so a script in the name of a payment does not.
POLICY: Final = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'"
PLACE: Final = b"CHANNELS = [];"
FILES: Final = b"/_sandbox/web/files/"
KEPT: Final = "public, max-age=31536000, immutable"
ALONE: Final = f"{POLICY}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
FRAMED: Final = f"{POLICY}; base-uri 'none'; form-action 'none'"
"""The payment window is framed by the shop's page, at any address."""


def file(name: str) -> Response:
    """Return a file. Raises Refusal if there is none.

    Pages load their files under a digest of all of them. So a browser asks for each file once only, and changed files
    have another address.
    """
    digest, _, plain = name.partition("/")
    kept = digest == _digest()
    body = _files().get(plain if kept else name)
    if body is None:
        raise unknown_route()
    headers = {"Content-Type": KINDS[name.rpartition(".")[2]], **_common()}
    return Response(200, body, headers | {"Cache-Control": KEPT} if kept else headers)


def page(name: str, policy: str = ALONE) -> Response:
    """Return a page that may load from the sandbox and send to it only."""
    found = file(name)
    body = found.body.replace(FILES, FILES + f"{_digest()}/".encode())
    return Response(200, body, {**found.headers, "Content-Security-Policy": policy})


def script(channels: Iterable[Channel]) -> Response:
    """Return the shop's script, with a list of the channels: does the window of each call back, or redirect?"""
    found = file("window/iamport.js")
    rows = [
        {
            "key": channel.channel_key,
            "pg": channel.pg_provider,
            "mid": channel.pg_id,
            "pc": profiled(channel.pg_provider, "result.pc"),
            "mobile": profiled(channel.pg_provider, "result.mobile"),
        }
        for channel in channels
        if channel.type == "payment"
    ]
    # If a page has the script inline, no name may end the element.
    listed = json.dumps(rows, ensure_ascii=True).replace("<", "\\u003c")
    # For `<script crossorigin>` on a page of another origin.
    headers = {**found.headers, "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(200, found.body.replace(PLACE, f"CHANNELS = {listed};".encode()), headers)


def _common() -> dict[str, str]:
    return {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer"}


@cache
def _files() -> dict[str, bytes]:
    """Return each file that is served, by `folder/name`, so that no path leads elsewhere."""
    from importlib.resources import files  # Loaded when there is a browser.

    folders = [entry for entry in files(__name__.rpartition(".")[0]).joinpath("static").iterdir() if entry.is_dir()]
    found = {f"{folder.name}/{entry.name}": entry for folder in folders for entry in folder.iterdir()}
    return {name: found[name].read_bytes() for name in sorted(found) if name.rpartition(".")[2] in KINDS}


@cache
def _digest() -> str:
    digest = sha256()
    for name, body in _files().items():
        digest.update(f"{name} {len(body)}\n".encode() + body)
    return digest.hexdigest()[:16]
