"""Django, set up once in a process: a database in a file, the kit's migration applied, a table of orders."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import django  # type: ignore[import-untyped]
from django.conf import settings  # type: ignore[import-untyped]


def set_up(folder: Path) -> None:
    if settings.configured:
        return
    settings.configure(
        SECRET_KEY="only for tests",
        ALLOWED_HOSTS=["127.0.0.1", "testserver"],
        INSTALLED_APPS=[
            "django.contrib.admin",
            "django.contrib.auth",
            "django.contrib.contenttypes",
            "django.contrib.messages",
            "django.contrib.sessions",
            "portone_v1.contrib.django",
        ],
        MIDDLEWARE=[
            "django.middleware.common.CommonMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.csrf.CsrfViewMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.auth.middleware.LoginRequiredMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
        ],
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": folder / "shop.sqlite3",
                "OPTIONS": {"timeout": 20, "transaction_mode": "IMMEDIATE"},
                "ATOMIC_REQUESTS": True,
            }
        },
        LOGGING_CONFIG=None,
        USE_TZ=True,
    )
    django.setup()
    from django.core.management import call_command  # type: ignore[import-untyped]
    from django.db import connection  # type: ignore[import-untyped]

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        editor.create_model(order_model())


def order_model() -> Any:
    from django.apps import apps  # type: ignore[import-untyped]
    from django.db import models

    if "tests_shop" in apps.all_models and "order" in apps.all_models["tests_shop"]:
        return apps.all_models["tests_shop"]["order"]

    class Order(models.Model):  # type: ignore[misc]
        merchant_uid = models.CharField(max_length=40, primary_key=True)
        state = models.CharField(max_length=20)

        class Meta:
            app_label = "tests_shop"

        def __str__(self) -> str:
            return str(self.merchant_uid)

    return Order


def empty() -> None:
    from portone_v1.contrib.django.models import StoredTask, StoredWebhook

    forget_handlers()
    for model in (StoredWebhook, StoredTask, order_model()):
        model.objects.all().delete()


def forget_handlers() -> None:
    from portone_v1.contrib.django._handlers import HANDLERS

    HANDLERS.clear()


@contextmanager
def routed(*views: Any, **options: Any) -> Iterator[None]:
    """Route the views at /portone/webhook and, with a tier, at /portone/<tier>/webhook, with the app's settings."""
    from django.contrib import admin  # type: ignore[import-untyped]
    from django.test import override_settings  # type: ignore[import-untyped]
    from django.urls import path  # type: ignore[import-untyped]

    routes = ModuleType("routes")
    hooks = [path(where, view) for view in views for where in ("portone/webhook", "portone/<str:tier>/webhook")]
    vars(routes)["urlpatterns"] = [*hooks, path("admin/", admin.site.urls)]
    with override_settings(ROOT_URLCONF=routes, PORTONE_V1=options):
        yield
