"""A sandbox with a channel for every PG of the corpus, and how an answer of it is held against one of V1."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlencode

import httpx
from portone_v1_sandbox import DEFAULT_CHANNELS, TEST_CARDS, Channel, Request, Sandbox, SandboxClock
from portone_v1_sandbox.state.channels import ChannelType

__all__ = ["CARD", "PERSON", "act", "channel_of", "compare", "http", "opened", "stage"]

PERSON: Final = {
    "name": "김가나",
    "birthday": "1990-01-02",
    "gender": "female",
    "phone": "01000000000",
    "carrier": "SKT",
}
CARD: Final = TEST_CARDS["ordinary"].number
KINDS: Final[tuple[tuple[ChannelType, int], ...]] = (("payment", 800), ("api_payment", 900))
PGS: Final = (
    *("kakaopay", "nice", "uplus", "tosspayments", "danal_tpay", "jtnet", "tosspay", "alipay", "chai", "eximbay"),
    *("kcp_billing", "danal", "inicis", "kcp", "nice_v2", "ksnet", "welcome"),
)
# When V1 is known, or was first seen, to send a key. None: no capture has it, the newest being of 2024-04.
SINCE: Final = {
    "sandbox": "2026-01",
    "promotion": None,
    "deposit_history": None,
    "promotion_id": None,
    "emb_pg_provider": "2021-08",
    "customer_uid_usage": "2020-06",
    "customer_uid": "2020-05",
    "card_number": "2020-05",
    "card_type": "2020-05",
    "pg_id": "2020-05",
    "customer_id": "2024-02",
    "foreigner_v2": "2022-07",
    "started_at": "2020-05",
    "vbank_issued_at": "2020-05",
    "channel": "2018-04",
    "cancellation_id": "2024-01",
}


def stage(**settings: Any) -> Sandbox:
    more = [
        Channel(f"channel-key-00000000-0000-4000-8000-{base + number:012d}", pg, f"mid{number}", kind)
        for kind, base in KINDS
        for number, pg in enumerate(PGS)
        if not any(channel.pg_provider == pg and channel.type == kind for channel in DEFAULT_CHANNELS)
    ]
    clock = SandboxClock.frozen_at(1_773_104_400)
    return Sandbox(**{"clock": clock, "channels": (*DEFAULT_CHANNELS, *more), **settings})


def channel_of(box: Sandbox, pg: str | None, kind: str = "payment") -> str | None:
    with box.client() as client:
        found = [channel for channel in client.channels.list() if channel.pg_provider == pg and channel.type_ == kind]
    return str(found[0].channel_key) if found else None


def http(box: Sandbox, method: str, path: str, **how: Any) -> httpx.Response:
    """Ask as a plain client that uses no SDK."""
    with httpx.Client(transport=box.transport(), base_url="http://sandbox") as client:
        pair = {"imp_key": "sandbox_key", "imp_secret": "sandbox_secret"}
        if path == "/users/getToken":
            return client.post(path, json=how.get("json", pair))
        token = client.post("/users/getToken", json=pair).json()["response"]["access_token"]
        headers = how.pop("headers", {"Authorization": f"Bearer {token}"})
        return client.request(method, path, headers=headers, **how)


def opened(box: Sandbox, asked: Any, kind: str = "payment", **sent: Any) -> tuple[Any, str | None]:
    """Open a window as the browser script does: what it shows, and where it is."""
    form = urlencode({"request": json.dumps({"asked": asked, "kind": kind} | sent)}).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Origin": "http://shop.example.com"}
    answer = box.handle(Request("POST", "/_sandbox/web/windows", "", headers, form))
    if answer.status != 303:
        return answer.json(), None
    where = answer.headers["Location"]
    return box.handle(Request("GET", f"{where}/state")).json()["response"], where


def act(box: Sandbox, where: str, action: str, **choice: Any) -> Any:
    """Act as the buyer in the window, and return the response."""
    own = {"Host": "127.0.0.1:8765", "Origin": "http://127.0.0.1:8765", "Content-Type": "application/json"}
    return box.handle(Request("POST", where, "", own, json.dumps({"action": action} | choice).encode())).json()


def compare(seen: dict[str, Any], own: dict[str, Any], skip: set[str], observed: str = "9999") -> Iterator[str]:
    """Find differences in keys and in kinds of empty values (null, 0, '', []). Others are invented on both sides."""
    for key, value in seen.items():
        if key not in own and key not in skip:
            yield f"V1 sends {key}={_blank(value)}, the sandbox does not"
    for key, value in own.items():
        if key in seen or key in skip:
            continue
        since = SINCE.get(key, "0000")
        if since is None:
            yield f"the sandbox sends {key}, which no capture has"
        elif observed >= since:
            yield f"the sandbox sends {key}={_blank(value)}, not seen"
    for key in seen.keys() & own.keys() - skip:
        if key == "card_type" and None not in {seen[key], own[key]}:
            continue
        left, right = _blank(seen[key]), _blank(own[key])
        if left != right:
            yield f"{key}: V1 {left}, sandbox {right}"


def _blank(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a bool"
    if isinstance(value, int | float):
        return "a number" if value else "0"
    if isinstance(value, str):
        return "a text" if value else "''"
    if isinstance(value, list):
        return "a list" if value else "[]"
    return "an object"
