"""`add_adapter FOLDER`: what `train_bot` made, here or elsewhere, among the adapters of the admin."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from bots.actions.adapters import add
from conversations.errors import Refused


class Command(BaseCommand):
    help = (
        "Put an adapter that train_bot made among those of the admin; nobody answers with it yet."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            row = add(folder=folder, at=timezone.now())
        except Refused as refused:
            raise CommandError(refused.detail) from refused
        told = {"id": str(row.uuid), "digest": row.digest, "state": row.state}
        self.stdout.write(json.dumps(told))
