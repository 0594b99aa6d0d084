"""`manage.py portone_reconcile`: compare the payments of a period at V1 with what handlers have processed."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser  # type: ignore[import-untyped]
from portone_v1_generated.models.payments import Payment

from .....errors import ResponseFormatError
from .....inbox.events import Progress
from ..._inbox import inbox
from ..._settings import client, database
from ...models import StoredWebhook

__all__ = ["Command"]

KST = timezone(timedelta(hours=9))


class Command(BaseCommand):  # type: ignore[misc]
    help = (
        "포트원의 결제와 처리된 웹훅을 비교합니다. Compare the payments of a period with the processed webhooks; "
        "exits with 1 if they differ."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, metavar="YYYY-MM-DD", required=True, help="first day, KST"
        )
        parser.add_argument(
            "--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="last day; default: until now"
        )
        parser.add_argument("--tier", help="하위 상점 고유코드")
        parser.add_argument("--replay", action="store_true", help="process what differs, as portone_replay does")

    def handle(
        self,
        *_: Any,
        since: date,
        until: date | None = None,
        tier: str | None = None,
        replay: bool = False,
        **options: Any,
    ) -> None:
        del options
        now = datetime.now(KST) + timedelta(seconds=2)  # what has just been paid, too
        end = now if until is None else min(now, datetime.combine(until + timedelta(days=1), time(), KST))
        start = datetime.combine(since, time(), KST)
        if end <= start:
            raise CommandError("--since must not be later than --until")
        movements = client(tier).payments.reconcile(start, end)
        payments = {movement.imp_uid: movement.payment for movement in movements}
        behind = dict(differences(payments.values(), tier))
        for imp_uid, text in behind.items():
            self.stdout.write(f"{imp_uid} {payments[imp_uid].merchant_uid} {text}")
        if replay:
            for imp_uid in behind:
                for uid, outcome in inbox().replay([imp_uid], tier=tier).items():
                    self.stdout.write(f"{uid} {outcome}")
        elif behind:
            raise CommandError(f"{len(behind)} of {len(payments)} payments differ; --replay processes them")
        self.stdout.write(f"{len(payments)} payments compared, {len(behind)} differed")


def differences(payments: Iterable[Payment], tier: str | None) -> Iterator[tuple[str, str]]:
    """Yield the payments that no handler has processed in their present state, each with the difference."""
    stored = {row.imp_uid: row for row in StoredWebhook.objects.using(database()).filter(kind="payment", tier=tier)}
    for payment in payments:
        row = stored.get(payment.imp_uid)
        try:
            there = Progress.of(payment)
        except ResponseFormatError:
            yield payment.imp_uid, "the refunded amount at PortOne cannot be read"
            continue
        if row is None:
            yield payment.imp_uid, f"{payment.status} at PortOne, no webhook stored"
        elif row.rank < there.rank:
            yield payment.imp_uid, f"{payment.status} at PortOne, not processed (webhook {row.state})"
        elif Decimal(row.cancelled) < there.cancelled:
            yield payment.imp_uid, f"{there.cancelled} refunded at PortOne, {row.cancelled} processed"
