"""The judge: what the shop was told, compared with what really happened. It knows nothing of the library's verdicts."""

from __future__ import annotations

from tests.models.shop import PLAIN, Told
from tests.models.stories import Story
from tests.models.v1 import Request

NEGATIVE = frozenset({"declined", "not_charged", "not_refunded", "refused"})
UNDECIDED = frozenset({"undecided", "pending", "accepted", "in progress"})


def broken(story: Story) -> set[str]:
    """Every promise that the story breaks."""
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
    for told in story.ledger.told:
        own = [request for request in executed if request.doing == told.doing and request.sent_at <= told.at]
        done_by_then = any((request.executed_at or 0) <= told.at for request in executed)
        if told.word in NEGATIVE and own:
            found.add("told not charged, and it was")
        if told.word in NEGATIVE and not own and done_by_then:
            found.add("told declined of a paid order")
        if told.word == "paid" and not done_by_then:
            found.add("told paid, and it was not")
    for doing, last in last_words(story).items():
        sent = any(request.doing == doing for request in story.v1.requests)
        undecided = last.word in UNDECIDED and sent and len(executed) < 2
        if undecided and story.ledger.is_open(doing):
            found.add("never decided")
    return found


def of_plain(story: Story, of_a_charge: set[str]) -> set[str]:
    """What holds of a write without key and mark, if all share one journal."""
    what, requests = story.cell.what, story.v1.requests
    found = of_a_charge if what == "retry" else set[str]()
    for told in story.ledger.told:
        before = [request for request in requests if request.doing == told.doing and request.sent_at <= told.at]
        executed = [request for request in before if request.executed_at is not None]
        if told.word == "not_done" and executed:
            found.add("told not done, and it was")
        by_anybody = [each for each in requests if each.executed_at is not None]  # what is revoked stays revoked
        effects = by_anybody if what == "unschedule" else executed
        if told.word == "done" and not any((each.executed_at or 0) <= told.at for each in effects):
            found.add("told done, and it was not")
        if told.word == "declined" and not any(request.arrived for request in before):
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
        told = [each for each in story.ledger.told if each.doing == doing]
        sent = [request for request in story.v1.requests if request.doing == doing]
        executed = [request for request in sent if request.executed_at is not None]
        if doing == "full":
            if any(each.word == "refunded" for each in told) and story.v1.left(payment) > 0:
                found.add("told refunded, and it was not")
            given, said = sum(request.amount for request in executed), {each.amount or 0 for each in told}
            one_journal = "kill" not in story.cell.habit and "no shared store" not in story.cell.habit
            if last.word == "refunded" and one_journal and given not in said:
                found.add("told another amount than was given back")
        else:
            found |= of_part(story, told, sent, executed)
        told_a_person = "overdue" in story.ledger.alarms  # a PG that pays out later, and whose refund V1 never showed
        if last.word in UNDECIDED and story.ledger.is_open(doing) and not told_a_person:
            found.add("never decided")
    return found


def of_part(story: Story, told: list[Told], sent: list[Request], executed: list[Request]) -> set[str]:
    found: set[str] = set()
    if sent and sum(request.amount for request in executed) > sent[0].amount:
        found.add("given back more than asked")
        if "over_refund" not in story.ledger.alarms:
            found.add("given back more than asked, never said")
    for each in told:
        if each.word in NEGATIVE and any(request.sent_at <= each.at for request in executed):
            found.add("told not refunded, and it was")
        if each.word == "refunded" and each.amount and not executed:
            found.add("told refunded, and it was not")
    return found


def last_words(story: Story) -> dict[str, Told]:
    return {told.doing: told for told in story.ledger.told}
