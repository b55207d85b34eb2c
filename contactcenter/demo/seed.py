"""Fills an empty house with the demo business. Running it again adds only what is missing."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.db import transaction

from agents.roles import ensure_roles
from bots.actions.categories import save_category
from bots.models import BotProfile, Category
from contactcenter.demo import orders, people, routing, scorecards
from contactcenter.demo.knowledge import add_articles, lines_of
from contactcenter.demo.models import Order, Product

HERE = Path(__file__).parent
ARTICLES = HERE / "articles.jsonl"
PRODUCTS = HERE / "products.jsonl"


@dataclass(frozen=True)
class Counts:
    """What was created; all are zero when nothing was missing."""

    accounts: list[str]
    places: int
    products: int
    orders: int
    articles: int
    routing: int


def seed(*, at: datetime, password: str) -> Counts:
    """Creates what is missing of the demo business and touches nothing that is there.

    So an operator's edits survive: a changed article, price, group or password stays changed.
    `password` is given to new accounts only.
    """
    with transaction.atomic():
        ensure_roles()
        BotProfile.objects.get_or_create(inbox=None)  # as it is without one, to be seen and changed
        return Counts(
            accounts=people.create_accounts(password=password),
            places=people.create_places(),
            products=_products(),
            orders=_orders(at=at),
            articles=_articles(),
            routing=routing.create_routing(at=at) + scorecards.create_cards(at=at),
        )


def _products() -> int:
    known = set(Product.objects.values_list("sku", flat=True))
    missing = [Product(**line) for line in lines_of(PRODUCTS) if line["sku"] not in known]
    return len(Product.objects.bulk_create(missing))


def _orders(*, at: datetime) -> int:
    skus = [line["sku"] for line in lines_of(PRODUCTS)]
    # In the order of the file, which no editor's sorting changes: the dice depend on it.
    shelf = Product.objects.in_bulk(skus, field_name="sku")
    known = set(Order.objects.values_list("number", flat=True))
    plans = orders.plans([shelf[sku] for sku in skus])
    return len([orders.write(plan, at=at) for plan in plans if plan.number not in known])


def _articles() -> int:
    made = add_articles(ARTICLES)
    if made and not Category.objects.exists():
        _shelves()
    return made


def _shelves() -> None:
    """The help centre's shelves in the file's order, named in Chinese as the translations name them."""
    lines = {line["id"]: line for line in lines_of(ARTICLES)}
    other = {
        lines[line["translation_of"]]["category"]: line
        for line in lines.values()
        if line.get("translation_of") in lines
    }
    names = dict.fromkeys(line["category"] for line in lines.values() if line["language"] == "en")
    for position, name in enumerate(names, 1):
        there = other.get(name)
        said = {"language": there["language"], "name": there["category"]} if there else None
        save_category(Category(name=name, position=position), [said] if said else [])
