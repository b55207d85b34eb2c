"""A segment's conditions in words, and the form that they are written in. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from agents.recommendations.rules.segments import ATTRIBUTE, Group, Leaf

_IS = {"is": "is", "is_not": "is not", "is_set": "is known"}
_WORDS: Mapping[str, Mapping[str, str]] = {
    "language": {op: f"language {said}" for op, said in _IS.items()},
    "company": {op: f"company {said}" for op, said in _IS.items()},
    "email": {"is_set": "e-mail address is known", "ends_with": "e-mail address ends with"},
    "phone": {"is_set": "telephone number is known"},
    "signed_in": {"is": "signed in on our own site"},
    "conversations": {"at_least": "conversations at least", "at_most": "conversations at most"},
    "bought": {"item": "bought", "category": "bought something from the category"},
    "viewed": {"item": "looked at", "category": "looked at something from the category"},
    "asked": {"item": "asked about", "category": "asked about something from the category"},
    "bought_count": {"at_least": "purchases at least", "at_most": "purchases at most"},
    "days_since_bought": {
        "at_least": "days since the last purchase at least",
        "at_most": "days since the last purchase at most",
    },
    "days_since_conversation": {
        "at_least": "days since the last conversation at least",
        "at_most": "days since the last conversation at most",
    },
    "rating": {"at_least": "average rating at least", "at_most": "average rating at most"},
}
_ATTRIBUTE = {**_IS, "at_least": "is at least", "at_most": "is at most"}
_FLAGS = {("signed_in", "is")}
_NUMBERS = {"at_least", "at_most"}
_JOINS = {"all": " and ", "any": " or "}

Option = Mapping[str, Any]


def in_words(tree: Leaf | Group) -> str:
    """One sentence without a full stop."""
    if isinstance(tree, Leaf):
        return _leaf(tree)
    if not tree.parts:
        return "everybody"
    if tree.kind == "not":
        return f"not ({in_words(tree.parts[0])})"
    several = [in_words(part) for part in tree.parts]
    nested = [
        f"({said})" if isinstance(part, Group) and len(part.parts) > 1 else said
        for part, said in zip(tree.parts, several, strict=True)
    ]
    return _JOINS[tree.kind].join(nested)


def _leaf(leaf: Leaf) -> str:
    if leaf.field.startswith(ATTRIBUTE):
        label = f"{leaf.field.removeprefix(ATTRIBUTE)} {_ATTRIBUTE[leaf.op]}"
    else:
        label = _WORDS[leaf.field][leaf.op]
    if leaf.op == "is_set" or (leaf.field, leaf.op) in _FLAGS:
        return label if leaf.value else f"not: {label}"
    return (
        f"{label} “{leaf.value}”"
        if isinstance(leaf.value, str)
        else f"{label} {_plain(leaf.value)}"
    )


def _plain(value: Any) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else f"{value:g}"


def form(items: Sequence[Option], categories: Sequence[str]) -> Mapping[str, Any]:
    """What the page draws; `what` is a field and an operation with a space between. `items`: value and label of
    each; where there are none, or too many, a text is asked for."""
    options = [
        _option(f"{field} {op}", label, [_value(field, op, items, categories)])
        for field, ops in _WORDS.items()
        for op, label in ops.items()
    ]
    options += [
        _option(
            f"attributes {op}",
            f"an attribute {label}",
            [{"name": "name", "label": "Attribute", "kind": "text"}, _value("", op, (), ())],
        )
        for op, label in _ATTRIBUTE.items()
    ]
    return {
        "kind": "object",
        "fields": [
            {
                "name": "match",
                "label": "Customers of whom",
                "kind": "choice",
                "options": [
                    {"value": "all", "label": "all of these are true"},
                    {"value": "any", "label": "any of these is true"},
                    {"value": "none", "label": "none of these is true"},
                ],
            },
            {
                "name": "conditions",
                "label": "Conditions (none: everybody)",
                "kind": "list",
                "noun": "condition",
                "each": {"kind": "variant", "by": "what", "label": "What", "options": options},
            },
        ],
    }


def _option(what: str, label: str, fields: Sequence[Option]) -> Option:
    return {"value": what, "label": label[0].upper() + label[1:], "fields": fields}


def _value(field: str, op: str, items: Sequence[Option], categories: Sequence[str]) -> Option:
    if op == "is_set" or (field, op) in _FLAGS:
        return {"name": "value", "label": "True?", "kind": "switch"}
    if op in _NUMBERS:
        step = "any" if field in {"rating", ""} else 1
        return {"name": "value", "label": "How many", "kind": "number", "step": step}
    if op == "item" and items:
        return {"name": "value", "label": "Item", "kind": "pick", "options": items}
    if op == "category" and categories:
        named = [{"value": one, "label": one} for one in categories]
        return {"name": "value", "label": "Category", "kind": "pick", "options": named}
    label = {"item": "Key of the item", "category": "Category"}.get(op, "Which")
    return {"name": "value", "label": label, "kind": "text"}
