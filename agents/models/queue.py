"""Where conversations wait, and who serves there."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

TEAMS_ABOVE = 2


class Team(models.Model):
    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="teams")
    leads = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="led_teams",
        help_text="They see what waits and is answered in this team's queues, and in those of the "
        "teams below it; nobody asks them to take any of it.",
    )
    above = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="parts",
        help_text="The team that this one belongs to. Two teams may be above another one.",
    )

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=~Q(above=F("id")), name="no_team_is_part_of_itself")
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """No circle, and no more than three levels: so far leads look down."""
        levels, team = 0, self.above
        while team is not None:
            levels += 1
            if team.pk == self.pk or levels > TEAMS_ABOVE:
                raise ValidationError({"above": "At most two teams may be above another one."})
            team = team.above
        if levels and self.pk and Team.objects.filter(above__above=self.pk).exists():
            raise ValidationError({"above": "This team has two levels below it already."})
        if levels == TEAMS_ABOVE and self.pk and self.parts.exists():
            raise ValidationError({"above": "At most two teams may be above another one."})


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
