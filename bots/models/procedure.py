"""Procedures, their versions, and each run of one: everything that must outlive a worker."""

from uuid import uuid4

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q

_KEY = r"^[a-z][a-z0-9_]{0,63}$"


class Procedure(models.Model):
    """Something that the bot does step by step. Without an inbox it may begin in all of them."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    key = models.CharField(
        max_length=64,
        unique=True,
        validators=[RegexValidator(_KEY, "Lower-case letters, digits and _.")],
        help_text="As in the file.",
    )
    name = models.CharField(max_length=120)
    description = models.CharField(max_length=400, blank=True)
    inbox = models.ForeignKey(
        "inboxes.Inbox", models.CASCADE, null=True, blank=True, related_name="procedures"
    )
    is_active = models.BooleanField(
        "switched on", default=True, help_text="Off: it begins no more; what runs is finished."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name", "pk"]
        permissions = [("publish_procedure", "Can publish procedures")]
        constraints = [
            models.CheckConstraint(
                condition=Q(key__regex=_KEY), name="a_procedure_has_a_plain_key"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProcedureVersion(models.Model):
    """One text of a procedure with its tests. The words of a version that was live never change."""

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        LIVE = "live", "Live"
        ARCHIVED = "archived", "Archived"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    procedure = models.ForeignKey(Procedure, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    text = models.TextField("file")
    tests = models.TextField("test file", blank=True)
    result = models.JSONField(
        null=True, blank=True, help_text="What its tests said last; see docs/procedures.md."
    )
    tested_at = models.DateTimeField(null=True, blank=True)
    openings = models.JSONField(
        null=True, blank=True, help_text="Which first words of its customers would not begin it."
    )
    published_at = models.DateTimeField(null=True, blank=True)
    override = models.CharField(
        max_length=400, blank=True, help_text="Why it was published although its tests failed."
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_seeded = models.BooleanField(
        default=False,
        editable=False,
        help_text="It came with the house, whose next version may replace it; an editor's is never replaced.",
    )
    encoder = models.CharField(max_length=60, blank=True)
    vectors = models.BinaryField(null=True, blank=True, help_text="Of its examples, in order.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["procedure", "number"], name="one_version_of_each_number"
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state="live"), name="one_live_version"
            ),
            models.UniqueConstraint(
                fields=["procedure"], condition=Q(state="draft"), name="one_draft_of_a_procedure"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "live", "archived"]),
                name="the_state_of_a_version_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(published_at__isnull=False),
                name="what_was_live_was_published",
            ),
        ]

    def __str__(self) -> str:
        return f"Version {self.number} of {self.procedure}"

    @property
    def passed(self) -> bool | None:
        """None: it was never tested, or has no tests."""
        return None if not self.result else bool(self.result.get("passed"))


class ProcedureRun(models.Model):
    """One customer in one procedure: where it is is all in `data`, `read_seq` the last message of
    theirs that it has taken in, `outbox` what is said as soon as it is its turn."""

    class State(models.TextChoices):
        ACTIVE = "active", "Running"
        DONE = "done", "Done"
        CANCELLED = "cancelled", "Given up"
        HANDED_OVER = "handed_over", "Handed over"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="procedure_runs"
    )
    version = models.ForeignKey(ProcedureVersion, models.PROTECT, related_name="runs")
    state = models.CharField(max_length=11, choices=State, default=State.ACTIVE)
    reason = models.CharField(max_length=400, blank=True)
    step_line = models.PositiveIntegerField(default=1, help_text="The line of the file it is at.")
    data = models.JSONField(default=dict)
    outbox = models.JSONField(default=dict, help_text="What waits to be said.")
    read_seq = models.PositiveIntegerField(default=0)
    started_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name = "run of a procedure"
        verbose_name_plural = "runs of procedures"
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(state="active"),
                name="one_active_run_in_a_conversation",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["active", "done", "cancelled", "handed_over"]),
                name="the_state_of_a_run_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="active", ended_at__isnull=True)
                | (~Q(state="active") & Q(ended_at__isnull=False)),
                name="a_run_that_is_over_has_an_end",
            ),
        ]
        indexes = [models.Index(fields=["-started_at", "-id"], name="runs_newest_first")]

    def __str__(self) -> str:
        return f"{self.version.procedure} {self.pk}"


class ActionCall(models.Model):
    """One call of a business: written down before it is sent, so that whoever takes over sends the
    same one again under the same key, or, if it was answered, none."""

    class State(models.TextChoices):
        SENT = "sent", "Sent"
        ANSWERED = "answered", "Answered"
        FAILED = "failed", "No answer"

    run = models.ForeignKey(ProcedureRun, models.CASCADE, related_name="calls")
    number = models.PositiveIntegerField()
    action = models.CharField(max_length=64)
    key = models.UUIDField(unique=True, help_text="The Idempotency-Key.")
    state = models.CharField(max_length=8, choices=State, default=State.SENT)
    irreversible = models.BooleanField(default=False)
    attempts = models.PositiveIntegerField(default=0)
    status = models.PositiveIntegerField(default=0, help_text="HTTP; 0: nothing came back.")
    outcome = models.CharField(max_length=64, blank=True)
    answer = models.JSONField(null=True, blank=True, help_text="What was kept of it.")
    sent_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        verbose_name = "call of an action"
        verbose_name_plural = "calls of actions"
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_call_of_each_number"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "answered", "failed"]),
                name="the_state_of_a_call_is_known",
            ),
            models.CheckConstraint(
                condition=Q(state="sent") | ~Q(outcome=""),
                name="a_call_that_is_over_has_an_outcome",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.number}"
