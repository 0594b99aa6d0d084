"""Webhooks, tasks and the journal in the admin. A payment is read from V1 when its page is opened; none is mirrored."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.contrib import admin  # type: ignore[import-untyped]
from django.core.exceptions import PermissionDenied  # type: ignore[import-untyped]
from django.http import HttpResponse  # type: ignore[import-untyped]
from django.urls import NoReverseMatch, path, reverse  # type: ignore[import-untyped]
from django.utils.html import format_html  # type: ignore[import-untyped]
from portone_v1_runtime.decode import KST

from ...intents.intent import Intent
from ._admin_refund import money, payment_page
from ._settings import database, journal_database
from ._view import EveryAlias
from .models import StoredIntent, StoredTask, StoredWebhook

__all__ = ["IntentAdmin", "TaskAdmin", "WebhookAdmin"]


class ReadOnly(admin.ModelAdmin):  # type: ignore[misc]
    """Rows that the library writes: shown, never edited, from the database to which its stores write."""

    database: Callable[[], str] = staticmethod(database)

    def get_queryset(self, request: Any) -> Any:
        return super().get_queryset(request).using(self.database())

    def has_add_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any, **__: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any, **__: Any) -> bool:
        return False


@admin.register(StoredWebhook)
class WebhookAdmin(ReadOnly):
    list_display = ("imp_uid", "merchant_uid", "tier", "state", "tries", "error", "payment")
    list_filter = ("state", "kind", "tier")
    search_fields = ("imp_uid", "merchant_uid")
    actions = ("look_again",)

    @admin.display(description="결제")  # type: ignore[untyped-decorator]
    def payment(self, row: StoredWebhook) -> str:
        try:
            where = reverse("admin:portone_v1_payment", args=[row.imp_uid])
        except NoReverseMatch:  # no id of V1: a mistyped replay
            return ""
        query = f"?tier={row.tier}" if row.tier else ""
        return str(format_html('<a href="{}{}">{}</a>', where, query, "포트원에서 보기"))

    @admin.action(description="포트원에서 다시 확인", permissions=["view"])  # type: ignore[untyped-decorator]
    def look_again(self, request: Any, queryset: Any) -> None:
        """Make the rows due; the worker reads the payments. Only new states reach the handler."""
        now = time.time()
        count = queryset.update(due_at=now, first_at=now, state="waiting", tries=0)
        self.message_user(request, f"{count}건을 다시 확인합니다.")

    def get_urls(self) -> list[Any]:
        page = self.admin_site.admin_view(self._payment_page)
        vars(page)["_non_atomic_requests"] = EveryAlias()  # the journal is committed before a refund is sent
        return [path("payment/<str:imp_uid>/", page, name="portone_v1_payment"), *super().get_urls()]

    def _payment_page(self, request: Any, imp_uid: str) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        context = {**self.admin_site.each_context(request), "title": f"결제 {imp_uid}"}
        return payment_page(request, context, imp_uid, request.GET.get("tier"))


@admin.register(StoredTask)
class TaskAdmin(ReadOnly):
    list_display = ("key", "name", "tries", "error")
    search_fields = ("key",)


def _facts(row: Any) -> dict[str, str]:
    """Return what no column has. The currency is shown only if the write named it: a refund does not."""
    try:
        intent = Intent.from_json(row.document)
    except ValueError:  # written by a newer version
        return {"operation": "", "amount": "", "outcome": ""}
    try:
        amount = Decimal(str(intent.arguments.get("amount")))
    except InvalidOperation:  # a write without an amount
        shown = ""
    else:
        shown = money(amount, str(intent.arguments.get("currency") or "")).strip()
    return {"operation": intent.operation, "amount": shown, "outcome": intent.outcome or "미확정"}


@admin.register(StoredIntent)
class IntentAdmin(ReadOnly):
    list_display = ("id", "operation", "resource", "amount", "key", "state", "outcome", "sent")
    list_filter = ("state",)
    search_fields = ("id", "resource", "key")
    database = staticmethod(journal_database)

    @admin.display(description="작업")  # type: ignore[untyped-decorator]
    def operation(self, row: StoredIntent) -> str:
        return _facts(row)["operation"]

    @admin.display(description="금액")  # type: ignore[untyped-decorator]
    def amount(self, row: StoredIntent) -> str:
        return _facts(row)["amount"]

    @admin.display(description="결과")  # type: ignore[untyped-decorator]
    def outcome(self, row: StoredIntent) -> str:
        return _facts(row)["outcome"]

    @admin.display(description="보낸 시각(KST)", ordering="sent_at")  # type: ignore[untyped-decorator]
    def sent(self, row: Any) -> str:
        return f"{datetime.fromtimestamp(row.sent_at, KST):%Y-%m-%d %H:%M:%S}"
