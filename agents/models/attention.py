"""What asks for an agent's attention, and how they want to be told."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Kind(models.TextChoices):
    """What may have happened."""

    MENTION = "mention", "Somebody mentions me"
    ASSIGNED = "assigned", "I am given a conversation"
    OFFER = "offer", "I am offered a conversation"
    NEW_MESSAGE = "new_message", "My customer writes"
    REOPENED = "reopened", "One of mine is open again"
    PARTICIPATING = "participating", "Something happens where I take part"
    SLA = "sla", "A promise is about to be broken"
    MOOD = "mood", "A customer sounds unhappy where I supervise"
    TRANSFERRED = "transferred", "A conversation is passed on to me"


class Notification(models.Model):
    """One thing that an agent should know; the newest are kept, and only for some weeks."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notifications"
    )
    kind = models.CharField(max_length=14, choices=Kind)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, null=True, blank=True, related_name="+"
    )
    data = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(
        null=True, blank=True, help_text="When the agent was told by e-mail, too."
    )

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="notification_kind_is_known"
            ),
            models.UniqueConstraint(
                # What goes on unread grows; it is not repeated.
                fields=["agent", "kind", "conversation"],
                condition=Q(read_at__isnull=True, kind__in=["new_message", "participating"]),
                name="one_unread_per_conversation",
            ),
        ]
        indexes = [
            models.Index(fields=["agent", "-created_at", "-id"], name="notification_agent"),
            models.Index(fields=["created_at"], name="notification_age"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class NotificationRule(models.Model):
    """How one agent wants to be told of one kind; without a row the defaults hold."""

    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notification_rules"
    )
    kind = models.CharField(max_length=14, choices=Kind)
    desktop = models.BooleanField()
    sound = models.BooleanField()
    email = models.BooleanField()

    class Meta:
        ordering = ["agent", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "kind"], name="one_rule_per_agent_and_kind"),
            models.CheckConstraint(
                condition=Q(kind__in=Kind.values), name="notification_rule_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.agent_id}"


class PushDevice(models.Model):
    """A browser that an agent wants to be told in while no console of theirs is open."""

    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_devices")
    endpoint = models.CharField(max_length=500, unique=True, help_text="Its push service.")
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=32)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"Browser {self.pk}"
