"""What was suggested to agents, and what they made of it: one row each."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class HelpTurn(models.Model):
    """A customer wrote while an agent had the conversation, and help was looked for, whether any was
    found or not. `seq` is the customer's last message that was read for it."""

    class Outcome(models.TextChoices):
        OPEN = "", "Not over yet"
        USED = "used", "Answered with a suggestion"
        OWN = "own", "Answered with own words"
        AGAIN = "again", "The customer wrote on first"
        LEFT = "left", "Not answered by this agent"

    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="help_turns"
    )
    inbox = models.ForeignKey("inboxes.Inbox", models.CASCADE, related_name="+")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    seq = models.PositiveIntegerField()
    at = models.DateTimeField()
    seconds = models.FloatField(default=0.0, help_text="From the customer's words to the help.")
    proposed = models.PositiveSmallIntegerField(default=0)
    withheld = models.PositiveSmallIntegerField(
        default=0,
        help_text="Found, and not shown: what help is worth is told beside those without.",
    )
    outcome = models.CharField(max_length=5, choices=Outcome, default="", blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["conversation", "seq"], name="help_is_looked_for_once_a_turn"
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["", "used", "own", "again", "left"]),
                name="what_became_of_help_is_known",
            ),
            models.CheckConstraint(
                condition=Q(withheld=0) | Q(proposed=0), name="help_is_shown_or_withheld"
            ),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(outcome=""), name="help_turn_open"),
            models.Index(fields=["at"], name="help_turn_when"),
        ]

    def __str__(self) -> str:
        return f"Help at {self.seq} of {self.conversation_id}"


class Suggestion(models.Model):
    """One thing that was suggested to one agent. Its words are forgotten after some days; what became of
    it is kept until its conversation is erased."""

    class Kind(models.TextChoices):
        REPLY = "reply", "Reply"
        ANSWER = "answer", "Answer to the agent's own question"
        REWRITE = "rewrite", "The agent's words, written anew"
        LABEL = "label", "Label"
        PRIORITY = "priority", "Priority"
        QUEUE = "queue", "Queue"

    class By(models.TextChoices):
        QUOTE = "quote", "An article's words"
        MODEL = "model", "The model's words, borne out by articles"
        FIXED = "fixed", "A fixed answer of the house"
        RULES = "rules", "The agent's own, changed by rules"
        CASES = "cases", "As cases like it had it"

    class Outcome(models.TextChoices):
        OPEN = "", "Open"
        SENT = "sent", "Sent as it was"
        EDITED = "edited", "Changed and sent"
        IGNORED = "ignored", "Seen, not used"
        DISMISSED = "dismissed", "Put away"
        UNSEEN = "unseen", "Nobody saw it"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    turn = models.ForeignKey(
        HelpTurn,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="suggestions",
        help_text="Of a reply: at which moment. None: the agent asked.",
    )
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="+", db_index=False
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.REPLY)
    place = models.PositiveSmallIntegerField(default=1, help_text="In the order shown, from 1.")
    text = models.TextField(blank=True)
    language = models.CharField(max_length=16, blank=True)
    sources = models.JSONField(default=list, help_text="Citations, as messages have them.")
    by = models.CharField("words by", max_length=5, choices=By)
    model = models.CharField(max_length=200, blank=True, help_text="Which one wrote it.")
    confidence = models.FloatField()
    at = models.DateTimeField()
    shown_at = models.DateTimeField(null=True, blank=True)
    inserted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    outcome = models.CharField(max_length=9, choices=Outcome, default="", blank=True)
    distance = models.PositiveIntegerField(
        null=True, blank=True, help_text="Letters changed before it was sent."
    )
    likeness = models.FloatField(null=True, blank=True, help_text="What stayed of it, 0 to 1.")
    message = models.ForeignKey(
        "conversations.Message",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="reply", turn__isnull=False)
                | Q(
                    kind__in=["answer", "rewrite", "label", "priority", "queue"], turn__isnull=True
                ),
                name="kind_of_suggestion_is_known",
            ),
            models.CheckConstraint(
                condition=Q(by__in=["quote", "model", "fixed", "rules", "cases"]),
                name="who_suggested_it_is_known",
            ),
            models.CheckConstraint(
                condition=Q(outcome="", decided_at__isnull=True)
                | Q(
                    outcome__in=["sent", "edited", "ignored", "dismissed", "unseen"],
                    decided_at__isnull=False,
                ),
                name="a_suggestion_is_open_or_decided",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["sent", "edited"])
                | Q(distance__isnull=False, likeness__isnull=False),
                name="what_was_sent_was_compared",
            ),
            models.CheckConstraint(
                condition=Q(inserted_at__isnull=True) | Q(shown_at__isnull=False),
                name="what_was_inserted_was_seen",
            ),
            models.UniqueConstraint(
                fields=["conversation", "kind", "text"],
                condition=Q(kind__in=["label", "priority", "queue"]),
                name="a_hint_is_given_once_in_a_conversation",
            ),
        ]
        indexes = [
            models.Index(fields=["conversation", "outcome"], name="suggestion_of_talk"),
            models.Index(fields=["at", "id"], name="suggestion_when"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place} in {self.conversation_id}"
