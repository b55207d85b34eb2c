"""Fills an empty house with the demo business. Running it again adds only what is missing."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django.core.management import call_command
from django.db import transaction

from agents.roles import ensure_roles
from bots.models import Article
from contactcenter.demo import orders, people, routing
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
        return Counts(
            accounts=people.create_accounts(password=password),
            places=people.create_places(),
            products=_products(),
            orders=_orders(at=at),
            articles=_articles(),
            routing=routing.create_routing(at=at),
        )


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


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
    """By the same command that a company's own articles come in; an id that is known stays out."""
    known = set(Article.objects.values_list("external_id", flat=True))
    missing = [line for line in lines_of(ARTICLES) if line["id"] not in known]
    if not missing:
        return 0
    with NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as file:
        file.writelines(json.dumps(line, ensure_ascii=False) + "\n" for line in missing)
        file.flush()
        call_command("import_articles", file.name, stdout=StringIO())
    return len(missing)
