"""A conversation: the projection of its log."""

import uuid
from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from conversations import lifecycle


class ConversationQuerySet(models.QuerySet["Conversation"]):
    def open(self) -> Self:
        """Not over for the customer."""
        return self.filter(state__in=lifecycle.OPEN)

    def queued(self) -> Self:
        """Whoever waits and nobody is asked about yet."""
        return self.filter(state=lifecycle.QUEUED)

    def waiting(self) -> Self:
        """Whoever waits for a person, asked about or not."""
        return self.filter(state__in=lifecycle.WAITING)

    def in_turn(self) -> Self:
        """In the order of their queue: waiting and urgency are one number, see `rank_at`."""
        return self.order_by("rank_at", "pk")


class Conversation(models.Model):
    """What was said between one customer and us, and who owes the next step.

    `seq` counts what the customer may see, `offset` everything that ever happened.
    `due_at` is the next deadline, whatever the state: the bot's answer, the next step of the
    queue, an agent's answer, the end of a pause. A clock wakes it; whatever is overdue is swept up.
    """

    class State(models.TextChoices):
        BOT = lifecycle.BOT, "With the bot"
        QUEUED = lifecycle.QUEUED, "Waiting for a person"
        OFFERED = lifecycle.OFFERED, "Offered to an agent"
        ASSIGNED = lifecycle.ASSIGNED, "With an agent"
        ON_HOLD = lifecycle.ON_HOLD, "On hold"
        SNOOZED = lifecycle.SNOOZED, "Snoozed"
        WRAP_UP = lifecycle.WRAP_UP, "Being written up"
        RESOLVED = lifecycle.RESOLVED, "Resolved"
        ABANDONED = lifecycle.ABANDONED, "Left while waiting"

    class Priority(models.IntegerChoices):
        LOW = -1, "Low"
        NORMAL = 0, "Normal"
        HIGH = 1, "High"
        URGENT = 2, "Urgent"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    inbox = models.ForeignKey("inboxes.Inbox", models.PROTECT, related_name="conversations")
    customer = models.ForeignKey(
        "conversations.Customer", models.CASCADE, related_name="conversations"
    )
    state = models.CharField(max_length=12, choices=State, default=State.BOT)
    language = models.CharField(max_length=16, default="en")
    priority = models.SmallIntegerField(choices=Priority, default=Priority.NORMAL)
    labels = models.JSONField(default=list, blank=True)
    attributes = models.JSONField(default=dict, blank=True)
    merged_into = models.ForeignKey(
        "self", models.SET_NULL, to_field="uuid", null=True, blank=True, related_name="merged_parts"
    )
    muted_at = models.DateTimeField(
        null=True, blank=True, help_text="Since then it notifies nobody."
    )

    seq = models.PositiveIntegerField(default=0)
    offset = models.PositiveIntegerField(default=0)
    customer_read_seq = models.PositiveIntegerField(default=0)
    agent_read_seq = models.PositiveIntegerField(default=0)

    queue = models.ForeignKey(
        "agents.Queue", models.PROTECT, null=True, blank=True, related_name="conversations"
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="conversations",
    )
    bot_run = models.PositiveIntegerField(
        default=0, help_text="Which attempt of the bot may still speak."
    )
    bot_attempts = models.PositiveSmallIntegerField(default=0)

    due_at = models.DateTimeField(null=True, blank=True)
    waiting_since = models.DateTimeField(
        null=True, blank=True, help_text="The first message of the customer nobody answered yet."
    )
    queued_at = models.DateTimeField(
        null=True, blank=True, help_text="Since when it waits for a person, this time."
    )
    place_from = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when its place in line counts: from its first wait until it is over.",
    )
    entered_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Since when in this very queue; `queued_at` is since when in any.",
    )
    rank_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="Who comes first: `place_from`, moved by their priority.",
    )
    needs = models.JSONField(
        default=list,
        blank=True,
        help_text='Skills this one needs: [{"skill": "billing", "level": 3}].',
    )
    hinted = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text="Whom the company's own program chose.",
    )
    hint_asked_at = models.DateTimeField(null=True, blank=True)
    answer_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="The agent answers within this, or it is taken back."
    )
    idle_seconds = models.PositiveIntegerField(
        null=True, blank=True, help_text="After so long without a word from the customer it ends."
    )
    queue_steps = models.PositiveSmallIntegerField(
        default=0, help_text="How many of the queue's waiting messages were said."
    )
    told_nobody = models.BooleanField(
        default=False, help_text="They know that nobody is here; said once for each wait."
    )
    hops = models.PositiveSmallIntegerField(
        default=0, help_text="How often it was passed on since it was opened."
    )
    been_in = models.JSONField(
        default=list, blank=True, help_text="The queues it has waited in this time."
    )
    promised = models.JSONField(
        null=True, blank=True, help_text="The wait we told the customer: {low, high, at}."
    )
    first_reply_at = models.DateTimeField(
        null=True, blank=True, help_text="When a person answered for the first time."
    )
    answer_from = models.DateTimeField(
        null=True, blank=True, help_text="Since when a person's answer is promised."
    )
    answer_by = models.DateTimeField(
        null=True, blank=True, help_text="Until when it is promised; empty once it was given."
    )
    alert_at = models.DateTimeField(
        null=True, blank=True, help_text="When somebody is told next that it is due."
    )
    disposition = models.CharField(
        max_length=40, blank=True, help_text="The wrap-up code it ended with."
    )
    snoozed_until = models.DateTimeField(null=True, blank=True)
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    sentiment = models.FloatField(
        null=True,
        blank=True,
        help_text="How the customer's words read, -1 … 1, the last ones weighing most: an estimate.",
    )
    preview = models.CharField(max_length=160, blank=True)
    preview_kind = models.CharField(max_length=8, blank=True)

    objects = ConversationQuerySet.as_manager()

    class Meta:
        ordering = ["-last_message_at", "-pk"]
        permissions = [
            ("answer_conversations", "May answer customers"),
            ("see_all_conversations", "May see every conversation"),
            ("supervise_conversations", "May watch, whisper, barge in and assign"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=lifecycle.STATES), name="conversation_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["assigned", "on_hold", "snoozed", "wrap_up"])
                | Q(assignee__isnull=False),
                name="held_means_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["queued", "offered"])
                | Q(
                    queue__isnull=False,
                    queued_at__isnull=False,
                    entered_at__isnull=False,
                    rank_at__isnull=False,
                    assignee__isnull=True,
                ),
                name="waiting_means_a_queue_and_nobody",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["wrap_up", "resolved", "abandoned"], resolved_at__isnull=False
                )
                | (
                    ~Q(state__in=["wrap_up", "resolved", "abandoned"]) & Q(resolved_at__isnull=True)
                ),
                name="over_means_since_when",
            ),
            models.CheckConstraint(
                condition=Q(offset__gte=F("seq")), name="the_log_is_never_shorter_than_the_talk"
            ),
            models.CheckConstraint(
                # The bot's debt always has a date, so that nobody can forget it.
                condition=~Q(state=lifecycle.BOT, waiting_since__isnull=False)
                | Q(due_at__isnull=False),
                name="what_the_bot_owes_is_due",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(resolved_at__isnull=False),
                name="what_was_merged_is_over",
            ),
            models.CheckConstraint(
                condition=~Q(merged_into=F("uuid")), name="nothing_merges_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=True, answer_from__isnull=True, alert_at__isnull=True)
                | Q(answer_by__isnull=False, answer_from__isnull=False),
                name="a_promised_answer_has_a_beginning",
            ),
            models.CheckConstraint(
                condition=Q(answer_by__isnull=True)
                | ~Q(state__in=["bot", "wrap_up", "resolved", "abandoned"]),
                name="an_answer_is_promised_by_people_and_not_for_ever",
            ),
        ]
        indexes = [
            models.Index(
                fields=["queue", "rank_at", "id"],
                condition=Q(state=lifecycle.QUEUED),
                name="conversation_in_turn",
            ),
            models.Index(
                fields=["queue", "rank_at", "id"],
                condition=Q(state__in=["queued", "offered"]),
                name="conversation_waiting",
            ),
            models.Index(
                fields=["due_at"], condition=Q(due_at__isnull=False), name="conversation_due"
            ),
            models.Index(
                fields=["alert_at"], condition=Q(alert_at__isnull=False), name="conversation_alert"
            ),
            models.Index(
                fields=["assignee", "state"],
                condition=Q(assignee__isnull=False),
                name="conversation_assignee",
            ),
            models.Index(fields=["-last_message_at", "-id"], name="conversation_recent"),
        ]

    def __str__(self) -> str:
        return f"Conversation {str(self.uuid)[:8]}"

    @property
    def is_open(self) -> bool:
        return self.state in lifecycle.OPEN

    @property
    def answer_time(self) -> timedelta:
        return timedelta(seconds=self.answer_seconds or 0)

    @property
    def first_promise(self) -> dict[str, Any] | None:
        """What they were told when they began to wait, for the log; `late`: it came to nothing."""
        first = (self.promised or {}).get("first")
        return {**first, "late": bool((self.promised or {}).get("late"))} if first else None

    @property
    def is_waiting(self) -> bool:
        return self.state in lifecycle.WAITING
