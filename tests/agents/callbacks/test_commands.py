"""`train_callbacks` and `predict_callbacks`: JSON Lines, one clear line for bad input, no half-written model."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.agents.prediction.rows import made, written

pytestmark = [pytest.mark.integration]


def run(command: str, *args: str, **options: Any) -> tuple[list[dict[str, Any]], str, int]:
    out, said, status = io.StringIO(), io.StringIO(), 0
    try:
        call_command(command, *args, stdout=out, stderr=said, **options)
    except SystemExit as end:
        status = int(str(end.code))
    return [json.loads(line) for line in out.getvalue().splitlines()], said.getvalue(), status


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("trained")
    table = written(place / "past.csv", made(45))
    lines, said, status = run("train_callbacks", str(table), target="called", out=place / "model")

    assert (status, said, len(lines)) == (0, "", 1)
    assert lines[0]["out"] == str(place / "model")
    assert set(lines[0]["validation"]["random"]) >= {"auc", "alift", "better_half", "ece"}
    return place


def test_each_row_has_a_chance_and_reasons(folder: Path, tmp_path: Path) -> None:
    table = written(tmp_path / "next.csv", made(45, seed=2))
    lines, said, status = run("predict_callbacks", str(table), model=folder / "model")

    assert status == 0
    assert said == "The inputs are like those of the training.\n"
    assert [line["row"] for line in lines] == list(range(len(made(45, seed=2))))
    assert all(set(line) == {"row", "probability", "reasons"} for line in lines)
    assert all(0 < line["probability"] < 1 for line in lines)
    assert set(lines[0]["reasons"][0]) == {"column", "value", "effect", "points", "text"}


def test_a_later_time_is_said_to_be_one(folder: Path, tmp_path: Path) -> None:
    table = written(tmp_path / "next.csv", made(20, seed=2, first=45))
    lines, said, status = run("predict_callbacks", str(table), model=folder / "model")

    assert status == 0
    assert said.startswith("The inputs have drifted away from the training")
    assert all(line["drifted"] for line in lines)


def test_a_bad_row_has_its_own_line(folder: Path, tmp_path: Path) -> None:
    rows = made(4, seed=2)
    rows[1] = rows[1][:2]
    table = written(tmp_path / "next.csv", rows)
    lines, _, status = run("predict_callbacks", str(table), model=folder / "model")

    assert status == 1
    assert lines[1] == {"row": 1, "error": "2 cells where the header has 6"}
    assert [line["row"] for line in lines] == list(range(len(rows)))


def test_one_line_says_what_is_missing(folder: Path, tmp_path: Path) -> None:
    table = written(tmp_path / "next.csv", [["1", "2"]], header=["age", "job"])

    assert run("predict_callbacks", str(table), model=folder / "model") == (
        [],
        f"{table}: It lacks the column contact, rate, weekday.\n",
        2,
    )
    assert run("predict_callbacks", str(table), model=tmp_path) == (
        [],
        f"{tmp_path}: No such file or directory.\n",
        2,
    )


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        (made(45)[:5], "Too little to learn from: 5 rows"),
        ([*made(45), ["1"]], f"row {len(made(45))}: 1 cells where the header has 6 (1 such rows)."),
        ([[*row[:-1], "no"] for row in made(45)], "called is never yes"),
        ([[*row[:-1], "NaN"] for row in made(45)], "row 0: called is empty."),
    ],
)
def test_bad_input_leaves_the_model_that_was_there(
    folder: Path, tmp_path: Path, rows: list[list[str]], why: str
) -> None:
    before = {path.name: path.read_bytes() for path in (folder / "model").iterdir()}
    table = written(tmp_path / "past.csv", rows)
    lines, said, status = run("train_callbacks", str(table), target="called", out=folder / "model")

    assert (lines, status) == ([], 2)
    assert said.count("\n") == 1
    assert why in said
    assert {path.name: path.read_bytes() for path in (folder / "model").iterdir()} == before


def test_a_folder_of_somebody_else_s_stays(tmp_path: Path) -> None:
    (tmp_path / "dear.txt").write_text("x")

    assert run("train_callbacks", "any.csv", target="y", out=tmp_path) == (
        [],
        f"{tmp_path} is there already, and is no model.\n",
        2,
    )
