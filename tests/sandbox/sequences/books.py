"""What a shop holds, as values to compare, and the sums that are right at any time."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from decimal import Decimal
from typing import Any

from portone_v1_sandbox import Sandbox

from tests.sandbox.support import Api

__all__ = ["check_books", "holdings", "payments_of"]


def payments_of(sandbox: Sandbox) -> list[dict[str, Any]]:
    """Return the payments, read with another token, because injected faults are for the test's own calls."""
    left = [row for row in sandbox.faults.pending if row.left]
    assert not left, "the faults are cleared first"
    api = Api(sandbox)
    api.authorize()
    rows: list[dict[str, Any]] = []
    page = 1
    while True:
        found = api.get("/payments/status/all", limit=100, page=page).response
        rows += found["list"]
        if not found["next"]:
            return rows
        page += 1


def holdings(sandbox: Sandbox) -> dict[str, Any]:
    """Return everything of a shop that a caller can see and a snapshot must restore."""
    return {
        "now": sandbox.clock.now(),
        "payments": {row["imp_uid"]: row for row in payments_of(sandbox)},
        "ledger": [asdict(movement) for movement in sandbox.ledger],
        "notifications": [asdict(each) for each in sandbox.notifications],
        "deliveries": [(each.number, each.state, len(each.attempts)) for each in sandbox.webhooks.deliveries],
        "pending": [asdict(refund) for refund in sandbox.pending_refunds],
        "declines": [(each.message, each.left) for each in sandbox.faults.declines],
    }


def check_books(sandbox: Sandbox) -> None:
    """Check that the ledger matches the payments, and that no order is paid twice."""
    moved: Counter[tuple[str, str]] = Counter()
    for movement in sandbox.ledger:
        moved[movement.kind, movement.imp_uid] += Decimal(movement.amount)  # type: ignore[assignment]
    rows = payments_of(sandbox)
    for row in rows:
        imp_uid = row["imp_uid"]
        came_in = row["amount"] if row["paid_at"] else 0
        assert moved["charge", imp_uid] == came_in
        assert moved["refund", imp_uid] == row["cancel_amount"] == sum(each["amount"] for each in row["cancel_history"])
        assert row["cancel_amount"] <= came_in
    assert {uid for _, uid in moved} <= {row["imp_uid"] for row in rows}
    paid = Counter(row["merchant_uid"] for row in rows if row["paid_at"])
    assert all(count == 1 for count in paid.values())
