"""`erase_customer ID`: everything of a customer goes, for good; the certificate is printed."""

import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from agents.actions.erasing import erase
from agents.reads.customer_data import certificate, customer_named
from conversations.errors import NotFound


class Command(BaseCommand):
    help = (
        "Erase a customer from all tables and from the disk. Saying it again takes away files "
        "that could not be deleted the first time."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", metavar="ID", help="of the customer, or an external id")
        parser.add_argument("--reason", default="", help="why; it stays on record")

    def handle(self, *args: Any, id: str, reason: str, **options: Any) -> None:  # noqa: A002 -- the command's word
        known = customer_named(id)
        try:
            key = known.uuid if known else UUID(id)
            request = erase(customer=key, agent_id=None, reason=reason[:200], at=timezone.now())
        except (ValueError, NotFound) as error:
            raise CommandError(f"There is no customer {id!r}.") from error
        self.stdout.write(json.dumps(certificate(request), ensure_ascii=False))
        if request.files:
            raise CommandError(f"{len(request.files)} files could not be deleted; say it again.")
