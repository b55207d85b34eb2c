from django.db import migrations

import agents.models.why


class Migration(migrations.Migration):
    dependencies = [("agents", "0013_labels_that_weigh_nothing")]

    operations = [
        migrations.AlterField(
            model_name="assignment",
            name="why",
            field=agents.models.why.WhyField(
                default=dict, help_text="The decision that led to it."
            ),
        ),
        migrations.AlterField(
            model_name="offer",
            name="why",
            field=agents.models.why.WhyField(
                default=dict, help_text="Who could have been asked, and why this one."
            ),
        ),
    ]
