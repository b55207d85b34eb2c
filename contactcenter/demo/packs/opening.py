"""Opens a demo business: accounts, inbox, queue, bot, articles, its own books."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from agents.models import Queue
from agents.roles import ensure_roles
from bots.actions.procedures.keeping import ensure_connection, ensure_procedure
from bots.models import BotProfile
from contactcenter.demo import people, seed
from contactcenter.demo.knowledge import add_articles
from contactcenter.demo.packs.door import token_of
from contactcenter.demo.packs.models import open_business
from contactcenter.demo.packs.pack import Pack, pack_named, write_books
from inboxes.models import Inbox

SHOP = "retail"


@dataclass
class Opened:
    """What was new; nothing, when nothing was missing."""

    accounts: list[str] = field(default_factory=list)
    rows: int = 0
    articles: int = 0
    procedures: int = 0


def open_pack(name: str, *, at: datetime, password: str) -> Opened:
    """Creates what is missing of this business and touches nothing that is there.

    `password` is given to new accounts only. Raises LookupError for a name that is none of ours.
    """
    opened = Opened()
    if name == SHOP:
        counts = seed.seed(at=at, password=password)
        opened.accounts, opened.articles = counts.accounts, counts.articles
        opened.rows = counts.products + counts.orders
    pack = pack_named(name)
    with transaction.atomic():
        ensure_roles()
        opened.accounts += people.create_accounts(password=password)
        inbox = _inbox(pack)
        open_business(name, at=at)
        opened.rows += write_books(name, at=at)
        articles = pack.folder / "articles.jsonl"
        if articles.is_file():
            opened.articles += add_articles(articles, inbox=inbox)
        opened.procedures = _procedures(pack, inbox, at=at)
    return opened


def _procedures(pack: Pack, inbox: Inbox, *, at: datetime) -> int:
    """What its bot can do: the way to its interface, and each procedure, live after its tests."""
    files = [one for one in pack.folder.glob("procedures/*.yaml") if ".tests." not in one.name]
    if not files:
        return 0
    ensure_connection(pack.name, f"/demo/{pack.name}/api", token_of(pack.name), own=True)
    return sum(
        ensure_procedure(
            file.read_text(encoding="utf-8"),
            file.with_suffix(".tests.yaml").read_text(encoding="utf-8"),
            at=at,
            inbox=inbox,
        )
        for file in sorted(files)
    )


def _inbox(pack: Pack) -> Inbox:
    """The way in, the queue behind it and the bot in front of it."""
    inbox, is_new = Inbox.objects.get_or_create(
        key=pack.key,
        defaults={
            "name": pack.title["en"],
            "kind": Inbox.Kind.WEB,
            "languages": ["en", "zh"],
            "appearance": pack.appearance,
            "typing_preview": True,
            "own_articles_only": True,
        },
    )
    if is_new:
        team, _ = people.customer_service()
        queue, _ = Queue.objects.get_or_create(name=pack.title["en"], defaults={"team": team})
        queue.inboxes.add(inbox)
        BotProfile.objects.get_or_create(inbox=inbox, defaults={"caution": pack.caution})
    return inbox
