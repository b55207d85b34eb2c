"""Every rule of routing that a policy row may set, and its default. Pure.

A policy is a row of (scope, rule, value). The nearest scope wins: an agent's own before the queue's,
the team's, the inbox's, the channel's, and what holds for everything. Defaults stand here only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from uuid import UUID

from agents.rules import values as read
from agents.rules.shapes import (
    AutoResolve,
    Fairness,
    Joins,
    Language,
    Limit,
    MaxWait,
    Overflow,
    SkillStep,
    Sticky,
    WaitingMessage,
    Webhook,
    WrapUp,
)
from agents.rules.values import DAY, BadRule

SCOPES = ("agent", "queue", "team", "inbox", "channel", "everything")
"""Nearest first."""

ALERTS = ("both", "late", "never")
PRIORITIES = {"low": -1, "normal": 0, "high": 1, "urgent": 2}
_LEVELS = {level: name for name, level in PRIORITIES.items()}
CRITERIA = ("language", "skill", "least_loaded", "longest_idle", "round_robin")


@dataclass(frozen=True)
class Rules:
    """What holds in one place, all rules resolved. A field's default is the rule's default."""

    joins: tuple[Joins, ...] = ()
    mode: str = "offer"
    choose: tuple[str, ...] = ("language", "least_loaded", "longest_idle")
    order: str = "aged"
    priority_minutes: int = 15
    mood_minutes: int = 2
    sla_seconds: Mapping[str, int] = field(
        default_factory=lambda: {"urgent": 30, "high": 60, "normal": 180, "low": 600}
    )
    sla_alerts: str = "both"
    weights: Mapping[str, float] = field(default_factory=dict)
    channel_capacity: Mapping[str, int] = field(default_factory=dict)
    open_limit: int = 0
    stale_after: int = 0
    weightless_labels: tuple[str, ...] = ()
    misses_until_away: int = 1
    refused_seconds: int = 600
    answer_seconds: int = 0
    fairness: Fairness | None = None
    sticky: Sticky | None = None
    language: Language = field(default_factory=Language)
    skills: tuple[SkillStep, ...] = ()
    overflow: Overflow | None = None
    limit: Limit | None = None
    waiting_messages: tuple[WaitingMessage, ...] = ()
    max_wait: MaxWait | None = None
    hours: UUID | None = None
    closed_text: Mapping[str, str] = field(default_factory=dict)
    auto_resolve: AutoResolve | None = None
    wrap_up: WrapUp = field(default_factory=WrapUp)
    webhook: Webhook | None = None
    explore: float = 0.0
    monitor_visible: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule's name, where it may be set, what it means, and how its value is read."""

    name: str
    read: Callable[[Any], Any]
    help: str
    scopes: tuple[str, ...] = SCOPES[1:]
    example: str = ""


_LINE = ("queue", "inbox", "channel", "everything")
_PERSON = ("agent", "team", "everything")

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("joins", read.joins,
             "Which queue customers join: the first case that fits what they said (one of some words), "
             "their language, a label. Else the queue of the inbox.",
             ("inbox", "channel", "everything"),
             '[{"says": "return, refund", "queue": "…"}]'),
        Rule("mode", read.one_of("offer", "direct", "manual"),
             "offer: an agent accepts or declines; direct: it is theirs at once; "
             "manual: agents pull from the list themselves.", _LINE, '"offer"'),
        Rule("choose", read.some_of(*CRITERIA),
             "What sets candidates apart, the most telling first.", _LINE,
             '["language", "least_loaded", "longest_idle"]'),
        Rule("order", read.one_of("aged", "strict", "sla"),
             "aged: waiting time plus priority; strict: priority first; sla: whose promise is due.",
             _LINE, '"aged"'),
        Rule("priority_minutes", read.whole(0, 1440),
             "How many minutes of waiting one level of priority is worth.", _LINE, "15"),
        Rule("mood_minutes", read.whole(0, 10),
             "How many minutes somebody comes forward, once for each wait, whose last messages read as "
             "unhappy. It is an estimate, so it counts little; 0: not at all.", _LINE, "2"),
        Rule("sla_seconds", read.numbers(read.SECONDS, tuple(PRIORITIES)),
             "By when a first answer is promised, by priority.", _LINE, '{"urgent": 30, "high": 60}'),
        Rule("sla_alerts", read.one_of(*ALERTS),
             "When whoever has it and the supervisors are told of a promised answer: both before and "
             "when it is late; only when it is late; never.", _LINE, '"both"'),
        Rule("weights", read.numbers(read.weight),
             "What one conversation of a channel weighs in an agent's load.", ("everything",),
             '{"web": 1, "email": 0.3}'),
        Rule("channel_capacity", read.numbers(read.whole(0, 100)),
             "How many of a channel, or of one inbox under inbox:KEY, one agent holds at most.", _PERSON,
             '{"web": 4, "inbox:returns": 2}'),
        Rule("open_limit", read.whole(0, 1000),
             "How many open ones an agent has at most, silent ones too. 0: twice the capacity.",
             _PERSON, "10"),
        Rule("stale_after", read.whole(0, 30 * DAY),
             "A customer silent for so many seconds no longer counts as load. 0: always counts.",
             ("everything",), "900"),
        Rule("weightless_labels", read.names,
             "What has one of these labels, with commas between them, does not count as load; "
             "it still counts as open.", ("everything",), '"waiting for parts, on loan"'),
        Rule("misses_until_away", read.whole(0, 20),
             "So many missed offers in a row set an agent away. 0: never.",
             (*_PERSON, "queue"), "1"),
        Rule("refused_seconds", read.whole(0, DAY),
             "Who declined or missed a conversation is asked again only after this.", _LINE, "600"),
        Rule("answer_seconds", read.whole(0, DAY),
             "An agent who has not answered within this loses it to the next one. 0: never.",
             _LINE, "180"),
        Rule("fairness", read.or_none(read.fairness),
             "How many offers one agent gets in a window.", (*_PERSON, "queue"),
             '{"most": 20, "seconds": 3600}'),
        Rule("sticky", read.or_none(read.sticky),
             "Customers go back to who served them last.", _LINE, '{"days": 30, "wait_seconds": 60}'),
        Rule("language", read.language,
             "Whether only agents who speak the customer's language are asked.", _LINE,
             '{"required": true, "relax_after": 120}'),
        Rule("skills", read.skills,
             "Who may be asked, in steps that ask for less and less.", _LINE,
             '[{"all": [{"skill": "billing", "level": 4}], "seconds": 30}, {}]'),
        Rule("overflow", read.or_none(read.overflow),
             "Where customers go who have waited too long here.", _LINE, '{"after": 300, "queue": "…"}'),
        Rule("limit", read.or_none(read.limit),
             "How many may wait, and what the next one is told.", _LINE,
             '{"waiting": 50, "text": {"en": "…"}}'),
        Rule("waiting_messages", read.waiting_messages,
             "What customers are told while they wait.", _LINE,
             '[{"after": 60, "text": {"en": "…", "zh": "…"}}]'),
        Rule("max_wait", read.or_none(read.max_wait),
             "What happens when somebody has waited too long altogether.", _LINE,
             '{"after": 1800, "do": "callback"}'),
        Rule("hours", read.or_none(read.a_uuid),
             "Which schedule says when people are here; when it is closed, all wait.", _LINE, '"…"'),
        Rule("closed_text", read.texts, "What customers are told outside these hours.", _LINE,
             '{"en": "We are back at nine."}'),
        Rule("auto_resolve", read.or_none(read.auto_resolve),
             "When a conversation ends by itself, with which words and label.", _LINE,
             '{"after": 86400, "text": {"en": "…"}, "label": "silent"}'),
        Rule("wrap_up", read.wrap_up,
             "Work after the talk: requested, optional, discretionary, time_boxed or "
             "time_boxed_no_early_exit.", (*_PERSON, "queue", "inbox"),
             '{"mode": "time_boxed", "seconds": 60, "required": true}'),
        Rule("webhook", read.or_none(read.webhook), "A program of yours that chooses.", _LINE,
             '{"url": "https://…", "seconds": 2}'),
        Rule("explore", read.share,
             "The share of choices made at random among the eligible, to learn from.", _LINE, "0.05"),
        Rule("monitor_visible", read.yes_no,
             "Whether an agent sees that a supervisor is watching.", SCOPES, "true"),
    )
}  # fmt: skip
assert set(RULES) == {f.name for f in fields(Rules)}


def read_value(rule: str, value: Any) -> Any:
    """The typed value of a policy row. Raises BadRule with a whole sentence."""
    if rule not in RULES:
        raise BadRule(f"There is no rule {rule!r}; there are {', '.join(RULES)}.")
    try:
        return RULES[rule].read(value)
    except BadRule as problem:
        raise BadRule(f"{rule} is {problem}.") from None


def promised_seconds(rules: Rules, priority: int) -> int:
    """Within what a first answer is promised; a priority that a rule leaves out has the default."""
    level = _LEVELS.get(max(-1, min(2, priority)), "normal")
    return rules.sla_seconds.get(level) or Rules().sla_seconds[level]


def words_for(texts: Mapping[str, str], language: str) -> str:
    """The text in a customer's language, else for everybody, else in English, else any."""
    short = language.lower().split("-")[0]
    for key in (language.lower(), short, "", "en"):
        if key in texts:
            return texts[key]
    return next(iter(texts.values()), "")
