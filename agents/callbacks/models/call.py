"""A call that is owed to a customer, and each time that it was tried."""

from uuid import uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from agents.models.hours import check_time_zone

_MOST_MINUTES = 7 * 24 * 60


def check_minutes(value: object) -> None:
    """A list of at most ten whole numbers of minutes, up to a week each."""
    good = isinstance(value, list) and len(value) <= 10
    if not good or not all(type(one) is int and 1 <= one <= _MOST_MINUTES for one in value):  # type: ignore[attr-defined]
        raise ValidationError("Write minutes in square brackets, such as [15, 120, 1440].")


class CallRules(models.Model):
    """One row: how calls are made. Times of day are the customer's own."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1, editable=False)
    quiet_from = models.TimeField(default="20:00", help_text="Nobody is called from then on …")
    quiet_until = models.TimeField(default="09:00", help_text="… until then, where they live.")
    time_zone = models.CharField(
        max_length=64,
        default="UTC",
        validators=[check_time_zone],
        help_text="Of customers whose own zone is not known.",
    )
    most_attempts = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(10)]
    )
    retry_minutes = models.JSONField(
        default=list,
        blank=True,
        validators=[check_minutes],
        help_text="After each attempt that failed, such as [15, 120, 1440]; the last one repeats.",
    )
    window_minutes = models.PositiveSmallIntegerField(
        default=60, help_text="How long after its time a call still counts as kept."
    )
    expires_hours = models.PositiveSmallIntegerField(
        default=72, help_text="After its time nobody is called any more."
    )
    slot_minutes = models.PositiveSmallIntegerField(
        default=30,
        choices=[(15, "15 minutes"), (30, "30 minutes"), (60, "an hour")],
        help_text="How long the times are that customers choose from.",
    )
    call_minutes = models.PositiveSmallIntegerField(
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(120)],
        help_text="What one call takes, until thirty of your own calls tell.",
    )
    calls_share = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0.01), MaxValueValidator(1.0)],
        help_text="The part of the agents' time that may be promised to calls: 0.5 is half of it.",
    )
    days_ahead = models.PositiveSmallIntegerField(
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(14)],
        help_text="So many days ahead a time can be chosen.",
    )
    offer_after = models.PositiveIntegerField(
        default=600, help_text="Seconds that are left to wait: from here on a call is offered."
    )
    offer_share = models.FloatField(
        default=0.5,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="Or when more than this share of people would give up before their turn.",
    )

    need_share = models.FloatField(
        default=0.6,
        validators=[MinValueValidator(0.0), MaxValueValidator(1.0)],
        help_text="Or, once it is learnt, when somebody needs one with at least this chance.",
    )
    drawn_percent = models.PositiveSmallIntegerField(
        default=20,
        validators=[MinValueValidator(0), MaxValueValidator(50)],
        help_text="Of those who probably need one so many are drawn to have no offer, and of the calls that were"
        " not answered so many are made in turn: only so can be told what the forecasts are worth.",
    )

    class Meta:
        verbose_name_plural = "rules for calls"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_row_of_call_rules"),
            models.CheckConstraint(
                condition=Q(most_attempts__gte=1, most_attempts__lte=10),
                name="a_call_is_tried_and_not_for_ever",
            ),
            models.CheckConstraint(
                condition=Q(offer_share__gte=0, offer_share__lte=1), name="a_share_is_0_to_1"
            ),
            models.CheckConstraint(
                condition=Q(slot_minutes__in=[15, 30, 60])
                & Q(call_minutes__range=(1, 120))
                & Q(calls_share__gt=0, calls_share__lte=1)
                & Q(days_ahead__range=(1, 14)),
                name="times_for_calls_make_sense",
            ),
            models.CheckConstraint(
                condition=Q(need_share__gte=0, need_share__lte=1) & Q(drawn_percent__lte=50),
                name="lots_for_calls_make_sense",
            ),
        ]

    def __str__(self) -> str:
        return "Rules for calls"


class Call(models.Model):
    """Queued work like a chat. `place_from` is the customer's original place in line, kept while they do not
    wait; `due_at` the next moment at which the clock owes it something."""

    class State(models.TextChoices):
        REQUESTED = "requested", "Asked for"
        SCHEDULED = "scheduled", "At its time"
        DUE = "due", "To be made now"
        OFFERED = "offered", "An agent has it in hand"
        DIALLING = "dialling", "Ringing"
        REACHED = "reached", "Talking"
        NO_ANSWER = "no_answer", "Not answered, again later"
        VOICEMAIL = "voicemail", "A machine answered, again later"
        DONE = "done", "Done"
        EXPIRED = "expired", "Nobody was reached in time"
        CANCELLED = "cancelled", "Cancelled"

    WAITING = (State.REQUESTED, State.SCHEDULED, State.NO_ANSWER, State.VOICEMAIL)
    IN_HAND = (State.OFFERED, State.DIALLING, State.REACHED)
    ENDED = (State.DONE, State.EXPIRED, State.CANCELLED)

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    wish = models.OneToOneField("conversations.Callback", models.CASCADE, related_name="call")
    queue = models.ForeignKey(
        "agents.Queue", models.SET_NULL, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=9, choices=State, default=State.REQUESTED)
    place_from = models.DateTimeField(help_text="Since when they wait for a person.")
    wanted_at = models.DateTimeField(null=True, blank=True, help_text="Empty: as soon as possible.")
    window_until = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    most_attempts = models.PositiveSmallIntegerField(default=3)
    time_zone = models.CharField(max_length=64, default="UTC")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    dialled = models.CharField(
        max_length=200, blank=True, help_text="The provider's own name of it."
    )
    note = models.CharField(max_length=1000, blank=True)
    answers = models.FloatField(
        null=True, blank=True, help_text="The chance of an answer at its time; empty: not known."
    )
    reasons = models.JSONField(
        default=list, blank=True, help_text="What moved that most, in words."
    )
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["place_from", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    state__in=[
                        "requested", "scheduled", "due", "offered", "dialling", "reached",
                        "no_answer", "voicemail", "done", "expired", "cancelled",
                    ]
                ),
                name="the_state_of_a_callback_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["requested", "scheduled", "no_answer", "voicemail", "offered", "dialling", "reached"],
                    due_at__isnull=False,
                )
                | Q(state__in=["due", "done", "expired", "cancelled"], due_at__isnull=True),
                name="who_waits_for_the_clock_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["offered", "dialling", "reached"], agent__isnull=False)
                | Q(state__in=["requested", "scheduled", "due", "no_answer", "voicemail"], agent__isnull=True)
                | Q(state__in=["done", "expired", "cancelled"]),
                name="a_call_in_hand_is_somebody_s",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["done", "expired", "cancelled"], ended_at__isnull=False)
                | Q(ended_at__isnull=True) & ~Q(state__in=["done", "expired", "cancelled"]),
                name="a_call_that_is_over_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(attempts__lte=F("most_attempts")), name="no_call_is_tried_too_often"
            ),
            models.CheckConstraint(
                condition=Q(state="dialling") & ~Q(dialled="") | ~Q(state="dialling") & Q(dialled=""),
                name="what_rings_was_dialled",
            ),
            models.UniqueConstraint(
                fields=["agent"],
                condition=Q(state__in=["dialling", "reached"]),
                name="an_agent_makes_one_call_at_a_time",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="call_due"),
            models.Index(
                fields=["place_from"], condition=Q(ended_at__isnull=True), name="call_in_line"
            ),
        ]

    def __str__(self) -> str:
        return f"Call {str(self.uuid)[:8]}"


class Attempt(models.Model):
    """One time that it was dialled. `outcome` is empty while it rings."""

    class Outcome(models.TextChoices):
        RINGING = "", "Ringing"
        REACHED = "reached", "Reached"
        NO_ANSWER = "no_answer", "No answer"
        BUSY = "busy", "Busy"
        VOICEMAIL = "voicemail", "Voicemail"
        WRONG_NUMBER = "wrong_number", "Wrong number"
        FAILED = "failed", "Could not be dialled"

    call = models.ForeignKey(Call, models.CASCADE, related_name="tries")
    number = models.PositiveSmallIntegerField()
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=12, choices=Outcome, blank=True, default="")

    class Meta:
        ordering = ["call", "number"]
        constraints = [
            models.UniqueConstraint(fields=["call", "number"], name="attempts_are_counted"),
            models.CheckConstraint(
                condition=Q(
                    outcome__in=[
                        "", "reached", "no_answer", "busy", "voicemail", "wrong_number", "failed",
                    ]
                ),
                name="what_became_of_an_attempt_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at__isnull=True)
                | ~Q(outcome="") & Q(ended_at__isnull=False),
                name="an_attempt_ends_with_an_outcome",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["at"], name="attempt_when")]

    def __str__(self) -> str:
        return f"Attempt {self.number} of {self.call_id}"
