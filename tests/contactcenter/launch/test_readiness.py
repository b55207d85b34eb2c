"""What a start looks at to know whether the database is up to date."""

from pathlib import Path

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from contactcenter.launch import paths, readiness


def test_every_app_of_ours_is_looked_at() -> None:
    """Apps inside apps too: else an update of the product starts on yesterday's tables."""
    folders = {file.parent for file in readiness.migrations()}
    ours = [
        app
        for app in apps.get_app_configs()
        if Path(app.path).is_relative_to(paths.PROJECT / app.name.split(".")[0])
    ]
    migrated = {app.label for app in ours} & MigrationLoader(
        None, ignore_no_migrations=True
    ).migrated_apps
    missing = [
        app.name
        for app in ours
        if app.label in migrated and Path(app.path) / "migrations" not in folders
    ]
    assert migrated
    assert missing == []
