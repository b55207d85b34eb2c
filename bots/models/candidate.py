"""Something learnt that may be used: the columns which every such table has."""

from uuid import uuid4

from django.conf import settings
from django.db import models


class CandidateState(models.TextChoices):
    LOST = "lost", "Did not win"
    SHADOW = "shadow", "Tried beside the live one"
    LIVE = "live", "Live"
    RETIRED = "retired", "Retired"
    BACK = "back", "Rolled back"


class Candidate(models.Model):
    """One try at learning something. It is used only while it is live, and goes live only if it wins.

    A table of candidates says by constraints which of the states it knows and that one row at most is live for
    each purpose; `bots.adoption` moves them."""

    State = CandidateState

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    state = models.CharField(max_length=7, choices=CandidateState)
    made_at = models.DateTimeField()
    since = models.DateTimeField(help_text="In this state.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="Empty: by the clock.",
    )  # fmt: skip
    before = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="+",
        help_text="What was live when it was made; rolled back, that is live again.",
    )  # fmt: skip

    class Meta:
        abstract = True
        ordering = ["-made_at", "-pk"]
