"""Run `settle_all` every minute in a process of its own, with APScheduler.

python -m examples.workers.apscheduler_shop     # environment: PORTONE_V1_KEY, PORTONE_V1_INTENTS, …
"""

# pyright: reportMissingTypeStubs=false, reportUnknownMemberType=false

from __future__ import annotations

import os
import sys

from apscheduler.schedulers.blocking import BlockingScheduler  # type: ignore[import-untyped]
from portone_v1 import PortOne
from portone_v1.results import SettledWrite


def settled_later(settled: SettledWrite) -> None:
    """Handle an outcome that no call has returned. This is called at least once for each: make it idempotent."""
    sys.stdout.write(f"{settled.intent.resource} {settled.state}\n")
    sys.stdout.flush()


def main() -> None:
    with PortOne() as client:
        scheduler = BlockingScheduler(timezone="Asia/Seoul")
        # One run at a time; runs that were missed while the machine slept are run once.
        scheduler.add_job(
            lambda: client.settle_all(settled_later),
            "interval",
            seconds=float(os.environ.get("SHOP_SETTLE_EVERY", "60")),
            max_instances=1,
            coalesce=True,
        )
        scheduler.start()


if __name__ == "__main__":
    main()
