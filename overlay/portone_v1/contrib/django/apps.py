"""The app, for INSTALLED_APPS."""

from __future__ import annotations

from django.apps import AppConfig  # type: ignore[import-untyped]
from django.utils.module_loading import autodiscover_modules  # type: ignore[import-untyped]

__all__ = ["PortOneV1Config"]


class PortOneV1Config(AppConfig):  # type: ignore[misc]
    name = "portone_v1.contrib.django"
    label = "portone_v1"
    verbose_name = "포트원 V1"

    def ready(self) -> None:
        from . import checks  # noqa: F401 - registers them  # pyright: ignore[reportUnusedImport]

        autodiscover_modules("portone")  # <app>/portone.py holds the handlers, as <app>/admin.py holds the admin
