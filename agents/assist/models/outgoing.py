"""What agents are not to send to customers, and what was sent all the same."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q


class OutgoingRule(models.Model):
    """Words of the house, or kinds of personal data, in messages of agents to customers."""

    class Mode(models.TextChoices):
        WARN = "warn", "Warn the agent"
        BLOCK = "block", "Hold the message back"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(max_length=80, help_text="Agents and reports see it.")
    inbox = models.ForeignKey(
        "inboxes.Inbox",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="outgoing_rules",
        help_text="Empty: everywhere.",
    )
    mode = models.CharField(max_length=5, choices=Mode, default=Mode.WARN)
    words = models.JSONField(
        default=list, blank=True, help_text="Words or phrases, whatever their case."
    )
    kinds = models.JSONField(
        "personal data",
        default=list,
        blank=True,
        help_text="CARD, IBAN, ACCOUNT, ID, PHONE, EMAIL, LINK, IP, BIRTHDATE, SECRET.",
    )
    advice = models.CharField(
        max_length=200, blank=True, help_text="What to do instead; the agent reads it."
    )
    is_on = models.BooleanField("on", default=True)

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = "rule for what is sent"
        verbose_name_plural = "rules for what is sent"
        permissions = [("override_outgoing", "May send what a rule holds back, with a reason")]
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="an_outgoing_rule_has_a_name"),
            models.CheckConstraint(
                condition=Q(mode__in=["warn", "block"]), name="outgoing_mode_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(words=[], kinds=[]), name="an_outgoing_rule_looks_for_something"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SentAnyway(models.Model):
    """A message that a rule was about and that was sent all the same: after a warning, or by who may, with
    a reason. What was found is named, not repeated."""

    class How(models.TextChoices):
        WARNED = "warned", "After a warning"
        OVERRIDDEN = "overridden", "Held back, and sent with a reason"

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    conversation = models.ForeignKey(
        "conversations.Conversation", models.CASCADE, related_name="sent_anyway"
    )
    message = models.OneToOneField("conversations.Message", models.CASCADE, related_name="+")
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    rules = models.JSONField(default=list, help_text="Their names at that time.")
    what = models.JSONField(default=list)
    how = models.CharField(max_length=10, choices=How)
    reason = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = "message sent anyway"
        verbose_name_plural = "messages sent anyway"
        constraints = [
            models.CheckConstraint(
                condition=Q(how="warned", reason="") | (Q(how="overridden") & ~Q(reason="")),
                name="who_overrides_says_why",
            )
        ]
        indexes = [models.Index(fields=["at", "id"], name="sent_anyway_when")]

    def __str__(self) -> str:
        return f"{self.get_how_display()}: {self.message_id}"
