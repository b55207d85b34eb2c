"""`train_recommender` and `recommend` at their doors: a table in, a folder out, JSON Lines answered."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from tests.bots.recommendation.logs import Row, courses

pytestmark = pytest.mark.unit


def _table(path: Path, rows: list[Row]) -> Path:
    lines = "".join(f"{customer},{item},{at}\n" for customer, item, at in rows)
    path.write_text("customer,item,timestamp\n" + lines)
    return path


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    here = tmp_path_factory.mktemp("recommender")
    told = io.StringIO()
    table = _table(here / "log.csv", courses())
    call_command("train_recommender", table, "--out", here / "model", "--minutes", "0.05", stdout=told)  # fmt: skip
    card = json.loads(told.getvalue())
    assert card["data"]["customers"] == 120
    assert card["figures"][card["served"]]["hr@10"] > card["figures"]["popular"]["hr@10"]
    return here / "model"


def _asked(model: Path, *lines: Any, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[Any]]:
    said = "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(said.encode())))
    told, status = io.StringIO(), 0
    try:
        call_command("recommend", "--model", model, stdout=told)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, [json.loads(one) for one in told.getvalue().splitlines()]


def test_every_line_is_answered_in_its_order(model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    status, (known, stranger, nobody) = _asked(
        model,
        {"customer": "c1"},
        {"customer": "new", "history": ["i4", {"item": "i5", "timestamp": "2021-01-01"}]},
        {"customer": "empty", "history": []},
        monkeypatch=monkeypatch,
    )

    assert status == 0
    assert [one["customer"] for one in (known, stranger, nobody)] == ["c1", "new", "empty"]
    assert stranger["items"][0]["item"] == "i6"
    assert set(known["items"][0]) == {"item", "score", "because"}
    assert "nothing is known" in nobody["items"][0]["because"]
    assert all(len(one["items"]) == 10 for one in (known, stranger, nobody))


def test_a_history_that_the_model_knows_changes_nothing(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = [item for customer, item, _ in courses() if customer == "c7"]
    _, (bare, told, part) = _asked(
        model,
        {"customer": "c7"},
        {"customer": "c7", "history": own},
        {"customer": "c7", "history": own[-3:]},
        monkeypatch=monkeypatch,
    )

    assert bare["items"] == part["items"]
    assert [one["item"] for one in told["items"]] == [one["item"] for one in bare["items"]]


def test_bad_lines_are_told_and_the_rest_goes_on(
    model: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, answers = _asked(
        model,
        "{",
        "[]",
        {"customer": ["x"]},
        {"customer": "a", "history": "i1"},
        {"customer": "b", "history": [{"item": "i1", "timestamp": "soon"}]},
        {"customer": "c", "history": [None]},
        {"customer": "fine", "history": ["i1"]},
        monkeypatch=monkeypatch,
    )

    assert status == 1
    assert [set(one) for one in answers[:-1]] == [{"id", "error"}] * 6
    assert [one["id"] for one in answers[3:6]] == ["a", "b", "c"]
    assert answers[-1]["customer"] == "fine"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "empty"),
        (b"customer,item\na,b\n", "no column timestamp"),
        (b"customer,item,timestamp\n", "no events"),
        (b"customer,item,timestamp\na,b,NaN\n", "no timestamp"),
        (b"customer,item,timestamp\na,b,2099-01-01\n", "in the future"),
        (b"customer,item,timestamp\na," + b"x" * 10_000_000 + b",1\n", "longer than"),
        (b"customer,item,timestamp\n\xff\xfe,b,1\n", "not UTF-8"),
        (b"customer,item,timestamp\na\x00,b,1\n", "NUL"),
        (b"customer,item,timestamp\n" + b"a,b,1\n" * 500, "1 customer"),
    ],
)
def test_a_table_that_cannot_be_learnt_from_is_one_line_and_no_model(
    content: bytes, problem: str, tmp_path: Path
) -> None:
    table, told = tmp_path / "log.csv", io.StringIO()
    table.write_bytes(content)

    with pytest.raises(SystemExit) as ended:
        call_command("train_recommender", table, "--out", tmp_path / "model", stderr=told)

    assert ended.value.code == 2
    assert problem in told.getvalue()
    assert len(told.getvalue().strip().splitlines()) == 1
    assert not (tmp_path / "model").exists()


def test_what_was_there_stays_when_the_new_one_fails(model: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in model.iterdir()}
    table = tmp_path / "log.csv"
    table.write_text("customer,item,timestamp\n")

    with pytest.raises(SystemExit):
        call_command("train_recommender", table, "--out", model, stderr=io.StringIO())
    assert {path.name: path.read_bytes() for path in model.iterdir()} == before


@pytest.mark.parametrize("there", [False, True])
def test_a_folder_without_a_model_is_one_line(*, there: bool, tmp_path: Path) -> None:
    folder, told = tmp_path / "none", io.StringIO()
    if there:
        folder.mkdir()
    with pytest.raises(SystemExit) as ended:
        call_command("recommend", "--model", folder, stderr=told)
    assert ended.value.code == 2
    assert "holds no recommender" in told.getvalue()


def test_a_file_that_is_missing_is_one_line(tmp_path: Path) -> None:
    told = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("train_recommender", tmp_path / "x.csv", "--out", tmp_path / "m", stderr=told)
    assert ended.value.code == 2
    assert "No such file" in told.getvalue()
