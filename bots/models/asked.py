"""A question that the bot was asked: kept without personal data, with its vector and what became of it."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from pgvector.django import VectorField

from bots.models.passage import DIMENSIONS


class Asked(models.Model):
    """What a customer said in one turn that the bot took. Read from the log, and read again whenever
    the log of its conversation grows; the words of the log are the truth, these are a copy in which
    personal data is replaced by placeholders."""

    class Decision(models.TextChoices):
        ANSWER = "answer", "Answered"
        CLARIFY = "clarify", "Asked back"
        HANDOFF = "handoff", "Handed over"

    class Outcome(models.TextChoices):
        UNKNOWN = "", "Not known yet"
        CONFIRMED = "confirmed", "It helped"
        WENT_ON = "went_on", "Then wanted a person"
        UNANSWERED = "unanswered", "Not answered"

    conversation = models.ForeignKey("conversations.Conversation", models.CASCADE, related_name="+")
    offset = models.PositiveIntegerField(help_text="Of the line in its log that says the decision.")
    inbox = models.ForeignKey("inboxes.Inbox", models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()
    text = models.TextField()
    language = models.CharField(max_length=16)
    vector = VectorField(dimensions=DIMENSIONS, null=True)
    encoder = models.CharField(max_length=200, blank=True)
    decision = models.CharField(max_length=8, choices=Decision)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")
    articles = models.JSONField(default=list, help_text="Ids of what the bot cited.")
    gap = models.ForeignKey(
        "bots.Gap", models.SET_NULL, null=True, blank=True, related_name="questions"
    )

    class Meta:
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "offset"], name="a_decision_is_read_once"
            ),
            models.CheckConstraint(
                condition=Q(decision__in=["answer", "clarify", "handoff"]),
                name="asked_decision_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "confirmed", "went_on", "unanswered"]),
                name="asked_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(gap=None) | Q(outcome="unanswered"), name="a_gap_is_of_unanswered"
            ),
        ]
        indexes = [
            models.Index(fields=["asked_at", "id"], name="asked_when"),
            models.Index(fields=["gap", "asked_at"], name="asked_gap_when"),
            models.Index(fields=["id"], name="asked_unread", condition=Q(vector=None)),
            models.Index(
                fields=["id"],
                name="asked_unsorted",
                condition=Q(outcome="unanswered", gap=None, vector__isnull=False),
            ),
            GinIndex(fields=["articles"], name="asked_articles"),
        ]

    def __str__(self) -> str:
        return f"Question {self.pk}"


class LearningProgress(models.Model):
    """How far a periodic reading has come: everything up to this line was read."""

    name = models.CharField(max_length=20, unique=True)
    through_at = models.DateTimeField(null=True)
    through_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} up to {self.through_id}"
