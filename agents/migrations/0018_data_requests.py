import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0017_rules_are_named_by_a_function")]

    operations = [
        migrations.CreateModel(
            name="DataRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[("export", "Given out"), ("erase", "Erased")], max_length=6
                    ),
                ),
                ("customer", models.UUIDField(db_index=True)),
                (
                    "reason",
                    models.CharField(
                        blank=True, help_text="Why; no personal data here.", max_length=200
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "rows",
                    models.JSONField(default=dict, help_text="How many of each table."),
                ),
                (
                    "file_count",
                    models.PositiveIntegerField(default=0, verbose_name="files"),
                ),
                (
                    "files",
                    models.JSONField(default=list, verbose_name="files still to go"),
                ),
                (
                    "wording",
                    models.JSONField(
                        default=list,
                        help_text="Articles for which a person approved one of the customer's questions, without personal data, as an example: an editor may want to look at them.",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: by a command.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "data request",
                "ordering": ["-at", "-pk"],
                "permissions": [
                    ("export_customers", "May give out all data of a customer"),
                    ("erase_customers", "May erase customers for good"),
                ],
                "indexes": [
                    models.Index(fields=["-at", "-id"], name="data_request_newest_first"),
                    models.Index(
                        condition=models.Q(("files", []), _negated=True),
                        fields=["id"],
                        name="data_request_files_left",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["export", "erase"])),
                        name="kind_of_data_request_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "erase"),
                            models.Q(("files", []), ("wording", [])),
                            _connector="OR",
                        ),
                        name="only_an_erasure_leaves_work",
                    ),
                ],
            },
        ),
    ]
