"""Reading tables: what can be read is read, what can't is told in one line."""

import gzip
from pathlib import Path

import pytest

from agents.prediction.columns import learn_columns, outcome_of, with_moments
from agents.prediction.problems import BadTable
from agents.prediction.table import Broken, read_table
from tests.conftest import NOON

pytestmark = [pytest.mark.unit]


def of(path: Path, raw: bytes | str) -> Path:
    path.write_bytes(raw.encode() if isinstance(raw, str) else raw)
    return path


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found(tmp_path: Path, separator: str) -> None:
    text = separator.join(["age", '"a job"', "y"]) + "\n" + separator.join(["3", '"a, b; c"', "no"])
    table = read_table(of(tmp_path / "t.csv", text))

    assert table.columns == {"age": ["3"], "a job": ["a, b; c"], "y": ["no"]}


def test_a_packed_file_with_a_mark_and_windows_ends(tmp_path: Path) -> None:
    packed = gzip.compress("\ufeffage,y\r\n3,no\r\n\r\n4,yes\r\n".encode())
    table = read_table(of(tmp_path / "t.bin", packed))

    assert table.columns == {"age": ["3", "4"], "y": ["no", "yes"]}


def test_a_row_that_cannot_be_read_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    table = read_table(of(tmp_path / "t.csv", f"a,b\n1,2\n3\n4,{'x' * 20_000}\n5,6\n"))

    assert table.numbers == [0, 3]
    assert table.broken == [
        Broken(1, "1 cells where the header has 2"),
        Broken(2, "b: 20,000 characters, 10,000 at most"),
    ]


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "It is empty."),
        (b"\n \n", "It is empty."),
        (b"a,b\n", "It has a header and no row."),
        (b"a,a\n1,2\n", "Two columns are called 'a'."),
        (b"a,b\n\xff,2\n", "It is not UTF-8 text (invalid start byte)."),
        (b"a,b\n1,\0\n", "It holds a zero byte: it is no text."),
        (b"\x1f\x8bnonsense", "It is a damaged gzip file."),
        (
            b"x" * 300 + b"\n1\n",
            "The first line is no header: a name is longer than 200 characters.",
        ),
    ],
)
def test_what_is_no_table(tmp_path: Path, raw: bytes, why: str) -> None:
    with pytest.raises(BadTable) as refused:
        read_table(of(tmp_path / "t.csv", raw))

    assert str(refused.value) == why


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="No such file or directory"):
        read_table(tmp_path / "none.csv")


def test_columns_that_say_nothing_are_left_out() -> None:
    found = learn_columns(
        {
            "row": [str(n) for n in range(400)],
            "same": ["x"] * 400,
            "id": [f"k{n}" for n in range(400)],
            "age": ["", "NaN", *(str(n % 50) for n in range(398))],
            "job": ["", *("clerk" if n % 2 else "nurse" for n in range(399))],
        }
    )

    assert found.left_out == {
        "row": "it counts the rows",
        "same": "the same everywhere",
        "id": "hardly any of its values comes twice",
    }
    assert [(c.name, c.kind, c.words) for c in found.columns] == [
        ("age", "number", ()),
        ("job", "words", ("", "clerk", "nurse")),
    ]
    age, job = found.columns
    assert str(age.read(["7", "", "x", "1e999"]).tolist()) == "[7.0, nan, nan, nan]"
    assert job.read(["nurse", "", "pilot"]).tolist() == [2.0, 0.0, -1.0]
    assert [job.shown(v) for v in (2.0, 0.0, -1.0)] == ["nurse", "unknown", "new"]


def test_dates_become_what_returns_and_none_lies_in_the_future() -> None:
    table = {"called": ["2026-05-01T09:30", "2026-05-03T10:00"], "y": ["1", "0"]}

    assert with_moments(table, at=NOON) == {
        "called (weekday)": ["fri", "sun"],
        "called (hour)": ["9", "10"],
        "y": ["1", "0"],
    }
    with pytest.raises(BadTable, match=r"row 1: called lies in the future \(2027-01-01\)"):
        with_moments({"called": ["2026-05-01", "2027-01-01"]}, at=NOON)


@pytest.mark.parametrize(
    ("cells", "positive", "why"),
    [
        (["yes", "yes"], "", "y is always yes: nothing can be learnt."),
        (["0", "0"], "", "y is never yes: nothing can be learnt."),
        (["yes", "nan"], "", "row 1: y is empty."),
        (
            ["won", "lost"],
            "",
            "y must be yes or no, true or false, 1 or 0; it holds 'lost', 'won'.",
        ),
        (["won", "lost"], "gone", "y is nowhere 'gone'."),
    ],
)
def test_outcomes_that_are_none(cells: list[str], positive: str, why: str) -> None:
    with pytest.raises(BadTable) as refused:
        outcome_of("y", cells, positive=positive)

    assert str(refused.value) == why


def test_outcomes() -> None:
    assert outcome_of("y", ["Yes", "no", "TRUE", "0"]).tolist() == [1, 0, 1, 0]
    assert outcome_of("y", ["won", "lost", "draw"], positive="won").tolist() == [1, 0, 0]
