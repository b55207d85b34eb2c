"""The place in line is counted apart from the wait: whoever was served and waits again begins anew."""

from django.db import migrations, models

PLACES = """
UPDATE conversations_conversation SET place_from = queued_at
WHERE queued_at IS NOT NULL AND state NOT IN ('bot', 'wrap_up', 'resolved', 'abandoned')
"""


class Migration(migrations.Migration):
    dependencies = [("conversations", "0006_first_answers")]

    operations = [
        migrations.AddField(
            model_name="conversation",
            name="place_from",
            field=models.DateTimeField(
                blank=True,
                help_text="Since when its place in line counts: from its first wait until it is over.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="queued_at",
            field=models.DateTimeField(
                blank=True, help_text="Since when it waits for a person, this time.", null=True
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="entered_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Since when in this very queue; `queued_at` is since when in any.",
                null=True,
            ),
        ),
        migrations.AlterField(
            model_name="conversation",
            name="rank_at",
            field=models.DateTimeField(
                blank=True,
                help_text="Who comes first: `place_from`, moved by their priority.",
                null=True,
            ),
        ),
        migrations.RunSQL(PLACES, migrations.RunSQL.noop),
    ]
