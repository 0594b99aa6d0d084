# ruff: noqa: E501 - a row for each case
"""What went wrong for a shop once, or was reported in public: each case with the test of its right value, and of its kind.

Whoever adds a case adds a row. The kind is what the case is one of: it is held in the models of V1, by real kills, or
where the part is tested.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
MODELS: Final = "tests/models/test_models.py::test_where_one_journal_is_shared_no_promise_is_broken"
RULES: Final = "tests/models/test_models.py::test_each_rule_is_needed"
MONEY: Final = "tests/cases/test_money.py::test_"
FIELD: Final = "tests/cases/test_field.py::"
HOOKS: Final = "tests/cases/test_webhooks.py::test_"
ENSURE: Final = "tests/subscriptions/test_ensure.py::test_"
PERIODS: Final = "tests/subscriptions/test_convergence.py::test_every_chain_ends_and_no_two_numbers_charge_at_once"
GUARDS: Final = "tests/generated/test_guards.py::"

CASES: Final = [
    # case, what was seen, the test of the case, the test of its kind
    ("money 1", "card A is at the PG, card B is declined: told of A", f"{MONEY}another_cards_decline_is_not_the_outcome", MODELS),
    ("money 2", "charged over an attempt that is at the PG", f"{MONEY}nothing_is_charged_over_an_attempt_that_is_at_the_pg", MODELS),
    ("money 5", "a partial refund, sent again while at the PG", f"{MONEY}a_partial_refund_is_not_sent_again_while_it_is_at_the_pg", RULES),
    ("money 7", "two refunds of one amount, one lost, both told", f"{MONEY}two_refunds_of_one_amount_of_which_one_is_lost", RULES),
    ("money 8", "a timeout around a refund, given twice", f"{MONEY}a_timeout_from_outside_around_a_partial_refund", "tests/safe/test_interrupted.py::test_a_refund_that_was_cut_off_is_not_given_twice"),
    ("money 9", "kill -9 in a refund, given twice", "tests/kill/test_kill.py::test_nothing_is_done_twice_and_nothing_is_lost", "tests/models/test_models.py::test_killed_at_every_step_and_run_again"),
    ("money 10", "a refund at PayPal is unknown for ever", f"{MONEY}a_refund_by_paypal_that_v1_never_shows", MODELS),
    ("money 12", "two pods charge one order, nobody says so", f"{MONEY}two_pods_without_a_shared_journal_get_an_error_about_the_second_payment", "tests/models/test_models.py::test_without_a_shared_journal_a_double_charge_is_reported_if_v1_returns_the_mark"),
    ("money 14", "the read is behind the notice, never handled", f"{HOOKS}a_read_that_is_behind_its_notice", "tests/inbox/test_inbox.py::test_a_read_behind_the_notice_asks_for_another_and_is_looked_at_again"),
    ("money 16", "two deliveries overlap, a cancelled order is paid", f"{HOOKS}two_deliveries_that_overlap_end_with_the_last_state", "tests/inbox/test_inbox.py::test_in_any_disorder_the_last_state_is_handled_and_none_twice_or_backwards"),
    ("money 18b", "reconcile misses a charge: one comes, one goes", f"{MONEY}reconcile_while_one_payment_comes_and_one_goes", "tests/lists/test_windows.py::test_what_stays_is_found_once_whatever_comes_and_goes"),
    ("money 20", "a revoked schedule is taken for the next month's", f"{ENSURE}another_price_or_card_replaces_the_schedule", PERIODS),
    ("money 22", "secrets in the locals of a traceback", "tests/overlay/calls/test_secrets_in_frames.py::test_no_local_of_any_frame_shows_a_secret", "tests/overlay/calls/test_secrets_in_frames.py::test_a_secret_is_opaque"),
    ("money 23", "a full refund in two entries is told as refused", f"{MONEY}a_full_refund_that_v1_records_in_two_entries", "tests/safe/test_interrupted.py::test_what_a_refund_is_recorded_as_in_two_entries"),
    ("money 24", "settled by a wrong clock: not charged, then charged", f"{MONEY}settled_on_a_host_with_another_clock", RULES),
    ("money 33", "a rerun is lost, and a paid order is not charged", f"{MONEY}a_rerun_whose_request_is_lost", MODELS),
    ("money 37", "a waiting virtual account keeps a charge open", f"{MONEY}a_waiting_virtual_account_does_not_keep_it_open", MODELS),
    ("money 41", "a V1 that hangs keeps its caller for minutes", f"{MONEY}no_call_lasts_longer_than_its_deadline", RULES),
    ("field 1", "after a pause, nothing is charged ever again", f"{ENSURE}a_pause_and_a_return_schedule_the_period_anew", PERIODS),
    ("field 4", "a late job charges, then says that nothing was done", f"{ENSURE}a_job_that_was_down_reports_the_period_or_charges_it", PERIODS),
    ("field 6", "a time in milliseconds is taken for seconds", f"{FIELD}TestGuards::test_milliseconds_are_no_seconds", GUARDS),
    ("field 8", "PayPal under review is told as declined", f"{FIELD}test_paypal_under_review_reads_failed_and_is_pending", f"{FIELD}test_paypal_declines_after_its_review"),
    ("field 10", "a late approval cannot be rehearsed", "tests/sandbox/pgs/test_pg_profiles.py::test_failed_payments_that_are_paid_after_all", f"{FIELD}test_paypal_under_review_reads_failed_and_is_pending"),
    ("field 11", "an escrow event is answered 422", f"{HOOKS}an_escrow_event_at_the_shops_one_address", "tests/inbox/test_events.py::test_an_escrow_event_is_handled_once_for_its_content"),
    ("field 12", "an empty list is all of them", f"{FIELD}TestGuards::test_an_empty_list_is_not_all_of_them", GUARDS),
    ("field 14", "the window of a paid order has words of its own", f"{FIELD}test_the_window_of_an_order_that_is_paid", "tests/corpus"),
    ("field 15", "404 bears the code 1", f"{FIELD}test_what_v1_does_not_know_is_code_minus_1", "tests/corpus"),
    ("field 17", "an order number as int, a currency as usd: forged", f"{FIELD}TestVerify::test_an_order_number_that_is_an_integer", f"{FIELD}TestVerify::test_a_currency_in_lower_case"),
    ("field 21", "a schedule's extra is sent beside the amount", f"{FIELD}test_a_schedule_has_v1s_own_extra", GUARDS),
]  # fmt: skip


@pytest.mark.parametrize(("case", "seen", "test", "kind"), CASES, ids=[case[0] for case in CASES])
def test_each_case_has_its_test_and_its_kind(case: str, seen: str, test: str, kind: str) -> None:
    for named in (test, kind):
        path, _, name = named.partition("::")
        found = (ROOT / path).read_text("utf-8") if name else str((ROOT / path).exists())
        for part in name.split("::"):
            assert f"def {part}(" in found or f"class {part}:" in found or not part, (case, seen, named)


def test_no_case_is_left_out() -> None:
    assert len({case for case, *_ in CASES}) == len(CASES)
    for name in ("test_money.py", "test_field.py", "test_webhooks.py"):
        assert any(name in test for _, _, test, _ in CASES)
