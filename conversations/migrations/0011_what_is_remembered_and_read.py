import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("conversations", "0010_procedures"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="remembers",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="Whether what they say of themselves is remembered; theirs to switch off.",
            ),
        ),
        migrations.CreateModel(
            name="CustomerFact",
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
                        choices=[
                            ("name", "Name"),
                            ("called", "Wants to be called"),
                            ("language", "Language"),
                            ("contact", "How to reach them"),
                            ("place", "Lives in"),
                            ("size", "Size"),
                            ("device", "Device"),
                            ("allergy", "Allergy"),
                            ("diet", "Diet"),
                            ("other", "Other"),
                        ],
                        max_length=8,
                    ),
                ),
                ("about", models.CharField(blank=True, max_length=40)),
                ("value", models.CharField(blank=True, max_length=200)),
                ("mark", models.CharField(max_length=32)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Only if the customer agrees"),
                            ("known", "Remembered"),
                            ("forgotten", "Erased"),
                        ],
                        default="known",
                        max_length=9,
                    ),
                ),
                (
                    "by",
                    models.CharField(
                        choices=[
                            ("said", "The customer said so"),
                            ("customer", "The customer wrote it here"),
                            ("agent", "An agent wrote it down"),
                        ],
                        default="said",
                        max_length=8,
                    ),
                ),
                (
                    "seq",
                    models.PositiveIntegerField(
                        blank=True, help_text="Of what they said.", null=True
                    ),
                ),
                ("said_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "conversation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="conversations.conversation",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="remembered",
                        to="conversations.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "remembered fact",
                "ordering": ["kind", "about", "pk"],
                "indexes": [models.Index(fields=["changed_at"], name="fact_age")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "kind", "about"),
                        name="one_fact_of_a_kind_about_a_thing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("conversation", None),
                            ("seq", None),
                            ("state", "forgotten"),
                            ("value", ""),
                        )
                        | models.Q(
                            ("state__in", ["asked", "known"]),
                            models.Q(("value", ""), _negated=True),
                        ),
                        name="of_a_forgotten_fact_nothing_stays",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "name",
                                    "called",
                                    "language",
                                    "contact",
                                    "place",
                                    "size",
                                    "device",
                                    "allergy",
                                    "diet",
                                    "other",
                                ],
                            )
                        ),
                        name="kind_of_fact_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("by__in", ["said", "customer", "agent"])),
                        name="who_told_a_fact_is_known",
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="upload",
            name="read_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Not looked at"),
                    ("done", "Read"),
                    ("nothing", "Nothing to read in it"),
                    ("failed", "Could not be read"),
                ],
                db_default="",
                default="",
                max_length=7,
            ),
        ),
        migrations.AddField(
            model_name="upload",
            name="read_text",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="upload",
            name="read_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
        migrations.AddField(
            model_name="upload",
            name="read_tries",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="upload",
            name="read_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name="upload",
            index=models.Index(
                condition=models.Q(("read_state", "")), fields=["created_at"], name="upload_unread"
            ),
        ),
        migrations.AddConstraint(
            model_name="upload",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("read_at__isnull", False),
                        ("read_state", "done"),
                        models.Q(("read_text", ""), _negated=True),
                    ),
                    models.Q(("read_state__in", ["", "nothing", "failed"]), ("read_text", "")),
                    _connector="OR",
                ),
                name="what_was_read_is_there",
            ),
        ),
    ]
