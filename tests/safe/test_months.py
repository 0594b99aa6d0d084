"""The month rule: the first charge's day in Korea, or the last day of a shorter month."""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from portone_v1 import KST
from portone_v1.subscriptions import month_after


@pytest.mark.parametrize(
    ("first", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2026-01-31", 2, "2026-03-31"),
        ("2026-01-31", 3, "2026-04-30"),
        ("2026-01-31", 12, "2027-01-31"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2028-02-29", 12, "2029-02-28"),
        ("2028-02-29", 48, "2032-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-15", 1, "2027-01-15"),
        ("2026-05-31", 0, "2026-05-31"),
        ("2100-01-31", 1, "2100-02-28"),
    ],
)
def test_days(first: str, months: int, expected: str) -> None:
    due = month_after(datetime.fromisoformat(f"{first}T09:30:00+09:00"), months)
    assert due == datetime.fromisoformat(f"{expected}T09:30:00+09:00")


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        # 31 January 00:30 in Korea is still the 30th in London.
        ("2026-01-30T15:30:00+00:00", "2026-02-28T00:30:00+09:00"),
        # 31 December 23:30 in London is already the new year in Korea.
        ("2025-12-31T23:30:00+00:00", "2026-02-01T08:30:00+09:00"),
        ("2026-01-31T14:59:59+00:00", "2026-02-28T23:59:59+09:00"),
        ("2026-01-31T15:00:00+00:00", "2026-03-01T00:00:00+09:00"),
    ],
)
def test_the_day_is_koreas(first: str, expected: str) -> None:
    assert month_after(datetime.fromisoformat(first), 1) == datetime.fromisoformat(expected)


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware datetime"):
        month_after(datetime(2026, 1, 31), 1)  # noqa: DTZ001 - meant


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
FIRSTS = st.datetimes(datetime(2000, 1, 2), datetime(2200, 12, 30), timezones=ZONES)  # noqa: DTZ001 - bounds


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=FIRSTS, months=st.integers(0, 240))
def test_the_rule(first: datetime, months: int) -> None:
    due, local = month_after(first, months), first.astimezone(KST)
    assert due.utcoffset() == timedelta(hours=9)
    assert (due.year * 12 + due.month) - (local.year * 12 + local.month) == months
    assert due.day == min(local.day, calendar.monthrange(due.year, due.month)[1])
    assert due.timetz() == local.timetz()
    assert month_after(first.astimezone(UTC), months) == due
    assert month_after(first, months + 1) > due
