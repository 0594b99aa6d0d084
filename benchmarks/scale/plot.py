"""Cost of a call over the size of the sandbox, in SVG."""

from __future__ import annotations

import statistics

from benchmarks.lines import HEIGHT, LEFT, TOP, WIDTH, lines_of, whole

from .measure import Scale

__all__ = ["curves"]

READS = (
    "payments_get",
    "payments_find",
    "payments_search, all",
    "billing_keys_list_payments",
    "subscribe_list_schedules",
)
WRITES = (
    "subscribe_onetime",
    "subscribe_again",
    "payments_cancel by merchant_uid",
    "subscribe_schedule",
    "vbanks_issue",
)
PALETTE = ("#2563c9", "#2a9d8f", "#c9a227", "#c05621", "#7c3aed")


def curves(got: Scale) -> str:
    """Draw two plots: reads and writes."""
    parts = []
    for column, (title, names) in enumerate((("reads", READS), ("writes", WRITES))):
        lines = {
            name: [(size, statistics.median(spent) * 1e6) for size, spent in got.cost[name].items()] for name in names
        }
        x0 = LEFT + column * (WIDTH + LEFT + 210)
        shown = f"µs of CPU a call over the number of payments, {title}"
        parts += lines_of(lines, shown, x0, TOP, dict(zip(names, PALETTE, strict=True)))
    return whole("Cost of a call over the size of the sandbox", 2 * (WIDTH + LEFT + 210), HEIGHT + TOP + 44, parts)
