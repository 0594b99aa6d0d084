"""The experiments. Each makes a few calls in the laboratory and finds out how V1 behaves."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any, Final

from portone_v1.errors import ApiError, OutcomeUnknownError, PortOneError, RefusedError
from portone_v1.models import Payment
from portone_v1_runtime.decode import KST

from .lab import Answered, Lab, plain_sentence
from .questions import Reading

__all__ = ["TRIALS"]

SENT: Final = '{"portone_v1":"x"}'
REASON: Final = "portone-v1 doctor " + "가" * 224 + " 1f0c7a2e"
LOOK_EVERY: Final = 0.05
LAST_LOOK: Final = 15.0
"""Seconds after which the wait for a lagging read ends."""
GONE_AFTER: Final = 0.05
LATER: Final = (1.0, 10.0, 60.0)
CLOCKS: Final = 5


def echo(lab: Lab) -> Reading:
    order = lab.new_order()
    lab.charge(order, custom_data=SENT)
    seen: dict[str, Any] = {"paid": _echoed(_read(lab, order, "paid"))}
    if lab.declined is not None:
        declined = lab.new_order()
        with suppress(ApiError):
            lab.charge(declined, card=lab.declined, custom_data=SENT)
        seen["declined"] = _echoed(_read(lab, declined, "failed"))
    return Reading("E1", str(seen["paid"]), seen)


def _echoed(payment: Payment | None) -> str:
    if payment is None:
        return "no_record"
    if payment.custom_data == SENT:
        return "echoed"
    return "reencoded" if "portone_v1" in (payment.custom_data or "") else "lost"


def reason(lab: Lab) -> Reading:
    paid = lab.charge(lab.new_order())
    shown = lab.refund(paid.imp_uid, reason=REASON, checksum=lab.amount)
    kept = [entry.reason or "" for entry in shown.cancel_history or []]
    stored = kept[-1] if kept else ""
    found = "kept" if stored == REASON else "shortened" if stored and REASON.startswith(stored) else "lost"
    return Reading("E2", found, {"sent": len(REASON), "stored": len(stored)})


def visible(lab: Lab) -> Reading:
    order = lab.new_order()
    done = threading.Event()
    failed: list[BaseException] = []

    def charge() -> None:
        try:
            lab.charge(order)
        except BaseException as error:
            failed.append(error)
        finally:
            done.set()

    thread = threading.Thread(target=charge)
    began = time.monotonic()
    thread.start()
    looks, states = 0, Counter[str]()
    while not done.is_set():
        looked = lab.attempts(order)
        if done.is_set() or any(each.status in {"paid", "failed"} for each in looked):
            break  # the charge has ended, though its response may be on the way
        looks += 1
        states.update(str(each.status) for each in looked)
        done.wait(LOOK_EVERY)
    thread.join()
    if failed:
        raise failed[0]
    seen = {"looks": looks, "states": dict(states), "seconds": round(time.monotonic() - began, 2)}
    if not looks:
        return Reading("E3", "undecided", {**seen, "why": "the charge was faster than a read"})
    return Reading("E3", "visible" if states else "hidden", seen)


def behind(lab: Lab) -> Reading:
    lags: list[float] = []
    for _ in range(lab.rounds):
        order = lab.new_order()
        paid = lab.charge(order)
        lags.append(_lag(lab, lambda order=order: bool(_paid(lab, order))))  # type: ignore[misc]
        lab.refund(paid.imp_uid, checksum=lab.amount)
        lags.append(_lag(lab, lambda order=order: any(each.cancel_amount for each in lab.attempts(order))))  # type: ignore[misc]
    missed = [lag for lag in lags if lag]
    seen = {"reads": len(lags), "missed": len(missed), "longest_s": round(max(lags), 2)}
    return Reading("E4", "behind" if missed else "immediate", seen)


def _lag(lab: Lab, shown: Callable[[], bool]) -> float:
    """Return 0 if the first read shows it, else the seconds until one did."""
    began = time.monotonic()
    if shown():
        return 0.0
    while time.monotonic() - began < LAST_LOOK:
        lab.sleep(LOOK_EVERY)
        if shown():
            break
    return time.monotonic() - began


def charges_at_once(lab: Lab) -> Reading:
    kinds, texts = Counter[str](), Counter[str]()
    for _ in range(lab.rounds):
        order = lab.new_order()
        results = lab.at_once(lambda order=order: lab.charge(order))  # type: ignore[misc]
        kinds[_kind(results, done=sum(1 for each in results if each.payment and each.payment.paid_at))] += 1
        texts.update(each.refusal for each in results if each.refusal)
    return _most("E5", kinds, texts)


def refunds_at_once(lab: Lab) -> Reading:
    kinds, texts = Counter[str](), Counter[str]()
    for _ in range(lab.rounds):
        paid = lab.charge(lab.new_order())
        results = lab.at_once(lambda uid=paid.imp_uid: lab.refund(uid, checksum=lab.amount))  # type: ignore[misc]
        kinds[_kind(results, done=sum(1 for each in results if each.payment))] += 1
        texts.update(each.refusal for each in results if each.refusal)
    return _most("E6", kinds, texts)


def _kind(results: list[Answered], *, done: int) -> str:
    if done == 2:
        return "race"
    if done == 0:
        return "undecided"
    loser = next((each for each in results if each.payment is None), results[0])
    winner = next(each for each in results if each.payment is not None)
    return "refuse" if loser.seconds < winner.seconds else "queue"


def _most(question: str, kinds: Counter[str], texts: Counter[str]) -> Reading:
    """Return the most frequent result, or `race` if there was one: then V1 does not lock."""
    found = "race" if kinds["race"] else kinds.most_common(1)[0][0]
    return Reading(question, found, {"rounds": dict(kinds), "refusals": dict(texts)})


def abandoned(lab: Lab) -> Reading:
    order = lab.new_order()
    try:
        lab.charge(order, timeout=GONE_AFTER)
    except OutcomeUnknownError:
        pass
    except PortOneError as error:
        return Reading("E7", "undecided", {"why": f"not sent: {type(error).__name__}"})
    else:
        return Reading("E7", "undecided", {"why": f"V1 answered within {GONE_AFTER} s"})
    waited = 0.0
    for at in LATER:
        lab.sleep(at - waited)
        waited = at
        if _paid(lab, order):
            return Reading("E7", "executed", {"after_s": at})
    return Reading("E7", "not_executed", {"looked_for_s": waited})


def after_refund(lab: Lab) -> Reading:
    seen: dict[str, Any] = {}
    for name, part in (("fully", lab.amount), ("partly", lab.part)):
        order = lab.new_order()
        paid = lab.charge(order)
        lab.client.payments.cancel(imp_uid=paid.imp_uid, amount=part, checksum=lab.amount, max_retries=0)
        message = lab.refusal_of(lambda order=order: lab.charge(order))  # type: ignore[misc]
        seen[name] = {"refusal": message} if message is not None else "charged"
    return Reading("E8", "charged" if seen["fully"] == "charged" else "refused", seen)


def schedules(lab: Lab) -> Reading:
    order = lab.new_order(schedule=True)
    at = (lab.client.check_connection().server_time or datetime.now(KST)) + timedelta(days=1)
    entry: Mapping[str, Any] = {"merchant_uid": order, "schedule_at": at, "amount": lab.amount, "name": "portone-v1"}

    def schedule() -> None:
        lab.client.subscribe.schedule(customer_uid=lab.card, schedules=[entry], max_retries=0)

    schedule()
    twice = lab.refusal_of(schedule)
    lab.client.subscribe.unschedule(customer_uid=lab.card, merchant_uid=[order], max_retries=0)
    revoked = lab.refusal_of(schedule)
    found = "twice" if twice is None else "after_revoking" if revoked is None else "refused"
    return Reading("E9", found, {"twice": twice or "accepted", "revoked": revoked or "accepted"})


def after_decline(lab: Lab) -> Reading:
    if lab.declined is None:
        return Reading("E10", "undecided", {"why": "no --declined-customer-uid"})
    order = lab.new_order()
    try:
        first = lab.charge(order, card=lab.declined)
    except RefusedError as error:
        message = plain_sentence(error)
    else:
        message = str(first.status)
        if first.paid_at:
            return Reading("E10", "undecided", {"why": "the card was not declined"})
    again = lab.refusal_of(lambda: lab.charge(order))
    return Reading("E10", "allowed" if again is None else "refused", {"decline": message, "again": again or "charged"})


def clocks(lab: Lab, credentials: Mapping[str, str]) -> Reading:
    gaps: list[float] = []
    for _ in range(CLOCKS):
        raw = lab.client.auth.with_raw_response.get_token(
            imp_key=credentials["imp_key"], imp_secret=credentials["imp_secret"]
        )
        date, now = raw.headers.get("date"), raw.data.now
        if date is None:
            return Reading("E11", "no_date", {})
        if now is None:
            return Reading("E11", "undecided", {"why": "no getToken.now"})
        gaps.append(abs(parsedate_to_datetime(date).timestamp() - now.timestamp()))
    return Reading("E11", "agrees" if min(gaps) <= 2 else "differs", {"seconds": round(min(gaps), 1)})


def idempotency(lab: Lab) -> Reading:
    paid = lab.charge(lab.new_order())
    header = {"Idempotency-Key": f"portone-v1-{paid.imp_uid}"}
    for _ in range(2):
        with suppress(ApiError):
            lab.refund(paid.imp_uid, extra_headers=header)
    shown = lab.client.payments.get(paid.imp_uid, include_sandbox=True)
    given = int(shown.cancel_amount or 0)
    found = {lab.part: "honoured", 2 * lab.part: "ignored"}.get(given, "undecided")
    return Reading("E12", found, {"refunds": given // lab.part})


def _read(lab: Lab, order: str, status: str) -> Payment | None:
    for wait in (0.0, 1.0, 4.0):
        lab.sleep(wait)
        if found := [each for each in lab.attempts(order) if str(each.status) == status]:
            return found[0]
    return None


def _paid(lab: Lab, order: str) -> list[Payment]:
    return [each for each in lab.attempts(order) if each.paid_at]


TRIALS: Final[Mapping[str, Callable[[Lab], Reading]]] = {
    "E1": echo,
    "E2": reason,
    "E3": visible,
    "E4": behind,
    "E5": charges_at_once,
    "E6": refunds_at_once,
    "E7": abandoned,
    "E8": after_refund,
    "E9": schedules,
    "E10": after_decline,
    "E12": idempotency,
}
"""All but E11, which needs the API key and secret."""
