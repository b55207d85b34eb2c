"""What was said, and everything that happened: the log is the truth for every report."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q


class Message(models.Model):
    """One thing said. A private note has an `offset` like all else, but no `seq`."""

    class Author(models.TextChoices):
        CUSTOMER = "customer", "Customer"
        BOT = "bot", "Bot"
        AGENT = "agent", "Agent"
        SYSTEM = "system", "System"

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="messages"
    )
    client_id = models.UUIDField(default=uuid.uuid4)
    seq = models.PositiveIntegerField(null=True, blank=True)
    offset = models.PositiveIntegerField()
    author_kind = models.CharField(max_length=8, choices=Author)
    author_name = models.CharField(max_length=200, blank=True)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    note = models.BooleanField(default=False)
    whispered_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        help_text="A note of a supervisor for this agent: nobody else but supervisors reads it.",
    )
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True)
    citations = models.JSONField(default=list, blank=True)
    suggestions = models.JSONField(default=list, blank=True)
    reply_to = models.PositiveIntegerField(null=True, blank=True)
    origin = models.JSONField(
        null=True, blank=True, help_text='A copy: {"conversation", "offset"} of where it was said.'
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["conversation_id", "offset"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="a_message_is_stored_once"
            ),
            models.UniqueConstraint(fields=["conversation", "seq"], name="one_message_per_seq"),
            models.CheckConstraint(
                condition=Q(note=True, seq__isnull=True) | Q(note=False, seq__isnull=False),
                name="a_note_has_no_seq",
            ),
            models.CheckConstraint(
                condition=Q(author_kind__in=["customer", "bot", "agent", "system"]),
                name="message_author_is_known",
            ),
            models.CheckConstraint(
                condition=Q(whispered_to__isnull=True) | Q(note=True), name="a_whisper_is_a_note"
            ),
        ]
        indexes = [
            models.Index(
                fields=["created_at"], condition=Q(note=True), name="message_notes_by_time"
            )
        ]

    def __str__(self) -> str:
        return f"Message {self.pk}"


class Event(models.Model):
    """One line of a conversation's log; offsets count 1, 2, 3 … without a gap.

    `data` per kind: `opened` {inbox, language} · `message` {} (the words are the message's) ·
    `handoff` {reason, queue} · `queued` {queue} · `offered` / `declined` / `missed` {agent} ·
    `assigned` {agent} · `transferred` {from, to} · `snoozed` {until} · `woken` {} ·
    `mood` {score, chance, messages}: the last messages read as unhappy ones; an estimate, for
    supervisors only · `moved_up` {seconds, why: mood} ·
    `late` {answer_by}: nobody has answered by then · `resolved` {by, disposition} · `reopened` {} · `rated` {score} · `callback` {callback} · `called` {outcome, attempt} · `call_offered` {} ·
    `bot_answered` {confidence, decision, articles} · `procedure` {procedure, version, run, state:
    active|done|cancelled|handed_over} · `copied` {} (a message that was said in
    another conversation) · `merged` {from, summary, messages} · `merged_into` {into} · `split`
    {into, messages} · `split_from` {from, messages} · `linked` / `unlinked` {link, to} ·
    `attributes` {scope, changes: {key: {old, new}}} · `company` {old, new} · `participant_added`
    {agent, reason} · `participant_removed` {agent} · `mentioned` {agents, teams} ·
    `request_opened` / `request_done` / `request_reopened` / `request_edited` {request, title} ·
    `blocked` / `unblocked` {reason} · `muted` / `unmuted` {} · `checklist` {change, text} ·
    `time` {seconds, note} · `supervision` {step: watch|whisper|barge|take_over|stop, session, mode,
    visible, why}: a line that is not `visible` is for supervisors only · `promised` {low, high,
    longer}: told that it takes longer; what was said first is `promised` of `assigned` and
    `abandoned`. Agents, queues and conversations are named by uuid.
    """

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="events"
    )
    offset = models.PositiveIntegerField()
    kind = models.CharField(max_length=24)
    actor_kind = models.CharField(max_length=8)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="+")
    data = models.JSONField(default=dict)
    trace = models.CharField(
        max_length=32,
        blank=True,
        db_default="",
        default="",
        help_text="Lines of one request, frame or task have the same.",
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["conversation_id", "offset"]
        constraints = [
            models.UniqueConstraint(fields=["conversation", "offset"], name="one_event_per_offset")
        ]
        indexes = [
            models.Index(
                fields=["kind", "created_at"],
                condition=~Q(kind="message"),
                name="event_kind_when",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} at {self.offset}"
