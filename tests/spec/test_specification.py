"""The specification itself: what must be in it, and that it keeps its rules."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from scripts.bundle import SPEC, bundle
from scripts.lint.places import Spec
from scripts.lint_spec import RULES, lint, validate
from tests.spec.trees import MINI, Node

NAMES = {
    "auth": "get_token",
    "payments": "get get_many find find_all search cancel balance",
    "prepare": "create update get",
    "subscribe": "onetime again schedule unschedule list_schedules get_schedule update_schedule reschedule retry "
    "list_customer_schedules",
    "billing_keys": "get get_many issue delete list_payments list_schedules",
    "vbanks": "issue update revoke get_holder",
    "certifications": "get delete request_otp confirm_otp",
    "receipts": "get issue revoke get_external issue_external revoke_external",
    "escrow": "get register update",
    "codes": "list_cards get_card list_banks get_bank",
    "channels": "list",
    "tiers": "get create update delete",
    "payco": "update_order_status",
    "kakao": "list_orders",
    "benepia": "get_point pay",
    "paymentwall": "register_delivery",
    "cvs": "issue revoke",
    "partners": "register_receipt",
}
"""The methods that users were promised."""


@cache
def _spec() -> Spec:
    return Spec(bundle(SPEC), SPEC)


def _operations() -> dict[str, Node]:
    return {operation.id: operation.node for operation in _spec().operations}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_it_keeps_the_rule(rule: Callable[[Spec], Iterator[str]]) -> None:
    assert sorted(rule(_spec())) == []


@pytest.mark.parametrize("folder", [SPEC, MINI], ids=["spec", "mini"])
def test_it_is_openapi_and_its_examples_are_what_it_says(folder: Path) -> None:
    assert validate(Spec(bundle(folder), folder)) == []


def test_the_small_specification_keeps_all_rules() -> None:
    assert lint(Spec(bundle(MINI), MINI)) == []


def test_it_has_all_operations() -> None:
    ours = {f"{method.upper()} {path}" for path, item in bundle(SPEC)["paths"].items() for method in item}
    assert json.loads((SPEC / "upstream.lock.json").read_text("utf-8"))["operations"].keys() <= ours
    withdrawn = {name for name, operation in _operations().items() if operation.get("deprecated")}
    assert withdrawn == {"vbanks_get_holder", "tiers_create", "tiers_update", "tiers_delete", "kakao_list_orders"}


def test_the_promised_methods_are_there() -> None:
    promised = {f"{tag}_{name}" for tag, names in NAMES.items() for name in names.split()}
    assert promised <= _operations().keys()


def test_only_reads_and_two_calls_may_be_repeated() -> None:
    """A POST that is marked safe by mistake would be sent twice."""
    marked = {name for name, operation in _operations().items() if operation.get("x-safe")}
    assert marked == {"auth_get_token", "benepia_get_point"}


def test_a_refund_says_how_much() -> None:
    (body,) = [operation.body for operation in _spec().operations if operation.id == "payments_cancel"]
    assert body["properties"]["amount"]["x-full"] is True
    assert body["x-exactly-one"] == ["imp_uid", "merchant_uid"]


def test_only_the_token_call_goes_without_a_token() -> None:
    free = {name for name, operation in _operations().items() if operation.get("security") == []}
    assert free == {"auth_get_token"}
