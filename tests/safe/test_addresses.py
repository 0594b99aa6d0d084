"""`webhooks.from_portone`: behind proxies, and what anyone can write into a header."""

from __future__ import annotations

from typing import Any

import pytest
from portone_v1.webhooks import PORTONE_ADDRESSES, from_portone

OURS = PORTONE_ADDRESSES[0]
PROXY = "10.0.0.5"


@pytest.mark.parametrize(
    ("remote", "more", "expected"),
    [
        *[(address, {}, True) for address in PORTONE_ADDRESSES],
        ("203.0.113.9", {}, False),
        ("::1", {}, False),
        ("", {}, False),
        ("not an address", {}, False),
        # A header counts only where one of the shop's own proxies has written it.
        ("203.0.113.9", {"forwarded_for": OURS}, False),
        (OURS, {"forwarded_for": "203.0.113.9"}, True),
        (PROXY, {"forwarded_for": OURS}, False),
        (PROXY, {"forwarded_for": OURS, "trusted_proxies": ["10.0.0.0/8"]}, True),
        (PROXY, {"forwarded_for": OURS, "trusted_proxies": [PROXY]}, True),
        # What the sender wrote stands to the left of what the proxy saw.
        (PROXY, {"forwarded_for": f"{OURS}, 203.0.113.9", "trusted_proxies": [PROXY]}, False),
        (PROXY, {"forwarded_for": f"203.0.113.9, {OURS}", "trusted_proxies": [PROXY]}, True),
        (PROXY, {"forwarded_for": f"{OURS}, 10.0.0.9", "trusted_proxies": ["10.0.0.0/8"]}, True),
        (PROXY, {"forwarded_for": f"{OURS}, 203.0.113.9, 10.0.0.9", "trusted_proxies": ["10.0.0.0/8"]}, False),
        (PROXY, {"forwarded_for": "unknown", "trusted_proxies": [PROXY]}, False),
        (PROXY, {"forwarded_for": f"{OURS}, junk", "trusted_proxies": [PROXY]}, False),
        (PROXY, {"forwarded_for": "", "trusted_proxies": [PROXY]}, False),
        (PROXY, {"forwarded_for": f" ,{OURS} , ", "trusted_proxies": [PROXY]}, True),
        (OURS, {"trusted_proxies": [OURS]}, True),
        ("::ffff:" + OURS, {}, True),
        ("fd00::1", {"forwarded_for": OURS, "trusted_proxies": ["fd00::/8"]}, True),
        ("::ffff:" + PROXY, {"forwarded_for": OURS, "trusted_proxies": ["10.0.0.0/8"]}, True),
        ("10.0.0.5", {"forwarded_for": OURS, "trusted_proxies": ["fd00::/8"]}, False),
    ],
)
def test_whose_request_it_is(remote: str, more: dict[str, Any], expected: bool) -> None:
    assert from_portone(remote, **more) is expected


def test_a_proxy_that_is_none_is_the_shops_mistake() -> None:
    with pytest.raises(ValueError, match="x"):
        from_portone(OURS, trusted_proxies=["x"])
