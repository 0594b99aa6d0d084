"""`manage.py portone_prune`: delete what cannot change any more."""

# pyright: reportUnknownMemberType=false

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser  # type: ignore[import-untyped]

from ..._inbox import inbox
from ..._settings import client

__all__ = ["Command"]

LEAST = 180


class Command(BaseCommand):  # type: ignore[misc]
    help = "오래된 웹훅과 저널 기록을 지웁니다. Delete finished webhooks, tasks and intents."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=400, help=f"older than so many days, at least {LEAST}")

    def handle(self, *_: Any, days: int, **options: Any) -> None:
        del options
        if days < LEAST:
            raise CommandError(f"--days must be at least {LEAST}: payments are refundable for about a year")
        age = timedelta(days=days)
        self.stdout.write(f"webhooks and tasks {inbox().prune(age)}, intents {client().intents.prune(age)}")
