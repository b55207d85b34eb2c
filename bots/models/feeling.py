"""How customers' messages read: an estimate for each, and what people say against it."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class Label(models.TextChoices):
    NEGATIVE = "negative", "Negative"
    NEUTRAL = "neutral", "Neutral"
    POSITIVE = "positive", "Positive"


class MessageFeeling(models.Model):
    """Read once, by one version of the weights. Goes with its message, and says nothing about an agent."""

    message = models.OneToOneField(
        "conversations.Message", models.CASCADE, related_name="feeling", primary_key=True
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="feelings"
    )
    label = models.CharField(max_length=8, choices=Label)
    negative = models.FloatField(help_text="The chance that a person would say so.")
    neutral = models.FloatField()
    positive = models.FloatField()
    language = models.CharField(max_length=16)
    version = models.CharField(max_length=12, help_text="Of the weights that read it.")
    at = models.DateTimeField()

    class Meta:
        ordering = ["conversation", "message"]
        verbose_name = "feeling of a message"
        verbose_name_plural = "feelings of messages"
        constraints = [
            models.CheckConstraint(condition=Q(label__in=Label.values), name="a_feeling_is_known"),
            models.CheckConstraint(
                condition=Q(negative__range=(0, 1), neutral__range=(0, 1), positive__range=(0, 1)),
                name="feelings_are_chances",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="feeling_by_time")]

    def __str__(self) -> str:
        return f"{self.get_label_display()} ({self.chance:.0%})"

    @property
    def score(self) -> float:
        return self.positive - self.negative

    @property
    def chance(self) -> float:
        return max(self.negative, self.neutral, self.positive)


class FeelingAppeal(models.Model):
    """Somebody reads a message otherwise. Looked through by a person; what is accepted is learnt from."""

    class State(models.TextChoices):
        OPEN = "open", "To be looked at"
        ACCEPTED = "accepted", "The person is right"
        REFUSED = "refused", "The estimate stands"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    feeling = models.OneToOneField(MessageFeeling, models.CASCADE, related_name="appeal")
    says = models.CharField(max_length=8, choices=Label)
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "appeal against a feeling"
        verbose_name_plural = "appeals against feelings"
        constraints = [
            models.CheckConstraint(
                condition=Q(says__in=Label.values), name="an_appeal_says_a_feeling"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | Q(state__in=["accepted", "refused"], decided_at__isnull=False),
                name="an_appeal_is_decided_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_says_display()}: {self.get_state_display()}"
