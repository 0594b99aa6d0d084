"""`doctor --compare`: where V1 responds differently from the sandbox. Reads only, and no personal data.

Nothing of an answer leaves this module but field names, kinds of nothing (null, 0, '' and []), states, masks without
their digits, and V1's own sentences without numbers and addresses.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping
from typing import Any, Final, cast

from attrs import asdict, field, frozen
from portone_v1.client import PortOne
from portone_v1.errors import ApiError, PortOneError
from portone_v1_sandbox import Sandbox

__all__ = ["Comparison", "compare"]

ROWS: Final = 100
KEPT_VALUES: Final = ("status", "pay_method", "pg_provider", "emb_pg_provider", "channel", "currency")
PAYMENTS: Final = {"paid": "payments.search paid", "cancelled": "payments.search cancelled"}


@frozen
class Comparison:
    """One request that both received."""

    name: str
    request: str
    """With `…` for what was made up."""
    v1: Mapping[str, Any]
    sandbox: Mapping[str, Any]
    differences: tuple[str, ...] = field(factory=tuple)

    def to_dict(self) -> dict[str, Any]:
        """Return the form of `-o json`."""
        return asdict(self, recurse=False) | {"differences": list(self.differences)}


def compare(client: PortOne) -> list[Comparison]:
    """Send V1 and a fresh sandbox the same reads. Requests that V1 cannot receive are left out."""
    with Sandbox() as box, box.client() as own:
        box.pay(merchant_uid="order-1", amount=1000)
        refunded = box.pay(merchant_uid="order-2", amount=1000)
        own.payments.cancel(imp_uid=refunded.imp_uid, amount=400, checksum=1000)
        found = [_refusal(name, path, client, own) for name, path in _unknown_things()]
        found += [_lists(name, path, client, own) for name, path in (("banks", "/banks"), ("cards", "/cards"))]
        found += [_payments(status, client, own) for status in PAYMENTS]
    return [comparison for comparison in found if comparison is not None]


def _unknown_things() -> Iterator[tuple[str, str]]:
    """Ids that nobody has, in V1's own forms."""
    imp_uid, name = f"imp_{secrets.randbelow(10**12):012d}", f"portone-v1-doctor-{secrets.token_hex(6)}"
    yield "an unknown payment", f"/payments/{imp_uid}"
    yield "an unknown order", f"/payments/find/{name}"
    yield "an unknown paid order", f"/payments/find/{name}/paid"
    yield "the attempts at an unknown order", f"/payments/findAll/{name}"
    yield "a status that does not exist", "/payments/status/wrong"
    yield "the balance of an unknown payment", f"/payments/{imp_uid}/balance"
    yield "an unknown billing key", f"/subscribe/customers/{name}"
    yield "an unknown identity check", f"/certifications/{imp_uid}"
    yield "an order that was not prepared", f"/payments/prepare/{name}"
    yield "an unknown cash receipt", f"/receipts/{imp_uid}"
    yield "an unknown schedule", f"/subscribe/payments/schedule/{name}"
    yield "an unknown bank", "/banks/999"


def _refusal(name: str, path: str, client: PortOne, own: PortOne) -> Comparison | None:
    v1, sandbox = _told(client, path), _told(own, path)
    if v1 is None or sandbox is None:
        return None
    differences = tuple(f"{key}: V1 {v1[key]!r}, sandbox {sandbox[key]!r}" for key in v1 if v1[key] != sandbox[key])
    return Comparison(name, f"GET {_without_ids(path)}", v1, sandbox, differences)


def _told(client: PortOne, path: str) -> dict[str, Any] | None:
    try:
        client.request("GET", path)
    except ApiError as error:
        return {"status": error.status, "code": error.code, "message": _plain(error.message)}
    except PortOneError:
        return None
    return {"status": 200, "code": 0, "message": None}


def _lists(name: str, path: str, client: PortOne, own: PortOne) -> Comparison | None:
    v1, sandbox = _asked(client, path), _asked(own, path)
    if not isinstance(v1, list) or not isinstance(sandbox, list):
        return None
    both = cast("list[list[dict[str, Any]]]", [v1, sandbox])
    codes = [{str(row.get("code")) for row in rows} for rows in both]
    differences = (
        [f"V1 has {', '.join(sorted(codes[0] - codes[1]))}, the sandbox has not"] if codes[0] - codes[1] else []
    )
    differences += (
        [f"the sandbox has {', '.join(sorted(codes[1] - codes[0]))}, V1 has not"] if codes[1] - codes[0] else []
    )
    counted = [{"count": len(rows)} for rows in codes]
    return Comparison(name, f"GET {path}", counted[0], counted[1], tuple(differences))


def _payments(status: str, client: PortOne, own: PortOne) -> Comparison | None:
    path = f"/payments/status/{status}"
    v1, sandbox = _asked(client, path, limit=ROWS), _asked(own, path, limit=ROWS)
    if not isinstance(v1, dict) or not isinstance(sandbox, dict):
        return None
    seen, kept = (
        cast("list[dict[str, Any]]", cast("dict[str, Any]", v1).get("list") or []),
        cast("list[dict[str, Any]]", cast("dict[str, Any]", sandbox).get("list") or []),
    )
    partly = sum(1 for row in seen if 0 < (row.get("cancel_amount") or 0) < (row.get("amount") or 0))
    shown: dict[str, Any] = {"rows": len(seen), "partly_refunded": partly, "shapes": _shapes(seen)}
    differences: list[str] = []
    if seen and kept:
        keys, own_keys = set[str]().union(*seen), set[str]().union(*kept)
        differences += [f"V1 sends {key}, the sandbox does not" for key in sorted(keys - own_keys)]
        differences += [f"the sandbox sends {key}, V1 does not" for key in sorted(own_keys - keys)]
    if partly and status == "paid":
        differences.append("a partly refunded payment reads `paid`: use partial_cancel_status='paid' in the sandbox")
    own_shown = {"rows": len(kept), "shapes": _shapes(kept)}
    return Comparison(PAYMENTS[status], f"GET {path}", shown, own_shown, tuple(differences))


def _shapes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """One row for each PG, means and state: how each field is empty or filled, never with what."""
    shapes: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(row.get(name) for name in ("pg_provider", "pay_method", "status"))
        shapes.setdefault(key, {name: _kind(name, row[name]) for name in sorted(row)})
    return [*shapes.values()]


def _kind(name: str, value: Any) -> Any:
    if name in KEPT_VALUES and isinstance(value, str):
        return value if re.fullmatch(r"[A-Za-z0-9_]{1,24}", value) else "text"
    if name == "card_number" and isinstance(value, str) and value:
        return re.sub(r"[0-9]", "#", value)
    if value is None or value in ("", 0) or value == []:
        return value
    names: dict[type[Any], str] = {bool: "flag", str: "text", list: "list", dict: "object"}
    return names.get(type(cast("object", value)), "number")


def _asked(client: PortOne, path: str, **query: Any) -> Any:
    try:
        return client.request("GET", path, query=query or None)
    except PortOneError:
        return None


def _plain(text: str | None) -> str | None:
    return None if text is None else re.sub(r"portone-v1-doctor-\w+|\S+@\S+|imps?_\d+|\d{4,}", "…", text)


def _without_ids(path: str) -> str:
    return re.sub(r"imp_\d+|portone-v1-doctor-\w+", "…", path)
