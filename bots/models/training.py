"""A training that somebody asked for in the admin or by the API, as it goes."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from bots.models.adapter import Adapter


class TrainingRun(models.Model):
    """One at a time. `beat_at` is the sign of life of the worker that has it: without one for a while another
    worker goes on where it was. What it makes is an adapter that nobody answers with yet."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting for a worker"
        RUNNING = "running", "Under way"
        DONE = "done", "Done"
        FAILED = "failed", "Could not be done"
        CANCELLED = "cancelled", "Cancelled"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=60, help_text="Of the adapter that it makes.")
    minutes = models.PositiveIntegerField(help_text="Of computing at most.")
    epochs = models.PositiveSmallIntegerField(default=3)
    rank = models.PositiveSmallIntegerField(default=8)
    examples = models.PositiveIntegerField(help_text="That were accepted when it was asked for.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    is_open = models.BooleanField(default=True, help_text="Waiting or under way.")
    stage = models.CharField(max_length=40, blank=True)
    done = models.PositiveIntegerField(default=0, help_text="Steps of this stage.")
    total = models.PositiveIntegerField(default=0)
    curve = models.JSONField(default=list, blank=True, help_text="Losses by step.")
    seconds = models.FloatField(default=0.0, help_text="Of training so far.")
    tries = models.PositiveSmallIntegerField(default=0, help_text="Workers that had it.")
    trouble = models.CharField(max_length=300, blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    beat_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    adapter = models.ForeignKey(Adapter, models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-asked_at", "-pk"]
        verbose_name = "training"
        constraints = [
            models.UniqueConstraint(
                fields=["is_open"], condition=Q(is_open=True), name="one_training_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(is_open=True, state__in=["waiting", "running"], ended_at__isnull=True)
                | Q(
                    is_open=False,
                    state__in=["done", "failed", "cancelled"],
                    ended_at__isnull=False,
                ),
                name="a_training_is_open_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(minutes__gte=1, epochs__gte=1, rank__gte=1),
                name="a_training_has_bounds",
            ),
        ]

    def __str__(self) -> str:
        return self.name
