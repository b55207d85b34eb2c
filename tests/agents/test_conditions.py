"""A tree of conditions is understood, or refused with the place where it goes wrong."""

from typing import Any

import pytest

from agents.rules.conditions import BadCondition, Group, Leaf, parse

pytestmark = pytest.mark.unit


def leaf(field: Any = "state", op: Any = "is", value: Any = "open") -> dict[str, Any]:
    return {"field": field, "op": op, "value": value}


def test_nothing_asked_is_everything() -> None:
    assert parse({}) == Group("all", ())


def test_a_tree_becomes_values() -> None:
    tree = {"all": [leaf(), {"any": [leaf("priority", "at_least", 1), {"not": leaf()}]}]}

    assert parse(tree) == Group(
        "all",
        (
            Leaf("state", "is", "open"),
            Group(
                "any",
                (
                    Leaf("priority", "at_least", 1),
                    Group("not", (Leaf("state", "is", "open"),)),
                ),
            ),
        ),
    )


@pytest.mark.parametrize(
    ("tree", "sentence"),
    [
        ([], "conditions: an object is wanted"),
        ("x", "conditions: an object is wanted"),
        ({"none": []}, 'conditions: say "all", "any", "not", or "field", "op" and "value"'),
        ({"all": []}, "conditions.all: a list of 1 to 50 is wanted"),
        ({"all": [leaf(field="pk")]}, "conditions.all[0].field: there is no such field"),
        ({"not": leaf(field=["a"])}, "conditions.not.field: there is no such field"),
        (leaf(op="like"), "conditions.op: one of is, is_not, any_of, none_of is wanted"),
        (leaf(op={}), "conditions.op: one of is, is_not, any_of, none_of is wanted"),
        (
            leaf(value="gone"),
            "conditions.value: one of open, bot, queued, assigned, snoozed, resolved is wanted",
        ),
        (leaf("assignee", "is", "x"), "conditions.value: me or nobody or an id is wanted"),
        (leaf("unread", "is", 1), "conditions.value: true or false is wanted"),
        (leaf("priority", "is", True), "conditions.value: one of -1, 0, 1, 2 is wanted"),
        (leaf("priority", "is", [1]), "conditions.value: one of -1, 0, 1, 2 is wanted"),
        (
            leaf("opened_at", "older_than", 1.5),
            "conditions.value: a whole number is wanted",
        ),
        (
            leaf("opened_at", "older_than", 10**9),
            "conditions.value: a number from 0 to 5.256e+06 is wanted",
        ),
        (
            leaf("opened_at", "before", "yesterday"),
            "conditions.value: a time such as 2026-05-04T12:00:00Z is wanted",
        ),
        (
            leaf("customer.attributes.a.b", "is", 1),
            "conditions.field: there is no such field",
        ),
        (leaf("labels", "has_any", []), "conditions.value: a list of 1 to 50 is wanted"),
        (
            leaf("customer.name", "contains", " "),
            "conditions.value: a text of 1 to 200 characters is wanted",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(tree: Any, sentence: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse(tree)

    assert str(refused.value) == sentence


def test_depth_and_size_are_bounded() -> None:
    deep: dict[str, Any] = leaf()
    for _ in range(5):
        deep = {"not": deep}
    wide = {"all": [{"all": [leaf()] * 30}, {"all": [leaf()] * 30}]}

    for tree, what in ((deep, "nested more than 5 deep"), (wide, "at most 50 of them")):
        with pytest.raises(BadCondition, match=what):
            parse(tree)


def test_a_field_that_is_not_here_is_unknown() -> None:
    with pytest.raises(BadCondition, match="no such field"):
        parse(leaf("sentiment", "at_most", 0), without=frozenset({"sentiment"}))
