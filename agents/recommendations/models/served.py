"""Recommenders trained on the centre's own log."""

from django.db import models
from django.db.models import Q

from bots.models.candidate import Candidate


class ServedModel(Candidate):
    """One training. Without a live one, what is popular is recommended, and says so."""

    card = models.JSONField(help_text="What it was trained on, and what it is worth.")
    objections = models.JSONField(default=list, blank=True)

    class Meta(Candidate.Meta):
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
