from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("conversations", "0002_case")]

    operations = [
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("note", True)),
                fields=["created_at"],
                name="message_notes_by_time",
            ),
        )
    ]
