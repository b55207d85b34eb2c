"""A rule may say "nothing here": no overflow, no limit."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("agents", "0006_supervision")]

    operations = [
        migrations.AlterField(
            model_name="policy",
            name="value",
            field=models.JSONField(
                blank=True,
                help_text="What the rule says, in its own form; see the list of rules.",
                null=True,
            ),
        ),
    ]
