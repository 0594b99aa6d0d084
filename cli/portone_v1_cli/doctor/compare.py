"""`doctor --compare`: find where V1 responds differently from the sandbox. It only reads, and shows no personal data.

Only what `redaction` returns of a response leaves this module: field names, kinds of values, states, masks without
their digits, names of headers, and V1's own sentences without numbers and addresses.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, cast

from attrs import asdict, field, frozen
from portone_v1.client import PortOne
from portone_v1.enums import EmbeddedPgProvider, PaymentStatus, PayMethod, PgProvider
from portone_v1.errors import ApiError, AuthenticationError, PortOneError, ResponseFormatError
from portone_v1_sandbox import Sandbox

from .played import Key, differing, is_partly_refunded, key_of, play
from .redaction import kind_of, plain, shape_of, word

__all__ = ["Comparison", "compare"]

ROWS: Final = 100
STATUSES: Final = ("paid", "cancelled", "failed", "ready")
NAMED: Final[Mapping[str, frozenset[str]]] = {
    "status": frozenset(map(str, PaymentStatus)),
    "pay_method": frozenset(map(str, PayMethod)),
    "pg_provider": frozenset(map(str, PgProvider)),
    "emb_pg_provider": frozenset(map(str, EmbeddedPgProvider)),
}
"""Values that the SDK has a name for."""
OF_THE_CARRIER: Final = frozenset(
    {"connection", "content-encoding", "content-length", "date", "keep-alive", "server", "transfer-encoding", "vary"}
)
"""Headers that any HTTP server sends."""


@frozen
class Comparison:
    """The responses of V1 and of the sandbox to one request."""

    name: str
    request: str
    """The request, with `…` in the place of made-up ids."""
    v1: Mapping[str, Any]
    sandbox: Mapping[str, Any]
    differences: tuple[str, ...] = field(factory=tuple)

    def to_dict(self) -> dict[str, Any]:
        """Return the form of `-o json`."""
        return asdict(self, recurse=False) | {"differences": list(self.differences)}


def compare(client: PortOne) -> list[Comparison]:
    """Send V1 and a new sandbox the same reads. Requests that V1 cannot receive are left out.

    Raises the error of the first request if V1 accepts none: a wrong key pair, no connection.
    """
    client.check_connection()
    with Sandbox() as box, box.client() as own:
        found: list[Comparison | None] = [_refusal(name, path, client, own) for name, path in _unknown_things()]
        found.append(_headers(client, own))
        found += [_lists(name, path, client, own) for name, path in (("banks", "/banks"), ("cards", "/cards"))]
    found += [_payments(status, client) for status in STATUSES]
    return [comparison for comparison in found if comparison is not None]


def _unknown_things() -> Iterator[tuple[str, str]]:
    """Yield ids that do not exist, in the forms of V1's ids, and their paths."""
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
    v1, sandbox = _refusal_of(client, path), _refusal_of(own, path)
    if v1 is None or sandbox is None:
        return None
    differences = tuple(f"{key}: V1 {v1[key]!r}, sandbox {sandbox[key]!r}" for key in v1 if v1[key] != sandbox[key])
    return Comparison(name, f"GET {_without_ids(path)}", v1, sandbox, differences)


def _refusal_of(client: PortOne, path: str) -> dict[str, Any] | None:
    try:
        client.request("GET", path)
    except AuthenticationError:
        raise
    except ApiError as error:
        return {"status": error.status, "code": error.code, "message": plain(error.message)}
    except ResponseFormatError as error:  # V1 responded without an envelope
        return {"status": error.status, "code": None, "message": plain(f"unreadable: {error.reason}")}
    except PortOneError:
        return None
    return {"status": 200, "code": 0, "message": None}


def _headers(client: PortOne, own: PortOne) -> Comparison | None:
    """Compare the headers of a success and of a refusal: their names, and the value of the content type."""
    both = [_sent(client), _sent(own)]
    if not both[0] or not both[1]:
        return None
    differences: list[str] = []
    for what in both[0].keys() & both[1].keys():
        v1, sandbox = (each[what] for each in both)
        if v1["content-type"] != sandbox["content-type"]:
            differences.append(f"{what}: content-type: V1 {v1['content-type']}, sandbox {sandbox['content-type']}")
        for name in sorted({*v1["names"]} ^ {*sandbox["names"]}):
            side = "V1 sends {}, the sandbox does not" if name in v1["names"] else "the sandbox sends {}, V1 does not"
            differences.append(f"{what}: {side.format(name)}")
    return Comparison("headers", "GET /banks, GET /payments/…", both[0], both[1], tuple(sorted(differences)))


def _sent(client: PortOne) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    reads: dict[str, Callable[[], Mapping[str, str]]] = {
        "a success": lambda: client.codes.with_raw_response.list_banks().headers,
        "a refusal": lambda: _of_refusal(client),
    }
    for what, read in reads.items():
        try:
            headers = {name.lower(): value for name, value in read().items()}
        except PortOneError:
            continue
        names = sorted(name for name in headers if name not in OF_THE_CARRIER and re.fullmatch(r"[a-z-]{1,40}", name))
        kind = re.sub(r"\s+", "", headers.get("content-type", "")).lower()
        shown = kind if re.fullmatch(r"[a-z/+.-]{1,60}(;charset=[a-z0-9-]{1,20})?", kind) else kind_of(kind)
        found[what] = {"content-type": shown, "names": names}
    return found


def _of_refusal(client: PortOne) -> Mapping[str, str]:
    try:
        client.request("GET", f"/payments/imp_{secrets.randbelow(10**12):012d}")
    except ApiError as error:
        return error.headers
    return {}


def _lists(name: str, path: str, client: PortOne, own: PortOne) -> Comparison | None:
    v1, sandbox = _asked(client, path), _asked(own, path)
    if not isinstance(v1, list) or not isinstance(sandbox, list):
        return None
    codes, odd = _codes(cast("list[object]", v1))
    own_codes, _ = _codes(cast("list[object]", sandbox))
    differences = [f"V1 has {', '.join(sorted(codes - own_codes))}, the sandbox does not"] if codes - own_codes else []
    differences += [f"the sandbox has {', '.join(sorted(own_codes - codes))}, V1 does not"] if own_codes - codes else []
    differences += [f"V1 has {odd} rows without a valid code"] if odd else []
    return Comparison(name, f"GET {path}", {"count": len(codes)}, {"count": len(own_codes)}, tuple(differences))


def _codes(rows: list[object]) -> tuple[set[str], int]:
    """Return the codes of a list, and how many of its rows have none."""
    read = [
        word(cast("Mapping[str, object]", row).get("code"), code=True) if isinstance(row, Mapping) else None
        for row in rows
    ]
    return {code for code in read if code is not None}, read.count(None)


def _payments(status: str, client: PortOne) -> Comparison | None:
    path = f"/payments/status/{status}"
    v1 = _asked(client, path, limit=ROWS)
    if not isinstance(v1, dict):
        return None
    listed: Any = cast("dict[str, Any]", v1).get("list")
    sent: list[object] = cast("list[object]", listed) if isinstance(listed, list) else []
    rows: list[Mapping[str, Any]] = [cast("Mapping[str, Any]", row) for row in sent if isinstance(row, dict)]
    differences = [] if len(rows) == len(sent) else [f"{len(sent) - len(rows)} rows of the list are not objects"]
    differences += [] if isinstance(listed, list) else [f"list: V1 {kind_of(listed)!r}, sandbox 'list'"]
    partly = sum(map(is_partly_refunded, rows))
    if partly and status == "paid":
        differences.append("a partly refunded payment reads `paid`: use partial_cancel_status='paid' in the sandbox")
    kinds: dict[Key, Mapping[str, Any]] = {}
    for row in rows:
        kinds.setdefault(key_of(row), row)
        differences += _unnamed(row)
    shapes: list[dict[str, Any]] = []
    own_shapes: list[dict[str, Any]] = []
    for key, row in kinds.items():
        shape, own = shape_of(row), play(key, row)
        shapes.append(shape)
        if own is None:
            differences.append(f"{key}: the sandbox cannot simulate it")
            continue
        own_shapes.append(own)
        differences += [f"{key}: {text}" for text in differing(shape, own)]
    shown = {"rows": len(rows), "partly_refunded": partly, "shapes": shapes}
    own_shown = {"shapes": own_shapes}
    return Comparison(f"payments.search {status}", f"GET {path}", shown, own_shown, tuple(dict.fromkeys(differences)))


def _unnamed(row: Mapping[str, Any]) -> Iterator[str]:
    for name, known in NAMED.items():
        value = row.get(name)
        if isinstance(value, str) and value and value not in known:
            yield f"{name}: V1 has {word(value) or 'a text'}, for which the SDK has no name"


def _asked(client: PortOne, path: str, **query: Any) -> Any:
    try:
        return client.request("GET", path, query=query or None)
    except PortOneError:
        return None


def _without_ids(path: str) -> str:
    return re.sub(r"imp_\d+|portone-v1-doctor-\w+", "…", path)
