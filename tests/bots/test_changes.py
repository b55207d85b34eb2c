"""What an editor sees of a change."""

import time

import pytest

from bots.changes import Piece, Stretch, changed_lines, changed_words

pytestmark = pytest.mark.unit

SIGNS = {"same": "{}", "removed": "[-{}-]", "added": "[+{}+]"}


def marked(before: str, after: str) -> str:
    return "".join(SIGNS[one.kind].format(one.text) for one in changed_words(before, after))


@pytest.mark.parametrize(
    ("before", "after", "seen"),
    [
        ("You have 30 days.", "You have 45 days.", "You have [-30-][+45+] days."),
        ("one two", "one and two", "one [+and +]two"),
        ("one and two", "one two", "one [-and -]two"),
        ("a big red tent", "a small green tent", "a [-big red-][+small green+] tent"),
        ("自签收之日起30天内", "自签收之日起45天内", "自签收之日起[-30-][+45+]天内"),
        ("退货", "换货", "[-退-][+换+]货"),
        ("same", "same", "same"),
        ("", "new", "[+new+]"),
        ("old", "", "[-old-]"),
        ("", "", ""),
    ],
)
def test_words_are_compared_as_a_reader_reads(before: str, after: str, seen: str) -> None:
    assert marked(before, after) == seen


@pytest.mark.parametrize(
    ("before", "after"),
    [("a b c", "a x c d"), ("一 二", "二 三"), ("x\n\ny", "x\ny\n"), ("é 👍🏽 b", "e 👍🏽")],
)
def test_both_texts_can_be_read_back(before: str, after: str) -> None:
    pieces = [piece for stretch in changed_lines(before, after) for piece in stretch.pieces]
    assert "".join(p.text for p in pieces if p.kind != "added") == before
    assert "".join(p.text for p in pieces if p.kind != "removed") == after


def test_the_end_of_a_line_is_not_marked() -> None:
    one = Piece("added", "a line\n")
    assert (one.words, one.end, Piece("added", "a\nb").end) == ("a line", "\n", "")


def test_what_did_not_change_is_left_out_but_for_the_lines_around() -> None:
    before = "".join(f"line {n}\n" for n in range(20))
    after = before.replace("line 10\n", "line ten\n")

    assert changed_lines(before, after) == (
        Stretch(skipped=8),
        Stretch((Piece("same", "line 8\nline 9\n"),)),
        Stretch(
            (
                Piece("same", "line "),
                Piece("removed", "10"),
                Piece("added", "ten"),
                Piece("same", "\n"),
            )
        ),
        Stretch((Piece("same", "line 11\nline 12\n"),)),
        Stretch(skipped=7),
    )


def test_the_longest_texts_are_compared_in_a_moment() -> None:
    before = "word other " * 9_000
    started = time.process_time()
    assert [p.kind for p in changed_words(before, before[5:])] == ["removed", "added"]
    changed_lines("a\nb\n" * 12_500, "b\nc\n" * 12_500)
    assert time.process_time() - started < 5
