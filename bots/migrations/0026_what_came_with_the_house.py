from typing import Any

from django.db import migrations


def mark(apps: Any, _schema_editor: Any) -> None:
    """First versions that nobody signed came with the demo; until now nothing else made any."""
    versions = apps.get_model("bots", "ProcedureVersion").objects
    versions.filter(number=1, by__isnull=True, state="live").update(is_seeded=True)


class Migration(migrations.Migration):
    dependencies = [("bots", "0025_procedures_of_the_house")]

    operations = [migrations.RunPython(mark, migrations.RunPython.noop)]
