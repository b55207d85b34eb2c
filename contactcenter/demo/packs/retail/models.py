"""What Farwander's shop tables lack: where a parcel was seen, what goes back, what suits whom."""

import uuid

from django.db import models
from django.db.models import Q

from contactcenter.demo.models import Order, OrderLine, Product


class ParcelEvent(models.Model):
    class What(models.TextChoices):
        HANDED_OVER = "handed_over", "Handed to the carrier"
        SORTED = "sorted", "At the sorting centre"
        OUT = "out", "Out for delivery"
        DELIVERED = "delivered", "Delivered"

    order = models.ForeignKey(Order, models.CASCADE, related_name="parcel_events")
    what = models.CharField(max_length=12, choices=What)
    place = models.CharField(max_length=60)
    at = models.DateTimeField()

    class Meta:
        ordering = ["at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "what"], name="a_parcel_is_seen_once_each")
        ]

    def __str__(self) -> str:
        return f"{self.order}: {self.what}"


class Return(models.Model):
    class Reason(models.TextChoices):
        TOO_SMALL = "too_small", "Too small"
        TOO_BIG = "too_big", "Too big"
        DAMAGED = "damaged", "Damaged"
        NOT_LIKED = "not_liked", "Not liked"
        OTHER = "other", "Something else"

    class Status(models.TextChoices):
        ANNOUNCED = "announced", "Announced"
        ARRIVED = "arrived", "Arrived"
        REFUNDED = "refunded", "Paid back"

    number = models.CharField(max_length=8, unique=True)
    # The label's address is its key: long, and with no name of a customer in it.
    label = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    line = models.ForeignKey(OrderLine, models.PROTECT, related_name="returns")
    count = models.PositiveSmallIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    country = models.CharField(max_length=7, default="germany")
    refund = models.DecimalField(max_digits=8, decimal_places=2)
    status = models.CharField(max_length=10, choices=Status, default=Status.ANNOUNCED)
    made_at = models.DateTimeField()
    send_by = models.DateField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^RT-[0-9]{5}$"), name="return_number_is_rt_five_digits"
            ),
            models.CheckConstraint(condition=Q(count__gte=1), name="a_return_has_a_count"),
            models.CheckConstraint(condition=Q(refund__gte=0), name="a_refund_is_no_debt"),
        ]

    def __str__(self) -> str:
        return self.number


class Suits(models.Model):
    """What a product is good for, as an adviser knows it."""

    product = models.OneToOneField(Product, models.CASCADE, related_name="suits")
    people = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Tents only.")
    trips: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, help_text="Of day, weekend, long."
    )
    seasons: "models.JSONField[list[str], list[str]]" = models.JSONField(
        default=list, help_text="Of summer, three, winter."
    )
    why = models.CharField(max_length=200)
    why_zh = models.CharField("why, in Chinese", max_length=120)

    class Meta:
        verbose_name_plural = "what suits whom"

    def __str__(self) -> str:
        return str(self.product)
