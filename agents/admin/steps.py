"""What a macro does, as a form: for each verb the fields that it takes, with what may be named today."""

from collections.abc import Iterable
from typing import Any

from agents import verbs
from agents.models import Agent, CannedReply, Queue, Team, WrapUpCode
from conversations.models import AttributeDefinition, Conversation
from conversations.words import TEXT_LIMIT

Form = dict[str, Any]


def form_of_steps() -> Form:
    """For `agents.admin.drawn`: a list of actions, in order."""
    options = [
        {"value": verb, "label": verbs.TITLES[verb], "fields": fields}
        for verb, fields in _fields().items()
    ]
    each = {"kind": "variant", "by": "do", "label": "Do", "options": options}
    return {"kind": "list", "noun": "step", "each": each, "empty": []}


def _fields() -> dict[str, list[Form]]:
    labels = [_field("labels", "Labels, with commas between them", "words")]
    said = [_field("text", "Text", "long", most=TEXT_LIMIT, rows=4)]
    reply = _pick("reply", "A canned reply", _replies(), optional=True)
    words = _field("text", "or a text of its own", "long", most=TEXT_LIMIT, rows=4, optional=True)
    priorities = [(value, label) for value, label in Conversation.Priority.choices]
    codes = WrapUpCode.objects.filter(is_active=True).values_list("code", "name")
    keys = AttributeDefinition.objects.filter(scope="conversation").values_list("key", "label")
    return {
        "add_labels": labels,
        "remove_labels": labels,
        "set_priority": [_pick("priority", "Priority", priorities)],
        "assign": [_pick("to", "To", _targets())],
        "reply": [reply, words],
        "note": said,
        "snooze": [_field("minutes", "For", "number", unit="minutes")],
        "resolve": [
            _pick("disposition", "Wrap-up code", codes, optional=True),
            _field("note", "Note", "long", most=TEXT_LIMIT, rows=2, optional=True),
        ],
        "set_attribute": [_pick("key", "Field", keys), _field("value", "Value", "text")],
        "mute": [],
        "unmute": [],
    }


def _targets() -> list[tuple[Any, str]]:
    agents = Agent.objects.filter(is_active=True).order_by("username")
    return [
        ({"me": True}, "Whoever runs it"),
        ({"bot": True}, "The bot"),
        *(({"queue": str(one.uuid)}, f"Queue: {one.name}") for one in Queue.objects.all()),
        *(({"team": str(one.uuid)}, f"Team: {one.name}") for one in Team.objects.all()),
        *(({"agent": str(one.uuid)}, f"Agent: {one.shown_name}") for one in agents),
    ]


def _replies() -> list[tuple[Any, str]]:
    shared = CannedReply.objects.exclude(scope=CannedReply.Scope.PERSONAL)
    return [(str(one.uuid), f"/{one.shortcut}: {one.title}") for one in shared]


def _field(name: str, label: str, kind: str, **more: Any) -> Form:
    return {"name": name, "label": label, "kind": kind, **more}


def _pick(name: str, label: str, options: Iterable[tuple[Any, Any]], **more: Any) -> Form:
    shown = [{"value": value, "label": str(said)} for value, said in options]
    return _field(name, label, "pick", options=shown, **more)
