"""Who listened to which conversation, and what they did there."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class SupervisionSession(models.Model):
    """A supervisor at a conversation that somebody else has, from … to …

    `mode` is the furthest they went: silent, then whisper, then barge. `steps` is everything they
    did, each with its time; it is written and never changed. The log of the conversation says
    the same in lines of the kind `supervision`.
    """

    class Mode(models.TextChoices):
        SILENT = "silent", "Watching"
        WHISPER = "whisper", "Spoke to the agent"
        BARGE = "barge", "Spoke to the customer"

    class Ended(models.TextChoices):
        STOPPED = "stopped", "The supervisor stopped"
        LEFT = "left", "The supervisor was gone"
        TOOK_OVER = "took_over", "The supervisor took it over"
        OVER = "over", "The conversation ended"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="supervision"
    )
    supervisor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="supervision"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Who held the conversation when it began; empty: nobody did.",
    )
    mode = models.CharField(max_length=8, choices=Mode, default=Mode.SILENT)
    visible = models.BooleanField(
        default=False, help_text="Whether the agent sees it, by the rule when it began."
    )
    steps = models.JSONField(default=list, help_text="[{step, at}] in order.")
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(help_text="The last thing they did there.")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(max_length=9, choices=Ended, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "supervisor"],
                condition=Q(ended_at__isnull=True),
                name="one_open_supervision_each",
            ),
            models.CheckConstraint(
                condition=Q(mode__in=["silent", "whisper", "barge"]), name="supervision_mode_known"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended="")
                | (Q(ended_at__isnull=False) & ~Q(ended="")),
                name="ended_supervision_says_how",
            ),
        ]
        indexes = [
            models.Index(
                fields=["conversation"],
                condition=Q(ended_at__isnull=True),
                name="supervision_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.supervisor_id} at {self.conversation_id}"

    @property
    def is_shown(self) -> bool:
        """Whether the agent knows: by the rule, or because they were spoken to."""
        return self.visible or self.mode != self.Mode.SILENT
