"""A vote: did this text help its reader?"""

from django.db import models
from django.db.models import Q

from bots.models.version import Version


class Vote(models.Model):
    """One of each visitor for each version, which they may change. Who voted can't be told from it:
    `voter` is a keyed hash (`bots.actions.voting`)."""

    version = models.ForeignKey(Version, models.CASCADE, related_name="votes")
    voter = models.CharField(max_length=64)
    helpful = models.BooleanField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "voter"], name="one_vote_per_version"),
            models.CheckConstraint(condition=~Q(voter=""), name="a_vote_has_a_voter"),
        ]

    def __str__(self) -> str:
        return f"{'Helpful' if self.helpful else 'Not helpful'} for {self.version_id}"
