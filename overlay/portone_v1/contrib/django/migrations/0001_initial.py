from __future__ import annotations

from typing import Any, ClassVar

from django.db import migrations, models  # type: ignore[import-untyped]


class Migration(migrations.Migration):  # type: ignore[misc]
    initial = True

    dependencies: ClassVar[list[Any]] = []

    operations: ClassVar[list[Any]] = [
        migrations.CreateModel(
            name="HandledChange",
            fields=[
                ("key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("handled_at", models.DateTimeField(auto_now_add=True, db_index=True)),
            ],
            options={
                "verbose_name": "handled change of a payment",
                "verbose_name_plural": "handled changes of payments",
            },
        ),
    ]
