"""How each rule is presented: its name in words, its group, and the form that fits its value. Pure.

A form is a small tree that a page can draw: a leaf of some kind, an object of fields, or a list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from agents.rules.registry import ALERTS, CRITERIA, PRIORITIES, RULES
from agents.rules.values import WRAP_UP_MODES

Spec = dict[str, Any]


def _number(unit: str = "", *, step: float = 1) -> Spec:
    return {"kind": "number", "unit": unit, "step": step}


def _choice(options: Mapping[str, str]) -> Spec:
    return {"kind": "choice", "options": [{"value": k, "label": v} for k, v in options.items()]}


def _field(name: str, label: str, spec: Spec, *, optional: bool = False) -> Spec:
    return {"name": name, "label": label, "optional": optional, **spec}


def _object(*fields: Spec) -> Spec:
    return {"kind": "object", "fields": list(fields)}


def _list(each: Spec, noun: str) -> Spec:
    return {"kind": "list", "each": each, "noun": noun}


_SECONDS = _number("seconds")
_YES_NO: Spec = {"kind": "switch"}
_TEXT: Spec = {"kind": "text"}
_TEXTS: Spec = {"kind": "texts"}
_QUEUE: Spec = {"kind": "queue"}
_SCHEDULE: Spec = {"kind": "schedule"}
_NEEDS = _list(
    _object(_field("skill", "Skill", {"kind": "skill"}), _field("level", "Level", _number("1–5"))),
    "skill",
)
MODES = {
    "offer": "Offered: accept or decline",
    "direct": "Given at once",
    "manual": "Agents pull from the list",
}
ORDERS = {
    "aged": "Waiting time, plus priority",
    "strict": "Priority first",
    "sla": "Whose promised answer is due",
}
ALERT_WORDS = {
    "both": "Before and when it is late",
    "late": "When it is late",
    "never": "Never",
}
CRITERION_WORDS = {
    "language": "speaks the customer's language",
    "skill": "highest skill",
    "least_loaded": "least loaded",
    "longest_idle": "longest idle",
    "round_robin": "in turns",
}
WRAP_UP_WORDS = {
    "requested": "Only if the agent asks",
    "optional": "Offered, nobody has to",
    "discretionary": "Until the agent is done",
    "time_boxed": "Until done, or time is up",
    "time_boxed_no_early_exit": "Always the whole time",
}
AFTER_WAIT = {
    "callback": "Offer to call back",
    "bot": "Back to the bot",
    "abandon": "Say sorry and end it",
}
assert set(ALERT_WORDS) == set(ALERTS)
assert set(CRITERION_WORDS) == set(CRITERIA)
assert set(WRAP_UP_WORDS) == set(WRAP_UP_MODES)


@dataclass(frozen=True, slots=True)
class Face:
    """A rule as people meet it."""

    title: str
    group: str
    form: Spec


_ASKED, _LINE, _WAIT = "Who is asked", "The order of the line", "While customers wait"
_PEOPLE, _AFTER, _PROGRAMS = "What agents hold", "Afterwards", "For programs and research"
GROUPS = (_ASKED, _LINE, _WAIT, _PEOPLE, _AFTER, _PROGRAMS)

FACES: Mapping[str, Face] = {
    "joins": Face("Which queue they join", _ASKED, _list(_object(
        _field("says", "Says one of (with commas)", _TEXT, optional=True),
        _field("language", "Speaks (such as en)", _TEXT, optional=True),
        _field("label", "Has the label", _TEXT, optional=True),
        _field("queue", "Joins", _QUEUE)), "case")),
    "mode": Face("How customers reach agents", _ASKED, _choice(MODES)),
    "choose": Face(
        "Who is asked first", _ASKED, {**_choice(CRITERION_WORDS), "kind": "ranking"}
    ),
    "language": Face("Same language", _ASKED, _object(
        _field("required", "Only who speaks it", _YES_NO),
        _field("relax_after", "Anybody after", _SECONDS, optional=True))),
    "skills": Face("Skills asked for", _ASKED, _list(_object(
        _field("all", "All of", _NEEDS, optional=True),
        _field("any", "One of", _NEEDS, optional=True),
        _field("seconds", "For", _SECONDS, optional=True)), "step")),
    "sticky": Face("Back to the same agent", _ASKED, _object(
        _field("days", "Served within", _number("days")),
        _field("wait_seconds", "Wait for them", _SECONDS, optional=True))),
    "fairness": Face("Fair share of offers", _ASKED, _object(
        _field("most", "Offers at most", _number()), _field("seconds", "Within", _SECONDS))),
    "refused_seconds": Face("Not asked again for", _ASKED, _SECONDS),
    "misses_until_away": Face("Missed offers until away", _ASKED, _number("offers")),
    "order": Face("Who comes first", _LINE, _choice(ORDERS)),
    "priority_minutes": Face("Worth of one priority", _LINE, _number("minutes")),
    "mood_minutes": Face("Worth of an unhappy mood", _LINE, _number("minutes")),
    "sla_seconds": Face("Promised first answer", _LINE, _object(
        *(_field(name, name.capitalize(), _SECONDS, optional=True)
          for name in sorted(PRIORITIES, key=lambda n: -PRIORITIES[n])))),
    "sla_alerts": Face("Told of a promised answer", _LINE, _choice(ALERT_WORDS)),
    "waiting_messages": Face("Waiting messages", _WAIT, _list(_object(
        _field("after", "After", _SECONDS), _field("text", "Text", _TEXTS)), "message")),
    "overflow": Face("Overflow", _WAIT, _object(
        _field("after", "After", _SECONDS), _field("queue", "On to", _QUEUE))),
    "max_wait": Face("Longest wait", _WAIT, _object(
        _field("after", "After", _SECONDS), _field("do", "Then", _choice(AFTER_WAIT)))),
    "limit": Face("Room in the queue", _WAIT, _object(
        _field("waiting", "Waiting at most", _number("customers")),
        _field("text", "The next one is told", _TEXTS, optional=True),
        _field("queue", "Or goes to", _QUEUE, optional=True))),
    "hours": Face("Opening hours", _WAIT, _SCHEDULE),
    "closed_text": Face("Told when closed", _WAIT, _TEXTS),
    "answer_seconds": Face("Agents answer within", _PEOPLE, _SECONDS),
    "channel_capacity": Face("Room by channel or inbox", _PEOPLE, {"kind": "map", "unit": "at once"}),
    "open_limit": Face("Open at most", _PEOPLE, _number("conversations")),
    "stale_after": Face("Silence that frees room", _PEOPLE, _SECONDS),
    "weightless_labels": Face("Labels that weigh nothing", _PEOPLE, _TEXT),
    "weights": Face("Weight of a channel", _PEOPLE, {"kind": "map", "unit": "of one", "step": 0.1}),
    "wrap_up": Face("Work after the talk", _AFTER, _object(
        _field("mode", "How", _choice(WRAP_UP_WORDS)),
        _field("seconds", "Time", _SECONDS, optional=True),
        _field("required", "A code is needed", _YES_NO, optional=True))),
    "auto_resolve": Face("Silent conversations end", _AFTER, _object(
        _field("after", "After", _SECONDS),
        _field("text", "The customer is told", _TEXTS, optional=True),
        _field("label", "Label", _TEXT, optional=True),
        _field("bot_too", "With the bot too", _YES_NO, optional=True))),
    "monitor_visible": Face("Watching is seen", _PROGRAMS, _YES_NO),
    "webhook": Face("A program chooses", _PROGRAMS, _object(
        _field("url", "Address", _TEXT),
        _field("seconds", "Waits", _number("seconds", step=0.1), optional=True),
        _field("secret", "Secret", _TEXT, optional=True))),
    "explore": Face("Share of random choices", _PROGRAMS, _number("0–0.5", step=0.01)),
}  # fmt: skip
assert set(FACES) == set(RULES)
