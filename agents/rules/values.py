"""How the value of each rule of routing is read: what it must look like, said in one sentence. Pure."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from agents.rules.shapes import (
    AutoResolve,
    Fairness,
    Joins,
    Language,
    Limit,
    MaxWait,
    Need,
    Overflow,
    SkillStep,
    Sticky,
    WaitingMessage,
    Webhook,
    WrapUp,
)

DAY = 86_400
WRAP_UP_MODES = (
    "requested",
    "optional",
    "discretionary",
    "time_boxed",
    "time_boxed_no_early_exit",
)


class BadRule(ValueError):
    """A value that a rule cannot have, in one sentence for who wrote it."""


def whole(low: int, high: int) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise BadRule(f"a whole number from {low} to {high}")
        return value

    return read


def share(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 0.5:
        raise BadRule("a share from 0 to 0.5")
    return float(value)


def yes_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadRule("true or false")
    return value


def one_of(*names: str) -> Callable[[Any], str]:
    def read(value: Any) -> str:
        if not isinstance(value, str) or value not in names:
            raise BadRule(f"one of {', '.join(names)}")
        return value

    return read


def some_of(*names: str) -> Callable[[Any], tuple[str, ...]]:
    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list) or not value or len(set(map(str, value))) != len(value):
            raise BadRule(f"a list without repetition out of {', '.join(names)}")
        return tuple(one_of(*names)(one) for one in value)

    return read


def a_uuid(value: Any) -> UUID:
    try:
        return UUID(str(value))
    except ValueError:
        raise BadRule("an id (a UUID)") from None


def a_text(value: Any, *, limit: int = 500) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > limit or "\0" in value:
        raise BadRule(f"a text of up to {limit} characters")
    return value.strip()


def names(value: Any) -> tuple[str, ...]:
    """Words with commas between them; none: an empty text."""
    if value == "":
        return ()
    return tuple(dict.fromkeys(one.strip() for one in a_text(value).split(",") if one.strip()))


def texts(value: Any) -> Mapping[str, str]:
    """{language: text}, such as {"en": "…", "zh": "…"}; a plain text is for everybody."""
    if isinstance(value, str):
        return {"": a_text(value)}
    if not isinstance(value, dict) or not value or len(value) > 40:
        raise BadRule('a text, or texts by language: {"en": "…", "zh": "…"}')
    return {a_text(code, limit=16).lower(): a_text(text) for code, text in value.items()}


def numbers(read: Callable[[Any], Any], keys: tuple[str, ...] = ()) -> Callable[[Any], Any]:
    def read_all(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict) or len(value) > 40:
            raise BadRule("an object of numbers")
        for key in value:
            if keys and key not in keys:
                raise BadRule(f"an object with the keys {', '.join(keys)}")
        return {a_text(key, limit=40): read(number) for key, number in value.items()}

    return read_all


def weight(value: Any) -> float:
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


def or_none(read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else read(value)


SECONDS = whole(1, 30 * DAY)


def joins(value: Any) -> tuple[Joins, ...]:
    if not isinstance(value, list) or len(value) > 20:
        raise BadRule('up to twenty cases: [{"says": "return, refund", "queue": "…"}]')
    cases = []
    for one in value:
        said = _object(one, "says", "language", "label", "queue", needs=("queue",))
        cases.append(
            Joins(
                a_uuid(said["queue"]),
                names(said["says"]) if said.get("says") else (),
                a_text(said["language"], limit=16).lower().split("-")[0]
                if said.get("language")
                else "",
                a_text(said["label"], limit=40) if said.get("label") else "",
            )
        )
    return tuple(cases)


def overflow(value: Any) -> Overflow:
    said = _object(value, "after", "queue", needs=("after", "queue"))
    return Overflow(SECONDS(said["after"]), a_uuid(said["queue"]))


def limit(value: Any) -> Limit:
    said = _object(value, "waiting", "text", "queue", needs=("waiting",))
    return Limit(
        whole(1, 100_000)(said["waiting"]),
        texts(said["text"]) if said.get("text") else {},
        a_uuid(said["queue"]) if said.get("queue") else None,
    )


def waiting_messages(value: Any) -> tuple[WaitingMessage, ...]:
    if not isinstance(value, list) or len(value) > 10:
        raise BadRule('up to ten steps: [{"after": 60, "text": {"en": "…"}}]')
    steps = [_object(one, "after", "text", needs=("after", "text")) for one in value]
    read = tuple(WaitingMessage(SECONDS(one["after"]), texts(one["text"])) for one in steps)
    if list(read) != sorted(read, key=lambda step: step.after):
        raise BadRule("steps in the order of their seconds")
    return read


def max_wait(value: Any) -> MaxWait:
    said = _object(value, "after", "do", needs=("after", "do"))
    return MaxWait(SECONDS(said["after"]), one_of("callback", "bot", "abandon")(said["do"]))


def fairness(value: Any) -> Fairness:
    said = _object(value, "most", "seconds", needs=("most", "seconds"))
    return Fairness(whole(1, 1000)(said["most"]), whole(1, DAY)(said["seconds"]))


def sticky(value: Any) -> Sticky:
    said = _object(value, "days", "wait_seconds", needs=("days",))
    return Sticky(whole(1, 3650)(said["days"]), whole(0, 3600)(said.get("wait_seconds", 0)))


def language(value: Any) -> Language:
    said = _object(value, "required", "relax_after", needs=("required",))
    relax = said.get("relax_after")
    return Language(yes_no(said["required"]), None if relax is None else SECONDS(relax))


def need(value: Any) -> Need:
    said = _object(value, "skill", "level", needs=("skill",))
    return Need(a_text(said["skill"], limit=80).lower(), whole(1, 5)(said.get("level", 1)))


def skills(value: Any) -> tuple[SkillStep, ...]:
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
                seconds=None if seconds is None else SECONDS(seconds),
            )
        )
    return tuple(steps)


def auto_resolve(value: Any) -> AutoResolve:
    said = _object(value, "after", "text", "label", "bot_too", needs=("after",))
    return AutoResolve(
        whole(10, 365 * DAY)(said["after"]),
        texts(said["text"]) if said.get("text") else {},
        a_text(said["label"], limit=40) if said.get("label") else "",
        yes_no(said.get("bot_too", True)),
    )


def wrap_up(value: Any) -> WrapUp:
    said = _object(value, "mode", "seconds", "required", needs=("mode",))
    return WrapUp(
        one_of(*WRAP_UP_MODES)(said["mode"]),
        whole(5, 3600)(said.get("seconds", 60)),
        yes_no(said.get("required", False)),
    )


def webhook(value: Any) -> Webhook:
    said = _object(value, "url", "seconds", "secret", needs=("url",))
    url = a_text(said["url"])
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username:
        raise BadRule("an address such as https://routing.example/choose")
    seconds = said.get("seconds", 2.0)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not 0 < seconds <= 10:
        raise BadRule("seconds up to 10")
    return Webhook(url, float(seconds), str(said.get("secret", "")))
