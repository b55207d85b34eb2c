"""`export_customer ID`: everything that is kept of a customer, as JSON, or with their files as a ZIP."""

import json
import shutil
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agents.actions.erasing import export
from agents.reads.archive import archive_of
from agents.reads.customer_data import customer_named


class Command(BaseCommand):
    help = "Print everything that is kept of a customer as one JSON object."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="ID", help="of the customer, or an external id")
        parser.add_argument("--reason", default="", help="why; it stays on record")
        parser.add_argument("--out", type=Path, metavar="FILE", help="a ZIP with the files instead")

    def handle(
        self,
        *args: Any,
        id: str,  # noqa: A002 -- the command's word
        reason: str,
        out: Path | None,
        **options: Any,
    ) -> None:
        known = customer_named(id)
        if known is None:
            raise CommandError(f"There is no customer {id!r}.")
        _, data = export(customer=known.uuid, agent_id=None, reason=reason[:200], at=timezone.now())
        if out is None:
            self.stdout.write(json.dumps(data, ensure_ascii=False))
            return
        try:
            with archive_of(data) as packed, out.open("wb") as target:
                shutil.copyfileobj(packed, target)
        except OSError as error:
            raise CommandError(f"{out}: {error.strerror}") from error
