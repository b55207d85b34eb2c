"""What was learnt and waits for a person: questions with answers, and articles that do not agree."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from pgvector.django import VectorField

from bots.models.article import Article
from bots.models.passage import DIMENSIONS


class LearnedPair(models.Model):
    """A question and an answer that people gave, without personal data. A rejected one stays, so that
    its like never comes again."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for approval"
        APPROVED = "approved", "Approved"
        REJECTED = "rejected", "Rejected"

    class Becomes(models.TextChoices):
        EXAMPLE = "example", "An example question"
        ARTICLE = "article", "A new article"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    question = models.CharField(max_length=500)
    others = models.JSONField(
        "asked like this, too",
        default=list,
        blank=True,
        help_text="Other questions that people gave the same answer to.",
    )
    answer = models.TextField(blank=True)
    language = models.CharField(max_length=16)
    vector = VectorField(dimensions=DIMENSIONS)
    asked = models.OneToOneField(
        "bots.Asked", models.CASCADE, null=True, blank=True, related_name="learned"
    )
    article = models.ForeignKey(
        Article,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="learned",
        help_text="The article that answers it already, or that was made of it.",
    )
    becomes = models.CharField(max_length=8, choices=Becomes)
    seen = models.PositiveIntegerField(default=1, help_text="How often people were asked so.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "learned answer"
        ordering = ["-seen", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "approved", "rejected"]),
                name="learned_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(becomes="example", article__isnull=False) | Q(becomes="article"),
                name="an_example_is_of_an_article",
            ),
        ]
        indexes = [models.Index(fields=["state", "-seen", "-id"], name="learned_waiting")]

    def __str__(self) -> str:
        return self.question


class ArticlePair(models.Model):
    """Two articles that say the same, or that do not agree. `first` is the older one."""

    class Kind(models.TextChoices):
        DUPLICATE = "duplicate", "Say the same"
        CONTRADICTION = "contradiction", "Contradict each other"

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DISMISSED = "dismissed", "Dismissed"
        LINKED = "linked", "Linked"
        MERGED = "merged", "Merged"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    first = models.ForeignKey(Article, models.CASCADE, related_name="+")
    second = models.ForeignKey(Article, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=13, choices=Kind)
    score = models.FloatField("likeness")
    sentences = models.JSONField(default=list)
    fingerprint = models.CharField(
        max_length=64, help_text="Of the sentences: others open a dismissed pair again."
    )
    found_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "pair of articles"
        verbose_name_plural = "pairs of articles"
        ordering = ["-found_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["first", "second", "kind"], name="two_articles_are_one_pair"
            ),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="a_pair_begins_with_the_older"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dismissed", "linked", "merged"]),
                name="pair_state_is_known",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="pair_state")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.first_id} and {self.second_id}"


class ArticleCheck(models.Model):
    """Which text of an article was compared with its neighbours last."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="+")
    revision = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"Article {self.article_id} was compared"
