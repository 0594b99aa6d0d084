"""The history of the vendor's document, as far as its facts are recorded, shown to the watch.

The document had 38 versions from 2023-08-31 to 2026-07-27. They are not kept here. Recorded is each day that brought or
took operations; its document is built anew from the facts of today and of the operations that were withdrawn.
"""

from __future__ import annotations

import re
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
STEPS: list[tuple[str, set[str], set[str]]] = [
    ("2023-09-22", {"GET /tiers/{tier_code}", *TIERS}, set()),
    ("2023-11-20", {"POST /partners/receipts/{imp_uid}"}, set()),
    ("2024-01-25", {f"PUT {SCHEDULE}", f"POST {SCHEDULE}/reschedule", f"POST {SCHEDULE}/retry"}, set()),
    ("2024-07-05", set(), {"GET /kakao/payment/orders"}),
    ("2025-07-17", set(), TIERS),
    ("2025-08-18", {"POST /kcpquick/payment/money"}, set()),
    ("2025-10-23", set(), {"GET /vbanks/holder"}),
    (
        "2026-04-17",
        {
            "POST /kcpquick/prepare/{merchant_uid}",
            "PUT /kcpquick/prepare/{merchant_uid}",
            "POST /kcpquick/members/{member_id}/fido/release",
            "POST /kcpquick/payment/autopay",
            "DELETE /kcpquick/autopay/{customer_uid}",
        },
        set(),
    ),
]
LOCK = load_lock(ROOT / "spec" / "upstream.lock.json")


@pytest.fixture(scope="module")
def versions() -> list[tuple[str, Facts]]:
    """From the newest back to the first."""
    ours: dict[str, Any] = read_bundle(bundle(ROOT / "spec"))["operations"]
    known = {name: {**facts, "id": facts["vendor_id"]} for name, facts in ours.items()} | LOCK["operations"]
    here = set(LOCK["operations"])
    found = []
    for day, come, gone in reversed(STEPS):
        assert come <= here, f"{day}: later versions have what it brought"
        assert not gone & here, f"{day}: later versions have not what it took"
        found.append((day, empty() | {"operations": {name: known[name] for name in here}}))
        here = (here - come) | gone
    found.append((FIRST[0], empty() | {"operations": {name: known[name] for name in here}}))
    return found[::-1]


def test_the_first_version_had_as_many_operations_as_is_recorded(versions: list[tuple[str, Facts]]) -> None:
    day, facts = versions[0]
    assert (day, len(facts["operations"])) == FIRST


def test_every_step_is_reported_and_nothing_else(versions: list[tuple[str, Facts]]) -> None:
    for (_, before), (day, after), (_, come, gone) in zip(versions, versions[1:], STEPS, strict=False):
        results = {(each.kind, each.place) for each in compare(before, after)}
        expected = {("operation-added", name) for name in come} | {("operation-missing", name) for name in gone}
        assert results == expected, day


def test_what_was_withdrawn_is_still_offered_with_its_last_day() -> None:
    """The vendor took them out of the document; who used them is warned and not cut off."""
    document = bundle(ROOT / "spec")
    for day, _, gone in STEPS:
        for name in gone:
            method, _, path = name.partition(" ")
            operation = document["paths"][path][method.lower()]
            assert operation["deprecated"]
            assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", operation["x-history"]["last-seen"])
            assert operation["x-history"]["last-seen"] <= day
