from django.db import migrations, models

import bots.models.connection


class Migration(migrations.Migration):
    dependencies = [("bots", "0018_training_examples")]

    operations = [
        migrations.AlterField(
            model_name="connection",
            name="base_url",
            field=models.CharField(
                help_text="Such as https://api.shop.example/v1. One that begins with / is a page of this installation, wherever it runs.",
                max_length=400,
                validators=[bots.models.connection.check_base],
                verbose_name="address",
            ),
        ),
        migrations.AddConstraint(
            model_name="connection",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_own", True),
                    models.Q(("base_url__startswith", "/"), _negated=True),
                    _connector="OR",
                ),
                name="a_connection_to_our_own_pages_is_our_own",
                violation_error_code="own",
                violation_error_message="An address that begins with / is this installation's own: tick that as well.",
            ),
        ),
    ]
