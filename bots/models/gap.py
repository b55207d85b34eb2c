"""A gap: questions of customers that mean the same and that the bot could not answer."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from pgvector.django import VectorField

from bots.models.article import Article
from bots.models.passage import DIMENSIONS


class Gap(models.Model):
    class Kind(models.TextChoices):
        UNKNOWN = "", "Not looked at yet"
        MISSING = "missing", "No article"
        CONTRADICTORY = "contradictory", "Articles disagree"
        NOT_RETRIEVED = "not_retrieved", "Not found"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DRAFTED = "drafted", "Draft written"
        SOLVED = "solved", "Solved"
        IGNORED = "ignored", "Ignored"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField("asked like this", max_length=300)
    language = models.CharField(max_length=16)
    centre = VectorField(dimensions=DIMENSIONS, help_text="The sum of its questions' vectors.")
    size = models.PositiveIntegerField("questions", default=0)
    searches = models.PositiveIntegerField(
        default=0, help_text="How often readers searched for it and found nothing."
    )
    weekly = models.FloatField(
        "a week", default=0.0, help_text="Questions and searches a week over the last four weeks."
    )
    first_at = models.DateTimeField("first asked")
    last_at = models.DateTimeField("last asked")
    kind = models.CharField("why", max_length=14, choices=Kind, blank=True, default="")
    evidence = models.JSONField(
        default=dict,
        blank=True,
        help_text="What the kind rests on: the nearest articles, the best replies of people.",
    )
    looked_size = models.PositiveIntegerField(
        default=0, help_text="How many questions it had when it was looked at last."
    )
    looked_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    article = models.ForeignKey(
        Article, models.SET_NULL, null=True, blank=True, related_name="gaps"
    )
    predicted = models.FloatField(
        null=True, blank=True, help_text="Questions a week that the article was to answer."
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "unanswered question"
        ordering = ["-weekly", "-size", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["", "missing", "contradictory", "not_retrieved"]),
                name="gap_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "drafted", "solved", "ignored"]),
                name="gap_state_is_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "-weekly", "-id"], name="gap_by_impact")]

    def __str__(self) -> str:
        return self.title


class GapSearch(models.Model):
    """Words that readers of the help centre or the chat searched without result; how often is in
    `SearchDay`. Folded and without personal data, as they are there."""

    words = models.CharField(max_length=120)
    language = models.CharField(max_length=35)
    vector = VectorField(dimensions=DIMENSIONS)
    gap = models.ForeignKey(Gap, models.CASCADE, related_name="searched")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["words", "language"], name="searched_words_are_in_one_gap"
            )
        ]

    def __str__(self) -> str:
        return self.words
