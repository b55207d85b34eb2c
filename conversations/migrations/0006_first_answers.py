"""By when a person answers first, and which lines of a log belong to one cause."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0005_whispers")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="first_reply_at",
            field=models.DateTimeField(
                blank=True, help_text="When a person answered for the first time.", null=True
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="answer_from",
            field=models.DateTimeField(
                blank=True, help_text="Since when a person's answer is promised.", null=True
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="answer_by",
            field=models.DateTimeField(
                blank=True,
                help_text="Until when it is promised; empty once it was given.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="conversation",
            name="alert_at",
            field=models.DateTimeField(
                blank=True, help_text="When somebody is told next that it is due.", null=True
            ),
        ),
        migrations.AddField(
            model_name="event",
            name="trace",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Lines of one request, frame or task have the same.",
                max_length=32,
            ),
        ),
        migrations.AddIndex(
            model_name="conversation",
            index=models.Index(
                condition=models.Q(("alert_at__isnull", False)),
                fields=["alert_at"],
                name="conversation_alert",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("alert_at__isnull", True),
                        ("answer_by__isnull", True),
                        ("answer_from__isnull", True),
                    ),
                    models.Q(("answer_by__isnull", False), ("answer_from__isnull", False)),
                    _connector="OR",
                ),
                name="a_promised_answer_has_a_beginning",
            ),
        ),
        migrations.AddConstraint(
            model_name="conversation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answer_by__isnull", True),
                    models.Q(
                        ("state__in", ["bot", "wrap_up", "resolved", "abandoned"]), _negated=True
                    ),
                    _connector="OR",
                ),
                name="an_answer_is_promised_by_people_and_not_for_ever",
            ),
        ),
    ]
