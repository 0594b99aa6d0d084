"""결제예약 조회: pages of schedules by planned time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from ..dispatch.handlers import Answer, Call, Evidence, handles
from ..errors.schedules import span_backwards, span_too_long
from ..payments.search import one_page
from ..state.schedules import ScheduleRecord, schedule_to_wire

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
    rows = _planned_within(call, arguments.integer("schedule_from"), arguments.integer("schedule_to"))
    return _page(call, rows, arguments.text("schedule_status"), oldest_first=arguments.given("sorting"))


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
    rows = _planned_within(call, arguments.integer("from"), arguments.integer("to"))
    return _page(call, [row for row in rows if row.customer_uid == customer_uid], arguments.text("schedule-status"))


def _planned_within(call: Call, since: int | None, until: int | None) -> list[ScheduleRecord]:
    if since is not None and until is not None:
        if until < since:
            raise span_backwards()
        if until - since > LONGEST_SPAN:
            raise span_too_long()
    return [
        schedule
        for schedule in call.state.schedules.values()
        if schedule.tier == call.tier
        and (since is None or since <= schedule.schedule_at)
        and (until is None or schedule.schedule_at < until)
    ]


def _page(call: Call, rows: Iterable[ScheduleRecord], wanted: str | None, *, oldest_first: bool = False) -> Answer:
    found = [row for row in rows if wanted in (None, row.schedule_status)]
    found.sort(key=lambda row: (row.schedule_at, row.serial), reverse=not oldest_first)
    payments = call.state.payments
    return Answer(one_page(call, found, lambda row: schedule_to_wire(row, payments.get(row.imp_uid or ""))))
