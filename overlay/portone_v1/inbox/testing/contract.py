"""The contract of an inbox store."""

from __future__ import annotations

from decimal import Decimal

from attrs import evolve

from ..._testing import at_once
from ...webhooks import LONGEST_ID, LONGEST_TEXT
from ..events import Progress
from ..rows import InboxRow, ReceivedWebhook, after_failure, after_look
from ..stores import InboxStore

__all__ = ["InboxStoreContract"]

WEBHOOK = ReceivedWebhook("payment::imp_1", "payment", "imp_1", "order-1", claims=("paid",), believed=True)


def _leased(store: InboxStore, now: float, key: str | None = None) -> InboxRow:
    row = store.lease(now, "worker", now + 60, key)
    assert row is not None
    return row


def _looked(row: InboxRow, now: float, progress: Progress) -> InboxRow:
    return after_look(row, answered=row.wanted, payment=None, handled=progress, now=now)


class InboxStoreContract:
    """Subclass it, and give it a `store` fixture."""

    def test_webhooks_are_stored_once_for_each_payment(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        store.record(evolve(WEBHOOK, claims=("cancelled:c-1",), believed=False), 101.0)
        store.record(evolve(WEBHOOK, key="payment::imp_2", imp_uid="imp_2"), 102.0)
        rows = {row.imp_uid: row for row in store.rows()}
        assert set(rows) == {"imp_1", "imp_2"}
        assert rows["imp_1"].wanted == 2
        assert rows["imp_1"].claims == ("paid", "cancelled:c-1")
        assert rows["imp_1"].believed
        assert rows["imp_1"].due_at == 101.0
        assert (rows["imp_1"].merchant_uid, rows["imp_1"].tier, rows["imp_1"].state) == ("order-1", None, "waiting")

    def test_the_longest_ids_and_any_text_are_kept(self, store: InboxStore) -> None:
        imp_uid, order = "i" * LONGEST_ID, "주\t\u202e😀\n" * (LONGEST_TEXT // 5)
        key = f"escrow:AB1:{imp_uid}:{'0' * 16}"
        store.record(ReceivedWebhook(key, "escrow", imp_uid, order, "AB1"), 100.0)
        row = _leased(store, 100.0, key)
        assert (row.key, row.imp_uid, row.merchant_uid) == (key, imp_uid, order)

    def test_what_is_due_longest_comes_first(self, store: InboxStore) -> None:
        store.record(evolve(WEBHOOK, key="payment::imp_2", imp_uid="imp_2"), 101.0)
        store.record(WEBHOOK, 100.0)
        assert store.lease(99.0, "worker", 159.0) is None
        assert _leased(store, 102.0).imp_uid == "imp_1"
        assert _leased(store, 102.0).imp_uid == "imp_2"
        assert store.lease(102.0, "worker", 162.0) is None

    def test_a_leased_row_is_nobody_elses_until_the_lease_ends(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        assert _leased(store, 100.0, WEBHOOK.key).owner == "worker"
        assert store.lease(159.0, "other", 219.0, WEBHOOK.key) is None
        taken = store.lease(160.0, "other", 220.0, WEBHOOK.key)
        assert taken is not None
        assert taken.owner == "other"

    def test_a_row_of_no_payment_is_none(self, store: InboxStore) -> None:
        assert store.lease(100.0, "worker", 160.0, "payment::imp_9") is None

    def test_a_finished_row_keeps_its_progress_and_is_due_no_more(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        row = _leased(store, 100.0)
        with store.open(row) as work:
            assert work is not None
            store.finish(work, _looked(row, 101.0, Progress(2, Decimal("0.10"))), 101.0)
        (found,) = store.rows(state="done")
        assert found.progress == Progress(2, Decimal("0.10"))
        assert (found.due_at, found.owner, found.done, found.claims) == (None, None, 1, ())
        assert store.lease(1e9, "worker", 2e9) is None
        assert store.lease(1e9, "worker", 2e9, WEBHOOK.key) is not None

    def test_a_webhook_during_the_read_makes_the_row_due_again(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        row = _leased(store, 100.0)
        store.record(evolve(WEBHOOK, claims=("cancelled:c-1",)), 101.0)
        with store.open(row) as work:
            assert work is not None
            store.finish(work, _looked(row, 102.0, Progress(2)), 102.0)
        again = _leased(store, 102.0)
        assert (again.wanted, again.done, again.progress) == (2, 1, Progress(2))
        assert "cancelled:c-1" in again.claims

    def test_nothing_is_committed_when_the_handler_raises(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        row = _leased(store, 100.0)
        try:
            with store.open(row) as work:
                assert work is not None
                work.later("send", key="send:1", order="order-1")
                raise ZeroDivisionError  # noqa: TRY301
        except ZeroDivisionError:
            pass
        assert store.take_task(1e9, 2e9) is None
        (found,) = store.rows()
        assert (found.owner, found.progress) == ("worker", Progress())
        failed = after_failure(row, "ZeroDivisionError", ends=False, now=101.0)
        store.release(failed, "worker", 101.0)
        assert store.lease(101.5, "worker", 161.5) is None
        again = _leased(store, 102.0)
        assert (again.tries, again.error) == (1, "ZeroDivisionError")

    def test_a_worker_that_lost_the_lease_changes_nothing(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        slow = _leased(store, 100.0)
        quick = store.lease(160.0, "other", 220.0)
        assert quick is not None
        with store.open(slow) as work:
            assert work is None
        store.release(after_failure(slow, "Late", ends=False, now=161.0), "worker", 161.0)
        (found,) = store.rows()
        assert (found.owner, found.error) == ("other", "")

    def test_two_workers_never_get_the_same_row(self, store: InboxStore) -> None:
        for number in range(10):
            store.record(evolve(WEBHOOK, key=f"payment::imp_{number}", imp_uid=f"imp_{number}"), 100.0 + number)
        got: list[str] = []

        def work(number: int) -> None:
            while (row := store.lease(200.0, f"worker-{number}", 260.0)) is not None:
                got.append(row.key)

        at_once(work, workers=4)
        assert sorted(got) == sorted({f"payment::imp_{number}" for number in range(10)})

    def test_webhooks_at_once_are_all_counted(self, store: InboxStore) -> None:
        def webhook(_: int) -> None:
            for _ in range(5):
                store.record(WEBHOOK, 100.0)

        at_once(webhook, workers=4)
        (row,) = store.rows()
        assert row.wanted == 20

    def test_a_task_is_enqueued_once_for_its_key(self, store: InboxStore) -> None:
        for now in (100.0, 200.0):
            store.record(WEBHOOK, now)
            row = _leased(store, now)
            with store.open(row) as work:
                assert work is not None
                work.later("send", key="send:1", order="order-1")
                store.finish(work, _looked(row, now, Progress(2)), now)
        task = store.take_task(300.0, 360.0)
        assert task is not None
        assert (task.name, task.key, dict(task.arguments), task.tries) == ("send", "send:1", {"order": "order-1"}, 1)
        assert store.take_task(300.0, 360.0) is None
        store.end_task(task, retry_at=310.0, error="OSError")
        again = store.take_task(310.0, 370.0)
        assert again is not None
        assert (again.tries, again.error) == (2, "OSError")
        store.end_task(again, retry_at=None)
        assert store.take_task(1e9, 2e9) is None

    def test_the_task_of_a_dead_worker_comes_back(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        row = _leased(store, 100.0)
        with store.open(row) as work:
            assert work is not None
            work.later("send", key="send:1")
            store.finish(work, _looked(row, 100.0, Progress(2)), 100.0)
        assert store.take_task(100.0, 160.0) is not None
        assert store.take_task(159.0, 219.0) is None
        assert store.take_task(160.0, 220.0) is not None

    def test_a_run_whose_lease_ended_does_not_revive_what_another_has_done(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        row = _leased(store, 100.0)
        with store.open(row) as work:
            assert work is not None
            work.later("send", key="send:1")
            store.finish(work, _looked(row, 100.0, Progress(2)), 100.0)
        slow, second = store.take_task(100.0, 160.0), store.take_task(160.0, 220.0)
        assert slow is not None
        assert second is not None
        store.end_task(slow, retry_at=170.0, error="TimeoutError")
        assert store.take_task(170.0, 230.0) is None, "the second run has it"
        store.end_task(second, retry_at=None)
        store.end_task(slow, retry_at=300.0, error="TimeoutError")
        assert store.take_task(1e9, 2e9) is None

    def test_an_escrow_event_keeps_its_fields(self, store: InboxStore) -> None:
        webhook = ReceivedWebhook(
            "escrow::imp_1:ab", "escrow", "imp_1", payload={"escrow_status": "4", "changed_at": 1754000000}
        )
        store.record(webhook, 100.0)
        row = _leased(store, 100.0)
        assert (row.kind, dict(row.payload)) == ("escrow", {"escrow_status": "4", "changed_at": 1754000000})

    def test_prune_deletes_what_is_finished_and_old(self, store: InboxStore) -> None:
        store.record(WEBHOOK, 100.0)
        store.record(evolve(WEBHOOK, key="payment::imp_2", imp_uid="imp_2"), 100.0)
        row = _leased(store, 100.0, WEBHOOK.key)
        with store.open(row) as work:
            assert work is not None
            store.finish(work, _looked(row, 100.0, Progress(2)), 100.0)
        assert store.prune(100.0) == 0
        assert store.prune(101.0) == 1
        assert [row.imp_uid for row in store.rows()] == ["imp_2"]
