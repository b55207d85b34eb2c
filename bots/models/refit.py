"""What was fitted anew to the centre's own outcomes: how sure the bot may be, and which article comes first."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from bots.models.candidate import Candidate


class Refit(Candidate):
    """One try. `weights` are used only while it is live; without a live one, those that come along are.
    `figures` are of conversations later than all that it was fitted to, `beside` of those that came after it
    was made: each row that was counted was decided by other weights, and weighed again by these."""

    class Kind(models.TextChoices):
        CHANCE = "chance", "How sure the bot may be"
        RANKING = "ranking", "Which article comes first"

    kind = models.CharField(max_length=7, choices=Kind)
    weights = models.JSONField()
    figures = models.JSONField(help_text="Before and after, on conversations it was not fitted to.")
    beside = models.JSONField(default=dict, blank=True, help_text="The same since it was made.")
    data = models.JSONField(help_text="From when until when, and how many outcomes.")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Empty: by the clock.",
    )  # fmt: skip

    class Meta(Candidate.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state="live"), name="one_refit_of_a_kind_is_live"
            ),
            models.UniqueConstraint(
                fields=["kind"], condition=Q(state="shadow"), name="one_refit_of_a_kind_is_tried"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["chance", "ranking"]), name="the_kind_of_a_refit_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["lost", "shadow", "live", "retired", "back"]),
                name="the_state_of_a_refit_is_known",
            ),
        ]
        indexes = [models.Index(fields=["kind", "-made_at"], name="refit_newest")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.made_at:%Y-%m-%d}"
