"""All states of one period with up to two order numbers, and all wishes: every chain of steps ends, is the same when
asked again, and at no time lets two order numbers charge where one could not before.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from portone_v1._decisions.convergence import NEAR, Action, Tried, Wanted, next_action, number

NOW = 1_000_000.0
TIMES = (NOW - 5000, NOW + NEAR - 1, NOW + 50_000)
SHOWN = (
    ("none", "paid"),
    ("none", "failed"),
    ("none", "pending"),
    ("none", "cancelled"),
    ("executed", "paid"),
    ("executed", "failed"),
    ("revoked", "none"),
    ("scheduled", "none"),
    ("running", "none"),
    ("running", "pending"),
)
BASE = "order"


def singles(times: tuple[float, ...]) -> Iterator[Tried]:
    for amount, card, at in itertools.product((Decimal(9900), Decimal(12900)), ("A", "B"), times):
        for schedule, paid in SHOWN:
            if (schedule == "scheduled" and at <= NOW) or (schedule == "running" and at > NOW):
                continue
            shown: Any = {"schedule": schedule, "paid": paid}
            yield Tried("", **shown, amount=amount, card=card, at=at)


def states(times: tuple[float, ...]) -> Iterator[list[Tried]]:
    yield []
    every = list(singles(times))
    seconds = [each for each in every if (each.amount, each.card) != (Decimal(12900), "B")]
    for first in every:
        yield [evolve(first, uid=number(BASE, 0))]
        for second in seconds[:: 1 if len(times) < 3 else 3]:
            yield [evolve(first, uid=number(BASE, 0)), evolve(second, uid=number(BASE, 1))]


def may_charge(tried: Tried) -> bool:
    return tried.paid in ("paid", "pending") or tried.schedule in ("scheduled", "running")


def carried_out(tried: list[Tried], action: Action, want: Wanted, outcome: Any) -> list[Tried]:
    """Return what V1 shows after the action."""
    if action.kind == "schedule":
        return [*tried, Tried(action.uid, "scheduled", "none", want.amount, want.card, want.at)]
    if action.kind == "charge":
        return [*tried, Tried(action.uid, "none", outcome, want.amount, want.card, want.at)]
    changes: dict[str, Any] = {"at": want.at} if action.kind == "move" else {"schedule": "revoked"}
    return [evolve(each, **changes) if each.uid == action.uid else each for each in tried]


@pytest.mark.parametrize("active", [True, False])
@pytest.mark.parametrize("late", ["charge", "report"])
@pytest.mark.parametrize("dunning", [True, False])
@pytest.mark.parametrize("at", TIMES)
def test_every_chain_ends_and_no_two_numbers_charge_at_once(active: bool, late: Any, dunning: bool, at: float) -> None:
    times = TIMES if (late, dunning) == ("report", False) else TIMES[1:]
    for tried, outcome in itertools.product(states(times), ("paid", "failed", "pending")):
        want = Wanted(Decimal(9900), "A", at, active=active, late=late, dunning=dunning)
        state, before = tried, sum(map(may_charge, tried))
        for _ in range(8):
            action = next_action(BASE, state, want, NOW)
            assert next_action(BASE, list(state), want, NOW) == action  # after a crash, the same step again
            if action.kind == "end":
                break
            if action.kind in ("schedule", "charge"):
                assert not any(map(may_charge, state)), (state, want, action)
            state = carried_out(state, action, want, outcome)
            if action.kind == "charge" and outcome == "failed":
                want = evolve(want, dunning=False)  # the caller asks for one more try at a time
        else:
            pytest.fail(f"does not end: {tried} {want}")
        assert sum(map(may_charge, state)) <= max(before, 1), (tried, want, state)
        if action.state == "scheduled":
            (good,) = (each for each in state if may_charge(each))
            assert (good.amount, good.card) == (want.amount, want.card)
        if action.state == "ended":
            assert not any(map(may_charge, state))
