"""What people type, made fit to keep."""

import pytest

from conversations.words import clean_line, clean_text, has_unstorable, preview_of

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        pytest.param("  hi  ", "hi", id="no edges"),
        pytest.param("a\r\nb\rc", "a\nb\nc", id="line ends"),
        pytest.param("a\x00b\x1b[31m\x7f", "ab[31m", id="no control characters"),
        pytest.param("a\tb", "a\tb", id="a tab stays"),
        pytest.param("\u202egnp.exe", "gnp.exe", id="no override of direction"),
        pytest.param("مرحبا\u200f!", "مرحبا\u200f!", id="a mark of direction stays"),
        pytest.param("👩‍👩‍👧‍👦 ok", "👩‍👩‍👧‍👦 ok", id="joined emoji stay"),
        pytest.param("e\u0301", "é", id="composed"),
        pytest.param("x\ud800y", "x\ufffdy", id="half a character"),
        pytest.param("<b>&amp;</b>", "<b>&amp;</b>", id="text is text"),
    ],
)
def test_clean_text(typed: str, kept: str) -> None:
    assert clean_text(typed) == kept


def test_clean_line_is_one_line_of_limited_length() -> None:
    assert clean_line(" a \n b\tc ", limit=4) == "a b "


def test_preview_is_cut_with_a_sign() -> None:
    assert preview_of("a " * 100, limit=8) == "a a a a…"


@pytest.mark.parametrize(
    ("value", "bad"),
    [
        ("fine", False),
        ("nul\x00", True),
        ({"a": ["b", {"c\x00": 1}]}, True),
        ({"a": [1, None, True, "ok 👍"]}, False),
        (["\ud83d"], True),
    ],
)
def test_has_unstorable(value: object, bad: bool) -> None:
    assert has_unstorable(value) is bad
