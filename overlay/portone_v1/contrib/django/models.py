"""The changes of payments that were handled, and the journal of writes."""

from __future__ import annotations

from typing import ClassVar

from django.db import models  # type: ignore[import-untyped]

__all__ = ["HandledChange", "StoredIntent"]


class HandledChange(models.Model):  # type: ignore[misc]
    """One change of one payment. Its key stands here once, which is what keeps a handler from running twice."""

    key = models.CharField(max_length=255, primary_key=True)
    handled_at = models.DateTimeField(auto_now_add=True, db_index=True)

    objects: ClassVar[models.Manager] = models.Manager()

    class Meta:
        app_label = "portone_v1"
        verbose_name = "handled change of a payment"
        verbose_name_plural = "handled changes of payments"

    def __str__(self) -> str:
        return str(self.key)


class StoredIntent(models.Model):  # type: ignore[misc]
    """One write of money: its document, and beside it what is looked for. `portone_v1.intents` reads and writes it."""

    id = models.CharField(max_length=32, primary_key=True)
    shop = models.CharField(max_length=24)
    resource = models.CharField(max_length=64)
    resource_seq = models.IntegerField()
    key = models.CharField(max_length=64)
    key_seq = models.IntegerField()
    state = models.CharField(max_length=8)
    sent_at = models.FloatField()
    rev = models.IntegerField()
    document = models.TextField()

    objects: ClassVar[models.Manager] = models.Manager()

    class Meta:
        app_label = "portone_v1"
        db_table = "portone_intent"
        verbose_name = "write of money"
        verbose_name_plural = "writes of money"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop", "resource", "resource_seq"], name="portone_intent_resource"),
            models.UniqueConstraint(fields=["shop", "key", "key_seq"], name="portone_intent_key"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["shop", "state", "sent_at"], name="portone_intent_unfinished"),
        ]

    def __str__(self) -> str:
        return str(self.id)
