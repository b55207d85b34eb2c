"""What was learnt from ratings, and what it says of each conversation."""

from django.db import models
from django.db.models import F, Q

from agents.models.fit import TableFit


class Fit(TableFit):
    """One try at learning. It was fitted to the older part of what is known and judged on the newer part;
    only one that wins goes live, and without a live one nothing is forecast."""

    class Purpose(models.TextChoices):
        SATISFIED = "satisfied", "Is the customer satisfied?"
        ANSWERS = "answers", "Does the customer answer the survey?"

    purpose = models.CharField(max_length=9, choices=Purpose)
    held_out = models.JSONField(
        help_text="(score, outcome) of the newer part: intervals are made of these."
    )

    class Meta(TableFit.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(state="live"), name="one_fit_of_a_purpose_is_live"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["satisfied", "answers"]), name="fit_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["lost", "live", "retired", "back"]),
                name="fit_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.made_at:%Y-%m-%d}"


class Forecast(models.Model):
    """What a conversation that is over was probably like for the customer, said without knowing a rating.
    `chance` is of a 4 or 5; it lies between `low` and `high` as far as can be told."""

    conversation = models.OneToOneField(
        "conversations.Conversation", models.CASCADE, related_name="forecast"
    )
    chance = models.FloatField(help_text="That the customer is satisfied, 0 to 1.")
    low = models.FloatField()
    high = models.FloatField()
    answers = models.FloatField(help_text="Chance that they answer a survey, 0 to 1.")
    reasons = models.JSONField(default=list, help_text="What moved it most, in words.")
    fit = models.ForeignKey(Fit, models.CASCADE, related_name="forecasts")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(low__gte=0, high__lte=1, low__lte=F("chance"), chance__lte=F("high")),
                name="a_chance_lies_in_its_interval",
            ),
            models.CheckConstraint(
                condition=Q(answers__gt=0, answers__lte=1), name="everybody_may_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.chance:.0%} ({self.low:.0%} to {self.high:.0%})"
