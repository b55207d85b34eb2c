"""What the learner of tables made: the columns that every such table has."""

from django.db import models

from bots.models.candidate import Candidate


class TableFit(Candidate):
    """One try at learning from a table of the centre's own log (`agents.prediction`)."""

    sheet = models.JSONField(help_text="The model, but for its trees.")
    arrays = models.BinaryField(help_text="Its trees.")
    figures = models.JSONField(help_text="On the newer part, beside what it would replace.")

    class Meta(Candidate.Meta):
        abstract = True
