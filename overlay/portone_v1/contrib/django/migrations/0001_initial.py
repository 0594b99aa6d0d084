from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models  # type: ignore[import-untyped]

from ..models import ExactText


class Migration(migrations.Migration):  # type: ignore[misc]
    initial = True

    dependencies: ClassVar[list[Any]] = []

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="StoredWebhook",
            fields=[
                ("key", ExactText(max_length=255, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=16)),
                ("imp_uid", ExactText(db_index=True, max_length=255)),
                ("merchant_uid", ExactText(max_length=255, null=True)),
                ("tier", models.CharField(max_length=32, null=True)),
                ("wanted", models.IntegerField()),
                ("done", models.IntegerField()),
                ("claims", models.TextField()),
                ("believed", models.BooleanField()),
                ("first_at", models.FloatField()),
                ("due_at", models.FloatField(db_index=True, null=True)),
                ("owner", models.CharField(max_length=32, null=True)),
                ("lease_until", models.FloatField()),
                ("tries", models.IntegerField()),
                ("rank", models.IntegerField()),
                ("cancelled", models.CharField(max_length=40)),
                ("state", models.CharField(db_index=True, max_length=8)),
                ("error", models.CharField(max_length=64)),
                ("payload", models.TextField()),
            ],
            options={"verbose_name": "웹훅", "verbose_name_plural": "웹훅", "db_table": "portone_inbox"},
        ),
        migrations.CreateModel(
            name="StoredTask",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("key", ExactText(max_length=255, unique=True)),
                ("name", ExactText(max_length=255)),
                ("arguments", models.TextField()),
                ("created_at", models.FloatField()),
                ("due_at", models.FloatField(db_index=True, null=True)),
                ("tries", models.IntegerField()),
                ("error", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "커밋 뒤 작업",
                "verbose_name_plural": "커밋 뒤 작업",
                "db_table": "portone_outbox",
            },
        ),
    ]
