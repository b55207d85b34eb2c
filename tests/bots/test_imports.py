import json
from pathlib import Path
from typing import Any

import pytest

from bots.sources.rows import BadLine, Row, read

pytestmark = pytest.mark.unit


def written(folder: Path, *lines: Any, name: str = "articles.jsonl") -> Path:
    path = folder / name
    text = "\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_line_is_an_article(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        {
            "id": 7,
            "title": " Returns ",
            "body": "30 days.",
            "questions": ["How long?", " "],
            "language": "zh_Hans",
            "category": "After sale",
        },
    )

    assert list(read(path)) == [
        Row("7", "Returns", "30 days.", ["How long?"], "zh-Hans", "After sale")
    ]


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        pytest.param("{", BadLine(None, 1, "not valid JSON"), id="broken"),
        pytest.param("[1]", BadLine(None, 1, "a line must be a JSON object"), id="a list"),
        pytest.param(
            {"title": "x"},
            BadLine(None, 1, "id: is missing; give a text or a whole number"),
            id="no id",
        ),
        pytest.param({"id": "a"}, BadLine("a", 1, "title: is missing"), id="no title"),
        pytest.param(
            {"id": "a", "title": 3}, BadLine("a", 1, "title: must be a text"), id="a number"
        ),
        pytest.param(
            {"id": "a", "title": "x", "body": "b\0c"},
            BadLine("a", 1, "body: contains a NUL byte"),
            id="NUL",
        ),
        pytest.param(
            {"id": "a", "title": "x", "body": "b" * 100_001},
            BadLine("a", 1, "body: longer than 100,000 characters"),
            id="huge",
        ),
        pytest.param(
            {"id": "a", "title": "x", "questions": "[1]"},
            BadLine("a", 1, "questions: must be a list of texts"),
            id="questions that are none",
        ),
        pytest.param(
            {"id": "a", "title": "x", "language": "English please"},
            BadLine("a", 1, "language: not a BCP 47 tag such as en or zh-Hans"),
            id="no language",
        ),
        pytest.param(
            {"id": "a", "title": "\ud800"},
            BadLine("a", 1, "title: is not valid UTF-8"),
            id="half a pair",
        ),
    ],
)
def test_what_is_wrong_with_a_line_is_said(tmp_path: Path, line: Any, bad: BadLine) -> None:
    assert list(read(written(tmp_path, line))) == [bad]


def test_an_id_counts_once_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = written(
        tmp_path, {"id": "a", "title": "1"}, {"id": "a", "title": "2"}, {"id": "b", "title": "3"}
    )

    assert list(read(path)) == [
        Row("a", "1", ""),
        BadLine("a", 2, "id: already on line 1"),
        Row("b", "3", ""),
    ]


def test_bytes_that_are_no_text_spoil_their_own_line_only(tmp_path: Path) -> None:
    path = tmp_path / "articles.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id":"a","title":"\xff"}\n{"id":"b","title":"fine"}\n')

    assert list(read(path)) == [
        BadLine("a", 1, "title: is not valid UTF-8"),
        Row("b", "fine", ""),
    ]


def test_csv_has_a_header_and_questions_by_line(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "ID,Title,body,questions,language",
        'a,Returns,"30 days, always","How long?\nUntil when?",en',
        "b,Too,many,cells,en,really",
        name="articles.csv",
    )

    assert list(read(path)) == [
        Row("a", "Returns", "30 days, always", ["How long?", "Until when?"], "en"),
        BadLine("b", 4, "more cells than the header has names"),
    ]


def test_a_csv_without_its_columns_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "name,text", "a,b", name="articles.csv")

    assert list(read(path)) == [
        BadLine(None, 1, "the header must name id and title, or title and body")
    ]


def test_a_very_long_title_is_shortened_and_still_found(tmp_path: Path) -> None:
    title = "word " * 100

    (row,) = read(written(tmp_path, {"id": "a", "title": title}))

    assert isinstance(row, Row)
    assert len(row.title) <= 300
    assert row.questions == [title.strip()]
