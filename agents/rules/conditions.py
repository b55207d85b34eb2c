"""A view's conditions: what may be asked of conversations, and whether a tree of it makes sense.

A tree is `{"all": […]}`, `{"any": […]}`, `{"not": …}` or a leaf `{"field", "op", "value"}`. This
room only says whether it is well formed, and hands it on as plain values.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from conversations.lifecycle import STATES

DEEPEST, MOST_LEAVES, MOST_VALUES, LONGEST_TEXT = 5, 50, 50, 200
TEN_YEARS_IN_MINUTES = 5_256_000
SHOWN_STATES = ("open", "bot", "queued", "assigned", "snoozed", "resolved")
PRIORITIES = (-1, 0, 1, 2)
_KEY = re.compile(r"[^\W_][\w -]{0,63}")
_CODE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_SLUG = re.compile(r"[-\w]{1,64}", re.ASCII)


class BadCondition(ValueError):
    """Says where in the tree, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Leaf:
    field: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    kind: str  # all | any | not
    parts: Sequence["Leaf | Group"]


Condition = Leaf | Group
_Read = Callable[[Any], Any]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST_TEXT:
        raise BadCondition(f"a text of 1 to {LONGEST_TEXT} characters is wanted")
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadCondition("true or false is wanted")
    return value


def _number(low: float, high: float) -> _Read:
    def read(value: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise BadCondition("a number is wanted")
        if not low <= value <= high:
            raise BadCondition(f"a number from {low:g} to {high:g} is wanted")
        return value

    return read


def _whole(low: int, high: int) -> _Read:
    within = _number(low, high)

    def read(value: Any) -> int:
        if not isinstance(value, int):
            raise BadCondition("a whole number is wanted")
        return int(within(value))

    return read


def _word(*words: Any) -> _Read:
    def read(value: Any) -> Any:
        if isinstance(value, bool) or value not in words:
            raise BadCondition(f"one of {', '.join(map(str, words))} is wanted")
        return value

    return read


def _shaped(pattern: re.Pattern[str], what: str) -> _Read:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            raise BadCondition(f"{what} is wanted")
        return value

    return read


def _id(*words: str) -> _Read:
    """A uuid, or one of a few words."""

    def read(value: Any) -> str:
        if isinstance(value, str) and value in words:
            return value
        try:
            return str(UUID(value)) if isinstance(value, str) else _refuse()
        except ValueError:
            return _refuse()

    def _refuse() -> str:
        raise BadCondition(" or ".join([*words, "an id"]) + " is wanted")

    return read


def _moment(value: Any) -> str:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or not 1970 <= at.year <= 2999:
        raise BadCondition("a time such as 2026-05-04T12:00:00Z is wanted")
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).isoformat()


def _scalar(value: Any) -> Any:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, bool):
        return value
    return _number(-1e15, 1e15)(value)


def _list_of(read: _Read) -> _Read:
    def read_all(value: Any) -> list[Any]:
        if not isinstance(value, list) or not 1 <= len(value) <= MOST_VALUES:
            raise BadCondition(f"a list of 1 to {MOST_VALUES} is wanted")
        return [read(one) for one in value]

    return read_all


def _is(read: _Read) -> dict[str, _Read]:
    return {"is": read, "is_not": read, "any_of": _list_of(read), "none_of": _list_of(read)}


_WORDS: dict[str, _Read] = {
    "is": _text, "contains": _text, "starts_with": _text, "is_set": _flag,
}  # fmt: skip
_minutes = _whole(0, TEN_YEARS_IN_MINUTES)
_TIMES: dict[str, _Read] = {
    "before": _moment, "after": _moment, "older_than": _minutes, "newer_than": _minutes,
    "is_set": _flag,
}  # fmt: skip
_score = _whole(1, 5)
_feeling = _number(-1, 1)
_names = _list_of(_text)

FIELDS: Mapping[str, Mapping[str, _Read]] = {
    "state": _is(_word(*SHOWN_STATES)),
    "stage": _is(_word(*STATES)),
    "inbox": _is(_shaped(_SLUG, "an inbox's key")),
    "queue": _is(_id("none")),
    "team": _is(_id()),
    "assignee": _is(_id("me", "nobody")),
    "participant": _is(_id("me")),
    "priority": {
        **_is(_word(*PRIORITIES)),
        "at_least": _word(*PRIORITIES),
        "at_most": _word(*PRIORITIES),
    },
    "labels": {"has_any": _names, "has_all": _names, "has_none": _names, "is_set": _flag},
    "language": _is(_shaped(_CODE, "a language's code")),
    "customer.name": _WORDS,
    "customer.email": _WORDS,
    "customer.phone": _WORDS,
    "company": _WORDS,
    "opened_at": _TIMES,
    "last_message_at": _TIMES,
    "waiting_since": _TIMES,
    "queued_at": _TIMES,
    "resolved_at": _TIMES,
    "snoozed_until": _TIMES,
    "first_reply_at": _TIMES,
    "answer_by": _TIMES,
    "unread": {"is": _flag},
    "rating": {"is": _score, "at_least": _score, "at_most": _score, "is_set": _flag},
    "sentiment": {"at_least": _feeling, "at_most": _feeling, "is_set": _flag},
}
ATTRIBUTES = ("customer.attributes.", "attributes.")
_ATTRIBUTE_OPS: Mapping[str, _Read] = {
    "is": _scalar, "is_not": _scalar, "contains": _text, "at_least": _scalar, "at_most": _scalar,
    "before": _moment, "after": _moment, "is_set": _flag,
}  # fmt: skip

_TYPED_OPS = frozenset({"is", "is_not", "at_least", "at_most"})
_OF_KIND: Mapping[str, _Read] = {
    "number": _number(-1e15, 1e15),
    "integer": _whole(-(10**15), 10**15),
    "checkbox": _flag,
}


def attribute_of(field: str) -> tuple[str, str] | None:
    """("customer.attributes.", "tier") of a field that names a custom attribute; else None."""
    for prefix in ATTRIBUTES:
        if field.startswith(prefix):
            return prefix, field.removeprefix(prefix)
    return None


def ops_of(field: str) -> Mapping[str, _Read] | None:
    """What may be asked of a field; None if there is no such field."""
    attribute = attribute_of(field)
    if attribute is None:
        return FIELDS.get(field)
    return _ATTRIBUTE_OPS if _KEY.fullmatch(attribute[1]) else None


def parse(
    tree: Any, *, without: frozenset[str] = frozenset(), kinds: Mapping[str, str] | None = None
) -> Condition:
    """The tree as values; `{}` is everything. Raises BadCondition.

    `without` are fields that this installation does not have; `kinds` are the kinds of the custom
    attributes that are defined, by field.
    """
    if tree == {}:
        return Group("all", ())
    return _node(tree, "conditions", 1, _House(without, kinds or {}))


def names_attributes(tree: Any) -> bool:
    """Whether any leaf may ask for a custom attribute; of a tree that was not read yet."""
    if isinstance(tree, list):
        return any(names_attributes(one) for one in tree)
    if not isinstance(tree, dict):
        return False
    field = tree.get("field")
    return (isinstance(field, str) and attribute_of(field) is not None) or any(
        names_attributes(one) for one in tree.values()
    )


def asks_for_open(condition: Condition) -> bool:
    """Whether only open conversations can meet it; False also when that is hard to tell."""
    if isinstance(condition, Leaf):
        return (condition.field, condition.op) == ("state", "is") and condition.value != "resolved"
    return condition.kind == "all" and any(asks_for_open(part) for part in condition.parts)


class _House:
    """What is known here, and how many leaves were read."""

    def __init__(self, without: frozenset[str], kinds: Mapping[str, str]) -> None:
        self.without = without
        self.kinds = kinds
        self.count = 0

    def one_more(self) -> None:
        self.count += 1
        if self.count > MOST_LEAVES:
            raise BadCondition(f"conditions: at most {MOST_LEAVES} of them")


def _node(tree: Any, path: str, depth: int, house: _House) -> Condition:
    if not isinstance(tree, dict):
        raise BadCondition(f"{path}: an object is wanted")
    if depth > DEEPEST:
        raise BadCondition(f"{path}: nested more than {DEEPEST} deep")
    if set(tree) == {"field", "op", "value"}:
        house.one_more()
        return _leaf(tree, path, house)
    if set(tree) == {"not"}:
        return Group("not", (_node(tree["not"], f"{path}.not", depth + 1, house),))
    for kind in ("all", "any"):
        if set(tree) == {kind}:
            parts = tree[kind]
            if not isinstance(parts, list) or not 1 <= len(parts) <= MOST_LEAVES:
                raise BadCondition(f"{path}.{kind}: a list of 1 to {MOST_LEAVES} is wanted")
            return Group(
                kind,
                tuple(
                    _node(part, f"{path}.{kind}[{n}]", depth + 1, house)
                    for n, part in enumerate(parts)
                ),
            )
    raise BadCondition(f'{path}: say "all", "any", "not", or "field", "op" and "value"')


def _leaf(tree: dict[str, Any], path: str, house: _House) -> Leaf:
    field, op = tree["field"], tree["op"]
    prefix = attribute_of(field) if isinstance(field, str) else None
    name = prefix[0] if prefix else field
    ops = ops_of(field) if isinstance(field, str) else None
    if ops is None or name in house.without:
        raise BadCondition(f"{path}.field: there is no such field")
    if not isinstance(op, str) or op not in ops:
        raise BadCondition(f"{path}.op: one of {', '.join(ops)} is wanted")
    try:
        value = ops[op](tree["value"])
        if op in _TYPED_OPS and (read := _OF_KIND.get(house.kinds.get(field, ""))):
            value = read(value)
        return Leaf(field, op, value)
    except BadCondition as problem:
        raise BadCondition(f"{path}.value: {problem}") from None
