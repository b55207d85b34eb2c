"""What a rule's value says, in one plain sentence. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from agents.rules.forms import (
    AFTER_WAIT,
    ALERT_WORDS,
    CRITERION_WORDS,
    MODES,
    ORDERS,
    WRAP_UP_WORDS,
)
from agents.rules.registry import read_value
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

Names = Mapping[str, str]
"""{id: name} of the queues and schedules that values may name."""

_UNITS = ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second"))
_SHOWN = 60


def time_in_words(seconds: float) -> str:
    """90 → "90 seconds", 120 → "2 minutes", 86400 → "1 day": the largest unit that fits exactly."""
    for size, unit in _UNITS:
        if seconds >= size and seconds % size == 0:
            count = int(seconds // size)
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{seconds:g} seconds"


def in_words(rule: str, value: Any, names: Names | None = None) -> str:
    """The sentence. Raises BadRule for a value that the rule cannot have."""
    read = read_value(rule, value)
    if read is None:
        return "Off."
    said = _SAYS[rule](read, names or {})
    return said[:1].upper() + said[1:]


def _named(key: Any, names: Names) -> str:
    return names.get(str(key), "somewhere that is gone")


def _texts(texts: Mapping[str, str]) -> str:
    """The first text, shortened, and how many languages there are."""
    if not texts:
        return ""
    first = texts.get("en") or next(iter(texts.values()))
    short = first if len(first) <= _SHOWN else f"{first[: _SHOWN - 1]}…"
    more = f" ({', '.join(texts)})" if set(texts) - {""} else ""
    return f"“{short}”{more}"


def _or_never(words: str, never: str) -> Callable[[Any, Names], str]:
    return lambda value, _: words.format(time_in_words(value)) if value else never


def _skills(steps: tuple[SkillStep, ...], _: Names) -> str:
    return "; then ".join(map(_step, steps)) + "." if steps else "Anybody."


def _step(step: SkillStep) -> str:
    needs = [f"{n.skill} {n.level}" for n in step.all]
    if step.any:
        needs.append(" or ".join(f"{n.skill} {n.level}" for n in step.any))
    until = f" for {time_in_words(step.seconds)}" if step.seconds else ""
    return (" and ".join(needs) or "anybody") + until


def _language(rule: Language, _: Names) -> str:
    if not rule.required:
        return "Anybody may be asked; who speaks it first."
    if rule.relax_after is None:
        return "Only who speaks the customer's language."
    return f"Only who speaks it; anybody after {time_in_words(rule.relax_after)}."


def _sticky(rule: Sticky, _: Names) -> str:
    wait = f", waiting {time_in_words(rule.wait_seconds)} for them" if rule.wait_seconds else ""
    days = time_in_words(rule.days * 86_400)
    return f"Back to whoever served them in the last {days}{wait}."


def _messages(steps: tuple[WaitingMessage, ...], _: Names) -> str:
    said = [f"after {time_in_words(s.after)}: {_texts(s.text)}" for s in steps]
    return "; ".join(said) or "None."


def _joins(cases: tuple[Joins, ...], names: Names) -> str:
    return "; ".join(_case(case, names) for case in cases) + "." if cases else "None."


def _case(case: Joins, names: Names) -> str:
    asks = [f"says {' or '.join(f'“{word}”' for word in case.says)}"] if case.says else []
    asks += [f"speaks {case.language}"] if case.language else []
    asks += [f"has the label “{case.label}”"] if case.label else []
    who = f"who {' and '.join(asks)}" if asks else "everybody else"
    return f"{who} joins {_named(case.queue, names)}"


def _limit(rule: Limit, names: Names) -> str:
    first = f"At most {rule.waiting} wait; the next one "
    if rule.queue:
        return f"{first}goes to {_named(rule.queue, names)}."
    return f"{first}is told {_texts(rule.text) or 'that all are busy'}."


def _auto_resolve(rule: AutoResolve, _: Names) -> str:
    parts = [f"After {time_in_words(rule.after)} without a word"]
    parts += [f"label “{rule.label}”"] if rule.label else []
    parts += [f"saying {_texts(rule.text)}"] if rule.text else []
    return ", ".join(parts) + ("." if rule.bot_too else ", but not with the bot.")


def _wrap_up(rule: WrapUp, _: Names) -> str:
    timed = rule.mode.startswith("time_boxed")
    time = f", {time_in_words(rule.seconds)}" if timed else ""
    return f"{WRAP_UP_WORDS[rule.mode]}{time}{', with a code' if rule.required else ''}."


def _pairs(values: Mapping[str, Any], words: Callable[[Any], str]) -> str:
    said = ", ".join(f"{name} {words(value)}" for name, value in values.items())
    return f"{said}." if said else "None."


def _fairness(rule: Fairness, _: Names) -> str:
    return f"At most {rule.most} offers in {time_in_words(rule.seconds)}."


def _overflow(rule: Overflow, names: Names) -> str:
    return f"After {time_in_words(rule.after)} on to {_named(rule.queue, names)}."


def _max_wait(rule: MaxWait, _: Names) -> str:
    return f"After {time_in_words(rule.after)}: {AFTER_WAIT[rule.do].lower()}."


def _webhook(rule: Webhook, _: Names) -> str:
    return f"The program at {rule.url} has {time_in_words(rule.seconds)} to choose."


_SAYS: Mapping[str, Callable[[Any, Names], str]] = {
    "joins": _joins,
    "mode": lambda v, _: f"{MODES[v]}.",
    "sla_alerts": lambda v, _: f"{ALERT_WORDS[v]}.",
    "choose": lambda v, _: f"{', then '.join(CRITERION_WORDS[c] for c in v)}.",
    "order": lambda v, _: f"{ORDERS[v]}.",
    "mood_minutes": lambda v, _: (
        f"Who sounds unhappy comes forward by {v} minutes, once."
        if v
        else "How somebody sounds changes nothing in line."
    ),
    "priority_minutes": lambda v, _: f"One level counts like {v} minutes of waiting.",
    "sla_seconds": lambda v, _: _pairs(v, time_in_words),
    "weights": lambda v, _: _pairs(v, lambda n: f"{n:g}"),
    "channel_capacity": lambda v, _: _pairs(v, str),
    "open_limit": lambda v, _: f"{v} open at once." if v else "Twice the capacity.",
    "weightless_labels": lambda v, _: f"{', '.join(v)}." if v else "None.",
    "stale_after": _or_never("After {} without a word it weighs nothing.", "It always weighs."),
    "misses_until_away": lambda v, _: f"Away after {v} missed." if v else "Never set away.",
    "refused_seconds": _or_never("Asked again after {}.", "May be asked again at once."),
    "answer_seconds": _or_never("Passed on after {} without an answer.", "Never passed on."),
    "fairness": _fairness,
    "sticky": _sticky,
    "language": _language,
    "skills": _skills,
    "overflow": _overflow,
    "limit": _limit,
    "waiting_messages": _messages,
    "max_wait": _max_wait,
    "hours": lambda v, names: f"{_named(v, names)}.",
    "closed_text": lambda v, _: _texts(v),
    "auto_resolve": _auto_resolve,
    "wrap_up": _wrap_up,
    "webhook": _webhook,
    "explore": lambda v, _: f"{v:.0%} of the choices." if v else "None.",
    "monitor_visible": lambda v, _: "Agents see it." if v else "Agents do not see it.",
}
