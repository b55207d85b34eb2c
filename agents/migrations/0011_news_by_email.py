from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("agents", "0010_a_rule_for_alerts"),
    ]

    operations = [
        migrations.AddField(
            model_name="notification",
            name="mailed_at",
            field=models.DateTimeField(
                blank=True, help_text="When the agent was told by e-mail, too.", null=True
            ),
        ),
        # What was told before this release is told: nobody gets letters about the past.
        migrations.RunSQL(
            "UPDATE agents_notification SET mailed_at = created_at WHERE read_at IS NULL",
            migrations.RunSQL.noop,
        ),
    ]
