"""Summary, query and response of the views and of the pages' own calls."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..views.router import VARIABLES
from ..wire.web_paths import WEB, WINDOWS
from .schemas import (
    ANYTHING,
    LIST,
    MAYBE,
    MONEY,
    TEXT,
    TEXTS,
    WHOLE,
    YES_NO,
    Schema,
    all_of,
    maybe,
    object_of,
    object_with,
    ref,
)

__all__ = ["PARAMETERS", "QUERY", "VIEW_ANSWERS", "VIEW_SCHEMAS", "WEB_ANSWERS"]

COUNT: Final[Schema] = object_of(more=False, exact=YES_NO, value=WHOLE)
COUNTS: Final[Schema] = {"type": "object", "additionalProperties": WHOLE}
NEXT: Final = object_of(text=object_of(ko=TEXT, en=TEXT), severity=TEXT)
SUM: Final = object_of(more=False, charged=MONEY, currency=TEXT, refunded=MONEY)
EVENT: Final[Mapping[str, Schema]] = {
    "id": WHOLE, "kind": TEXT, "at": MONEY, "what": MAYBE, "method": MAYBE, "path": MAYBE,
    "status": maybe(WHOLE), "code": maybe(WHOLE), "message": MAYBE, "fault": MAYBE, "ms": maybe(MONEY),
    "imp_uids": TEXTS, "merchant_uids": TEXTS, "facts": ANYTHING, "advice": TEXTS, "delivery": maybe(WHOLE),
    "unknown": TEXTS, "next": maybe(NEXT),
}  # fmt: skip

VIEW_SCHEMAS: Final[Mapping[str, Schema]] = {
    "List": object_of(
        more=False, rows=all_of("Row"), next=maybe(WHOLE), previous=maybe(WHOLE), complete=YES_NO,
        count=COUNT, facets=object_of(more=False, exact=YES_NO, status=COUNTS),
        meant=maybe(ANYTHING), totals=COUNTS,
        elsewhere={"type": "object", "additionalProperties": COUNT},
    ),
    "Row": {"description": "A row of a tab: `key` asks for it again.", **object_of(key=TEXT)},
    "Changes": {
        "description": "`changed`, `totals` and `sums` come only if they differ from what `seen` stands for.",
        "type": "object",
        "properties": {
            "seen": TEXT, "now": WHOLE, "frozen": YES_NO, "rate": MONEY, "fresh": WHOLE, "changed": all_of("Row"),
            "totals": COUNTS, "sums": all_of("Sum"),
        },
        "required": ["seen", "now", "frozen", "rate", "fresh"],
        "additionalProperties": False,
    },
    "Sum": SUM,
    "Room": object_of(clock=ref("Clock"), webhooks=ANYTHING, faults=LIST, declines=LIST, otp=LIST, channels=LIST),
    "PaymentView": object_of(
        more=False, payment=ref("Payment"), row=ANYTHING, shown_status=TEXT, remaining=MONEY, actions=TEXTS,
        attempts=TEXTS, webhooks={"type": "array", "items": WHOLE}, last=WHOLE, next=maybe(NEXT),
    ),
    "Timeline": object_of(more=False, events=all_of("Event"), next=maybe(WHOLE)),
    "Event": object_with(EVENT),
    "WholeEvent": object_with({**EVENT, "request": maybe(ref("Side")), "answer": maybe(ref("Side"))}),
    "Side": {
        "description": "Headers and body of a request or a response. Personal data is masked.",
        **object_of(more=False, headers=ANYTHING, body={}, size=WHOLE, cut=YES_NO, none=MAYBE),
    },
    "Window": object_of(kind=TEXT),
}  # fmt: skip

VIEW_ANSWERS: Final[Mapping[tuple[str, str], tuple[Any, ...]]] = {
    ("GET", "/_sandbox/list/{tab}"): ("Search a tab of the dashboard, the newest first", ref("List")),
    ("GET", "/_sandbox/changes/{tab}"): ("What changed since the last look", ref("Changes")),
    ("GET", "/_sandbox/sums"): ("Money by currency", all_of("Sum")),
    ("GET", "/_sandbox/room"): ("What the control room shows", ref("Room")),
    ("GET", "/_sandbox/payments/{imp_uid}"): ("A payment with its actions and the next step", ref("PaymentView")),
    ("GET", "/_sandbox/payments/{imp_uid}/timeline"): ("Everything that happened to a payment", ref("Timeline")),
    ("GET", "/_sandbox/events/{id}"): ("An event with its bodies", ref("WholeEvent")),
}
PAGE: Final = ("text/html",)
FILE: Final = ("text/javascript", "text/css", "text/html", "image/svg+xml")
WEB_ANSWERS: Final[Mapping[tuple[str, str], tuple[Any, ...]]] = {
    ("POST", WINDOWS): (
        "Open a payment window, as `IMP.request_pay` of a page does", {}, "303", (), ({"request": TEXT}, ("request",)),
    ),
    ("GET", f"{WINDOWS}/{{key}}"): ("The page of a window", {}, "200", PAGE),
    ("POST", f"{WINDOWS}/{{key}}"): (
        "Approve, decline or leave, as the buyer does", ref("Window"), "200", (),
        ({"action": {"enum": ["approve", "decline", "leave"]}, "card": TEXT, "reason": TEXT}, ("action",)),
    ),
    ("GET", f"{WINDOWS}/{{key}}/state"): ("What a window shows", ref("Window")),
    ("GET", f"{WEB}files/{{folder}}/{{name}}"): ("A file of the pages", {}, "200", FILE),
    ("GET", f"{WEB}files/{{digest}}/{{folder}}/{{name}}"): ("The same, which a browser may keep", {}, "200", FILE),
}  # fmt: skip

PARAMETERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "tab": {"schema": {"enum": VARIABLES["tab"].split("|")}},
    "imp_uid": {"schema": {"type": "string", "pattern": f"^{VARIABLES['imp_uid']}$"}},
    "id": {"schema": {"type": "string", "pattern": f"^{VARIABLES['id']}$"}},
    "key": {"schema": TEXT},
    "digest": {"schema": TEXT},
    "folder": {"schema": TEXT},
    "name": {"schema": TEXT},
}


def _query(about: str, schema: Schema = TEXT) -> Mapping[str, Any]:
    return {"description": about, "schema": schema}


FLAG: Final[Schema] = {"enum": ["1"]}
QUERY: Final[Mapping[str, Mapping[str, Any]]] = {
    "q": _query("Order, imp_uid, buyer, product, amount (`12,000`) or status (`paid`, `결제완료`)."),
    "status": _query("Statuses; repeat it for several."),
    "pg": _query("PG."),
    "method": _query("`pay_method`, or the PG of an easy payment."),
    "min": _query("Lowest amount.", WHOLE),
    "max": _query("Highest amount.", WHOLE),
    "from": _query("UNIX seconds.", WHOLE),
    "to": _query("UNIX seconds.", WHOLE),
    "after": _query("`next` of the page before; of a timeline, the last event that is known.", WHOLE),
    "before": _query("`previous` of the page after.", WHOLE),
    "limit": _query("At most as many.", WHOLE),
    "seen": _query("`seen` of the answer before."),
    "since": _query("Total of the tab that is known.", WHOLE),
    "ids": _query("Keys of the rows in sight, separated by commas."),
    "reveal": _query("Send personal data, too.", FLAG),
    "whole": _query("Send long bodies whole.", FLAG),
}
