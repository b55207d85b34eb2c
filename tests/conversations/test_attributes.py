"""Typed values: what is taken, how it is kept, and what is refused."""

from typing import Any

import pytest

from conversations.attributes import Field, WrongValue, believed, check_pattern, normal, settle
from conversations.errors import WrongFields

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  two\r\nlines ", "two\nlines"),
        ("number", "12.5", 12.5),
        ("number", 7, 7),
        ("integer", "42", 42),
        ("integer", 3.0, 3),
        ("checkbox", False, False),
        ("date", "2026-02-28", "2026-02-28"),
        ("datetime", "2026-01-31T10:30:00+01:00", "2026-01-31T09:30:00Z"),
        ("list", "gold", "gold"),
        ("link", "https://example.com/a?b=1", "https://example.com/a?b=1"),
        ("email", "Ann@Example.COM", "Ann@example.com"),
        ("phone", "+49 30 1234567", "+49 30 1234567"),
    ],
)
def test_values_are_kept_in_one_form(kind: str, given: Any, kept: Any) -> None:
    assert normal(Field("x", kind, choices=("gold",)), given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", 7),
        ("text", " \u202e "),
        ("text", "x" * 1001),
        ("number", "nan"),
        ("number", "1e999"),
        ("number", True),
        ("number", [1]),
        ("integer", 1.5),
        ("integer", "9" * 41),
        ("checkbox", 1),
        ("checkbox", "true"),
        ("date", "2026-02-30"),
        ("date", 7),
        ("datetime", "2026-01-31T09:30:00"),
        ("datetime", "0001-01-01T00:00:00+14:00"),
        ("list", "silver"),
        ("link", "javascript:alert(1)"),
        ("link", "https://"),
        ("link", "https://[bad"),
        ("email", "ann@home"),
        ("phone", "call me"),
    ],
)
def test_wrong_values_are_refused(kind: str, given: Any) -> None:
    with pytest.raises(WrongValue):
        normal(Field("x", kind, choices=("gold",)), given)


def test_a_pattern_holds_for_the_whole_value() -> None:
    field = Field("order", "text", regex=r"A-\d{4}")

    assert normal(field, "A-1234") == "A-1234"
    with pytest.raises(WrongValue):
        normal(field, "A-12345")


def test_a_slow_pattern_is_stopped() -> None:
    with pytest.raises(WrongValue, match="too slow"):
        normal(Field("x", "text", regex=r"(a|aa)+b"), "a" * 150)


@pytest.mark.parametrize("pattern", ["(", "[z-a]", "x" * 201, r"(a|aa)+b", "(?P<a>"])
def test_a_pattern_that_can_t_be_used_is_refused(pattern: str) -> None:
    with pytest.raises(WrongValue):
        check_pattern(pattern)


def test_settle_names_everything_that_is_wrong_and_changes_nothing() -> None:
    fields = [Field("age", "integer"), Field("vip", "checkbox")]
    before = {"age": 3}

    with pytest.raises(WrongFields) as refusal:
        settle(fields, before, {"age": "old", "vip": "yes", "shoe": 42})

    assert set(refusal.value.fields) == {"age", "vip", "shoe"}
    assert before == {"age": 3}


def test_settle_takes_away_what_is_empty_and_keeps_what_was_not_named() -> None:
    fields = [Field("age", "integer")]

    assert settle(fields, {"age": 3, "plan": "gold"}, {"age": None}) == {"plan": "gold"}


def test_a_site_is_believed_where_nothing_is_defined() -> None:
    fields = [Field("age", "integer"), Field("vip", "checkbox")]

    assert believed(fields, {"age": "41", "vip": "maybe", "plan": "gold", "none": None}) == {
        "age": 41,
        "plan": "gold",
        "none": None,
    }
