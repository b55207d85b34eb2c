"""What a manager decides about routing, as rows: a scope, a rule, a value."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q

from agents.rules.forms import FACES
from agents.rules.registry import RULES, read_value
from agents.rules.values import BadRule

_SCOPES = ("agent", "queue", "team", "inbox")


def place_of(
    agent: int | None, queue: int | None, team: int | None, inbox: int | None, channel: str
) -> tuple[str, Any]:
    """The kind of place a row names, and which one: a row's id, or a channel's name."""
    for kind, key in zip(_SCOPES, (agent, queue, team, inbox), strict=True):
        if key is not None:
            return kind, key
    return ("channel", channel) if channel else ("everything", None)


def rule_names() -> list[tuple[str, str]]:
    """A function, so that a new rule is no change of the table."""
    return [(name, name) for name in RULES]


class Policy(models.Model):
    """One rule in one place. Nothing named: it holds everywhere.

    The nearest wins: agent, queue, team, inbox, channel, everywhere. See `agents/rules/registry.py` for the
    rules, what their values look like, and their defaults.
    """

    rule = models.CharField(max_length=40, choices=rule_names)
    value = models.JSONField(
        null=True,
        blank=True,
        help_text="What the rule says, in its own form; see the list of rules.",
    )
    agent = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="policies"
    )
    queue = models.ForeignKey(
        "agents.Queue", models.CASCADE, null=True, blank=True, related_name="policies"
    )
    team = models.ForeignKey(
        "agents.Team", models.CASCADE, null=True, blank=True, related_name="policies"
    )
    inbox = models.ForeignKey(
        "inboxes.Inbox", models.CASCADE, null=True, blank=True, related_name="policies"
    )
    channel = models.CharField(max_length=16, blank=True, help_text="Such as web or email.")

    class Meta:
        verbose_name = "routing rule"
        ordering = ["rule", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "agent", "queue", "team", "inbox", "channel"],
                name="one_value_per_rule_and_place",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(agent=None, queue=None, team=None, inbox=None)
                | Q(queue=None, team=None, inbox=None, channel="")
                | Q(agent=None, team=None, inbox=None, channel="")
                | Q(agent=None, queue=None, inbox=None, channel="")
                | Q(agent=None, queue=None, team=None, channel=""),
                name="a_policy_names_one_place_at_most",
            ),
        ]

    def __str__(self) -> str:
        return FACES[self.rule].title if self.rule in FACES else self.rule

    def unique_error_message(
        self, model_class: type[models.Model], unique_check: Sequence[str]
    ) -> ValidationError:
        return ValidationError("This rule is set there already; change that one.")

    @property
    def scope(self) -> tuple[str, Any]:
        """The kind of place, and which one: a row's id, or a channel's name."""
        return place_of(self.agent_id, self.queue_id, self.team_id, self.inbox_id, self.channel)

    def clean(self) -> None:
        try:
            read_value(self.rule, self.value)
        except BadRule as problem:
            raise ValidationError({"value": str(problem)}) from None
        kind, _ = self.scope
        if kind not in RULES[self.rule].scopes:
            allowed = ", ".join(RULES[self.rule].scopes)
            raise ValidationError(f"{self.rule} can be set for: {allowed}.")
