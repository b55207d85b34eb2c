"""The people inside: who they are, and whether they are here."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from agents.languages import BadLanguages, languages


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

    def clean(self) -> None:
        super().clean()
        try:
            self.languages = languages(self.languages)
        except BadLanguages as problem:
            raise ValidationError({"languages": str(problem)}) from None

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
    last_offered_at = models.DateTimeField(null=True, blank=True)
    freed_at = models.DateTimeField(
        null=True, blank=True, help_text="When their last conversation ended."
    )

    class Meta:
        verbose_name_plural = "presence"
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["online", "away", "offline"]), name="presence_is_known"
            )
        ]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.status}"


class PresenceChange(models.Model):
    """An agent was in a state from … to …: their day, as it was. The last one has no end."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="presence_changes"
    )
    status = models.CharField(max_length=8, choices=Presence.Status)
    reason = models.CharField(max_length=60, blank=True)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: the agent, or the system.",
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(until__isnull=True), name="one_state_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["agent", "since"], name="presence_change_day")]

    def __str__(self) -> str:
        return f"{self.agent_id} {self.status} since {self.since}"


class StateReason(models.Model):
    """Why somebody is away: what the console offers, such as lunch or training."""

    name = models.CharField(max_length=60, unique=True)
    status = models.CharField(max_length=8, choices=Presence.Status, default=Presence.Status.AWAY)
    is_work = models.BooleanField(default=False, help_text="Counts as worked time in reports.")
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]
        verbose_name = "away reason"

    def __str__(self) -> str:
        return self.name


class Skill(models.Model):
    """Something an agent can do better or worse: a language, a product, a machine."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True, help_text="Lower case; rules name it.")

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(name=Lower("name")), name="skills_are_lower_case")
        ]

    def __str__(self) -> str:
        return self.name


class AgentSkill(models.Model):
    """How well: 1 knows of it, 5 teaches it."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="skills")
    skill = models.ForeignKey(Skill, models.CASCADE, related_name="holders")
    level = models.PositiveSmallIntegerField(default=3)

    class Meta:
        ordering = ["agent", "skill"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "skill"], name="one_level_per_skill"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=5), name="level_is_1_to_5"),
        ]

    def __str__(self) -> str:
        return f"{self.skill} {self.level}"


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
