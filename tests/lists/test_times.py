"""Items that are given other times while their list is walked, in both orders: nothing is lost, nothing comes twice."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1 import KST
from portone_v1_runtime.pagination import PaginationPlan, pages

from tests.lists.test_iterators import Page

FIRST, SPAN = 1_000_000, 60
COUNT = 40
FEW = [FIRST, FIRST + 7, FIRST + 8, FIRST + SPAN - 1]


class Step(NamedTuple):
    kind: str
    key: int
    time: int


class Planned:
    def __init__(self, key: int, time: int) -> None:
        self.key, self.time = key, datetime.fromtimestamp(time, KST)


STEPS = st.dictionaries(
    st.integers(1, 20),
    st.builds(
        Step,
        st.sampled_from(["enter", "leave", "move"]),
        st.integers(0, COUNT - 1),
        st.sampled_from(FEW) | st.integers(FIRST, FIRST + SPAN - 1),
    ),
    max_size=12,
)
TIMES = st.lists(st.integers(FIRST, FIRST + SPAN - 1), min_size=COUNT, max_size=COUNT)
FEW_TIMES = st.lists(st.sampled_from(FEW), min_size=COUNT, max_size=COUNT)


@settings(max_examples=300, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    size=st.integers(1, 9),
    oldest_first=st.booleans(),
    inclusive=st.booleans(),
    times=TIMES | FEW_TIMES,
    steps=STEPS,
)
def test_whatever_is_given_another_time_the_rest_comes_once(
    size: int, oldest_first: bool, inclusive: bool, times: list[int], steps: dict[int, Step]
) -> None:
    planned, moved, missed = dict(enumerate(times)), set[int](), set[int]()
    found, asked, refused = list[int](), 0, False
    fixed = {"sorting": "scheduled"} if oldest_first else {}
    plan = PaginationPlan("key", ("since", "until", 89, inclusive), fixed, time="time")
    asking = pages(plan, {"since": FIRST, "until": FIRST + SPAN - inclusive})
    _, request = next(asking)
    while request is not None:
        asked += 1
        assert asked < 200
        step = steps.get(asked)
        if step and not refused:
            _take(step, planned, moved, missed, oldest_first=oldest_first)
        end = request["until"] + inclusive
        rows = [(time, key) for key, time in planned.items() if request["since"] <= time < end]
        rows.sort(reverse=not oldest_first)
        start = (request["page"] - 1) * size
        shown = [Planned(key, time) for time, key in rows[start : start + size]]
        refused = not shown and start > 0
        more = request["page"] + 1 if start + size < len(rows) else 0
        ready, request = asking.send(None if refused else Page(shown, len(rows), more))
        found += [item.key for item in ready]
    assert len(found) == len(set(found))
    assert set(range(COUNT)) - missed <= set(found)
    stayed = [times[key] for key in found if key < COUNT and key not in moved | missed]
    assert stayed == sorted(stayed, reverse=not oldest_first)


def _take(step: Step, planned: dict[int, int], moved: set[int], missed: set[int], *, oldest_first: bool) -> None:
    """Take a step. A walk may miss a payment that left, or that got a time which the walk may have passed."""
    if step.kind == "enter":
        planned[COUNT + len(planned)] = step.time
    elif step.key in planned:
        before = planned.pop(step.key)
        if step.kind == "move":
            planned[step.key] = step.time
            moved.add(step.key)
        if step.kind == "leave" or (step.time < before) == oldest_first:
            missed.add(step.key)
