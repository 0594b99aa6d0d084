"""The inbox, its outbox, and the journal of writes. None holds a body, a message of a PG, or a person's data."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.db import models  # type: ignore[import-untyped]

__all__ = ["ExactText", "StoredIntent", "StoredTask", "StoredWebhook"]


class ExactText(models.CharField):  # type: ignore[misc]
    """Text that is compared to the character, in any script: MySQL's default takes `receipt:a` for `receipt:A`."""

    def db_parameters(self, connection: Any) -> dict[str, Any]:
        parameters: dict[str, Any] = cast("Any", super()).db_parameters(connection)
        return parameters | ({"collation": "utf8mb4_bin"} if connection.vendor == "mysql" else {})


class StoredWebhook(models.Model):  # type: ignore[misc]
    """One payment (or escrow event) of a webhook. `portone_v1.inbox.InboxRow` documents each column."""

    key = ExactText(max_length=255, primary_key=True)
    kind = models.CharField(max_length=16)
    imp_uid = ExactText(max_length=255, db_index=True)
    merchant_uid = ExactText(max_length=255, null=True)
    tier = models.CharField(max_length=32, null=True)
    wanted = models.IntegerField()
    done = models.IntegerField()
    claims = models.TextField()
    believed = models.BooleanField()
    first_at = models.FloatField()
    due_at = models.FloatField(null=True, db_index=True)
    owner = models.CharField(max_length=32, null=True)
    lease_until = models.FloatField()
    tries = models.IntegerField()
    rank = models.IntegerField()
    cancelled = models.CharField(max_length=40)
    state = models.CharField(max_length=8, db_index=True)
    error = models.CharField(max_length=64)
    payload = models.TextField()

    objects: ClassVar[models.Manager] = models.Manager()

    class Meta:
        app_label = "portone_v1"
        db_table = "portone_inbox"
        verbose_name = "웹훅"
        verbose_name_plural = "웹훅"

    def __str__(self) -> str:
        return str(self.imp_uid)


class StoredTask(models.Model):  # type: ignore[misc]
    """Work for after a commit, written in the same transaction by `later`."""

    id = models.CharField(max_length=32, primary_key=True)
    key = ExactText(max_length=255, unique=True)
    name = ExactText(max_length=255)
    arguments = models.TextField()
    created_at = models.FloatField()
    due_at = models.FloatField(null=True, db_index=True)
    tries = models.IntegerField()
    error = models.CharField(max_length=64)

    objects: ClassVar[models.Manager] = models.Manager()

    class Meta:
        app_label = "portone_v1"
        db_table = "portone_outbox"
        verbose_name = "커밋 뒤 작업"
        verbose_name_plural = "커밋 뒤 작업"

    def __str__(self) -> str:
        return str(self.key)


class StoredIntent(models.Model):  # type: ignore[misc]
    """One write: its document, and columns for what is searched. `portone_v1.intents` reads and writes it."""

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
        verbose_name = "저널 기록"
        verbose_name_plural = "저널 기록"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop", "resource", "resource_seq"], name="portone_intent_resource"),
            models.UniqueConstraint(fields=["shop", "key", "key_seq"], name="portone_intent_key"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["shop", "state", "sent_at"], name="portone_intent_unfinished"),
        ]

    def __str__(self) -> str:
        return str(self.id)
