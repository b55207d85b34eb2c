"""What was learnt from the centre's own calls, and what was decided by it: chances and lots, all logged."""

from django.db import models
from django.db.models import Q

from agents.models.fit import TableFit


class CallFit(TableFit):
    """One try at learning. Fitted to the older part of what is known, judged on the newer part against what is
    live; without a live one no chance is said, and calls are made in turn."""

    class Purpose(models.TextChoices):
        NEEDS = "needs", "Will who waits want a call, or give up?"
        ANSWERS = "answers", "Will they answer the telephone then?"

    purpose = models.CharField(max_length=7, choices=Purpose)

    class Meta(TableFit.Meta):
        verbose_name = "learnt from calls"
        verbose_name_plural = "learnt from calls"
        constraints = [
            models.UniqueConstraint(
                fields=["purpose"], condition=Q(state="live"), name="one_call_fit_is_live"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["needs", "answers"]), name="call_fit_purpose_is_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["lost", "live", "retired", "back"]),
                name="call_fit_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.made_at:%Y-%m-%d}"


class Need(models.Model):
    """What was foretold of one wait, once, as soon as somebody waited; and whether a call was offered by it.
    Of those who probably need one some are drawn to have no offer, so that its worth can be told."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="call_needs"
    )
    at = models.DateTimeField()
    chance = models.FloatField(help_text="That they ask for a call or give up.")
    reasons = models.JSONField(default=list)
    is_likely = models.BooleanField(help_text="The chance is high enough for an offer.")
    offered = models.BooleanField(help_text="A call was offered because of it.")
    propensity = models.FloatField(help_text="The chance with which this was drawn.")
    fit = models.ForeignKey(CallFit, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(chance__gte=0, chance__lte=1, propensity__gt=0, propensity__lte=1),
                name="chances_of_a_need_are_chances",
            ),
            models.CheckConstraint(
                condition=Q(offered=False) | Q(is_likely=True), name="offered_is_who_needs_it"
            ),
        ]
        indexes = [models.Index(fields=["conversation", "at"], name="need_of_wait")]

    def __str__(self) -> str:
        return f"{self.chance:.0%}"


class Placing(models.Model):
    """A call that was not answered got its next time: by the chance of an answer, or in turn, as was drawn."""

    class Way(models.TextChoices):
        CHOSEN = "chosen", "When an answer is likely"
        IN_TURN = "in_turn", "In turn, by the rules"

    call = models.ForeignKey("callbacks.Call", models.CASCADE, related_name="placings")
    attempt = models.PositiveSmallIntegerField(help_text="The attempt that it is for.")
    at = models.DateTimeField()
    due_at = models.DateTimeField()
    way = models.CharField(max_length=7, choices=Way)
    propensity = models.FloatField(help_text="The chance with which this way was drawn.")
    chance = models.FloatField(help_text="Of an answer then.")
    fit = models.ForeignKey(CallFit, models.CASCADE, related_name="+")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["call", "attempt"], name="an_attempt_is_placed_once"),
            models.CheckConstraint(
                condition=Q(way__in=["chosen", "in_turn"]), name="way_of_placing_is_known"
            ),
            models.CheckConstraint(
                condition=Q(chance__gte=0, chance__lte=1, propensity__gt=0, propensity__lte=1),
                name="chances_of_a_placing_are_chances",
            ),
        ]
        indexes = [models.Index(fields=["at"], name="placing_when")]

    def __str__(self) -> str:
        return f"{self.get_way_display()}: {self.due_at:%Y-%m-%d %H:%M}"
