from django.conf import settings
from django.db import migrations, models
from django.db.models import Max


def begin_now(apps, schema_editor):
    """What was said before is not read: nobody was told that it would be remembered."""
    newest = apps.get_model("conversations", "Message").objects.aggregate(last=Max("pk"))["last"]
    apps.get_model("assist", "MemoryProgress").objects.create(pk=1, through_id=newest or 0)


class Migration(migrations.Migration):
    dependencies = [
        ("assist", "0004_words_written_anew"),
        ("conversations", "0011_what_is_remembered_and_read"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MemoryProgress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("through_id", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.RunPython(begin_now, migrations.RunPython.noop),
        migrations.RemoveConstraint(
            model_name="suggestion",
            name="who_suggested_it_is_known",
        ),
        migrations.RemoveConstraint(
            model_name="suggestion",
            name="kind_of_suggestion_is_known",
        ),
        migrations.AlterField(
            model_name="suggestion",
            name="by",
            field=models.CharField(
                choices=[
                    ("quote", "An article's words"),
                    ("model", "The model's words, borne out by articles"),
                    ("fixed", "A fixed answer of the house"),
                    ("rules", "The agent's own, changed by rules"),
                    ("cases", "As cases like it had it"),
                ],
                max_length=5,
                verbose_name="words by",
            ),
        ),
        migrations.AlterField(
            model_name="suggestion",
            name="kind",
            field=models.CharField(
                choices=[
                    ("reply", "Reply"),
                    ("answer", "Answer to the agent's own question"),
                    ("rewrite", "The agent's words, written anew"),
                    ("label", "Label"),
                    ("priority", "Priority"),
                    ("queue", "Queue"),
                ],
                default="reply",
                max_length=8,
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "reply"), ("turn__isnull", False)),
                    models.Q(
                        ("kind__in", ["answer", "rewrite", "label", "priority", "queue"]),
                        ("turn__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="kind_of_suggestion_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.CheckConstraint(
                condition=models.Q(("by__in", ["quote", "model", "fixed", "rules", "cases"])),
                name="who_suggested_it_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="suggestion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kind__in", ["label", "priority", "queue"])),
                fields=("conversation", "kind", "text"),
                name="a_hint_is_given_once_in_a_conversation",
            ),
        ),
    ]
