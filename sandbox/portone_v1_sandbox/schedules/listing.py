"""결제예약 조회: pages of schedules by planned time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.schedules import span_backwards, span_too_long
from ..payments.search import one_page
from ..state.schedules import ScheduleRecord, schedule_to_wire
from ..state.tables.found import newest_first

__all__: list[str] = []

LONGEST_SPAN: Final = 92 * 24 * 60 * 60
"""Three months of 31 days; how V1 counts them is not known."""


@handles(
    "subscribe_list_schedules",
    Evidence(
        documented="from inclusive, to exclusive, three months, newest first",
        observed="the paged answer",
        assumed="months of 31 days; words",
    ),
)
def list_schedules(call: Call) -> Answer:
    arguments = call.arguments
    since, until = arguments.integer("schedule_from"), arguments.integer("schedule_to")
    _check_span(since, until)
    wanted = arguments.text("schedule_status")
    group = (call.tier,) if wanted is None else (call.tier, wanted)
    rows = call.state.schedules.found(group, since, until)
    return _page(call, rows if arguments.given("sorting") else newest_first(rows))


@handles(
    "subscribe_list_customer_schedules",
    Evidence(
        documented="from inclusive, to exclusive, three months",
        observed="the paged answer; both times may be left out",
        assumed="words",
    ),
)
@handles(
    "billing_keys_list_schedules",
    Evidence(
        documented="like `subscribe_list_customer_schedules`",
        observed="the paged answer; both times may be left out",
        assumed="words",
    ),
)
def list_customer_schedules(call: Call) -> Answer:
    arguments = call.arguments
    customer_uid = arguments.need_text("customer_uid")
    # The document requires both ends of the period; merchants were seen to omit them.
    since, until = arguments.integer("from"), arguments.integer("to")
    _check_span(since, until)
    rows = newest_first(call.state.schedules.found((call.tier, "customer", customer_uid), since, until))
    wanted = arguments.text("schedule-status")
    return _page(call, rows if wanted is None else [row for row in rows if row.schedule_status == wanted])


def _check_span(since: int | None, until: int | None) -> None:
    if since is not None and until is not None:
        if until < since:
            raise span_backwards()
        if until - since > LONGEST_SPAN:
            raise span_too_long()


def _page(call: Call, rows: Sequence[ScheduleRecord]) -> Answer:
    payments = call.state.payments
    return Answer(one_page(call, rows, lambda row: schedule_to_wire(row, payments.get(row.imp_uid or ""))))
