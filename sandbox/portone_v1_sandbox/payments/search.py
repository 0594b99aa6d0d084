"""Lists of payments: sort order, pages, and the search by status and time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final, TypeVar

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.base import no_such_page, window_too_long, wrong_value
from ..state.payments import PaymentRecord, payment_to_wire
from ..state.tables.payment_index import SortKey

__all__ = ["one_page", "sort_payments"]

T = TypeVar("T")

LATEST_START: Final = "-started"
DEFAULT_LIMIT: Final = 20
MOST_ROWS: Final = 1000
LONGEST_WINDOW: Final = 90 * 24 * 60 * 60

SORTED_BY: Final[Mapping[str, Callable[[PaymentRecord], int]]] = MappingProxyType(
    {
        "started": lambda payment: payment.started_at,
        "paid": lambda payment: payment.paid_at,
        "updated": lambda payment: payment.updated_at,
    }
)
SORT_KEYS: Final[Mapping[str, SortKey]] = MappingProxyType({"started": "started", "paid": "paid", "updated": "updated"})


def sort_payments(payments: Iterable[PaymentRecord], sorting: str | None = None) -> list[PaymentRecord]:
    """Sort in one of V1's six orders; payments of the same second in the order of arrival."""
    name = sorting or LATEST_START
    moment = SORTED_BY[name.removeprefix("-")]
    return sorted(payments, key=lambda p: (moment(p), p.serial), reverse=name.startswith("-"))


def one_page(
    call: Call, rows: Sequence[T], to_wire: Callable[[T], Any], *, beyond_is_refused: bool = True
) -> dict[str, Any]:
    """Return the requested page. Raises Refusal for a page beyond the data, if the operation declares a 400."""
    page = call.arguments.integer("page")
    limit = call.arguments.integer("limit")
    page = 1 if page is None else page
    limit = DEFAULT_LIMIT if limit is None else limit
    if page < 1:
        raise wrong_value("page")
    if not 1 <= limit <= MOST_ROWS:
        raise wrong_value("limit")
    start = (page - 1) * limit
    if beyond_is_refused and page > 1 and start >= len(rows):
        raise no_such_page()
    return {
        "list": [to_wire(row) for row in rows[start : start + limit]],
        "next": page + 1 if start + limit < len(rows) else 0,
        "previous": page - 1,
        "total": len(rows),
    }


@handles(
    "payments_search",
    Evidence(
        documented="90 days, pages, six orders, the time that counts for each status, 400 beyond the data",
        assumed="words; a page of nothing is no refusal",
    ),
)
def search(call: Call) -> Answer:
    arguments = call.arguments
    until = arguments.integer("to")
    until = call.now if until is None else until
    since = arguments.integer("from")
    since = until - LONGEST_WINDOW if since is None else since
    if since > until:
        raise wrong_value("from")
    if until - since > LONGEST_WINDOW:
        raise window_too_long()
    wanted = arguments.need_text("payment_status")
    sorting = arguments.text("sorting") or LATEST_START
    key: SortKey = SORT_KEYS[sorting.removeprefix("-")]
    found = call.state.payments.search(call.tier, wanted, since, until, key, descending=sorting.startswith("-"))
    return Answer(one_page(call, found, payment_to_wire))
