"""`manage.py portone_drain`: handle stored webhooks, then the tasks that handlers left for after the commit."""

# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser  # type: ignore[import-untyped]
from django.db import Error, close_old_connections  # type: ignore[import-untyped]

from ....signals import StopSignals
from ..._inbox import inbox

__all__ = ["Command"]

LIMIT = 1000


class Command(BaseCommand):  # type: ignore[misc]
    help = (
        "저장된 웹훅과 커밋 뒤 작업을 처리합니다. Handle stored webhooks and tasks; several workers may run it at once."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--watch", type=float, metavar="SECONDS", help="keep running; seconds between two runs")

    def handle(self, *_: Any, watch: float | None = None, **options: Any) -> None:
        del options
        if watch is None:
            self.stdout.write(f"{inbox().drain()}")
            return
        if watch <= 0:
            raise SystemExit("--watch must be a number of seconds")
        with StopSignals() as signals:
            over = False
            while not over:
                close_old_connections()
                try:
                    count = inbox().drain(LIMIT)
                except Error as error:  # the database restarts: what is stored is still there
                    self.stderr.write(f"the database could not be used: {type(error).__name__}")
                    count = 0
                over = signals.wait(watch if count < LIMIT else 0)
