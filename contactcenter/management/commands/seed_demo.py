"""Creates the demo business."""

import secrets
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from contactcenter.demo.seed import seed


class Command(BaseCommand):
    help = (
        "Creates what is missing of the demo business: accounts, shop, articles. "
        "Running it again changes nothing that is there."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        given: str = settings.DEMO_PASSWORD
        password = given or secrets.token_urlsafe(9)
        counts = seed(at=timezone.now(), password=password)
        self.stderr.write(
            f"Demo business: {len(counts.accounts)} accounts, {counts.products} products, "
            f"{counts.orders} orders and {counts.articles} articles were new."
        )
        if counts.accounts:
            shown = "as set in DEMO_PASSWORD" if given else password
            self.stdout.write(f"Demo accounts: {', '.join(counts.accounts)}\nPassword: {shown}")
