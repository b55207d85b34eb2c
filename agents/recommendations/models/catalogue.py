"""What can be offered, and what customers did with it."""

import uuid

from django.db import models
from django.db.models import F, Q


class Item(models.Model):
    """A product or a service of the centre's business."""

    class Kind(models.TextChoices):
        PRODUCT = "product", "Product"
        SERVICE = "service", "Service"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(
        max_length=120, unique=True, help_text="The business's own number for it."
    )
    kind = models.CharField(max_length=7, choices=Kind, default=Kind.PRODUCT)
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True, max_length=4000)
    category = models.CharField(max_length=80, blank=True)
    url = models.CharField(
        max_length=500, blank=True, help_text="Where customers find it: /shop/… or https://…"
    )
    price = models.DecimalField(max_digits=10, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    inbox = models.ForeignKey(
        "inboxes.Inbox", models.CASCADE, null=True, blank=True, related_name="+",
        help_text="Offered only there; empty: everywhere.",
    )  # fmt: skip
    segment = models.ForeignKey(
        "recommendations.Segment", models.PROTECT, null=True, blank=True, related_name="items",
        help_text="Offered only to them; empty: to everybody.",
    )  # fmt: skip
    again = models.BooleanField(
        "more than once", default=True, help_text="May be offered to who has bought it."
    )
    most_shown = models.PositiveSmallIntegerField(
        default=3, help_text="Times that one customer is shown it in thirty days."
    )
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField("is offered", default=True)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(key="") & ~Q(name=""), name="an_item_has_key_and_name"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["product", "service"]), name="kind_of_an_item_is_known"
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(starts_at=None) | Q(ends_at__gt=F("starts_at")),
                name="an_item_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class CustomerEvent(models.Model):
    """Somebody bought, looked at, or asked about an item. Who has never written to us is a digest (`person`)."""

    class Kind(models.TextChoices):
        BOUGHT = "bought", "Bought"
        VIEWED = "viewed", "Looked at"
        ASKED = "asked", "Asked about"

    customer = models.ForeignKey(
        "conversations.Customer", models.CASCADE, null=True, blank=True, related_name="events"
    )
    person = models.CharField(max_length=64, blank=True)
    item = models.ForeignKey(Item, models.CASCADE, related_name="events")
    kind = models.CharField(max_length=6, choices=Kind)
    at = models.DateTimeField()
    source = models.CharField(max_length=120, unique=True, help_text="The same twice is one event.")

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["customer", "-at"], name="event_of_customer"),
            models.Index(fields=["person", "-at"], name="event_of_person"),
            models.Index(fields=["item", "-at"], name="event_of_item"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["bought", "viewed", "asked"]), name="kind_of_event_is_known"
            ),
            models.CheckConstraint(
                condition=Q(customer=None) ^ Q(person=""), name="an_event_is_one_persons"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.item_id}"
