"""Who was asked, and who holds what."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from agents.models.why import WhyField


class Offer(models.Model):
    """A waiting conversation shown to one agent, who has some seconds to say yes."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"
        MISSED = "missed", "Not answered in time"
        WITHDRAWN = "withdrawn", "No longer needed"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="offers"
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offers")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    why = WhyField(default=dict, help_text="Who could have been asked, and why this one.")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(ended_at__isnull=True),
                name="one_open_offer_per_conversation",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, outcome="")
                | (Q(ended_at__isnull=False) & ~Q(outcome="")),
                name="an_ended_offer_has_an_outcome",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"], condition=Q(ended_at__isnull=True), name="offer_open"
            ),
            models.Index(fields=["agent", "ended_at"], name="offer_agent"),
        ]

    def __str__(self) -> str:
        return f"Offer {self.pk}"


class Assignment(models.Model):
    """An agent holds a conversation, from … to …"""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="assignments"
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="assignments")
    how = models.CharField(
        max_length=12, default="claimed", help_text="accepted, claimed, transferred, reopened, …"
    )
    why = WhyField(default=dict, help_text="The decision that led to it.")
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(ended_at__isnull=True),
                name="one_agent_per_conversation",
            )
        ]
        indexes = [
            models.Index(
                fields=["agent"], condition=Q(ended_at__isnull=True), name="assignment_open"
            )
        ]

    def __str__(self) -> str:
        return f"Assignment {self.pk}"
