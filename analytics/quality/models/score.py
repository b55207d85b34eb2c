"""A score: one part of a conversation (the bot's, or one agent's) on one card, by the machine or a person."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from analytics.quality.models.card import CardQuestion, CardVersion


class Scoring(models.Model):
    """What the machine owes an ended conversation: `due_at` until it was scored up to `through`."""

    class Reason(models.TextChoices):
        SCORED = "", "Scored"
        SHORT = "short", "Too short"
        SILENT = "silent", "The customer said nothing"
        UNANSWERED = "unanswered", "Nobody answered"
        NO_CARD = "no_card", "No card is for it"
        FAILED = "failed", "It could not be read"
        MERGED = "merged", "Merged into another one"

    conversation = models.OneToOneField(
        "conversations.Conversation", models.CASCADE, related_name="scoring"
    )
    due_at = models.DateTimeField(null=True)
    is_last = models.BooleanField(
        default=False, help_text="The next look is the last one: what was promised is over by then."
    )
    tries = models.PositiveSmallIntegerField(default=0)
    through = models.PositiveIntegerField(
        default=0, help_text="The last line of its log that was read."
    )
    reason = models.CharField(
        "not scored", max_length=10, choices=Reason, blank=True, default=Reason.SCORED
    )
    ended_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    reason__in=["", "short", "silent", "unanswered", "no_card", "failed", "merged"]
                ),
                name="why_it_is_not_scored_is_known",
            ),
            models.CheckConstraint(
                condition=Q(due_at__isnull=False) | Q(looked_at__isnull=False),
                name="an_ended_conversation_is_due_or_was_looked_at",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="scoring_due"),
            models.Index(fields=["ended_at"], name="scoring_ended"),
        ]

    def __str__(self) -> str:
        return f"Scoring of {self.conversation_id}"


class Score(models.Model):
    class Subject(models.TextChoices):
        BOT = "bot", "The bot"
        AGENT = "agent", "An agent"

    class By(models.TextChoices):
        MACHINE = "machine", "By itself"
        PERSON = "person", "A person"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="scores"
    )
    version = models.ForeignKey(CardVersion, models.PROTECT, related_name="scores")
    subject = models.CharField(max_length=5, choices=Subject)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="scores"
    )
    by = models.CharField(max_length=7, choices=By)
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_blind = models.BooleanField(
        default=False, help_text="The person had not seen what the machine answered."
    )
    judges = models.PositiveSmallIntegerField(default=0, help_text="The version of the judges.")
    total = models.FloatField(null=True, help_text="0 to 100; empty where nothing counts.")
    is_fatal = models.BooleanField(default=False)
    left_out = models.PositiveSmallIntegerField(
        default=0, help_text="Answers that are not counted, as their questions are not reliable."
    )
    chance = models.FloatField(
        default=0.0, help_text="With which it could be drawn for people to score, too."
    )
    ended_at = models.DateTimeField()
    at = models.DateTimeField()

    class Meta:
        ordering = ["-ended_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "agent"],
                condition=Q(by="machine", subject="agent"),
                name="an_agent_is_scored_once",
            ),
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(by="machine", subject="bot"),
                name="the_bot_is_scored_once",
            ),
            models.UniqueConstraint(
                fields=["conversation", "agent", "reviewer"],
                condition=Q(by="person", subject="agent"),
                name="a_person_scores_an_agent_once",
            ),
            models.UniqueConstraint(
                fields=["conversation", "reviewer"],
                condition=Q(by="person", subject="bot"),
                name="a_person_scores_the_bot_once",
            ),
            models.CheckConstraint(
                condition=Q(subject="bot", agent__isnull=True) | Q(subject="agent"),
                name="the_bot_is_no_agent",
            ),
            models.CheckConstraint(
                condition=Q(by="machine", reviewer__isnull=True) | Q(by="person"),
                name="a_machine_is_no_person",
            ),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100),
                name="a_total_is_up_to_100",
            ),
            models.CheckConstraint(
                condition=Q(is_fatal=False) | Q(total=0), name="a_fatal_no_makes_it_nothing"
            ),
            models.CheckConstraint(
                condition=Q(chance__gte=0, chance__lte=1), name="a_chance_is_a_chance"
            ),
        ]
        indexes = [
            models.Index(fields=["by", "ended_at"], name="score_when"),
            models.Index(fields=["agent", "-ended_at", "-id"], name="score_of_an_agent"),
            models.Index(fields=["version", "by"], name="score_of_a_version"),
        ]

    def __str__(self) -> str:
        return f"Score {str(self.uuid)[:8]}"

    @property
    def whose(self) -> str:
        return "The bot" if self.subject == "bot" else str(self.agent or "An agent who left")


class Answer(models.Model):
    """`value`: 1 yes, 0 no, or a place on the scale; empty: it does not apply. `evidence` is
    [{"seq", "start", "end"}]: the message and the span of its words, which are kept there only."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="answers")
    question = models.ForeignKey(CardQuestion, models.PROTECT, related_name="answers")
    value = models.PositiveSmallIntegerField(null=True)
    text = models.TextField(blank=True, default="")
    signal = models.FloatField(null=True, help_text="What the judge measured, 0 to 1.")
    confidence = models.FloatField(null=True, help_text="How sure the machine is, 0 to 1.")
    why = models.CharField(max_length=120, blank=True, default="")
    evidence = models.JSONField(default=list, blank=True)
    is_corrected = models.BooleanField(default=False, help_text="A person has decided it.")

    class Meta:
        ordering = ["score", "question__section__position", "question__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["score", "question"], name="a_question_is_answered_once"
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__lte=10), name="an_answer_is_small"
            ),
            models.CheckConstraint(
                condition=Q(confidence__isnull=True) | Q(confidence__gte=0, confidence__lte=1),
                name="confidence_is_a_chance",
            ),
        ]
        indexes = [models.Index(fields=["question", "value"], name="answer_of_a_question")]

    def __str__(self) -> str:
        return f"Answer {self.pk}"


class Correction(models.Model):
    """What an answer was before a person corrected it. Rows are only added."""

    answer = models.ForeignKey(Answer, models.CASCADE, related_name="corrections")
    before = models.PositiveSmallIntegerField(null=True)
    after = models.PositiveSmallIntegerField(null=True)
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(before=F("after")) | Q(before__isnull=True) | Q(after__isnull=True),
                name="a_correction_changes_something",
            )
        ]

    def __str__(self) -> str:
        return f"Correction {self.pk}"


class Look(models.Model):
    """Somebody has seen what the machine answered; what they score afterwards is not blind."""

    score = models.ForeignKey(Score, models.CASCADE, related_name="looks")
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["score", "agent"], name="a_first_look_is_kept")
        ]

    def __str__(self) -> str:
        return f"Look {self.pk}"
