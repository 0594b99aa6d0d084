"""The judge: what the shop was told, compared with what really happened. It knows nothing of the library's verdicts."""

from __future__ import annotations

from tests.models.shop import PLAIN, Report
from tests.models.stories import Story
from tests.models.v1 import Request

NEGATIVE = frozenset({"declined", "not_charged", "not_refunded", "refused"})
UNDECIDED = frozenset({"undecided", "pending", "accepted", "in progress"})


def broken(story: Story) -> set[str]:
    """Return every promise that the story breaks."""
    found = of_refunds(story) if story.cell.what == "refund" else of_charges(story)
    if story.cell.what in PLAIN:
        found = of_plain(story, found)
    if story.ledger.slowest > 30.0:
        found.add("a call took longer than 30 s")
    return found


def of_charges(story: Story) -> set[str]:
    found: set[str] = set()
    executed = [request for request in story.v1.requests if request.executed_at is not None]
    if len(executed) > 1:
        found.add("charged twice")
        if "double_payment" not in story.ledger.alarms:
            found.add("charged twice, never said")
    for report in story.ledger.reports:
        own = [request for request in executed if request.doing == report.doing and request.sent_at <= report.at]
        done_by_then = any((request.executed_at or 0) <= report.at for request in executed)
        if report.word in NEGATIVE and own:
            found.add("told not charged, and it was")
        if report.word in NEGATIVE and not own and done_by_then:
            found.add("told declined of a paid order")
        if report.word == "refunded":
            found.add("told refunded, and it was not")
        if report.word == "paid" and not done_by_then:
            found.add("told paid, and it was not")
    for doing, last in last_words(story).items():
        sent = any(request.doing == doing for request in story.v1.requests)
        undecided = last.word in UNDECIDED and sent and len(executed) < 2
        if undecided and story.ledger.is_open(doing):
            found.add("never decided")
    return found


def of_plain(story: Story, of_a_charge: set[str]) -> set[str]:
    """Return the promises that a write without key and mark breaks, if all processes share one journal."""
    what, requests = story.cell.what, story.v1.requests
    found = of_a_charge if what == "retry" else set[str]()
    for report in story.ledger.reports:
        before = [request for request in requests if request.doing == report.doing and request.sent_at <= report.at]
        executed = [request for request in before if request.executed_at is not None]
        if report.word == "not_done" and executed:
            found.add("told not done, and it was")
        by_anyone = [each for each in requests if each.executed_at is not None]  # what is revoked stays revoked
        effects = by_anyone if what == "unschedule" else executed
        if report.word == "done" and not any((each.executed_at or 0) <= report.at for each in effects):
            found.add("told done, and it was not")
        if report.word == "declined" and not any(request.arrived for request in before):
            found.add("told declined, and no card was asked")
    for number, later in enumerate(requests):
        if any((earlier.executed_at or 0) > later.sent_at for earlier in requests[:number]):
            found.add("sent over one that was not decided")
    if any(story.ledger.is_open(doing) for doing in story.ledger.doings.values()):
        found.add("never decided")
    return found


def of_refunds(story: Story) -> set[str]:
    found: set[str] = set()
    payment = story.v1.payments[story.imp_uid]
    for doing, last in last_words(story).items():
        reports = [each for each in story.ledger.reports if each.doing == doing]
        sent = [request for request in story.v1.requests if request.doing == doing]
        executed = [request for request in sent if request.executed_at is not None]
        if doing == "full":
            if any(each.word == "refunded" for each in reports) and story.v1.left(payment) > 0:
                found.add("told refunded, and it was not")
            given, amounts = sum(request.amount for request in executed), {each.amount or 0 for each in reports}
            one_journal = "kill" not in story.cell.habit and "no shared store" not in story.cell.habit
            if last.word == "refunded" and one_journal and given not in amounts:
                found.add("reported another amount than was refunded")
        else:
            found |= of_part(story, reports, sent, executed)
        alarmed = "overdue" in story.ledger.alarms  # a PG that pays out later, and whose refund V1 never showed
        if last.word in UNDECIDED and story.ledger.is_open(doing) and not alarmed:
            found.add("never decided")
    return found


def of_part(story: Story, reports: list[Report], sent: list[Request], executed: list[Request]) -> set[str]:
    found: set[str] = set()
    if sent and sum(request.amount for request in executed) > sent[0].amount:
        found.add("refunded more than asked")
        if "over_refund" not in story.ledger.alarms:
            found.add("refunded more than asked, never said")
    for each in reports:
        if each.word in NEGATIVE and any(request.sent_at <= each.at for request in executed):
            found.add("told not refunded, and it was")
        if each.word == "refunded" and each.amount and not executed:
            found.add("told refunded, and it was not")
    return found


def last_words(story: Story) -> dict[str, Report]:
    return {each.doing: each for each in story.ledger.reports}
