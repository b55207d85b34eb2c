"""What readers of the help centre do, counted by day. No row tells who."""

from django.db import models
from django.db.models import Q

from bots.models.article import Article


class Place(models.TextChoices):
    HELP = "help", "Help centre"
    WIDGET = "widget", "Chat"


class ArticleDay(models.Model):
    """How often an article was opened on a day, each visitor once; and what came of it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="days")
    day = models.DateField()
    place = models.CharField(max_length=10, choices=Place.choices)
    language = models.CharField(max_length=35)
    views = models.PositiveIntegerField(default=0)
    asked = models.PositiveIntegerField(
        default=0, help_text="Of them, how many asked for a person within half an hour."
    )

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "day", "place", "language"], name="one_count_of_views_a_day"
            ),
            models.CheckConstraint(
                condition=Q(asked__lte=models.F("views")), name="who_asked_had_read"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.views} on {self.day}"


class SearchDay(models.Model):
    """How often the same words were searched on a day, without personal data (`bots.privacy`)."""

    words = models.CharField(max_length=120)
    day = models.DateField()
    place = models.CharField(max_length=10, choices=Place.choices)
    language = models.CharField(max_length=35)
    searches = models.PositiveIntegerField(default=0)
    empty = models.PositiveIntegerField(default=0, help_text="How many of them found nothing.")
    opened = models.PositiveIntegerField(default=0, help_text="After how many one was opened.")

    class Meta:
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(
                fields=["words", "day", "place", "language"], name="one_count_of_searches_a_day"
            ),
        ]
        indexes = [models.Index(fields=["day"], name="search_day")]

    def __str__(self) -> str:
        return f"{self.searches} on {self.day}"
