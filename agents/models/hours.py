"""When people are here."""

import uuid
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q


def check_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(f"{name!r} is not a time zone, such as Europe/Berlin.")


class Schedule(models.Model):
    """Opening hours in one time zone; queues and inboxes name it by the rule `hours`."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    time_zone = models.CharField(max_length=64, default="UTC", validators=[check_time_zone])

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class OpeningHours(models.Model):
    """One stretch of one weekday; several make a lunch break. Past midnight: it ends earlier than
    it begins, on the next day."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, "Monday"
        TUESDAY = 1, "Tuesday"
        WEDNESDAY = 2, "Wednesday"
        THURSDAY = 3, "Thursday"
        FRIDAY = 4, "Friday"
        SATURDAY = 5, "Saturday"
        SUNDAY = 6, "Sunday"

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="opening_hours")
    weekday = models.PositiveSmallIntegerField(choices=Weekday)
    opens = models.TimeField()
    closes = models.TimeField(help_text="The same as opens: the whole day.")

    class Meta:
        ordering = ["schedule", "weekday", "opens"]
        verbose_name_plural = "opening hours"
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "weekday", "opens"], name="one_opening_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(weekday__gte=0, weekday__lte=6), name="a_week_has_seven_days"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_weekday_display()} {self.opens:%H:%M}–{self.closes:%H:%M}"


class Holiday(models.Model):
    """A date that is not as its weekday: closed, or open at other times."""

    schedule = models.ForeignKey(Schedule, models.CASCADE, related_name="holidays")
    day = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    opens = models.TimeField(null=True, blank=True, help_text="Empty: closed all day.")
    closes = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["schedule", "day", "opens"]
        constraints = [
            models.UniqueConstraint(
                fields=["schedule", "day", "opens"],
                name="one_holiday_opening_at_a_time",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(opens__isnull=True, closes__isnull=True)
                | Q(opens__isnull=False, closes__isnull=False),
                name="a_holiday_opens_and_closes",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.name}"
