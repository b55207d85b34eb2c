"""What the shop's pages show: plain values in the customer's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from contactcenter.demo.models import Order, Product
from contactcenter.demo.words import CATEGORIES, CHINESE, TEXTS

FEW = 5  # "few left" on the page, and in the articles
# The drawing that stands for a whole category.
FACES = {
    Product.Category.TENTS: "heron-2",
    Product.Category.PACKS: "ridge-55",
    Product.Category.SLEEP: "eider-0",
    Product.Category.KITCHEN: "ember-2",
    Product.Category.BOOTS: "fell-mid",
    Product.Category.JACKETS: "squall-jacket",
    Product.Category.EXTRAS: "beam-400",
}
WAY = (
    Order.Status.PLACED,
    Order.Status.PAID,
    Order.Status.PACKED,
    Order.Status.SHIPPED,
    Order.Status.DELIVERED,
)


@dataclass(frozen=True)
class Shelf:
    slug: str
    title: str
    text: str
    image: str


@dataclass(frozen=True)
class Card:
    """A product as a customer sees it. `stock` is in_stock, few_left or sold_out."""

    url: str
    name: str
    text: str
    image: str
    sku: str
    price: Decimal
    stock: str
    stock_word: str


@dataclass(frozen=True)
class Step:
    word: str
    done: bool
    current: bool


@dataclass(frozen=True)
class Item:
    name: str
    quantity: int
    sum: Decimal
    image: str


@dataclass(frozen=True)
class OrderView:
    number: str
    status: str
    status_word: str
    placed_at: datetime
    shipped_at: datetime | None
    delivered_at: datetime | None
    carrier: str
    tracking_number: str
    total: Decimal
    items: Sequence[Item]
    steps: Sequence[Step]


def shelves(language: str) -> list[Shelf]:
    """All departments in the order of the shop."""
    return [
        Shelf(category.value, *CATEGORIES[language][category], image_of(FACES[category]))
        for category in Product.Category
    ]


def shelf(category: str, language: str) -> Shelf | None:
    return next((s for s in shelves(language) if s.slug == category), None)


def cards(products: Iterable[Product], language: str) -> list[Card]:
    return [card(product, language) for product in products]


def card(product: Product, language: str) -> Card:
    """A text without a translation is shown in English rather than not at all."""
    chinese = language == CHINESE
    stock = stock_state(product.stock)
    return Card(
        url=product.get_absolute_url(),
        name=(chinese and product.name_zh) or product.name,
        text=(chinese and product.description_zh) or product.description,
        image=product.image,
        sku=product.sku,
        price=product.price,
        stock=stock,
        stock_word=TEXTS[language][stock],
    )


def stock_state(stock: int) -> str:
    if stock == 0:
        return "sold_out"
    return "few_left" if stock <= FEW else "in_stock"


def image_of(name: str) -> str:
    return f"img/shop/{name}.svg"


def order_views(orders: Iterable[Order], language: str) -> list[OrderView]:
    """Expects the lines and their products to be prefetched."""
    return [_order_view(order, language) for order in orders]


def orders_of(email: str, language: str, *, last: int = 10) -> list[OrderView]:
    """The latest orders under this address, newest first."""
    orders = Order.objects.of_customer(email).newest_first()
    return order_views(orders.prefetch_related("lines__product")[:last], language)


def order_of(*, number: str, email: str, language: str) -> OrderView | None:
    """The order if number and address belong together, else nothing: both ways look alike."""
    orders = Order.objects.of_customer(email).numbered(number)
    return next(iter(order_views(orders.prefetch_related("lines__product"), language)), None)


def _order_view(order: Order, language: str) -> OrderView:
    words = TEXTS[language]
    items = [
        Item(
            name=(language == CHINESE and line.product.name_zh) or line.name,
            quantity=line.quantity,
            sum=line.price,
            image=line.product.image,
        )
        for line in order.lines.all()
    ]
    return OrderView(
        number=order.number,
        status=order.status,
        status_word=words[order.status],
        placed_at=order.placed_at,
        shipped_at=order.shipped_at,
        delivered_at=order.delivered_at,
        carrier=order.carrier,
        tracking_number=order.tracking_number,
        total=order.total,
        items=items,
        steps=way(order.status, language),
    )


def way(status: str, language: str) -> list[Step]:
    """The way of an order, step by step; one that left the way has none."""
    reached = next((i for i, step in enumerate(WAY) if step == status), None)
    if reached is None:
        return []
    return [
        Step(word=TEXTS[language][step], done=i <= reached, current=i == reached)
        for i, step in enumerate(WAY)
    ]
