"""The people inside: who they are, and whether they are here."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q


class Agent(AbstractUser):
    """Whoever signs in. Customers never do, so the user is the agent."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    display_name = models.CharField(
        max_length=120, blank=True, help_text="What customers see. Empty: the first name."
    )
    capacity = models.PositiveSmallIntegerField(
        default=5, help_text="How many conversations at once."
    )
    languages = models.JSONField(default=list, blank=True, help_text='Such as ["en", "zh"].')

    class Meta:
        verbose_name = "agent"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=Q(capacity__gte=1, capacity__lte=100), name="capacity_is_1_to_100"
            )
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.display_name or self.first_name or self.username


class Presence(models.Model):
    """Is this agent here? `seen_at` is the last sign of life of any of their consoles."""

    class Status(models.TextChoices):
        ONLINE = "online", "Online"
        AWAY = "away", "Away"
        OFFLINE = "offline", "Offline"

    agent = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="presence", primary_key=True
    )
    status = models.CharField(max_length=8, choices=Status, default=Status.OFFLINE)
    reason = models.CharField(max_length=60, blank=True)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    last_assigned_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "presence"

    def __str__(self) -> str:
        return f"{self.agent_id} {self.status}"


class ApiToken(models.Model):
    """A bearer token of an agent. Only its hash is kept."""

    token_hash = models.BinaryField(max_length=32, unique=True)
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="tokens")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"Token {self.pk}"
