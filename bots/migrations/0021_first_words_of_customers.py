from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bots", "0020_refits_trainings_and_edits")]

    operations = [
        migrations.AddField(
            model_name="procedureversion",
            name="openings",
            field=models.JSONField(
                blank=True,
                help_text="Which first words of its customers would not begin it.",
                null=True,
            ),
        ),
    ]
