"""Where conversations wait, and who serves there."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q


class Team(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="teams")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Queue(models.Model):
    """A line of waiting customers. An inbox may have a queue of its own; one is the default."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    is_default = models.BooleanField(
        default=False, help_text="Takes what no other queue's inboxes bring."
    )
    inboxes = models.ManyToManyField("inboxes.Inbox", blank=True, related_name="queues")
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="queues")
    team = models.ForeignKey(
        Team, models.SET_NULL, null=True, blank=True, help_text="Its members serve here too."
    )
    offer_seconds = models.PositiveSmallIntegerField(
        default=20,
        validators=[MinValueValidator(5), MaxValueValidator(300)],
        help_text="How long an agent has to accept before the next one is asked.",
    )
    target_seconds = models.PositiveIntegerField(
        default=60, help_text="The service level counts customers served within this time."
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_default"], condition=Q(is_default=True), name="one_default_queue"
            )
        ]

    def __str__(self) -> str:
        return self.name
