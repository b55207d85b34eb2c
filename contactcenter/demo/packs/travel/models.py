"""Alcedo Travel: a timetable, what was booked on it, and what there is to see where it leads."""

from datetime import date, datetime, timedelta
from typing import Any, Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


class City(models.Model):
    slug = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    name_zh = models.CharField("name in Chinese", max_length=40)
    airport = models.CharField(max_length=3)
    zone = models.CharField("time zone", max_length=40)
    far = models.BooleanField("in Asia", default=False)
    best_months = models.CharField(max_length=80, blank=True)
    best_months_zh = models.CharField("best months in Chinese", max_length=80, blank=True)
    around = models.CharField(max_length=240, blank=True, help_text="How one gets about there.")
    around_zh = models.CharField("the same in Chinese", max_length=240, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name_plural = "cities"

    def __str__(self) -> str:
        return self.name


class Sight(models.Model):
    """Half a day in a city."""

    class Likes(models.TextChoices):
        SIGHTS = "sights", "History and sights"
        FOOD = "food", "Food and markets"
        NATURE = "nature", "Nature and walks"
        FAMILY = "family", "With children"

    city = models.ForeignKey(City, models.CASCADE, related_name="sights")
    likes = models.CharField("for who likes", max_length=8, choices=Likes)
    text = models.CharField(max_length=240)
    text_zh = models.CharField("text in Chinese", max_length=240)
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ["city", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["city", "position"], name="one_sight_for_a_half_day")
        ]

    def __str__(self) -> str:
        return self.text


class FlightQuerySet(models.QuerySet["Flight"]):
    def between(self, origin: str, destination: str) -> Self:
        return self.filter(origin__slug=origin, destination__slug=destination)


class Flight(models.Model):
    """A line of the timetable: on these days of the week, at this time, as long as it is there."""

    number = models.CharField(max_length=8, unique=True)
    origin = models.ForeignKey(City, models.PROTECT, related_name="departures")
    destination = models.ForeignKey(City, models.PROTECT, related_name="arrivals")
    leaves = models.TimeField(help_text="At the city that it leaves.")
    minutes = models.PositiveSmallIntegerField("minutes in the air")
    weekdays = models.CharField(max_length=7, help_text="Digits: 0 is Monday, 6 is Sunday.")
    price = models.DecimalField("lowest Light price", max_digits=8, decimal_places=2)
    seats = models.PositiveSmallIntegerField()

    objects = FlightQuerySet.as_manager()

    class Meta:
        ordering = ["leaves", "number"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="a_flight_has_a_price"),
            models.CheckConstraint(
                condition=Q(weekdays__regex=r"^[0-6]{1,7}$"), name="a_flight_flies_on_some_day"
            ),
            models.CheckConstraint(
                condition=~Q(origin=F("destination")), name="a_flight_leads_somewhere_else"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def flies_on(self, day: date) -> bool:
        return str(day.weekday()) in self.weekdays

    def departure(self, day: date) -> datetime:
        return datetime.combine(day, self.leaves, ZoneInfo(self.origin.zone))

    def arrival(self, day: date) -> datetime:
        landed = self.departure(day).astimezone(ZoneInfo("UTC")) + timedelta(minutes=self.minutes)
        return landed.astimezone(ZoneInfo(self.destination.zone))


class BookingQuerySet(models.QuerySet["Booking"]):
    def standing(self) -> Self:
        return self.filter(status=Booking.Status.BOOKED)

    def aboard(self, flight: Flight, day: date) -> Self:
        """Those who fly on it that day, there or back."""
        return self.filter(Q(flight=flight, day=day) | Q(back_flight=flight, back_day=day))

    def numbered(self, number: str) -> Self:
        return self.filter(number=number.strip().upper())


class Booking(models.Model):
    """There, or there and back: one number, one fare, one price for all of it."""

    class Fare(models.TextChoices):
        LIGHT = "light", "Light"
        CLASSIC = "classic", "Classic"
        FLEX = "flex", "Flex"

    class Status(models.TextChoices):
        BOOKED = "booked", "Booked"
        CANCELLED = "cancelled", "Cancelled"

    number = models.CharField(max_length=8, unique=True)
    name = models.CharField("lead traveller", max_length=120)
    email = models.CharField("e-mail", max_length=254)
    flight = models.ForeignKey(Flight, models.PROTECT, related_name="bookings")
    day = models.DateField()
    back_flight = models.ForeignKey(
        Flight,
        models.PROTECT,
        related_name="bookings_back",
        null=True,
        blank=True,
        verbose_name="flight back",
    )
    back_day = models.DateField("day back", null=True, blank=True)
    travellers = models.PositiveSmallIntegerField()
    fare = models.CharField(max_length=8, choices=Fare)
    price = models.DecimalField("paid altogether", max_digits=9, decimal_places=2)
    back_price = models.DecimalField(
        "of it for the way back", max_digits=9, decimal_places=2, default=0
    )
    fees = models.DecimalField("change fees", max_digits=9, decimal_places=2, default=0)
    refunded = models.DecimalField(max_digits=9, decimal_places=2, default=0)
    status = models.CharField(max_length=10, choices=Status, default=Status.BOOKED)
    is_checked_in = models.BooleanField("checked in", default=False)
    booked_at = models.DateTimeField()
    changed_at = models.DateTimeField(null=True, blank=True)

    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["-booked_at", "-pk"]
        indexes = [
            models.Index(fields=["flight", "day"], name="booking_seats"),
            models.Index(fields=["back_flight", "back_day"], name="booking_seats_back"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(number__regex=r"^AT-[0-9]{5}$"), name="booking_is_at_five_digits"
            ),
            models.CheckConstraint(
                condition=Q(email=Lower("email")), name="booking_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=Q(travellers__gte=1, travellers__lte=9), name="a_booking_is_for_1_to_9"
            ),
            models.CheckConstraint(
                condition=Q(refunded__gte=0) & Q(refunded__lte=F("price") + F("fees")),
                name="no_more_is_paid_back_than_was_paid",
            ),
            models.CheckConstraint(
                condition=Q(status="cancelled") | Q(refunded=0),
                name="only_a_cancelled_booking_is_paid_back",
            ),
            models.CheckConstraint(
                condition=Q(back_flight=None, back_day=None, back_price=0)
                | Q(back_flight__isnull=False, back_day__gte=F("day"), back_price__gt=0),
                name="a_way_back_has_all_of_it_and_comes_later",
            ),
            models.CheckConstraint(
                condition=Q(back_price__lt=F("price")) | Q(back_price=0),
                name="the_way_back_is_a_part_of_the_price",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    @property
    def ways(self) -> int:
        return 2 if self.back_flight_id else 1


def first_free_number() -> str:
    """Counted on from the newest; two at once are kept apart by the unique number."""
    last = Booking.objects.order_by("-number").values_list("number", flat=True).first()
    return f"AT-{int(last[3:]) + 1 if last else 40_001:05d}"
