"""Kestrel Mobile: plans, subscribers, disturbances of the network, and what people report."""

from django.db import models
from django.db.models import Q


class Plan(models.Model):
    code = models.SlugField(max_length=16, unique=True)
    name = models.CharField(max_length=40)
    name_zh = models.CharField("name in Chinese", max_length=40)
    price = models.DecimalField("a month", max_digits=6, decimal_places=2)
    gigabytes = models.PositiveSmallIntegerField(help_text="0: no limit.")
    is_sold = models.BooleanField("on sale", default=True)

    class Meta:
        ordering = ["price"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="a_plan_has_a_price"),
        ]

    def __str__(self) -> str:
        return self.name


class Subscriber(models.Model):
    number = models.CharField(max_length=9, unique=True)
    name = models.CharField(max_length=120)
    name_zh = models.CharField("name in Chinese", max_length=60, blank=True)
    pin = models.CharField("digest of the hotline PIN", max_length=64)
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="subscribers")
    bound_until = models.DateField(
        null=True, blank=True, help_text="Until then to a dearer plan only."
    )
    next_plan = models.ForeignKey(
        Plan, models.PROTECT, null=True, blank=True, related_name="followers"
    )
    changes_on = models.DateField(null=True, blank=True)
    reference = models.CharField("reference of the change", max_length=12, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^KM-[0-9]{6}$"), name="subscriber_is_km_six_digits"
            ),
            models.CheckConstraint(
                condition=Q(next_plan=None, changes_on=None)
                | Q(next_plan__isnull=False, changes_on__isnull=False),
                name="a_change_of_plan_has_its_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class Disturbance(models.Model):
    class Kind(models.TextChoices):
        OUTAGE = "outage", "Outage"
        WORKS = "works", "Planned works"

    number = models.CharField(max_length=10, unique=True)
    postcodes = models.CharField(max_length=5, help_text="The beginning of the postcodes.")
    kind = models.CharField(max_length=8, choices=Kind)
    cause = models.CharField(max_length=120)
    cause_zh = models.CharField("cause in Chinese", max_length=120)
    services = models.CharField(max_length=60, default="internet")
    is_over = models.BooleanField(default=False)
    hours = models.PositiveSmallIntegerField("mended within hours", default=4)

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return self.number


class FaultReport(models.Model):
    number = models.CharField(max_length=10, unique=True)
    postcode = models.CharField(max_length=5)
    service = models.CharField(max_length=10)
    since = models.CharField(max_length=80)
    phone = models.CharField(max_length=40)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                condition=Q(postcode__regex=r"^[0-9]{5}$"), name="a_postcode_has_five_digits"
            )
        ]

    def __str__(self) -> str:
        return self.number


class Complaint(models.Model):
    number = models.CharField(max_length=10, unique=True)
    topic = models.CharField(max_length=12)
    story = models.TextField(max_length=2_000)
    wish = models.CharField(max_length=12)
    email = models.EmailField()
    at = models.DateTimeField()
    answer_by = models.DateField()

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.number
