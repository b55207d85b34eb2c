"""What the demo shop sells, and what was ordered there."""

import uuid
from decimal import Decimal
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.urls import reverse

CURRENCY = "EUR"


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> Self:
        return self.filter(is_active=True)

    def of(self, category: str) -> Self:
        return self.filter(category=category)

    def featured(self) -> Self:
        return self.on_sale().filter(is_featured=True)


class Product(models.Model):
    class Category(models.TextChoices):
        TENTS = "tents", "Tents"
        PACKS = "packs", "Packs"
        SLEEP = "sleep", "Sleeping bags"
        KITCHEN = "kitchen", "Stoves and water"
        BOOTS = "boots", "Boots"
        JACKETS = "jackets", "Jackets"
        EXTRAS = "extras", "Useful things"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sku = models.CharField("SKU", max_length=32, unique=True)
    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField("name in Chinese", max_length=120, blank=True)
    description = models.TextField()
    description_zh = models.TextField("description in Chinese", blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    currency = models.CharField(max_length=3, default=CURRENCY, editable=False)
    category = models.CharField(max_length=16, choices=Category.choices)
    image = models.CharField(
        max_length=120, help_text="A static file, such as img/shop/heron-2.svg."
    )
    stock = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField("on sale", default=True)
    is_featured = models.BooleanField("on the first page", default=False)
    position = models.PositiveSmallIntegerField(
        default=100, help_text="Small numbers come first in their category."
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["category", "position"], name="product_shelf")]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="a_product_has_a_price"),
            models.CheckConstraint(condition=Q(currency=CURRENCY), name="prices_are_in_euro"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("shop:product", args=[self.slug])


class OrderQuerySet(models.QuerySet["Order"]):
    def of_customer(self, email: str) -> Self:
        """Orders under this e-mail address; an empty address has none."""
        address = email.strip().lower()
        return self.filter(customer_email=address) if address else self.none()

    def numbered(self, number: str) -> Self:
        return self.filter(number=number.strip().upper())

    def newest_first(self) -> Self:
        return self.order_by("-placed_at", "-pk")


class Order(models.Model):
    class Status(models.TextChoices):
        PLACED = "placed", "Placed"
        PAID = "paid", "Paid"
        PACKED = "packed", "Packed"
        SHIPPED = "shipped", "Shipped"
        DELIVERED = "delivered", "Delivered"
        RETURNED = "returned", "Returned"
        CANCELLED = "cancelled", "Cancelled"

    LEFT_THE_HOUSE = (Status.SHIPPED, Status.DELIVERED, Status.RETURNED)

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(max_length=16, unique=True)
    customer_name = models.CharField(max_length=200)
    customer_email = models.CharField("customer's e-mail", max_length=254, db_index=True)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.PLACED)
    placed_at = models.DateTimeField()
    shipped_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=60, blank=True)
    total = models.DecimalField(max_digits=9, decimal_places=2, help_text="With delivery, in EUR.")

    objects = OrderQuerySet.as_manager()

    class Meta:
        ordering = ["-placed_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^FW-[0-9]{5}$"), name="order_number_is_fw_five_digits"
            ),
            models.CheckConstraint(
                condition=Q(customer_email=Lower("customer_email")),
                name="order_email_is_lower_case",
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["shipped", "delivered", "returned"])
                | Q(shipped_at__isnull=False),
                name="what_left_the_house_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("shipped_at")),
                name="delivered_after_shipped",
            ),
            models.CheckConstraint(condition=Q(total__gte=0), name="an_order_costs_no_less_than_0"),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: object, **kwargs: object) -> None:
        self.customer_email = self.customer_email.strip().lower()
        super().save(*args, **kwargs)  # type: ignore[arg-type]


class OrderLine(models.Model):
    """A product as it was when it was bought: name and price do not follow the shelf."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    quantity = models.PositiveSmallIntegerField(default=1)
    unit_price = models.DecimalField(max_digits=8, decimal_places=2)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "product"], name="one_line_per_product"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="a_line_has_a_quantity"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.name}"

    @property
    def price(self) -> Decimal:
        return self.unit_price * self.quantity
