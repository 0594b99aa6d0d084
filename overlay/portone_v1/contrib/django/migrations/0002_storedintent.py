from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models  # type: ignore[import-untyped]


class Migration(migrations.Migration):  # type: ignore[misc]
    dependencies: ClassVar[list[Any]] = [("portone_v1", "0001_initial")]

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="StoredIntent",
            fields=[
                ("id", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("shop", models.CharField(max_length=24)),
                ("resource", models.CharField(max_length=64)),
                ("resource_seq", models.IntegerField()),
                ("key", models.CharField(max_length=64)),
                ("key_seq", models.IntegerField()),
                ("state", models.CharField(max_length=8)),
                ("sent_at", models.FloatField()),
                ("rev", models.IntegerField()),
                ("document", models.TextField()),
            ],
            options={
                "verbose_name": "저널 기록",
                "verbose_name_plural": "저널 기록",
                "db_table": "portone_intent",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shop", "resource", "resource_seq"), name="portone_intent_resource"
                    ),
                    models.UniqueConstraint(fields=("shop", "key", "key_seq"), name="portone_intent_key"),
                ],
                "indexes": [models.Index(fields=["shop", "state", "sent_at"], name="portone_intent_unfinished")],
            },
        ),
    ]
