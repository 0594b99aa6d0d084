"""The history of the vendor's document, as far as its facts are recorded, shown to the watch.

The document had 38 versions from 2023-08-31 to 2026-07-27; `past_documents` has those that can be read, whole and
without their dates. Recorded here are the days in `STEPS`: every operation that came or went, and the parameters and
fields of which it is known. The document of such a day is built anew, backwards from the facts of today; what is not
recorded stands in it as it does today.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Set
from dataclasses import dataclass
from typing import Any

import pytest

from scripts.bundle import bundle
from scripts.watch.bundled import read_bundle
from scripts.watch.compare import compare
from scripts.watch.facts import Facts, empty, load_lock

from .conftest import ROOT

FIRST = ("2023-08-31", 71)
TIERS = {f"{method} /tiers/{{tier_code}}" for method in ("POST", "PUT", "DELETE")}
SCHEDULE = "/subscribe/payments/schedule/{merchant_uid}"
# A required `channel_key` took the place of an optional `pg`. Recorded for 2026-02-11 and 2026-05-20 together; all of
# it stands on the first day here, but for what is recorded for the second one alone.
FROM_PG_TO_CHANNEL_KEY = {
    "POST /benepia/payment",
    "POST /benepia/point",
    "POST /cvs",
    "POST /receipts/external/{merchant_uid}",
    "POST /vbanks",
}
PG = {"in": "formData", "type": "string"}


@dataclass(frozen=True)
class Step:
    """What one day brought and took: operations, and the (place, name) of parameters and fields."""

    day: str
    come: Set[str] = frozenset()
    gone: Set[str] = frozenset()
    members_come: Set[tuple[str, str]] = frozenset()
    members_gone: Set[tuple[str, str]] = frozenset()
    required: Set[tuple[str, str]] = frozenset()
    """What was optional before."""


STEPS = [
    Step("2023-09-22", come={"GET /tiers/{tier_code}", *TIERS}),
    Step("2023-11-20", come={"POST /partners/receipts/{imp_uid}"}),
    Step("2024-01-25", come={f"PUT {SCHEDULE}", f"POST {SCHEDULE}/reschedule", f"POST {SCHEDULE}/retry"}),
    # The pull request 542 of the vendor's repository says that the name of a schedule must be given from here on.
    Step("2024-07-05", gone={"GET /kakao/payment/orders"}, required={("ScheduleAnnotation", "name")}),
    Step("2025-07-17", gone=TIERS),
    Step("2025-08-18", come={"POST /kcpquick/payment/money"}),
    Step("2025-10-23", gone={"GET /vbanks/holder"}),
    Step(
        "2025-11-26",
        members_come={
            ("GET /payments/{imp_uid}", "include_sandbox"),
            ("PaymentAnnotation", "sandbox"),
            ("CustomerAnnotation", "sandbox"),
        },
    ),
    Step(
        "2026-02-11",
        members_come={
            ("GET /naver/reviews", "channel_key"),
            *((each, "channel_key") for each in FROM_PG_TO_CHANNEL_KEY),
        },
        members_gone={
            ("POST /subscribe/payments/schedule", "pg"),
            *((each, "pg") for each in FROM_PG_TO_CHANNEL_KEY),
        },
    ),
    # Five came on 2026-03-13, 2026-04-01 and 2026-04-17. One of `past_documents` has these two alone: they came first;
    # on which of the days each one came is not recorded.
    Step("2026-04-01", come={"POST /kcpquick/prepare/{merchant_uid}", "PUT /kcpquick/prepare/{merchant_uid}"}),
    Step(
        "2026-04-17",
        come={
            "POST /kcpquick/members/{member_id}/fido/release",
            "POST /kcpquick/payment/autopay",
            "DELETE /kcpquick/autopay/{customer_uid}",
        },
    ),
    Step("2026-05-20", members_come={("POST /subscribe/customers/{customer_uid}", "channel_key")}),
    Step("2026-07-27", members_come={("POST /payments/cancel", "enable_webhook")}),
]
LOCK = load_lock(ROOT / "spec" / "upstream.lock.json")


def _members(facts: Facts, place: str) -> dict[str, Any]:
    """Return the parameters of an operation, or the fields of a definition."""
    found: dict[str, Any] = (
        facts["operations"][place]["parameters"] if " " in place else facts["definitions"][place]["fields"]
    )
    return found


@pytest.fixture(scope="module")
def versions() -> list[tuple[str, Facts]]:
    """Return the versions, from the first to the newest."""
    ours: dict[str, Any] = read_bundle(bundle(ROOT / "spec"))["operations"]
    withdrawn = {name: {**facts, "id": facts["vendor_id"]} for name, facts in ours.items() if "vendor_id" in facts}
    here: Facts = empty() | {key: copy.deepcopy(LOCK[key]) for key in ("document", "operations", "definitions")}
    found: list[tuple[str, Facts]] = []
    for step in reversed(STEPS):
        assert step.come <= here["operations"].keys(), f"{step.day}: later versions have what it brought"
        assert not step.gone & here["operations"].keys(), f"{step.day}: later versions have not what it took"
        found.append((step.day, here))
        here = copy.deepcopy(here)
        for name in step.come:
            del here["operations"][name]
        for name in step.gone:
            here["operations"][name] = withdrawn[name]
        for place, name in step.members_come:
            del _members(here, place)[name]
        for place, name in step.members_gone:
            assert name not in _members(here, place), f"{step.day}: later versions have not what it took"
            _members(here, place)[name] = PG
        for place, name in step.required:
            del _members(here, place)[name]["required"]
    found.append((FIRST[0], here))
    return found[::-1]


def test_the_first_version_had_as_many_operations_as_is_recorded(versions: list[tuple[str, Facts]]) -> None:
    day, facts = versions[0]
    assert (day, len(facts["operations"])) == FIRST


def test_the_newest_version_is_the_reviewed_one(versions: list[tuple[str, Facts]]) -> None:
    day, facts = versions[-1]
    assert day == LOCK["dated"]
    assert compare(facts, LOCK) == []


@pytest.mark.parametrize("number", range(len(STEPS)), ids=[step.day for step in STEPS])
def test_every_step_is_reported_and_nothing_else(number: int, versions: list[tuple[str, Facts]]) -> None:
    step, (_, before), (day, after) = STEPS[number], versions[number], versions[number + 1]
    assert day == step.day
    expected = {("operation-added", name, "") for name in step.come}
    expected |= {("operation-missing", name, "") for name in step.gone}
    for kind, members in (("added", step.members_come), ("missing", step.members_gone)):
        expected |= {(f"{'parameter' if ' ' in place else 'field'}-{kind}", place, name) for place, name in members}
    expected |= {("required-added", place, name) for place, name in step.required}
    assert {(each.kind, each.place, each.name) for each in compare(before, after)} == expected


def test_what_was_withdrawn_is_still_offered_with_its_last_day() -> None:
    """The vendor took them out of the document; who used them is warned and not cut off."""
    document = bundle(ROOT / "spec")
    for step in STEPS:
        for name in step.gone:
            method, _, path = name.partition(" ")
            operation = document["paths"][path][method.lower()]
            assert operation["deprecated"]
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", operation["x-history"]["last-seen"])
            assert operation["x-history"]["last-seen"] <= step.day
