"""Does the checker see anything? Each mutant takes one rule out of the library: a broken promise has to be found."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from functools import partial
from typing import Any, Final

import pytest
from attrs import define
from portone_v1._sync import client
from portone_v1._sync.recorded_writes import cancel_once, charge_once, earlier_writes, journal, looking, plain_intents
from portone_v1._sync.recorded_writes.evidence import Evidence
from portone_v1._sync.recorded_writes.journal import Journal
from portone_v1.errors import PortOneError
from portone_v1.intents import Intent, MemoryStore, charges, refunds, verdict
from portone_v1.intents.options import Budget, JournalOptions
from portone_v1.intents.verdict import Verdict
from portone_v1.intents.writes import judging
from portone_v1_generated.api.payments import PaymentsApi

from tests.models.promises import broken
from tests.models.stories import Cell, play
from tests.models.v1 import KINDS

Patch = Callable[[pytest.MonkeyPatch], None]


@define(frozen=True)
class Mutant:
    apply: Patch
    promises: frozenset[str]
    """One of these has to be found broken."""
    cells: tuple[tuple[str, str], ...]
    """Where to look: charge or refund, and the habit."""
    lags: tuple[float, ...] = (0.0, 2.0)
    kinds: tuple[str, ...] = KINDS


def first_broken(mutant: Mutant, orders: int) -> tuple[int, set[str]]:
    """Play stories until one breaks a promise: how many there were, and what was broken."""
    number = 0
    for number, (cell, seed) in enumerate(itertools.islice(stories_for(mutant), orders), 1):
        if found := broken(play(cell, seed)) & mutant.promises:
            return number, found
    return number, set()


def stories_for(mutant: Mutant) -> Iterator[tuple[Cell, str]]:
    for seed in itertools.count():
        for (what, habit), kind, lag, echo in itertools.product(mutant.cells, mutant.kinds, mutant.lags, (True, False)):
            yield Cell(what, habit, kind, lag, echo), f"mutant {seed}"


def written_over(patch: pytest.MonkeyPatch) -> None:
    def clear(self: Journal, earlier: tuple[Intent | None, Intent | None], key: str) -> None:
        for intent in earlier:
            if intent is not None and intent.state == "open":
                negative = "not_charged" if "order:" in intent.resource else "not_refunded"
                self.record(intent, Verdict(negative, final=True))

    patch.setattr(Journal, "clear", clear)


def never_taken(patch: pytest.MonkeyPatch) -> None:
    numbers = itertools.count(1000, 2)
    begin = MemoryStore.begin

    def always(self: MemoryStore, intent: Intent) -> bool:
        number = next(numbers)
        self._documents[intent.id] = intent.to_json()
        for kind, name in (("resource", intent.resource), ("key", intent.key)):
            self._of(intent.shop, kind, name)[number - 1] = intent.id  # the number before it is there, too
        return begin(self, intent.changed(resource_seq=number, key_seq=number))

    patch.setattr(MemoryStore, "begin", always)


def sent_again(patch: pytest.MonkeyPatch) -> None:
    look = Journal.after_silence

    def after(self: Journal, intent: Intent, why: str, certain: str = "") -> Any:
        if intent.operation == "payments.cancel" and self.budget.left() > 8:
            asked, before = Decimal(intent.arguments["amount"]), Decimal(intent.before["left"])
            named = {"imp_uid": intent.arguments["imp_uid"], "reason": f"반품 #{intent.mark}"}
            with suppress(PortOneError):
                PaymentsApi(self.evidence.writer(self.start_by)).cancel(amount=asked, checksum=before, **named)
        return look(self, intent, why, certain)

    patch.setattr(Journal, "after_silence", after)


def any_failure_is_ours(patch: pytest.MonkeyPatch) -> None:
    def judge(intent: Intent, found: Any, now: float, quiet: float) -> Verdict:
        new = [payment for payment in found if payment.imp_uid not in intent.before["attempts"]]
        if new and all(payment.status == "failed" for payment in new):
            return Verdict("declined", final=True, payment=new[0])
        return charges.judge_charge(intent, found, now, quiet)

    patch.setattr(looking, "judge_charge", judge)


def any_equal_amount_is_ours(patch: pytest.MonkeyPatch) -> None:
    def judge(intent: Intent, payment: Any, now: float, quiet: float) -> Verdict:
        wanted = Decimal(intent.arguments["amount"])
        new = [e for e in payment.cancel_history or [] if refunds.entry_id(e) not in intent.before["entries"]]
        if any(entry.amount == wanted for entry in new):
            return Verdict("refunded", final=True, payment=payment, amount=wanted)
        return refunds.judge_refund(intent, payment, now, quiet)

    patch.setattr(looking, "judge_refund", judge)


def quiet_for(seconds: float) -> Patch:
    return lambda patch: patch.setattr(client, "JournalOptions", partial(JournalOptions, quiet=seconds))


def refusals_are_believed(patch: pytest.MonkeyPatch) -> None:
    for module in (charge_once, cancel_once):
        patch.setattr(module, "doubtful", lambda message: False)


def failed_is_final(patch: pytest.MonkeyPatch) -> None:
    for module in (charges, verdict):
        patch.setattr(module, "charge_horizon", lambda pg, status: None)


def accepted_is_refunded(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(refunds, "late_refund", lambda pg, method: None)


def no_deadline(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(journal, "Budget", lambda seconds, monotonic: Budget(120.0, monotonic))


def no_wait_for_reads(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Journal, "payment_on_record", lambda self, intent: self.evidence.payment(intent.result["imp_uid"]))


def by_the_hosts_clock(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Evidence, "note", lambda self, headers: setattr(self, "read_at", self._client._session.clock.time()))


def no_audit(patch: pytest.MonkeyPatch) -> None:
    from portone_v1._sync.recorded_writes import settle

    patch.setattr(settle, "_audit", lambda journal, intent: journal.store.save(intent.changed(state="closed")))


def plain_written_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(earlier_writes, "_settle_first", lambda journal, earlier: None)


def nothing_earlier_is_known(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plain_intents, "known_before", lambda row, last: {})


def no_snapshot(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(plain_intents, "_snapshot", lambda journal, row, arguments: {})


def what_is_scheduled_now(patch: pytest.MonkeyPatch) -> None:
    def shown(evidence: Evidence, intent: Intent) -> Any:
        raw = evidence.reader().subscribe.with_raw_response.list_customer_schedules("card-A", from_=0)
        evidence.note(raw.headers)
        return list(raw.data.items)

    patch.setattr(looking, "_shown", shown)


def earlier_ones_count(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(judging, "since", lambda intent: 0.0)


TWICE: Final = frozenset({"charged twice"})
OVER: Final = frozenset({"refunded more than asked"})
DENIED: Final = frozenset({"told not charged, and it was", "told not refunded, and it was"})
CLAIMED: Final = frozenset({"told refunded, and it was not"})
NOT_DECIDED: Final = frozenset({"sent over one that was not decided"})
DONE: Final = frozenset({"told done, and it was not"})
NOT_DONE: Final = frozenset({"told not done, and it was"})
DECLINED: Final = frozenset({"told not charged, and it was", "told declined of a paid order"})

MUTANTS: Final = {
    "an open intent is taken as not executed and written over": Mutant(
        written_over, TWICE | OVER, (("charge", "reruns"),)
    ),
    "begin() does not refuse a taken number": Mutant(
        never_taken, TWICE | OVER | DENIED, (("charge", "two workers"), ("refund", "two workers"))
    ),
    "a cancel is sent again after silence": Mutant(sent_again, OVER, (("refund", "reruns"),), kinds=("race",)),
    "any new failed attempt is ours": Mutant(
        any_failure_is_ours, DENIED | DECLINED, (("charge", "two workers"), ("charge", "other card"))
    ),
    "any entry of the amount is ours": Mutant(any_equal_amount_is_ours, CLAIMED, (("refund", "settles only"),)),
    "quiet is 0": Mutant(
        quiet_for(0.0), DENIED | TWICE | OVER, (("charge", "settles only"), ("refund", "settles only"))
    ),
    "quiet is 60 s": Mutant(quiet_for(60.0), DENIED, (("refund", "reruns"), ("charge", "reruns"))),
    "doubtful refusals are believed": Mutant(
        refusals_are_believed, DECLINED, (("charge", "two workers, no shared store"),), kinds=("refuse",)
    ),
    "failed is final at every PG": Mutant(failed_is_final, DENIED | TWICE, (("charge", "other card"),)),
    "code 0 is a refund at every PG": Mutant(
        accepted_is_refunded, DENIED | CLAIMED | OVER, (("refund", "reruns"), ("refund", "settles only"))
    ),
    "the deadline is 120 s": Mutant(
        no_deadline, frozenset({"a call took longer than 30 s"}), (("charge", "settles only"),)
    ),
    "a rerun does not wait for reads that are behind": Mutant(
        no_wait_for_reads, DENIED, (("charge", "reruns"),), lags=(10.0,)
    ),
    "verdicts go by the host's clock": Mutant(by_the_hosts_clock, DENIED, (("charge", "settles only"),)),
    "nothing is audited": Mutant(
        no_audit,
        frozenset({"charged twice, never said", "refunded more than asked, never said"}),
        (("refund", "kill -9, rerun, no shared store"), ("refund", "two workers, no shared store")),
    ),
    "a plain write is sent over an open one": Mutant(
        plain_written_over, TWICE | NOT_DECIDED, (("retry", "reruns"), ("account", "reruns"), ("unschedule", "reruns"))
    ),
    "a schedule's earlier failure is its retry's": Mutant(
        earlier_ones_count, frozenset({"told declined, and no card was asked"}), (("retry", "settles only"),)
    ),
    "an earlier account of the order is ours": Mutant(earlier_ones_count, DONE, (("account", "settles only"),)),
    "what was scheduled is not noted": Mutant(
        no_snapshot, frozenset({"never decided"}), (("unschedule", "settles only"),)
    ),
    "what is scheduled now decides": Mutant(what_is_scheduled_now, NOT_DONE, (("unschedule", "settles only"),)),
    "a retry's quiet is 0": Mutant(quiet_for(0.0), DENIED | TWICE, (("retry", "settles only"), ("retry", "reruns"))),
    "an account's quiet is 0": Mutant(quiet_for(0.0), NOT_DONE, (("account", "settles only"),)),
    "an open charge of a card number is written over": Mutant(written_over, TWICE, (("onetime", "reruns"),)),
    "any new failed attempt is that of our card number": Mutant(
        any_failure_is_ours, DENIED | DECLINED, (("onetime", "two workers"), ("onetime", "other card"))
    ),
    "a PG's doubt about a card number is believed": Mutant(
        refusals_are_believed, DECLINED, (("onetime", "two workers, no shared store"),), kinds=("refuse",)
    ),
    "an account that the journal knows is taken for ours": Mutant(
        nothing_earlier_is_known, DONE, (("account", "two workers"), ("account", "kill -9, rerun"))
    ),
}
