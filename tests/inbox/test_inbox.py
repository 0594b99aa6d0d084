"""What PortOne posts, and what becomes of it: in order, once, and nothing lost while reads lag."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from portone_v1.inbox import Paid, PaymentFailed, Progress, Refunded, RetryLater, UnknownOrder, VbankIssued

from tests.inbox.shop import GONE, STRANGER, V1, AsyncShop, Clock, SyncShop, post


def events_of(shop: Any) -> list[tuple[type, str, int]]:
    return [
        (type(change), change.payment.imp_uid, int(Progress.of(change.payment).cancelled)) for change in shop.changes
    ]


def test_a_paid_order_is_handled_once(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "paid")
    answers = [post(shop, "imp_1", "paid") for _ in range(3)]
    assert [answer.status for answer in answers] == [200, 200, 200]
    assert events_of(shop) == [(Paid, "imp_1", 0)]


def test_each_step_of_a_payment_reaches_the_handler_with_the_previous_one(shop: Any, v1: V1) -> None:
    steps: list[tuple[str, dict[str, Any]]] = [
        ("ready", {}),
        ("paid", {}),
        ("cancelled", {"cancelled": 300, "ids": ("A",)}),
        ("cancelled", {"cancelled": 1000, "ids": ("A", "B")}),
    ]
    for status, more in steps:
        v1.write("imp_1", status, **more)
        assert post(shop, "imp_1", status).status == 200
    assert [type(change) for change in shop.changes] == [VbankIssued, Paid, Refunded, Refunded]
    assert [change.amount_now for change in shop.changes[2:]] == [300, 700]
    assert shop.changes[2].before == Progress(2)


def test_a_partial_refund_that_leaves_the_status_paid_is_a_refund(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "paid")
    post(shop, "imp_1", "paid")
    v1.write("imp_1", "paid", cancelled=300)
    post(shop, "imp_1", "cancelled")
    assert events_of(shop) == [(Paid, "imp_1", 0), (Refunded, "imp_1", 300)]
    assert shop.changes[1].amount_now == 300


def test_a_further_refund_after_which_v1_says_paid_again_is_a_refund(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "cancelled", cancelled=300)
    post(shop, "imp_1", "cancelled")
    v1.write("imp_1", "paid", cancelled=500)
    post(shop, "imp_1", "paid")
    post(shop, "imp_1", "paid")
    assert events_of(shop) == [(Paid, "imp_1", 300), (Refunded, "imp_1", 300), (Refunded, "imp_1", 500)]
    assert shop.changes[2].amount_now == 200


def test_an_order_number_that_is_a_number(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "paid", merchant_uid="20270101")
    assert post(shop, "imp_1", "paid", merchant_uid=20270101, remote=STRANGER).status == 200
    assert events_of(shop) == [(Paid, "imp_1", 0)]


def test_a_failed_payment_that_becomes_paid_reaches_the_handler_twice(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "failed")
    post(shop, "imp_1", "failed")
    v1.write("imp_1", "paid")
    post(shop, "imp_1", "paid")
    assert [type(change) for change in shop.changes] == [PaymentFailed, Paid]


def test_a_read_behind_the_notice_asks_for_another_and_is_looked_at_again(shop: Any, v1: V1, clock: Clock) -> None:
    v1.write("imp_1", "ready")
    assert post(shop, "imp_1", "paid").status == 503
    assert [type(change) for change in shop.changes] == [VbankIssued]
    v1.write("imp_1", "paid")
    assert shop.drain() == 0  # not due yet
    clock.now += 1.0
    shop.drain()
    assert [type(change) for change in shop.changes] == [VbankIssued, Paid]


def test_a_refund_is_waited_for_by_its_cancellation_id(shop: Any, v1: V1, clock: Clock) -> None:
    v1.write("imp_1", "cancelled", cancelled=300, ids=("A",))
    assert post(shop, "imp_1", "cancelled", cancellation_id="B").status == 503
    v1.write("imp_1", "cancelled", cancelled=500, ids=("A", "B"))
    clock.now += 1.0
    shop.drain()
    assert [change.after.cancelled for change in shop.changes] == [0, 300, 500]


def test_a_payment_that_can_not_be_read_yet_is_kept(shop: Any, v1: V1, clock: Clock) -> None:
    assert post(shop, "imp_1", "paid").status == 503
    v1.write("imp_1", "paid")
    clock.now += 1.0
    shop.drain()
    assert events_of(shop) == [(Paid, "imp_1", 0)]


def test_after_ten_minutes_an_unknown_payment_is_dead(shop: Any, clock: Clock) -> None:
    post(shop, "imp_1", "paid")
    for _ in range(100):
        clock.now += 60.0
        shop.drain()
    assert [row.imp_uid for row in _rows(shop, "dead")] == ["imp_1"]


def _rows(shop: Any, state: str) -> Any:
    rows = shop.inbox.rows(state=state)
    return shop.runner.run(rows) if hasattr(shop, "runner") else rows


@pytest.mark.parametrize("down", [True, False])
def test_a_stranger_stores_nothing_that_v1_does_not_know(shop: Any, v1: V1, down: bool) -> None:
    v1.down = down
    answers = {post(shop, f"imp_{number}", "paid", remote=STRANGER).status for number in range(20)}
    assert answers == {503 if down else 404}
    assert [_rows(shop, state) for state in ("waiting", "done", "dead")] == [[], [], []]


def test_a_forged_refund_changes_nothing_and_costs_a_few_reads(shop: Any, v1: V1, clock: Clock) -> None:
    v1.write("imp_1", "paid")
    post(shop, "imp_1", "paid")
    post(shop, "imp_1", "cancelled", cancellation_id="FORGED", remote=STRANGER)
    for _ in range(100):
        clock.now += 10.0
        shop.drain()
    assert events_of(shop) == [(Paid, "imp_1", 0)]
    assert v1.reads < 16


def test_a_notice_of_another_order_is_refused(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "paid")
    assert post(shop, "imp_1", "paid", remote=STRANGER, merchant_uid="order-other").status == 409
    assert shop.changes == []


def test_v1_is_down_and_the_notice_is_kept(shop: Any, v1: V1, clock: Clock) -> None:
    v1.write("imp_1", "paid")
    v1.down = True
    assert post(shop, "imp_1", "paid").status == 503
    v1.down = False
    clock.now += 1.0
    shop.drain()
    assert events_of(shop) == [(Paid, "imp_1", 0)]


def test_with_a_worker_a_stored_notice_is_enough(open_shop: Callable[..., Any], v1: V1, clock: Clock) -> None:
    shop = open_shop(drained=True)
    v1.down = True
    v1.write("imp_1", "paid")
    answer = post(shop, "imp_1", "paid")
    assert (answer.status, answer.text) == (200, "stored")
    v1.down = False
    clock.now += 1.0
    shop.drain()
    assert events_of(shop) == [(Paid, "imp_1", 0)]


def test_an_order_that_is_stored_after_the_notice(shop: Any, v1: V1, clock: Clock) -> None:
    known: list[str] = []

    def handle(change: Any, _later: Any) -> None:
        if change.payment.merchant_uid not in known:
            raise RetryLater

    shop.handle = handle
    v1.write("imp_1", "paid")
    assert post(shop, "imp_1", "paid").status == 503
    known.append("order-imp_1")
    clock.now += 1.0
    shop.drain()
    assert events_of(shop) == [(Paid, "imp_1", 0)]


def test_an_order_of_nobody_ends_the_row(shop: Any, v1: V1, clock: Clock, caplog: pytest.LogCaptureFixture) -> None:
    def handle(_change: Any, _later: Any) -> None:
        raise UnknownOrder

    shop.handle = handle
    v1.write("imp_1", "paid")
    with caplog.at_level(logging.WARNING):
        assert post(shop, "imp_1", "paid").status == 200
    assert "imp_1 belongs to no order" in caplog.text
    (row,) = _rows(shop, "done")
    assert row.error == "UnknownOrder"


def test_a_handler_that_raises_is_called_again(shop: Any, v1: V1, clock: Clock) -> None:
    failures = [OSError("disk"), OSError("disk")]

    def handle(_change: Any, later: Any) -> None:
        later("send", key="send:1", order="o")
        if failures:
            raise failures.pop()

    shop.handle = handle
    v1.write("imp_1", "paid")
    assert post(shop, "imp_1", "paid").status == 503
    for _ in range(4):
        clock.now += 4.0
        shop.drain()
    assert events_of(shop) == [(Paid, "imp_1", 0)]
    assert shop.done == [{"order": "o"}]


async def not_awaited(_change: Any, _work: Any) -> None:
    raise AssertionError("a synchronous inbox awaits nothing")


def not_awaitable(_change: Any, _work: Any) -> None:
    """Return nothing that could be awaited."""


def test_a_handler_of_the_other_flavour_handles_nothing(
    shop: Any, v1: V1, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    own = shop.inbox._payment
    shop.inbox.on_payment(not_awaited if isinstance(shop, SyncShop) else not_awaitable)
    v1.write("imp_1", "paid")
    assert post(shop, "imp_1", "paid").status == 503
    assert "on_payment must be" in caplog.text
    shop.inbox.on_payment(own)
    clock.now += 4.0
    shop.drain()
    assert events_of(shop) == [(Paid, "imp_1", 0)]


def test_a_test_payment_is_not_handled_unless_it_is_allowed(open_shop: Callable[..., Any], v1: V1) -> None:
    v1.write("imp_1", "paid", sandbox=True)
    strict, lax = open_shop(), open_shop(allow_test=True)
    assert post(strict, "imp_1", "paid").status == 200
    assert strict.changes == []
    post(lax, "imp_1", "paid")
    assert events_of(lax) == [(Paid, "imp_1", 0)]


def test_the_tier_is_part_of_the_key(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "paid")
    post(shop, "imp_1", "paid", tier="ABC")
    post(shop, "imp_1", "paid", tier="XYZ")
    assert len(shop.changes) == 2


def test_replay_passes_only_new_changes_to_the_handler(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "paid")
    v1.write("imp_2", "paid")
    post(shop, "imp_1", "paid")
    assert shop.replay("imp_1", "imp_2") == {"imp_1": "done", "imp_2": "done"}
    assert events_of(shop) == [(Paid, "imp_1", 0), (Paid, "imp_2", 0)]


def test_a_replay_of_no_payment_stores_nothing(shop: Any) -> None:
    """Its row would be read again for ever, and nothing could be found by it."""
    for empty in ("", " ", "."):
        with pytest.raises(ValueError, match="empty"):
            shop.replay("imp_1", empty)
    with pytest.raises(TypeError, match=r"replay\(\[imp_uid\]\)"):
        shop.runner.run(shop.inbox.replay("imp_1")) if isinstance(shop, AsyncShop) else shop.inbox.replay("imp_1")
    assert shop.drain() == 0


def test_a_tier_without_a_client_holds_up_no_other_payment(
    open_shop: Callable[..., Any], v1: V1, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    shop = open_shop(drained=True)
    v1.down = True
    assert [post(shop, uid, "paid", tier=tier).text for uid, tier in (("imp_1", GONE), ("imp_2", None))] == [
        "stored"
    ] * 2
    v1.down = False
    v1.write("imp_2", "paid")
    clock.now += 2
    assert shop.drain() == 2
    assert events_of(shop) == [(Paid, "imp_2", 0)]
    assert "KeyError" in caplog.text


@pytest.mark.parametrize(
    ("body", "status", "text"),
    [
        (
            b'{"imp_uid": "imp_1234567890", "merchant_uid": "merchant_1234567890", "status": "ready"}',
            200,
            "test webhook",
        ),
        (b'{"tx_id": "1", "payment_id": "2", "status": "Paid"}', 400, "V2"),
        (b'{"type": "Transaction.Paid", "data": {}}', 400, "V2"),
        (b"", 400, "neither"),
        (b"[]", 400, "object"),
        (b'{"imp_uid": ""}', 400, "imp_uid"),
        (b"{" * 70000, 400, "too large"),
    ],
)
def test_what_is_no_webhook_stores_nothing(shop: Any, body: bytes, status: int, text: str) -> None:
    answer = shop.receive(body, "52.78.100.19", "application/json", None)
    assert answer.status == status
    assert text in answer.text
    assert _rows(shop, "waiting") == []


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("drained", [True, False])
def test_in_any_disorder_the_last_state_is_handled_and_none_twice_or_backwards(
    open_shop: Callable[..., Any], v1: V1, clock: Clock, seed: int, drained: bool
) -> None:
    """Reads that lag, webhooks that are lost, doubled and late, a handler that fails: any order of them."""
    chance = random.Random(seed)
    shop = open_shop(drained=drained)

    def handle(_change: Any, _later: Any) -> None:
        if chance.random() < 0.3:
            raise OSError("the shop's own failure")

    shop.handle = handle
    v1.lag = chance.choice((0.0, 2.0, 10.0))
    finals: dict[str, Progress] = {}
    waiting: list[tuple[str, str, str | None]] = []
    stories = []
    for number in range(6):
        story: list[tuple[str, int, tuple[str, ...]]] = [("ready", 0, ()), ("paid", 0, ())]
        if number % 3:
            story.append(("cancelled", 300, ("A",)))
        if number % 3 == 2:
            story.append(("cancelled", 1000, ("A", "B")))
        stories.append((f"imp_{number}", story))
        finals[f"imp_{number}"] = Progress({"paid": 2, "cancelled": 3}[story[-1][0]], Decimal(story[-1][1]))
    while any(story for _, story in stories) or waiting:
        what = chance.random()
        if what < 0.4 and (open_stories := [each for each in stories if each[1]]):
            imp_uid, story = chance.choice(open_stories)
            status, cancelled, ids = story.pop(0)
            v1.write(imp_uid, status, cancelled=cancelled, ids=ids)
            waiting += [(imp_uid, status, ids[-1] if ids else None)] * chance.choice((1, 2, 3))
        elif what < 0.8 and waiting:
            imp_uid, status, cancellation_id = waiting.pop(chance.randrange(len(waiting)))
            answer = post(shop, imp_uid, status, cancellation_id=cancellation_id)
            if answer.status >= 500 and chance.random() < 0.5:
                waiting.append((imp_uid, status, cancellation_id))  # PortOne sends it again, sometimes
        else:
            shop.drain()
        clock.now += chance.uniform(0, 3.0)
    for _ in range(200):
        clock.now += 5.0
        shop.drain()
    for imp_uid, final in finals.items():
        mine = [change.after for change in shop.changes if change.payment.imp_uid == imp_uid]
        assert mine == sorted(set(mine)), (imp_uid, mine)
        assert mine[-1] == final, (imp_uid, mine)


@pytest.mark.parametrize("status", ["cancelled", "paid"])
def test_a_payment_first_seen_partly_refunded_is_handled_as_paid_and_then_as_refunded(
    shop: Any, v1: V1, status: str
) -> None:
    v1.write("imp_1", status, cancelled=300, ids=("A",))
    assert post(shop, "imp_1", "cancelled", cancellation_id="A").status == 200
    assert [type(change) for change in shop.changes] == [Paid, Refunded]
    assert shop.changes[1].amount_now == 300
    post(shop, "imp_1", "cancelled", cancellation_id="A")
    assert len(shop.changes) == 2


def test_a_payment_first_seen_fully_refunded_is_never_handled_as_paid(shop: Any, v1: V1) -> None:
    v1.write("imp_1", "cancelled", cancelled=1000, ids=("A",))
    post(shop, "imp_1", "cancelled", cancellation_id="A")
    assert [type(change) for change in shop.changes] == [Refunded]
