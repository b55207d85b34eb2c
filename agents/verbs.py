"""What a macro or a bulk action may do, and with which words: one list for both."""

from collections.abc import Mapping
from typing import Any

from rest_framework import serializers

from agents.rules.placeholders import unknown_in
from conversations.models import Conversation
from conversations.words import TEXT_LIMIT

MOST_STEPS = 20
YEAR_IN_MINUTES = 527_040
DISPOSITION_LIMIT = 40

Words = serializers.Serializer[Any]


class _Labels(Words):
    labels = serializers.ListField(
        child=serializers.CharField(max_length=40), min_length=1, max_length=20
    )


class _Priority(Words):
    priority = serializers.ChoiceField(choices=Conversation.Priority.choices)


class _Target(Words):
    """Exactly one of them."""

    me = serializers.BooleanField(required=False)
    bot = serializers.BooleanField(required=False)
    agent = serializers.UUIDField(required=False)
    team = serializers.UUIDField(required=False)
    queue = serializers.UUIDField(required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        named = {name: value for name, value in attrs.items() if value}
        if len(named) != 1:
            raise serializers.ValidationError("Name one of me, agent, team, queue, bot.")
        return named


class _Assign(Words):
    to = _Target()


class _Reply(Words):
    """A canned reply, or words of its own."""

    reply = serializers.UUIDField(required=False)
    text = serializers.CharField(max_length=TEXT_LIMIT, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if len(attrs) != 1:
            raise serializers.ValidationError("Name a canned reply, or write a text.")
        if unknown := unknown_in(attrs.get("text", "")):
            raise serializers.ValidationError({"text": f"Nothing is called {', '.join(unknown)}."})
        return attrs


class _Note(Words):
    text = serializers.CharField(max_length=TEXT_LIMIT)


class _Snooze(Words):
    minutes = serializers.IntegerField(min_value=1, max_value=YEAR_IN_MINUTES)


class _Resolve(Words):
    disposition = serializers.CharField(
        max_length=DISPOSITION_LIMIT, required=False, allow_blank=True, default=""
    )
    note = serializers.CharField(
        max_length=TEXT_LIMIT, required=False, allow_blank=True, default=""
    )


class _Attribute(Words):
    key = serializers.CharField(max_length=64)
    value = serializers.JSONField(allow_null=True)


class _Nothing(Words):
    """No words are needed."""


VERBS: Mapping[str, type[Words]] = {
    "add_labels": _Labels,
    "remove_labels": _Labels,
    "set_priority": _Priority,
    "assign": _Assign,
    "reply": _Reply,
    "note": _Note,
    "snooze": _Snooze,
    "resolve": _Resolve,
    "set_attribute": _Attribute,
    "mute": _Nothing,
    "unmute": _Nothing,
    "read": _Nothing,
}
BULK_ONLY = frozenset({"read"})
TITLES: Mapping[str, str] = {
    "add_labels": "Add labels",
    "remove_labels": "Remove labels",
    "set_priority": "Set the priority",
    "assign": "Assign",
    "reply": "Reply to the customer",
    "note": "Write a private note",
    "snooze": "Snooze",
    "resolve": "Resolve",
    "set_attribute": "Fill in a field",
    "mute": "Mute",
    "unmute": "Unmute",
    "read": "Mark as read",
}
_SAYS: Mapping[str, str] = {
    "add_labels": "add the labels {labels}",
    "remove_labels": "remove the labels {labels}",
    "set_priority": "set the priority to {priority}",
    "assign": "assign it to {to}",
    "reply": "reply to the customer",
    "note": "write a private note",
    "snooze": "snooze it for {minutes} minutes",
    "resolve": "resolve it",
    "set_attribute": "set {key} to {value}",
    "mute": "mute it",
    "unmute": "unmute it",
    "read": "mark it as read",
}


def action(data: Any, *, without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """One action as it is kept. Raises ValidationError."""
    do = data.get("do") if isinstance(data, dict) else None
    if not isinstance(do, str) or do not in VERBS or do in without:
        known = ", ".join(name for name in VERBS if name not in without)
        raise serializers.ValidationError({"do": f"One of {known}."})
    words = VERBS[do](data={k: v for k, v in data.items() if k != "do"})
    words.is_valid(raise_exception=True)
    return {"do": do, **_plain(words.validated_data)}


def actions(data: Any) -> list[dict[str, Any]]:
    """A macro's actions as they are kept. Raises ValidationError with each one's place."""
    if not isinstance(data, list) or not 1 <= len(data) <= MOST_STEPS:
        raise serializers.ValidationError(f"A list of 1 to {MOST_STEPS} actions.")
    kept, wrong = [], {}
    for n, each in enumerate(data):
        try:
            kept.append(action(each, without=BULK_ONLY))
        except serializers.ValidationError as problem:
            wrong[str(n)] = problem.detail
    if wrong:
        raise serializers.ValidationError(wrong)
    return kept


def says(action: Mapping[str, Any]) -> str:
    """What an action does, in words."""
    shown = {
        name: ", ".join(map(str, value)) if isinstance(value, list) else value
        for name, value in action.items()
    }
    if isinstance(to := action.get("to"), dict):
        kind, target = next(iter(to.items()))
        shown["to"] = kind if target is True else f"the {kind} {target}"
    return _SAYS[action["do"]].format(**shown)


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)
