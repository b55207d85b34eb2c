"""People beside the machine: what was drawn for them, how far they agree, appeals, examples."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

from analytics.quality.models.card import ScoreCard
from analytics.quality.models.score import Answer, Score


class ReviewTask(models.Model):
    """Drawn by chance for people to score; done once as many have as the card wants."""

    score = models.OneToOneField(Score, models.CASCADE, related_name="task")
    wanted = models.PositiveSmallIntegerField()
    given = models.PositiveSmallIntegerField(default=0)
    drawn_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["drawn_at", "pk"]
        verbose_name = "conversation to score"
        verbose_name_plural = "conversations to score"
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=True) | Q(given__gte=1), name="done_means_somebody_did"
            ),
            models.CheckConstraint(
                condition=Q(wanted__gte=1, wanted__lte=5), name="a_task_wants_one_to_five"
            ),
        ]
        indexes = [models.Index(fields=["drawn_at"], condition=Q(done_at=None), name="review_open")]

    def __str__(self) -> str:
        return f"Task {self.pk}"


class Appeal(models.Model):
    class State(models.TextChoices):
        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        REFUSED = "refused", "Refused"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    answer = models.ForeignKey(Answer, models.CASCADE, related_name="appeals")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    reason = models.CharField(max_length=500)
    at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer"], condition=Q(state="open"), name="one_open_appeal_of_an_answer"
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | Q(state__in=["accepted", "refused"], decided_at__isnull=False),
                name="an_appeal_is_open_or_decided",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="an_appeal_has_a_reason"),
        ]
        indexes = [models.Index(fields=["state", "at"], name="appeal_state")]

    def __str__(self) -> str:
        return f"Appeal {str(self.uuid)[:8]}"


class Example(models.Model):
    """What people said of what a judge had measured: by these its limit is found again."""

    class Source(models.TextChoices):
        REVIEW = "review", "Scored blindly"
        APPEAL = "appeal", "An appeal"

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="examples")
    judge = models.CharField(max_length=20)
    judges = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=16, blank=True)
    signal = models.FloatField()
    value = models.PositiveSmallIntegerField(help_text="What the person answered.")
    highest = models.PositiveSmallIntegerField(null=True, blank=True)
    source = models.CharField(max_length=6, choices=Source)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["answer", "by", "source"], name="an_example_is_given_once"
            ),
            models.CheckConstraint(
                condition=Q(source__in=["review", "appeal"]), name="example_source_is_known"
            ),
        ]
        indexes = [models.Index(fields=["judge", "-at"], name="example_of_a_judge")]

    def __str__(self) -> str:
        return f"Example {self.pk}"


class Reliability(models.Model):
    """How far answers to one question agree: the machine's with people's, or people's with each other's.
    `low` to `high` is a 95 % bootstrap interval over conversations."""

    class Against(models.TextChoices):
        PEOPLE = "people", "The machine with people"
        BETWEEN = "between", "People with each other"

    class State(models.TextChoices):
        UNMEASURED = "unmeasured", "Not measured yet"
        RELIABLE = "reliable", "Reliable"
        UNRELIABLE = "unreliable", "Not reliable"

    card = models.ForeignKey(ScoreCard, models.CASCADE, related_name="reliability")
    code = models.SlugField(max_length=40)
    against = models.CharField(max_length=7, choices=Against)
    judges = models.PositiveSmallIntegerField()
    pairs = models.PositiveIntegerField(default=0)
    agreed = models.FloatField(null=True, help_text="Share of pairs that are the same.")
    kappa = models.FloatField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    state = models.CharField(max_length=10, choices=State, default=State.UNMEASURED)
    measured_at = models.DateTimeField()

    class Meta:
        ordering = ["card", "code", "against", "-judges"]
        verbose_name_plural = "reliability"
        constraints = [
            models.UniqueConstraint(
                fields=["card", "code", "against", "judges"], name="reliability_is_measured_once"
            ),
            models.CheckConstraint(
                condition=Q(state="unmeasured")
                | Q(kappa__isnull=False, low__isnull=False, high__isnull=False),
                name="what_is_measured_has_an_interval",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.get_state_display()}"


class Limit(models.Model):
    """From which signal on a judge says yes, where people's answers moved it."""

    judge = models.CharField(max_length=20, unique=True)
    at_least = models.FloatField(help_text="A signal from here on is a yes.")
    examples = models.PositiveIntegerField()
    before = models.FloatField(help_text="Cross-validated agreement (kappa) without it.")
    after = models.FloatField(help_text="… and with it.")
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(at_least__gte=0, at_least__lte=1), name="a_limit_is_a_signal"
            )
        ]

    def __str__(self) -> str:
        return f"{self.judge} from {self.at_least:.2f}"


class QualityProgress(models.Model):
    """How far the log was read for conversations that ended."""

    through_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"up to {self.through_id}"
