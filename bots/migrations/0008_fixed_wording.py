from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bots", "0007_imports_categories_and_readers")]

    operations = [
        migrations.AddField(
            model_name="article",
            name="is_fixed",
            field=models.BooleanField(
                default=False,
                help_text="The bot says the whole text as it stands, instead of its best sentences.",
                verbose_name="say it word for word",
            ),
        ),
    ]
