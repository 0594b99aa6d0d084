"""The changes of payments that were handled."""

from __future__ import annotations

from typing import ClassVar

from django.db import models  # type: ignore[import-untyped]

__all__ = ["HandledChange"]


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
