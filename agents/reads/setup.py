"""Reads for whoever sets the house up: what the rules are, and which value holds where."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from typing import Any

from agents.models import Agent, Policy, Queue
from agents.reads.policies import Place
from agents.reads.policy_values import names_of_places, says, shown
from agents.rules.forms import FACES, GROUPS
from agents.rules.registry import RULES, SCOPES, Rules
from agents.rules.values import BadRule
from agents.rules.words import in_words

_DEFAULTS = Rules()


def default_of(rule: str) -> Any:
    """A rule's default as JSON."""
    return _plain(getattr(_DEFAULTS, rule))


def default_in_words(rule: str) -> str:
    try:
        return in_words(rule, default_of(rule))
    except BadRule:
        return "The house's own words."


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(one) for name, one in asdict(value).items()}
    if isinstance(value, Mapping):
        return dict(value)
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def described_rules() -> list[dict[str, Any]]:
    """Every rule, group by group: what it means, where it may be set, its default, an example."""
    ordered = sorted(RULES, key=lambda name: GROUPS.index(FACES[name].group))
    return [_described(name) for name in ordered]


def _described(name: str) -> dict[str, Any]:
    return {
        "rule": name,
        "title": FACES[name].title,
        "group": FACES[name].group,
        "help": RULES[name].help,
        "scopes": [scope for scope in SCOPES if scope in RULES[name].scopes],
        "default": default_of(name),
        "default_says": default_in_words(name),
        "example": json.loads(RULES[name].example),
        "form": FACES[name].form,
    }


def where(policy: Policy) -> dict[str, Any]:
    """The place of a row: its kind, and which one."""
    scope, key = policy.scope
    target: Any = getattr(policy, scope, None) if scope in {"agent", "queue", "team"} else None
    if scope == "inbox" and policy.inbox:
        return {"scope": scope, "id": policy.inbox.key, "name": policy.inbox.name}
    if scope == "channel":
        return {"scope": scope, "id": key, "name": key}
    if target is None:
        return {"scope": "everything", "id": None, "name": "everywhere"}
    name = target.shown_name if isinstance(target, Agent) else target.name
    return {"scope": scope, "id": str(target.uuid), "name": name}


def in_force(place: Place) -> list[dict[str, Any]]:
    """Every rule with the value that holds in a place, and where that comes from."""
    names = names_of_places()
    rows: dict[tuple[str, Any, str], Policy] = {
        (*policy.scope, policy.rule): policy
        for policy in Policy.objects.select_related("agent", "queue", "team", "inbox")
    }
    return [_in_force(line, place, rows, names) for line in described_rules()]


def _in_force(
    line: dict[str, Any],
    place: Place,
    rows: Mapping[tuple[str, Any, str], Policy],
    names: Mapping[str, str],
) -> dict[str, Any]:
    rule = line["rule"]
    for scope in SCOPES:
        key = getattr(place, scope, None)
        policy = rows.get((scope, key, rule)) if key is not None or scope == "everything" else None
        if policy is None or not _reads(policy):
            continue
        return {
            "rule": rule,
            "title": line["title"],
            "value": shown(rule, policy.value),
            "says": says(policy, names),
            "from": where(policy) | {"policy": policy.pk},
        }
    return {
        "rule": rule,
        "title": line["title"],
        "value": line["default"],
        "says": line["default_says"],
        "from": {"scope": "default", "id": None, "name": "the default", "policy": None},
    }


def _reads(policy: Policy) -> bool:
    """Rows that no longer read are as if they were not there."""
    try:
        in_words(policy.rule, policy.value)
    except BadRule:
        return False
    return True


def place_of_queue(queue: Queue) -> Place:
    return Place(queue=queue.pk, team=queue.team_id)


def place_of_agent(agent: Agent, queue: Queue | None = None) -> Place:
    return Place(
        agent=agent.pk,
        queue=queue.pk if queue else None,
        team=queue.team_id if queue else None,
    )
