"""What makes a conversation a case: labels, fields, who takes part, what is left to do."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Greatest, Least, Lower


class Label(models.Model):
    """A known label. Conversations keep labels by name; a name that is not here is allowed too."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=40)
    colour = models.CharField(max_length=7, default="#6b7280", help_text="Such as #2563eb.")
    description = models.CharField(max_length=200, blank=True)
    group = models.CharField(max_length=40, blank=True, help_text="Labels that belong together.")
    is_exclusive = models.BooleanField(
        default=False, help_text="Of its group a conversation carries one label at a time."
    )
    is_active = models.BooleanField(default=True, help_text="Switched off: no longer proposed.")

    class Meta:
        ordering = ["group", "name"]
        constraints = [
            models.UniqueConstraint(Lower("name"), name="one_label_per_name"),
            models.CheckConstraint(
                condition=Q(is_exclusive=False) | ~Q(group=""), name="exclusive_within_a_group"
            ),
            models.CheckConstraint(
                condition=Q(colour__regex=r"^#[0-9a-fA-F]{6}$"), name="label_colour_is_a_colour"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AttributeDefinition(models.Model):
    """A typed field of conversations, customers or companies."""

    class Scope(models.TextChoices):
        CONVERSATION = "conversation", "Conversation"
        CUSTOMER = "customer", "Customer"
        COMPANY = "company", "Company"

    class Kind(models.TextChoices):
        TEXT = "text", "Text"
        NUMBER = "number", "Number"
        INTEGER = "integer", "Whole number"
        CHECKBOX = "checkbox", "Yes or no"
        DATE = "date", "Date"
        DATETIME = "datetime", "Date and time"
        LIST = "list", "One of a list"
        LINK = "link", "Link"
        EMAIL = "email", "E-mail address"
        PHONE = "phone", "Phone number"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    scope = models.CharField(max_length=12, choices=Scope)
    key = models.SlugField(max_length=40, help_text="How programs name it, such as order_number.")
    label = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField(default=list, blank=True, help_text="For a list: what may be said.")
    regex = models.CharField(
        max_length=200, blank=True, help_text="For a text: the whole value must match."
    )
    required_on_resolve = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    help = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["scope", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scope", "key"], name="one_attribute_per_key"),
            models.CheckConstraint(
                condition=~Q(kind="list") | ~Q(choices=[]), name="a_list_has_choices"
            ),
            models.CheckConstraint(
                condition=Q(scope__in=["conversation", "customer", "company"]),
                name="attribute_scope_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.scope})"


class Participant(models.Model):
    """An agent who follows a conversation that somebody else holds: reads it, writes notes."""

    class Reason(models.TextChoices):
        FOLLOWS = "follows", "Follows it"
        ADDED = "added", "Was added"
        MENTIONED = "mentioned", "Was mentioned"
        CONSULTED = "consulted", "Was asked for advice"

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="participants"
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="participations"
    )
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.FOLLOWS)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "agent"], name="one_participation_per_agent"
            )
        ]

    def __str__(self) -> str:
        return f"Participant {self.pk}"


class Mention(models.Model):
    """A private note names an agent or a team: they may see the conversation from now on."""

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="mentions"
    )
    message = models.ForeignKey("conversations.Message", models.CASCADE, related_name="mentions")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="mentions"
    )
    team = models.ForeignKey(
        "agents.Team", models.CASCADE, null=True, blank=True, related_name="mentions"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["message", "agent"], name="an_agent_is_mentioned_once"),
            models.UniqueConstraint(fields=["message", "team"], name="a_team_is_mentioned_once"),
            models.CheckConstraint(
                condition=Q(agent__isnull=False, team__isnull=True)
                | Q(agent__isnull=True, team__isnull=False),
                name="a_mention_names_one",
            ),
        ]

    def __str__(self) -> str:
        return f"Mention {self.pk}"


class Link(models.Model):
    """Two conversations belong together. For `parent` the source is the parent of the target."""

    class Kind(models.TextChoices):
        RELATED = "related", "Related"
        PARENT = "parent", "Parent of"
        DUPLICATE = "duplicate", "Duplicate of"
        SPLIT = "split", "Split off into"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="links_out"
    )
    target = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="links_in"
    )
    kind = models.CharField(max_length=10, choices=Kind)
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("target")), name="no_link_to_itself"),
            models.UniqueConstraint(
                # Whichever way round it was said.
                Least("source", "target"),
                Greatest("source", "target"),
                "kind",
                name="one_link_per_pair_and_kind",
            ),
            models.UniqueConstraint(
                fields=["target"], condition=Q(kind="parent"), name="one_parent_per_conversation"
            ),
        ]

    def __str__(self) -> str:
        return f"Link {self.pk}"


class Request(models.Model):
    """One thing that a customer wants; a conversation may hold several."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        DONE = "done", "Done"

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="requests"
    )
    title = models.CharField(max_length=200)
    topic = models.CharField(max_length=60, blank=True)
    disposition = models.CharField(max_length=40, blank=True, help_text="How it ended.")
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)
    opened_offset = models.PositiveIntegerField(help_text="The line of the log it began with.")
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    opened_at = models.DateTimeField()
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["opened_offset", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False)
                | Q(state="open", done_at__isnull=True, done_by__isnull=True, disposition=""),
                name="a_done_request_says_when",
            )
        ]

    def __str__(self) -> str:
        return self.title


class ChecklistTemplate(models.Model):
    """Steps that a kind of case needs, to be put on a conversation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, unique=True)
    items = models.JSONField(default=list, help_text='Such as ["Check the order", "Refund"].')
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class ChecklistItem(models.Model):
    """One step on a conversation."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="checklist"
    )
    text = models.CharField(max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_at__isnull=False) | Q(done_by__isnull=True),
                name="an_open_step_was_done_by_nobody",
            )
        ]

    def __str__(self) -> str:
        return self.text


class TimeEntry(models.Model):
    """Time that an agent spent on a case: measured by a timer, or written down."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="time_entries"
    )
    agent = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="time_entries")
    note = models.CharField(max_length=200, blank=True)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    seconds = models.PositiveIntegerField(default=0, help_text="Counted when the timer stops.")

    class Meta:
        ordering = ["-started_at", "-pk"]
        verbose_name_plural = "time entries"
        constraints = [
            models.UniqueConstraint(
                fields=["agent"], condition=Q(ended_at__isnull=True), name="one_timer_per_agent"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, seconds=0) | Q(ended_at__gte=F("started_at")),
                name="time_ends_after_it_began",
            ),
            models.CheckConstraint(
                condition=Q(seconds__lte=604_800), name="time_is_at_most_a_week"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seconds} s"
