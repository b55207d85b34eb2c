"""Every rule of routing that a policy row may set: its default, and what a value must look like. Pure.

A policy is a row of (scope, rule, value). The nearest scope wins: an agent's own before the queue's,
the team's, the inbox's, the channel's, and what holds for everything. Defaults stand here only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

SCOPES = ("agent", "queue", "team", "inbox", "channel", "everything")
"""Nearest first."""

DAY = 86_400
ALERTS = ("both", "late", "never")
PRIORITIES = {"low": -1, "normal": 0, "high": 1, "urgent": 2}
_LEVELS = {level: name for name, level in PRIORITIES.items()}
CRITERIA = ("language", "skill", "least_loaded", "longest_idle", "round_robin")
WRAP_UP_MODES = (
    "requested",
    "optional",
    "discretionary",
    "time_boxed",
    "time_boxed_no_early_exit",
)


class BadRule(ValueError):
    """A value that a rule cannot have, in one sentence for who wrote it."""


@dataclass(frozen=True, slots=True)
class Overflow:
    """After `after` seconds in a queue, on to another one."""

    after: int
    queue: UUID


@dataclass(frozen=True, slots=True)
class Limit:
    """No more than `waiting` customers; whoever comes then hears `text`, or goes to `queue`."""

    waiting: int
    text: Mapping[str, str]
    queue: UUID | None = None


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    after: int
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MaxWait:
    """After `after` seconds: offer a callback, give it back to the bot, or let it go."""

    after: int
    do: str  # callback | bot | abandon


@dataclass(frozen=True, slots=True)
class Joins:
    """Who says one of `says`, speaks `language` and has `label` (each if it is set) joins `queue`."""

    queue: UUID
    says: tuple[str, ...] = ()
    language: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Fairness:
    """No agent is offered more than `most` in `seconds`."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Sticky:
    """Who served this customer within `days` is asked first, and alone for `wait_seconds`."""

    days: int
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Language:
    """Required: only who speaks it, until `relax_after` seconds have passed."""

    required: bool = False
    relax_after: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    skill: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class SkillStep:
    """Who may be asked during these `seconds`: all of `all`, and one of `any` if it names any.

    The last step may have no end.
    """

    all: tuple[Need, ...] = ()
    any: tuple[Need, ...] = ()
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What an agent does after the talk. See `WRAP_UP_MODES`; `required`: never without a code."""

    mode: str = "requested"
    seconds: int = 60
    required: bool = False


@dataclass(frozen=True, slots=True)
class AutoResolve:
    """Ends after so many seconds of the customer's silence, once they were answered."""

    after: int
    text: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    bot_too: bool = True


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program of the company's own that may choose; after `seconds` we choose ourselves."""

    url: str
    seconds: float = 2.0
    secret: str = ""


@dataclass(frozen=True)
class Rules:
    """What holds in one place, all rules resolved. A field's default is the rule's default."""

    joins: tuple[Joins, ...] = ()
    mode: str = "offer"
    choose: tuple[str, ...] = ("language", "least_loaded", "longest_idle")
    order: str = "aged"
    priority_minutes: int = 15
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
    language: Language = Language()
    skills: tuple[SkillStep, ...] = ()
    overflow: Overflow | None = None
    limit: Limit | None = None
    waiting_messages: tuple[WaitingMessage, ...] = ()
    max_wait: MaxWait | None = None
    hours: UUID | None = None
    closed_text: Mapping[str, str] = field(default_factory=dict)
    auto_resolve: AutoResolve | None = None
    wrap_up: WrapUp = WrapUp()
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


# --- reading values -----------------------------------------------------------------------


def _whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise BadRule(f"a whole number from {low} to {high}")
        return value

    return read


def _share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 0.5:
        raise BadRule("a share from 0 to 0.5")
    return float(value)


def _yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRule("true or false")
    return value


def _one_of(*names: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise BadRule(f"one of {', '.join(names)}")
        return value

    return read


def _some_of(*names: str) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
            raise BadRule(f"a list without repetition out of {', '.join(names)}")
        return tuple(_one_of(*names)(one) for one in value)

    return read


def _uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise BadRule("an id (a UUID)") from None


def _text(value: Any, *, limit: int = 500) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > limit or "\0" in value:
        raise BadRule(f"a text of up to {limit} characters")
    return value.strip()


def _names(value: Any) -> tuple[str, ...]:
    """Words with commas between them; none: an empty text."""
    if value == "":
        return ()
    return tuple(dict.fromkeys(one.strip() for one in _text(value).split(",") if one.strip()))


def _texts(value: Any) -> Mapping[str, str]:
    """{language: text}, such as {"en": "…", "zh": "…"}; a plain text is for everybody."""
    if isinstance(value, str):
        return {"": _text(value)}
    if not isinstance(value, dict) or not value or len(value) > 40:
        raise BadRule('a text, or texts by language: {"en": "…", "zh": "…"}')
    return {_text(code, limit=16).lower(): _text(text) for code, text in value.items()}


def _numbers(read: Callable[[Any], Any], keys: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    def read_all(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > 40:
            raise BadRule("an object of numbers")
        for key in value:
            if keys and key not in keys:
                raise BadRule(f"an object with the keys {', '.join(keys)}")
        return {_text(key, limit=40): read(number) for key, number in value.items()}

    return read_all


def _weight(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 100:
        raise BadRule("a weight from 0 to 100")
    return float(value)


def _object(value: Any, *allowed: str, needs: tuple[str, ...] = ()) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise BadRule(f"an object with {', '.join(allowed)}")
    for key in value:
        if key not in allowed:
            raise BadRule(f"an object with {', '.join(allowed)}; {key!r} is not among them")
    for key in needs:
        if key not in value:
            raise BadRule(f"an object with {', '.join(needs)}")
    return value


def _or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


_SECONDS = _whole(1, 30 * DAY)


def _joins(value: Any) -> tuple[Joins, ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise BadRule('up to twenty cases: [{"says": "return, refund", "queue": "…"}]')
    cases = []
    for one in value:
        said = _object(one, "says", "language", "label", "queue", needs=("queue",))
        cases.append(
            Joins(
                _uuid(said["queue"]),
                _names(said["says"]) if said.get("says") else (),
                _text(said["language"], limit=16).lower().split("-")[0]
                if said.get("language")
                else "",
                _text(said["label"], limit=40) if said.get("label") else "",
            )
        )
    return tuple(cases)


def _overflow(value: Any) -> Overflow:
    said = _object(value, "after", "queue", needs=("after", "queue"))
    return Overflow(_SECONDS(said["after"]), _uuid(said["queue"]))


def _limit(value: Any) -> Limit:
    said = _object(value, "waiting", "text", "queue", needs=("waiting",))
    return Limit(
        _whole(1, 100_000)(said["waiting"]),
        _texts(said["text"]) if said.get("text") else {},
        _uuid(said["queue"]) if said.get("queue") else None,
    )


def _waiting_messages(value: Any) -> tuple[WaitingMessage, ...]:
    if not isinstance(value, list) or len(value) > 10:
        raise BadRule('up to ten steps: [{"after": 60, "text": {"en": "…"}}]')
    steps = [_object(one, "after", "text", needs=("after", "text")) for one in value]
    read = tuple(WaitingMessage(_SECONDS(one["after"]), _texts(one["text"])) for one in steps)
    if list(read) != sorted(read, key=lambda step: step.after):
        raise BadRule("steps in the order of their seconds")
    return read


def _max_wait(value: Any) -> MaxWait:
    said = _object(value, "after", "do", needs=("after", "do"))
    return MaxWait(_SECONDS(said["after"]), _one_of("callback", "bot", "abandon")(said["do"]))


def _fairness(value: Any) -> Fairness:
    said = _object(value, "most", "seconds", needs=("most", "seconds"))
    return Fairness(_whole(1, 1000)(said["most"]), _whole(1, DAY)(said["seconds"]))


def _sticky(value: Any) -> Sticky:
    said = _object(value, "days", "wait_seconds", needs=("days",))
    return Sticky(_whole(1, 3650)(said["days"]), _whole(0, 3600)(said.get("wait_seconds", 0)))


def _language(value: Any) -> Language:
    said = _object(value, "required", "relax_after", needs=("required",))
    relax = said.get("relax_after")
    return Language(_yes_no(said["required"]), None if relax is None else _SECONDS(relax))


def need(value: Any) -> Need:
    said = _object(value, "skill", "level", needs=("skill",))
    return Need(_text(said["skill"], limit=80).lower(), _whole(1, 5)(said.get("level", 1)))


def _skills(value: Any) -> tuple[SkillStep, ...]:
    if not isinstance(value, list) or len(value) > 10:
        raise BadRule(
            'up to ten steps: [{"all": [{"skill": "french", "level": 4}], "seconds": 30}]'
        )
    steps = []
    for number, one in enumerate(value):
        said = _object(one, "all", "any", "seconds")
        seconds = said.get("seconds")
        if seconds is None and number < len(value) - 1:
            raise BadRule("seconds in each step but the last")
        groups = [said.get("all", []), said.get("any", [])]
        if not all(isinstance(group, list) and len(group) <= 20 for group in groups):
            raise BadRule('"all" and "any" as lists of {"skill", "level"}')
        steps.append(
            SkillStep(
                all=tuple(need(n) for n in groups[0]),
                any=tuple(need(n) for n in groups[1]),
                seconds=None if seconds is None else _SECONDS(seconds),
            )
        )
    return tuple(steps)


def _auto_resolve(value: Any) -> AutoResolve:
    said = _object(value, "after", "text", "label", "bot_too", needs=("after",))
    return AutoResolve(
        _whole(10, 365 * DAY)(said["after"]),
        _texts(said["text"]) if said.get("text") else {},
        _text(said["label"], limit=40) if said.get("label") else "",
        _yes_no(said.get("bot_too", True)),
    )


def _wrap_up(value: Any) -> WrapUp:
    said = _object(value, "mode", "seconds", "required", needs=("mode",))
    return WrapUp(
        _one_of(*WRAP_UP_MODES)(said["mode"]),
        _whole(5, 3600)(said.get("seconds", 60)),
        _yes_no(said.get("required", False)),
    )


def _webhook(value: Any) -> Webhook:
    said = _object(value, "url", "seconds", "secret", needs=("url",))
    url = _text(said["url"])
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise BadRule("an address such as https://routing.example/choose")
    seconds = said.get("seconds", 2.0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= 10:
        raise BadRule("seconds up to 10")
    return Webhook(url, float(seconds), str(said.get("secret", "")))


_LINE = ("queue", "inbox", "channel", "everything")
_PERSON = ("agent", "team", "everything")

RULES: Mapping[str, Rule] = {
    rule.name: rule
    for rule in (
        Rule("joins", _joins,
             "Which queue customers join: the first case that fits what they said (one of some words), "
             "their language, a label. Else the queue of the inbox.",
             ("inbox", "channel", "everything"),
             '[{"says": "return, refund", "queue": "…"}]'),
        Rule("mode", _one_of("offer", "direct", "manual"),
             "offer: an agent accepts or declines; direct: it is theirs at once; "
             "manual: agents pull from the list themselves.", _LINE, '"offer"'),
        Rule("choose", _some_of(*CRITERIA),
             "What sets candidates apart, the most telling first.", _LINE,
             '["language", "least_loaded", "longest_idle"]'),
        Rule("order", _one_of("aged", "strict", "sla"),
             "aged: waiting time plus priority; strict: priority first; sla: whose promise is due.",
             _LINE, '"aged"'),
        Rule("priority_minutes", _whole(0, 1440),
             "How many minutes of waiting one level of priority is worth.", _LINE, "15"),
        Rule("sla_seconds", _numbers(_SECONDS, tuple(PRIORITIES)),
             "By when a first answer is promised, by priority.", _LINE, '{"urgent": 30, "high": 60}'),
        Rule("sla_alerts", _one_of(*ALERTS),
             "When whoever has it and the supervisors are told of a promised answer: both before and "
             "when it is late; only when it is late; never.", _LINE, '"both"'),
        Rule("weights", _numbers(_weight),
             "What one conversation of a channel weighs in an agent's load.", ("everything",),
             '{"web": 1, "email": 0.3}'),
        Rule("channel_capacity", _numbers(_whole(0, 100)),
             "How many of a channel, or of one inbox under inbox:KEY, one agent holds at most.", _PERSON,
             '{"web": 4, "inbox:returns": 2}'),
        Rule("open_limit", _whole(0, 1000),
             "How many open ones an agent has at most, silent ones too. 0: twice the capacity.",
             _PERSON, "10"),
        Rule("stale_after", _whole(0, 30 * DAY),
             "A customer silent for so many seconds no longer counts as load. 0: always counts.",
             ("everything",), "900"),
        Rule("weightless_labels", _names,
             "What has one of these labels, with commas between them, does not count as load; "
             "it still counts as open.", ("everything",), '"waiting for parts, on loan"'),
        Rule("misses_until_away", _whole(0, 20),
             "So many missed offers in a row set an agent away. 0: never.",
             (*_PERSON, "queue"), "1"),
        Rule("refused_seconds", _whole(0, DAY),
             "Who declined or missed a conversation is asked again only after this.", _LINE, "600"),
        Rule("answer_seconds", _whole(0, DAY),
             "An agent who has not answered within this loses it to the next one. 0: never.",
             _LINE, "180"),
        Rule("fairness", _or_none(_fairness),
             "How many offers one agent gets in a window.", (*_PERSON, "queue"),
             '{"most": 20, "seconds": 3600}'),
        Rule("sticky", _or_none(_sticky),
             "Customers go back to who served them last.", _LINE, '{"days": 30, "wait_seconds": 60}'),
        Rule("language", _language,
             "Whether only agents who speak the customer's language are asked.", _LINE,
             '{"required": true, "relax_after": 120}'),
        Rule("skills", _skills,
             "Who may be asked, in steps that ask for less and less.", _LINE,
             '[{"all": [{"skill": "billing", "level": 4}], "seconds": 30}, {}]'),
        Rule("overflow", _or_none(_overflow),
             "Where customers go who have waited too long here.", _LINE, '{"after": 300, "queue": "…"}'),
        Rule("limit", _or_none(_limit),
             "How many may wait, and what the next one is told.", _LINE,
             '{"waiting": 50, "text": {"en": "…"}}'),
        Rule("waiting_messages", _waiting_messages,
             "What customers are told while they wait.", _LINE,
             '[{"after": 60, "text": {"en": "…", "zh": "…"}}]'),
        Rule("max_wait", _or_none(_max_wait),
             "What happens when somebody has waited too long altogether.", _LINE,
             '{"after": 1800, "do": "callback"}'),
        Rule("hours", _or_none(_uuid),
             "Which schedule says when people are here; when it is closed, all wait.", _LINE, '"…"'),
        Rule("closed_text", _texts, "What customers are told outside these hours.", _LINE,
             '{"en": "We are back at nine."}'),
        Rule("auto_resolve", _or_none(_auto_resolve),
             "When a conversation ends by itself, with which words and label.", _LINE,
             '{"after": 86400, "text": {"en": "…"}, "label": "silent"}'),
        Rule("wrap_up", _wrap_up,
             "Work after the talk: requested, optional, discretionary, time_boxed or "
             "time_boxed_no_early_exit.", (*_PERSON, "queue", "inbox"),
             '{"mode": "time_boxed", "seconds": 60, "required": true}'),
        Rule("webhook", _or_none(_webhook), "A program of yours that chooses.", _LINE,
             '{"url": "https://…", "seconds": 2}'),
        Rule("explore", _share,
             "The share of choices made at random among the eligible, to learn from.", _LINE, "0.05"),
        Rule("monitor_visible", _yes_no,
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
