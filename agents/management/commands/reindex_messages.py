"""`reindex_messages`: the words of every message are read again for the search."""

import json
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from agents.actions.search_index import reindex
from bots.progress import Progress
from conversations.models import Customer, Message


class Command(BaseCommand):
    help = "Read every message and customer again for the search; safe while people work."

    def handle(self, *args: Any, **options: Any) -> None:
        total = Message.objects.count() + Customer.objects.count()
        with Progress("messages", total) as progress:
            done = reindex(step=progress.step, at=timezone.now())
        self.stdout.write(json.dumps({"messages": done}))
