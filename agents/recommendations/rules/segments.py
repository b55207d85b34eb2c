"""Who belongs to a segment: a tree of conditions, checked, and handed on as plain values. Pure.

`{"all": […]}`, `{"any": […]}`, `{"not": …}` or a leaf `{"field", "op", "value"}`; `{}` is everybody.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

DEEPEST, MOST, LONGEST = 4, 30, 200
_KEY = re.compile(r"[^\W_][\w -]{0,63}")
ATTRIBUTE = "attributes."


class BadSegment(ValueError):
    """Says where in the tree, and what is wrong there."""


@dataclass(frozen=True, slots=True)
class Leaf:
    field: str
    op: str
    value: Any


@dataclass(frozen=True, slots=True)
class Group:
    kind: str  # all | any | not
    parts: tuple[Leaf | Group, ...]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not 1 <= len(value.strip()) <= LONGEST or "\0" in value:
        raise BadSegment(f"a text of 1 to {LONGEST} characters is wanted")
    return value.strip()


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise BadSegment("true or false is wanted")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e15 <= value <= 1e15:
        raise BadSegment("a number is wanted")
    return value


def _count(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 1_000_000:
        raise BadSegment("a whole number from 0 is wanted")
    return value


def _scalar(value: Any) -> Any:
    if isinstance(value, bool):
        return value
    return _text(value) if isinstance(value, str) else _number(value)


_Read = Callable[[Any], Any]
_WORDS: Mapping[str, _Read] = {"is": _text, "is_not": _text, "is_set": _flag}
_COUNTS: Mapping[str, _Read] = {"at_least": _count, "at_most": _count}
_DID: Mapping[str, _Read] = {"item": _text, "category": _text}
FIELDS: Mapping[str, Mapping[str, _Read]] = {
    "language": _WORDS,
    "company": _WORDS,
    "email": {"is_set": _flag, "ends_with": _text},
    "phone": {"is_set": _flag},
    "signed_in": {"is": _flag},
    "conversations": _COUNTS,
    "bought": _DID,
    "viewed": _DID,
    "asked": _DID,
    "bought_count": _COUNTS,
    "days_since_bought": _COUNTS,
    "days_since_conversation": _COUNTS,
    "rating": {"at_least": _number, "at_most": _number},
}
_ATTRIBUTE_OPS: Mapping[str, _Read] = {
    "is": _scalar, "is_not": _scalar, "at_least": _number, "at_most": _number, "is_set": _flag,
}  # fmt: skip


def parse(tree: Any) -> Leaf | Group:
    """The tree as values. Raises BadSegment."""
    if tree == {}:
        return Group("all", ())
    left = [MOST]
    return _node(tree, "conditions", 1, left)


def _node(tree: Any, path: str, depth: int, left: list[int]) -> Leaf | Group:
    if not isinstance(tree, dict):
        raise BadSegment(f"{path}: an object is wanted")
    if depth > DEEPEST:
        raise BadSegment(f"{path}: nested more than {DEEPEST} deep")
    if set(tree) == {"field", "op", "value"}:
        left[0] -= 1
        if left[0] < 0:
            raise BadSegment(f"conditions: at most {MOST} of them")
        return _leaf(tree, path)
    if set(tree) == {"not"}:
        return Group("not", (_node(tree["not"], f"{path}.not", depth + 1, left),))
    for kind in ("all", "any"):
        if set(tree) == {kind}:
            parts = tree[kind]
            if not isinstance(parts, list) or not 1 <= len(parts) <= MOST:
                raise BadSegment(f"{path}.{kind}: a list of 1 to {MOST} is wanted")
            read = (
                _node(one, f"{path}.{kind}[{n}]", depth + 1, left) for n, one in enumerate(parts)
            )
            return Group(kind, tuple(read))
    raise BadSegment(f'{path}: say "all", "any", "not", or "field", "op" and "value"')


def _leaf(tree: Mapping[str, Any], path: str) -> Leaf:
    field, op = tree["field"], tree["op"]
    ops = _ops(field) if isinstance(field, str) else None
    if ops is None:
        raise BadSegment(f"{path}.field: there is no such field")
    if not isinstance(op, str) or op not in ops:
        raise BadSegment(f"{path}.op: one of {', '.join(ops)} is wanted")
    try:
        return Leaf(field, op, ops[op](tree["value"]))
    except BadSegment as problem:
        raise BadSegment(f"{path}.value: {problem}") from None


def _ops(field: str) -> Mapping[str, _Read] | None:
    if field.startswith(ATTRIBUTE):
        return _ATTRIBUTE_OPS if _KEY.fullmatch(field.removeprefix(ATTRIBUTE)) else None
    return FIELDS.get(field)
