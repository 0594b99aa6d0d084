"""What the vendor's lists say of single PGs: as data, as warnings, as errors."""

from __future__ import annotations

import warnings

import pytest
from portone_v1 import pg_rules
from portone_v1.models import PgSetting, Schedule

from tests.overlay.harness import Flavour, ScriptedV1, payment


def test_what_a_pg_needs() -> None:
    assert {rule.argument for rule in pg_rules.needed("ksnet", "receipts.issue")} == {"product_type", "buyer_name"}
    assert pg_rules.needed("ksnet", "receipts_issue") == pg_rules.needed("ksnet", "receipts.issue")
    assert pg_rules.needed("kakaopay", "receipts.issue") == ()


def test_the_rules_of_a_pg_include_arguments_that_are_only_for_others() -> None:
    by_argument = {rule.argument: rule for rule in pg_rules.rules("welcome", "payments.cancel")}
    assert "welcome" in by_argument["vat_amount"].supported
    assert "welcome" in by_argument["tax_free"].notes


def test_an_unknown_operation_raises() -> None:
    with pytest.raises(ValueError, match=r"payments\.refund"):
        pg_rules.rules("kcp", "payments.refund")


def test_a_call_is_compared_with_the_vendors_lists(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(payment())
    client = flavour.client(v1)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        client.call(lambda c: c.with_options(pg="naverpay").payments.cancel(imp_uid="imp_1", amount=100))
    warned = [warning for warning in caught if warning.category is pg_rules.PgRuleWarning]
    assert [str(warning.message).split(" (")[0] for warning in warned] == [
        "payments.cancel: reason is required by naverpay",
        "payments.cancel: extra is required by naverpay",
    ]
    if flavour.name == "sync":  # a coroutine runs in the harness, which awaits it
        assert {warning.filename for warning in warned} == {__file__}


def test_or_refused_before_anything_is_sent(flavour: Flavour, v1: ScriptedV1) -> None:
    client = flavour.client(v1)
    channel = PgSetting(pg_provider="naverpay", pg_id="mid")
    with pytest.raises(pg_rules.PgRuleError, match="extra is required by naverpay"):
        client.call(lambda c: c.with_options(pg=channel, pg_errors=True).payments.cancel(imp_uid="imp_1", amount=100))
    assert v1.requests == []


def test_lists_inside_lists_are_looked_at(flavour: Flavour, v1: ScriptedV1) -> None:
    entry = Schedule(merchant_uid="order-1", schedule_at=1_800_000_000, amount=100)
    with pytest.raises(pg_rules.PgRuleError, match=r"schedules\[\]\.buyer_name is required by ksnet"):
        flavour.client(v1).call(
            lambda c: c.with_options(pg="ksnet", pg_errors=True).subscribe.schedule(
                customer_uid="customer-1", schedules=[entry]
            )
        )


def test_no_warning_without_pg(flavour: Flavour, v1: ScriptedV1) -> None:
    v1.play(payment())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        flavour.client(v1).call(lambda c: c.payments.cancel(imp_uid="imp_1", amount=100))
