"""Which side does what, and how often in one round."""

from __future__ import annotations

from .driving import Side

__all__ = ["CASES", "MODELS", "OFFICIAL", "OURS", "RAW", "SANDBOX", "SPEED", "STOCK"]

OURS, SPEED, STOCK = Side("ours", "ours"), Side("speed", "ours"), Side("stock", "stock")
MODELS, RAW = Side("models", "models"), Side("raw", "raw")
OFFICIAL, SANDBOX = Side("iamport-rest-client", "peers"), Side("sandbox", "sandbox")
OTHERS = [Side(name, "peers") for name in ("iamporter", "portone-server-sdk", "stripe", "openai")]

CASES: dict[str, tuple[int, list[tuple[Side, str]]]] = {
    "decode": (
        4,
        [
            *((side, "decode bytes") for side in (OURS, SPEED, STOCK)),
            *((side, "decode dict") for side in (OURS, STOCK)),
            *((side, "decode bytes, all read") for side in (OURS, SPEED)),
            (OURS, "decode dict, all read"),
            *((side, f"decode bytes, {what}") for what in ("8 fields", "everything") for side in (OURS, SPEED)),
            *((SPEED, f"decode bytes, {what}") for what in ("unknown fields", "an odd value")),
            *((MODELS, f"pydantic bytes, {what}") for what in ("8 fields", "everything", "unknown fields")),
            *((MODELS, case) for case in ("json", "orjson", "pydantic bytes", "pydantic dict", "msgspec bytes")),
        ],
    ),
    "call": (
        40,
        [
            *((side, "get") for side in (OURS, STOCK, OFFICIAL, *OTHERS)),
            *((RAW, case) for case in ("httpx", "requests", "urllib3", "async httpx", "aiohttp")),
            *((side, "async get") for side in (OURS, STOCK, Side("portone-server-sdk", "peers"))),
            (Side("async-iamport", "peers"), "async get"),
            (SPEED, "async get over aiohttp"),
        ],
    ),
    "client": (5, [(OURS, "second client")]),
    "sandbox": (40, [(SANDBOX, case) for case in ("handle", "client", "socket", "fixture", "socket fixture")]),
}
"""How often a case is repeated in one round, and the cases."""
