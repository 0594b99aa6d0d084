"""`manage.py portone_settle`: find out what became of writes whose outcome is not known."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser  # type: ignore[import-untyped]

from ..._settings import client, on_settled

__all__ = ["Command"]


class Command(BaseCommand):  # type: ignore[misc]
    help = (
        "결과를 모르는 결제와 취소를 확인하고 ON_SETTLED에 알립니다. "
        "Only reads at V1, and tells ON_SETTLED. Run it every minute or two."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tier", action="append", help="하위 상점 고유코드; again for each sub-merchant")

    def handle(self, *_: Any, tier: list[str] | None = None, **options: Any) -> None:
        del options
        handler = on_settled()  # a wrong path fails before an outcome is settled
        shops: list[str | None] = [*tier] if tier else [None]
        for each in shops:
            shop = client(each)
            for settled in shop.settle_all(handler):
                intent = settled.intent
                if intent.state == "open":
                    continue  # listed below
                self.stdout.write(f"{intent.id} {intent.operation} {intent.resource} {intent.outcome}")
            for intent in shop.intents.open():
                self.stdout.write(f"{intent.id} {intent.operation} {intent.resource} open")
