"""What each queue's waits have taught."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0007_a_policy_may_switch_off")]

    operations = [
        migrations.CreateModel(
            name="QueuePace",
            fields=[
                (
                    "queue",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="pace",
                        serialize=False,
                        to="agents.queue",
                    ),
                ),
                (
                    "learned_until",
                    models.DateTimeField(
                        blank=True,
                        help_text="Departures up to this moment are in it.",
                        null=True,
                    ),
                ),
                ("row", models.JSONField(default=dict)),
            ],
            options={"verbose_name_plural": "paces"},
        ),
    ]
