from typing import Any

from django.db import migrations


def by_path(apps: Any, _schema_editor: Any) -> None:
    """Connections that the packs made before led to one address and port; now they lead to ourselves."""
    connections = apps.get_model("bots", "Connection").objects
    for one in connections.filter(is_own=True, base_url__endswith="/api"):
        way = f"/demo/{one.key}/api"
        if one.base_url.endswith(way):
            connections.filter(pk=one.pk).update(base_url=way)


class Migration(migrations.Migration):
    dependencies = [
        ("demo_packs", "0001_businesses"),
        ("bots", "0019_connections_to_ourselves"),
    ]

    operations = [migrations.RunPython(by_path, migrations.RunPython.noop)]
