"""What agents work with: views, canned replies, macros, messages for later, drafts."""

import uuid

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower


class SavedView(models.Model):
    """A filter with a name. Seen by its owner, by a team, or by everybody."""

    class Shared(models.TextChoices):
        PERSONAL = "personal", "Only its owner"
        TEAM = "team", "A team"
        EVERYBODY = "everybody", "Everybody"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="views")
    name = models.CharField(max_length=80)
    conditions = models.JSONField(default=dict, blank=True)
    sort = models.CharField(max_length=16, default="latest")
    shared = models.CharField(max_length=10, choices=Shared, default=Shared.PERSONAL)
    team = models.ForeignKey(
        "agents.Team", models.CASCADE, null=True, blank=True, related_name="views"
    )
    position = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(shared="team", team__isnull=False)
                | (~Q(shared="team") & Q(team__isnull=True)),
                name="a_team_view_has_a_team",
            )
        ]

    def __str__(self) -> str:
        return self.name


class CannedReply(models.Model):
    """Words that are said often, in some languages; `{{customer.name|there}}` is filled in."""

    class Scope(models.TextChoices):
        PERSONAL = "personal", "Only its owner"
        TEAM = "team", "A team"
        INBOX = "inbox", "Conversations of an inbox"
        EVERYBODY = "everybody", "Everybody"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    shortcut = models.CharField(
        max_length=40,
        validators=[RegexValidator(r"^[\w-]+$", "Letters, digits, - and _ only.")],
        help_text="What is typed after the slash.",
    )
    title = models.CharField(max_length=120)
    texts = models.JSONField(default=dict, help_text='{"en": "Hello {{customer.name|there}}"}')
    scope = models.CharField(max_length=10, choices=Scope, default=Scope.EVERYBODY)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="replies"
    )
    team = models.ForeignKey(
        "agents.Team", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    inbox = models.ForeignKey(
        "inboxes.Inbox", models.CASCADE, null=True, blank=True, related_name="replies"
    )
    tags = models.JSONField(default=list, blank=True)
    active_from = models.DateTimeField(null=True, blank=True)
    active_until = models.DateTimeField(null=True, blank=True)
    uses = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name_plural = "canned replies"
        ordering = ["shortcut", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(scope="personal", owner__isnull=False, team=None, inbox=None)
                | Q(scope="team", team__isnull=False, owner=None, inbox=None)
                | Q(scope="inbox", inbox__isnull=False, owner=None, team=None)
                | Q(scope="everybody", owner=None, team=None, inbox=None),
                name="a_reply_belongs_where_it_says",
                violation_error_message="Name the owner, the team or the inbox that the scope says, and no other.",
            ),
            models.UniqueConstraint(
                Lower("shortcut"), "scope", "owner", "team", "inbox",
                name="one_reply_per_shortcut_and_scope", nulls_distinct=False,
                violation_error_message="There is already a reply with this shortcut.",
            ),
            models.CheckConstraint(
                condition=Q(active_from=None)
                | Q(active_until=None)
                | Q(active_until__gt=models.F("active_from")),
                name="a_reply_ends_after_it_starts",
                violation_error_message="It ends before it starts.",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"/{self.shortcut}"


class Macro(models.Model):
    """Several things done in a conversation with one click: all of them, or none."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80)
    actions = models.JSONField(default=list, help_text='[{"do": "add_labels", "labels": ["vip"]}]')
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="macros",
        help_text="Empty: everybody's.",
    )
    position = models.PositiveIntegerField(default=0)
    uses = models.PositiveIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["position", "name", "pk"]

    def __str__(self) -> str:
        return self.name


class ScheduledMessage(models.Model):
    """A message that is said later, once, if it may still be said then."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENT = "sent", "Sent"
        CANCELLED = "cancelled", "Cancelled"
        FAILED = "failed", "Not sent"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="scheduled"
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="scheduled")
    client_id = models.UUIDField()
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True)
    send_at = models.DateTimeField()
    unless_customer_writes = models.BooleanField(default=False)
    seen_seq = models.PositiveIntegerField(help_text="What had been said when this was written.")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    reason = models.CharField(max_length=24, blank=True)
    detail = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["send_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "client_id"], name="a_message_is_scheduled_once"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | (~Q(state="waiting") & Q(ended_at__isnull=False)),
                name="what_waits_has_not_ended",
            ),
        ]
        indexes = [
            models.Index(fields=["send_at"], condition=Q(state="waiting"), name="scheduled_due"),
            models.Index(
                fields=["agent", "send_at"], condition=Q(state="waiting"), name="scheduled_mine"
            ),
        ]

    def __str__(self) -> str:
        return f"Message {self.uuid} for later"


class SavedDraft(models.Model):
    """What somebody began to write. Without an agent it is the conversation's shared draft."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="drafts"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="drafts"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    text = models.TextField(blank=True)
    attachments = models.JSONField(default=list, blank=True)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "agent"],
                nulls_distinct=False,
                name="one_draft_per_agent_and_one_shared",
            )
        ]

    def __str__(self) -> str:
        return f"Draft {self.pk}"
