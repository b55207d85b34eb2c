"""A replay: what a change of the knowledge base would do to the questions of past weeks."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from bots.models.article import REASON_LIMIT, Article
from bots.models.profile import BotProfile


class ReplayRule(models.Model):
    """One row: how careful the house is before words become live."""

    class Mode(models.TextChoices):
        OFF = "off", "Publish without a replay"
        ADVISE = "advise", "Publish at once, and show what the replay finds"
        BLOCK = "block", "Publish when the replay finds nothing that gets worse"

    mode = models.CharField(
        max_length=6,
        choices=Mode,
        default=Mode.BLOCK,
        help_text="What happens when somebody publishes new words of an article, or changes what a"
        " bot says.",
    )
    weeks = models.PositiveSmallIntegerField(
        default=8,
        validators=[MinValueValidator(1), MaxValueValidator(52)],
        help_text="How many past weeks the questions come from.",
    )
    near_most = models.PositiveSmallIntegerField(
        "conversations that find the article",
        default=150,
        validators=[MinValueValidator(1), MaxValueValidator(2000)],
        help_text="At most so many of them are replayed; of more, a random sample.",
    )
    rest_most = models.PositiveSmallIntegerField(
        "other conversations",
        default=60,
        validators=[MinValueValidator(0), MaxValueValidator(2000)],
        help_text="A random sample of all others, which shows what nobody thought of.",
    )

    class Meta:
        verbose_name = "replay rule"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="there_is_one_replay_rule"),
            models.CheckConstraint(
                condition=Q(mode__in=["off", "advise", "block"]), name="replay_mode_is_known"
            ),
            models.CheckConstraint(
                condition=Q(weeks__gte=1, weeks__lte=52), name="replay_weeks_are_sane"
            ),
        ]

    def __str__(self) -> str:
        return self.get_mode_display()


class Replay(models.Model):
    """One change of an article or of a bot, held against the questions that were really asked.

    `words` are what is and what would be live; of a bot they are the only place where what it shall do
    is kept meanwhile. `fingerprint` is of them and of all other knowledge, so that a result is known to
    be stale when either changed.
    """

    class What(models.TextChoices):
        PUBLISH = "publish", "Publish"
        ARCHIVE = "archive", "Archive"

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting"
        RUNNING = "running", "Running"
        PASSED = "passed", "Nothing gets worse"
        WORSE = "worse", "Something gets worse"
        FAILED = "failed", "Could not be finished"
        OVERRIDDEN = "overridden", "Published in spite of it"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    article = models.ForeignKey(
        Article, models.CASCADE, null=True, blank=True, related_name="replays"
    )
    profile = models.ForeignKey(
        BotProfile, models.CASCADE, null=True, blank=True, related_name="replays"
    )
    what = models.CharField(max_length=8, choices=What)
    words = models.JSONField(default=dict)
    fingerprint = models.CharField(max_length=64)
    weeks = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    goes_live = models.BooleanField(
        default=False, help_text="The change is made as soon as the replay has passed."
    )
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    questions = models.PositiveIntegerField(default=0)
    counts = models.JSONField(
        default=dict, help_text="Of `near` and `rest`: conversations in all, replayed, changed."
    )
    estimate = models.FloatField(null=True, help_text="Changed conversations a week.")
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    regressions = models.PositiveIntegerField(default=0)
    contradictions = models.JSONField(default=list)
    created_at = models.DateTimeField()
    alive_at = models.DateTimeField(null=True, help_text="When its worker was heard of last.")
    tries = models.PositiveSmallIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    override_reason = models.CharField(max_length=REASON_LIMIT, blank=True)
    overridden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    overridden_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        permissions = [("override_replay", "May publish in spite of a replay")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="overridden")
                | (~Q(override_reason="") & Q(overridden_at__isnull=False)),
                name="an_override_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["queued", "running", "passed", "worse", "failed", "overridden"]
                ),
                name="replay_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(article=None, profile__isnull=False, what="publish")
                | Q(article__isnull=False, profile=None),
                name="a_replay_is_of_an_article_or_a_bot",
            ),
            models.UniqueConstraint(
                fields=["article", "what"],
                condition=Q(state__in=["queued", "running"]),
                name="one_replay_at_a_time",
            ),
            models.UniqueConstraint(
                fields=["profile"],
                condition=Q(state__in=["queued", "running"]),
                name="one_replay_of_a_bot_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["article", "-id"], name="replay_of_article"),
            models.Index(fields=["profile", "-id"], name="replay_of_profile"),
            models.Index(
                fields=["id"], name="replay_to_do", condition=Q(state__in=["queued", "running"])
            ),
        ]

    def __str__(self) -> str:
        return f"Replay {str(self.uuid)[:8]}"

    @property
    def is_over(self) -> bool:
        return self.state not in {self.State.QUEUED, self.State.RUNNING}


class ReplayedQuestion(models.Model):
    """One question, as it is answered now and as it would be."""

    class Change(models.TextChoices):
        SAME = "same", "Same"
        REWORDED = "reworded", "Other words"
        MOVED = "moved", "Another article"
        GAINED = "gained", "Answered now"
        LOST = "lost", "No longer answered"
        OTHER = "other", "Other"

    replay = models.ForeignKey(Replay, models.CASCADE, related_name="asked")
    asked = models.ForeignKey("bots.Asked", models.CASCADE, related_name="+")
    is_near = models.BooleanField()
    change = models.CharField(max_length=8, choices=Change)
    worse = models.CharField(max_length=16, blank=True, help_text="Why it is a regression.")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering = ["replay", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["replay", "asked"], name="a_question_is_replayed_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_change_display()}: question {self.asked_id}"
