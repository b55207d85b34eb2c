from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("assist", "0005_hints_and_memory")]

    operations = [
        migrations.AddField(
            model_name="helpturn",
            name="withheld",
            field=models.PositiveSmallIntegerField(
                default=0,
                help_text="Found, and not shown: what help is worth is told beside those without.",
            ),
        ),
        migrations.AddConstraint(
            model_name="helpturn",
            constraint=models.CheckConstraint(
                condition=Q(withheld=0) | Q(proposed=0), name="help_is_shown_or_withheld"
            ),
        ),
    ]
