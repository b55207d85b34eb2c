"""The order book, without a database."""

from decimal import Decimal

import pytest

from contactcenter.demo.knowledge import lines_of
from contactcenter.demo.models import Order, Product
from contactcenter.demo.orders import CUSTOMERS, HOW_MANY, plans
from contactcenter.demo.queries import stock_state, way
from contactcenter.demo.seed import PRODUCTS
from contactcenter.demo.words import CATEGORIES, CHINESE, ENGLISH, TEXTS

pytestmark = pytest.mark.unit


def shelf() -> list[Product]:
    products = [Product(**line) for line in lines_of(PRODUCTS)]
    for product in products:
        product.price = Decimal(product.price)
    return products


def test_the_book_is_the_same_every_time() -> None:
    products = shelf()

    assert plans(products) == plans(products)


def test_the_book_covers_every_status_and_most_customers() -> None:
    book = plans(shelf())

    assert len({plan.number for plan in book}) == HOW_MANY
    assert {plan.status for plan in book} == set(Order.Status)
    assert len({plan.email for plan in book}) >= len(CUSTOMERS) - 3


def test_the_example_order_is_on_its_way_to_mia() -> None:
    [example] = [plan for plan in plans(shelf()) if plan.number == "FW-10234"]

    assert (example.name, example.status) == ("Mia Berger", Order.Status.SHIPPED)
    assert [product.slug for product, _ in example.basket] == ["heron-2", "beam-400"]


@pytest.mark.parametrize(
    ("stock", "state"), [(0, "sold_out"), (1, "few_left"), (5, "few_left"), (6, "in_stock")]
)
def test_stock_state(stock: int, state: str) -> None:
    assert stock_state(stock) == state


def test_the_way_ends_at_the_status_and_a_returned_order_has_none() -> None:
    steps = way(Order.Status.PACKED, ENGLISH)

    assert [(step.word, step.done) for step in steps] == [
        ("Placed", True),
        ("Paid", True),
        ("Packed", True),
        ("Shipped", False),
        ("Delivered", False),
    ]
    assert [step.word for step in steps if step.current] == ["Packed"]
    assert way(Order.Status.RETURNED, ENGLISH) == []


def test_both_languages_say_the_same_things() -> None:
    assert set(TEXTS[ENGLISH]) == set(TEXTS[CHINESE])
    assert set(CATEGORIES[ENGLISH]) == set(CATEGORIES[CHINESE]) == set(Product.Category.values)
