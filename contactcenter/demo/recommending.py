"""The shop's shelf and order book, as the recommender reads them."""

from collections.abc import Sequence
from datetime import datetime

from agents.recommendations.actions.importing import Did, Offered
from contactcenter.demo.models import Order, OrderLine, Product
from contactcenter.demo.people import INBOX_KEY

_UNDONE = (Order.Status.CANCELLED, Order.Status.RETURNED)


class Shop:
    """Orders stand under the address with which somebody signed in at the shop: who only typed it in a chat is not them."""

    def items(self) -> Sequence[Offered]:
        return [
            Offered(
                key=one.sku,
                name=one.name,
                description=one.description,
                category=one.get_category_display(),
                url=one.get_absolute_url(),
                price=one.price,
                currency=one.currency,
                is_active=one.is_active and one.stock > 0,
            )
            for one in Product.objects.all()
        ]

    def events(self, *, at: datetime) -> Sequence[Did]:
        lines = OrderLine.objects.exclude(order__status__in=_UNDONE).filter(
            order__placed_at__lte=at
        )
        return [
            Did(
                id=f"shop:{one.order.number}:{one.product.sku}",
                item=one.product.sku,
                kind="bought",
                at=one.order.placed_at,
                inbox=INBOX_KEY,
                external_id=one.order.customer_email,
            )
            for one in lines.select_related("order", "product")
        ]
