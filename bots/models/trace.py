"""Why the bot said what it said: one row for each of its turns."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class BotTrace(models.Model):
    """What a turn knew and did. Personal data stands here as placeholders only; erasing the
    conversation erases it, and after some days it goes by itself."""

    class Outcome(models.TextChoices):
        ANSWER = "answer", "It answered"
        CLARIFY = "clarify", "It asked back"
        HANDOFF = "handoff", "It asked for a person"
        LOST = "lost", "Overtaken: the customer wrote again, or somebody took over"

    class Step(models.TextChoices):
        GENERATE = "generate", "Everything"
        SHORTER = "shorter", "A shorter answer"
        QUOTE = "quote", "Without the model"
        PERSON = "person", "No answer in time"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="bot_traces"
    )
    inbox = models.ForeignKey("inboxes.Inbox", models.CASCADE, related_name="+", db_index=False)
    run = models.PositiveIntegerField(help_text="Which attempt of the bot; see its conversation.")
    asked_seq = models.PositiveIntegerField(help_text="The customer's last message it read.")
    answer_seq = models.PositiveIntegerField(null=True, blank=True)
    trace = models.CharField(max_length=32, blank=True, help_text="The cause, as in the log.")
    at = models.DateTimeField()
    outcome = models.CharField(max_length=8, choices=Outcome)
    reason = models.CharField(max_length=24, blank=True)
    by = models.CharField("words by", max_length=8, blank=True)
    step = models.CharField(max_length=8, choices=Step, default=Step.GENERATE)
    chance = models.FloatField(null=True, blank=True)
    tokens = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)
    data = models.JSONField(
        default=dict,
        help_text="question, history, language, manner, model, prompt, load, requests, features, "
        "passages, citations, claims, answer, stages: see docs/bot.md.",
    )

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "turn of a bot"
        verbose_name_plural = "turns of bots"
        permissions = [("reveal_trace", "Can see personal data in turns of bots")]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "run"], name="a_turn_is_traced_once"),
            models.CheckConstraint(
                condition=Q(outcome__in=["answer", "clarify", "handoff", "lost"]),
                name="what_became_of_a_turn_is_known",
            ),
            models.CheckConstraint(
                condition=Q(step__in=["generate", "shorter", "quote", "person"]),
                name="the_step_of_a_turn_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["-at", "-id"], name="trace_newest_first"),
            models.Index(fields=["inbox", "-at"], name="trace_of_an_inbox"),
        ]

    def __str__(self) -> str:
        return f"Turn {self.run} of {self.conversation_id}"


class BotRerun(models.Model):
    """A turn taken once more, without anybody hearing it."""

    class Kind(models.TextChoices):
        SAME = "same", "With the same passages"
        LIVE = "live", "With today's knowledge and settings"

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        DONE = "done", "Done"
        FAILED = "failed", "Could not be done"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    turn = models.ForeignKey(BotTrace, models.CASCADE, related_name="reruns")
    kind = models.CharField(max_length=4, choices=Kind)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    data = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["same", "live"], state__in=["waiting", "done", "failed"]),
                name="a_rerun_is_known",
            ),
            models.UniqueConstraint(
                fields=["turn", "kind"],
                condition=Q(state="waiting"),
                name="one_rerun_of_a_kind_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.get_state_display()}"
