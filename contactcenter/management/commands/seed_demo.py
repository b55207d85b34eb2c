"""Creates the demo businesses."""

import secrets
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from contactcenter.demo.history import live_through
from contactcenter.demo.packs.opening import open_pack
from contactcenter.demo.packs.pack import names

ALL = "all"
FIRST = "retail"


class Command(BaseCommand):
    help = (
        "Creates what is missing of a demo business: accounts, inbox, articles, its own books. "
        "Running it again changes nothing that is there, but procedures that an older version of this "
        "house brought and nobody has touched: the newer ones take their place."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--pack",
            action="append",
            choices=[*names(), ALL],
            metavar="NAME",
            help=f"{', '.join(names())}, or {ALL}; may be given more than once ({FIRST})",
        )

    def handle(self, *args: Any, pack: list[str] | None, **options: Any) -> None:
        given: str = settings.DEMO_PASSWORD
        password = given or secrets.token_urlsafe(9)
        chosen = pack or [FIRST]
        accounts: list[str] = []
        for name in names() if ALL in chosen else chosen:
            opened = open_pack(name, at=timezone.now(), password=password)
            accounts += opened.accounts
            self.stderr.write(
                f"Demo business {name}: {len(opened.accounts)} accounts, {opened.rows} rows, "
                f"{opened.articles} articles and {opened.procedures} procedures were new or newer."
            )
        if FIRST in chosen and settings.DEMO_HISTORY and (talks := live_through(at=timezone.now())):
            self.stderr.write(f"{talks} conversations of the last eight weeks took place.")
        if accounts:
            shown = "as set in DEMO_PASSWORD" if given else password
            self.stdout.write(f"Demo accounts: {', '.join(accounts)}\nPassword: {shown}")
