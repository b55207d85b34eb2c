"""Recommenders trained on the centre's own log."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class ServedModel(models.Model):
    """One training. Without a live one, what is popular is recommended, and says so."""

    class State(models.TextChoices):
        LOST = "lost", "Did not win"
        LIVE = "live", "Live"
        RETIRED = "retired", "Retired"
        BACK = "back", "Rolled back"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    state = models.CharField(max_length=7, choices=State)
    card = models.JSONField(help_text="What it was trained on, and what it is worth.")
    objections = models.JSONField(default=list, blank=True)
    made_at = models.DateTimeField()
    since = models.DateTimeField(help_text="In this state.")
    before = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="What was live when it was made; empty: what is popular.",
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Empty: by the clock.",
    )  # fmt: skip

    class Meta:
        ordering = ["-made_at", "-pk"]
        verbose_name = "recommender"
        permissions = [("adopt_recommender", "May decide which recommender is live")]
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="live"), name="one_recommender_is_live"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["lost", "live", "retired", "back"]),
                name="state_of_a_recommender_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"Recommender of {self.made_at:%Y-%m-%d %H:%M}"
