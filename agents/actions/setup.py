"""A rule is set in a place; what may not be there is refused in one sentence."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction

from agents.models import Policy
from agents.reads.policy_values import understood
from agents.rules.registry import RULES
from agents.rules.values import BadRule
from conversations.errors import Taken, WrongFields

_SET_ALREADY = "This rule is set there already; change that one."


def check_policy(policy: Policy, said: Any, *, before: Any = None) -> Any:
    """The value as it is kept. Raises WrongFields if the rule cannot have it, or not there."""
    try:
        value = understood(policy.rule, said, before=before)
    except BadRule as problem:
        raise WrongFields(str(problem), fields={"value": [str(problem)]}) from problem
    scope, _ = policy.scope
    if scope not in RULES[policy.rule].scopes:
        allowed = ", ".join(RULES[policy.rule].scopes)
        problem_said = f"{policy.rule} can be set for: {allowed}."
        raise WrongFields(problem_said, fields={"scope": [problem_said]})
    named = value.get("queue") if isinstance(value, dict) else None
    if named and policy.queue is not None and str(policy.queue.uuid) == named:
        there = "A queue cannot send its customers on to itself."
        raise WrongFields(there, fields={"value": [there]})
    return value


def twin_of(policy: Policy) -> bool:
    """Whether this rule has another row in this very place."""
    others = Policy.objects.filter(
        rule=policy.rule,
        agent=policy.agent_id,
        queue=policy.queue_id,
        team=policy.team_id,
        inbox=policy.inbox_id,
        channel=policy.channel,
    )
    return others.exclude(pk=policy.pk).exists()


def save_policy(policy: Policy, said: Any, *, before: Any = None) -> Policy:
    """Sets the rule to what was said. Raises WrongFields, or Taken when it is set there already."""
    policy.value = check_policy(policy, said, before=before)
    store(policy)
    return policy


def store(policy: Policy) -> None:
    """Keeps a checked row. Raises Taken when this rule is set there already."""
    try:
        with transaction.atomic():
            policy.save()
    except IntegrityError as error:
        raise Taken(_SET_ALREADY) from error
