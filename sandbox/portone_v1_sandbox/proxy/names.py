"""The vendor's host names: which ones the sandbox answers for, and which ones nothing may reach."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["ANSWERED", "API_HOST", "SCRIPT_HOST", "is_of_vendor", "names_vendor"]

API_HOST: Final = "api.iamport.kr"
SCRIPT_HOST: Final = "cdn.iamport.kr"
ANSWERED: Final = (API_HOST, SCRIPT_HOST)
OF_VENDOR: Final = ("iamport.kr", "iamport.co")
"""Domains of the servers that move money: the API's other host, the windows of both engines of the script."""

# The name in a TLS greeting is plain text behind its length, which may look like a letter.
IN_GREETING: Final = re.compile(rb"(?i)(?:\.|[^a-z0-9.-])iamport\.(?:kr|co)(?![a-z0-9.-])")
IN_HEAD: Final = re.compile(rb"(?im)^host:[ \t]*(?:[a-z0-9.-]+\.)?iamport\.(?:kr|co)\.?(?::\d*)?[ \t]*\r?$")
HANDSHAKE: Final = b"\x16\x03"
LONGEST_GREETING: Final = 16 * 1024


def is_of_vendor(host: str) -> bool:
    """Return whether a host, in lower case, is any of the vendor's servers."""
    return host.endswith(tuple(f".{domain}" for domain in OF_VENDOR)) or host in OF_VENDOR


def names_vendor(first: bytes) -> bool | None:
    """Return whether the first bytes of a tunnel are meant for the vendor; None if more bytes are needed to know.

    A client may ask for a tunnel to an address, and then greet the vendor's server by its name.
    """
    if not first.startswith(HANDSHAKE[: len(first)]):
        return IN_HEAD.search(first) is not None
    whole = 5 + int.from_bytes(first[3:5], "big") if len(first) >= 5 else 5
    if IN_GREETING.search(first):
        return True
    return None if len(first) < min(whole, LONGEST_GREETING) else False
