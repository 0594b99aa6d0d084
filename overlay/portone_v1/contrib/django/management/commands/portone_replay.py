"""`manage.py portone_replay`: read payments again as if PortOne had sent a webhook for each."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser  # type: ignore[import-untyped]

from ..._inbox import inbox
from ..._settings import client

__all__ = ["Command"]

KST = timezone(timedelta(hours=9))


class Command(BaseCommand):  # type: ignore[misc]
    help = "결제를 다시 읽어 처리합니다. Safe to repeat: only new states reach the handler."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("imp_uid", nargs="*")
        parser.add_argument("--tier", help="하위 상점 고유코드, of imp_uid and --since")
        parser.add_argument("--dead", action="store_true", help="payments whose handling was given up")
        parser.add_argument("--since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="all of V1 since then (KST)")

    def handle(
        self,
        *_: Any,
        imp_uid: list[str],
        tier: str | None = None,
        dead: bool = False,
        since: date | None = None,
        **options: Any,
    ) -> None:
        del options
        if not (imp_uid or dead or since):
            raise CommandError("pass payment ids, --dead or --since")
        self._replay(imp_uid, tier)
        if dead:
            for row in inbox().rows(state="dead", limit=10_000):
                self._replay([row.imp_uid], row.tier)
        if since is not None:
            until = datetime.now(KST) + timedelta(seconds=2)  # what has just been paid, too
            movements = client(tier).payments.reconcile(datetime.combine(since, time(), KST), until)
            self._replay(dict.fromkeys(movement.imp_uid for movement in movements), tier)

    def _replay(self, imp_uids: Iterable[str], tier: str | None) -> None:
        for imp_uid in imp_uids:
            try:
                outcomes = inbox().replay([imp_uid], tier=tier)
            except ValueError as error:
                raise CommandError(str(error)) from None
            for uid, outcome in outcomes.items():
                self.stdout.write(f"{uid} {outcome}")
