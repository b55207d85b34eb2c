"""What is remembered of a customer from one conversation to the next."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class CustomerFact(models.Model):
    """One thing that a customer said of themselves, or that somebody wrote down for them, with where and
    when. The customer sees, corrects and erases it. One of each kind for each thing that it is `about`
    (which garment, which allergy).

    What concerns somebody's health is `asked` until the customer says that it may be kept. Of what they
    erased nothing stays but `mark`, a keyed hash, so that the same is not remembered again.
    """

    class Kind(models.TextChoices):
        NAME = "name", "Name"
        CALLED = "called", "Wants to be called"
        LANGUAGE = "language", "Language"
        CONTACT = "contact", "How to reach them"
        PLACE = "place", "Lives in"
        SIZE = "size", "Size"
        DEVICE = "device", "Device"
        ALLERGY = "allergy", "Allergy"
        DIET = "diet", "Diet"
        OTHER = "other", "Other"

    class State(models.TextChoices):
        ASKED = "asked", "Only if the customer agrees"
        KNOWN = "known", "Remembered"
        FORGOTTEN = "forgotten", "Erased"

    class By(models.TextChoices):
        SAID = "said", "The customer said so"
        CUSTOMER = "customer", "The customer wrote it here"
        AGENT = "agent", "An agent wrote it down"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    customer = models.ForeignKey(
        "conversations.Customer", models.CASCADE, related_name="remembered"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    about = models.CharField(max_length=40, blank=True)
    value = models.CharField(max_length=200, blank=True)
    mark = models.CharField(max_length=32)
    state = models.CharField(max_length=9, choices=State, default=State.KNOWN)
    by = models.CharField(max_length=8, choices=By, default=By.SAID)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    seq = models.PositiveIntegerField(null=True, blank=True, help_text="Of what they said.")
    said_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["kind", "about", "pk"]
        verbose_name = "remembered fact"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "kind", "about"], name="one_fact_of_a_kind_about_a_thing"
            ),
            models.CheckConstraint(
                condition=Q(state="forgotten", value="", conversation=None, seq=None)
                | (Q(state__in=["asked", "known"]) & ~Q(value="")),
                name="of_a_forgotten_fact_nothing_stays",
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "name", "called", "language", "contact", "place", "size", "device",
                        "allergy", "diet", "other",
                    ]
                ),
                name="kind_of_fact_is_known",
            ),
            models.CheckConstraint(
                condition=Q(by__in=["said", "customer", "agent"]), name="who_told_a_fact_is_known"
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["changed_at"], name="fact_age")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of customer {self.customer_id}"
