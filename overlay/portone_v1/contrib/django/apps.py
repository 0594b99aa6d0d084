"""The app, for INSTALLED_APPS."""

from __future__ import annotations

from django.apps import AppConfig  # type: ignore[import-untyped]

__all__ = ["PortOneV1Config"]


class PortOneV1Config(AppConfig):  # type: ignore[misc]
    name = "portone_v1.contrib.django"
    label = "portone_v1"
    verbose_name = "PortOne V1"
