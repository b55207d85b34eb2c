"""From a table to chances: of the same time, of a later one, and what is refused."""

import json
from pathlib import Path

import numpy as np
import pytest

from agents.prediction.keeping import ARRAYS, SHEET, is_ours, load, save
from agents.prediction.learning import Asked, Model, learn, predict, prepare
from agents.prediction.measures import auc
from agents.prediction.moments import slow_columns
from agents.prediction.problems import BadModel, BadTable
from agents.prediction.reasons import reasons_of
from agents.prediction.table import Table, read_table
from tests.agents.prediction.rows import HEADER, made, written

pytestmark = [pytest.mark.unit]
ASKED = Asked("called")


def table_of(rows: list[list[str]]) -> Table:
    columns = {name: [row[place] for row in rows] for place, name in enumerate(HEADER)}
    return Table(columns, list(range(len(rows))), [])


def outcome_of(rows: list[list[str]]) -> "np.ndarray[tuple[int], np.dtype[np.int64]]":
    return np.array([row[-1] == "yes" for row in rows], dtype=np.int64)


@pytest.fixture(scope="module")
def model() -> Model:
    return learn(prepare(table_of(made(60)), ASKED), ASKED, lambda _: None)


def test_what_tells_the_moment_is_found(model: Model) -> None:
    assert model.card["moment"] == ["rate", "weekday"]
    assert model.card["rows"] == len(made(60))
    assert model.card["left_out"] == {}
    assert model.card["validation"]["random"]["auc"] > 0.6


def test_shuffled_rows_still_tell_what_goes_together() -> None:
    chance = np.random.default_rng(1)
    day = chance.integers(0, 20, 3000).astype(float)
    values = {
        "day": day,
        "rate": np.floor(day / 4),
        "index": np.floor(day / 7),
        "job": chance.integers(0, 5, 3000).astype(float),
    }

    assert slow_columns(values) == ["day", "rate", "index"]
    assert slow_columns({"job": values["job"]}) == []


def test_rows_of_the_same_time(model: Model) -> None:
    rows = made(60, seed=7)
    found = predict(model, table_of(rows))

    assert not found.verdict.has_drifted
    assert found.blend is model.now
    assert auc(outcome_of(rows), found.chances) > 0.62
    assert abs(found.chances.mean() - outcome_of(rows).mean()) < 0.04


def test_rows_of_a_later_time_are_told_apart_and_ordered_by_what_lasts(model: Model) -> None:
    rows = made(30, seed=8, first=60)
    found = predict(model, table_of(rows))

    assert found.verdict.has_drifted
    assert found.blend is model.later
    assert found.verdict.new_moments == 1.0
    assert "100% of the rows are of moments never seen; moved: rate" in found.verdict.in_words()
    assert auc(outcome_of(rows), found.chances) > 0.62


def test_reasons_add_up_to_what_moved_the_chance(model: Model) -> None:
    rows = made(60, seed=7)
    found = predict(model, table_of(rows))
    by_job: dict[str, list[float]] = {}
    for row, effect in zip(rows, found.contributions["job"], strict=True):
        by_job.setdefault(row[1], []).append(float(effect))
    first = reasons_of(found, model.columns)[0]

    assert max(by_job, key=lambda job: np.mean(by_job[job])) == "retired"
    total = sum(column.mean() for column in found.contributions.values())
    assert abs(total) < 0.2  # against the usual row they even out
    assert 1 <= len(first) <= 3
    assert all(("raises" in one.text) is (one.effect > 0) for one in first)


def test_values_that_nobody_has_seen(model: Model) -> None:
    rows = [["", "astronaut", "", "4.9", "1", ""], ["x", "clerk", "pigeon", "4.9", "1", ""]]
    found = predict(model, table_of(rows))

    assert np.isfinite(found.chances).all()
    assert found.verdict.new_words["job"] == 0.5
    assert reasons_of(found, model.columns)[0] != []


def test_a_model_is_kept_and_read_whole(model: Model, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "model"
    save(model, place)
    save(model, place)  # over the one before
    table = table_of(made(60, seed=7))
    before, after = predict(model, table), predict(load(place), table)

    assert np.array_equal(before.chances, after.chances)
    assert {n: c.tolist() for n, c in before.contributions.items()} == {
        n: c.tolist() for n, c in after.contributions.items()
    }
    assert sorted(path.name for path in place.parent.iterdir()) == ["model"]


def test_a_damaged_model_is_refused(model: Model, tmp_path: Path) -> None:
    place = tmp_path / "model"
    save(model, place)
    (place / ARRAYS).write_bytes((place / ARRAYS).read_bytes()[:-9])
    with pytest.raises(BadModel, match="is not the one that belongs to"):
        load(place)
    (place / SHEET).write_text(json.dumps({"format": 7}))
    with pytest.raises(BadModel, match="another version"):
        load(place)
    (place / SHEET).write_text("[1]")
    with pytest.raises(BadModel, match="is no model"):
        load(place)
    with pytest.raises(BadModel, match="No such file"):
        load(tmp_path / "none")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("x")
    assert not is_ours(tmp_path / "letters")
    assert is_ours(place)


@pytest.mark.parametrize(
    ("rows", "asked", "why"),
    [
        (made(2), ASKED, "Too little to learn from"),
        (made(60), Asked("gone"), "There is no column 'gone'"),
        (made(60), Asked("called", frozenset({"duration"})), "There is no column 'duration'"),
        (made(60), Asked("called", frozenset(HEADER[:-1])), "No column is left"),
        ([[*row[:-1], "yes"] for row in made(60)], ASKED, "always yes"),
        ([["inf", *row[1:]] for row in made(60)], ASKED, "age: an infinite number"),
    ],
)
def test_what_cannot_be_learnt(rows: list[list[str]], asked: Asked, why: str) -> None:
    with pytest.raises(BadTable, match=why):
        prepare(table_of(rows), asked)


def test_a_table_without_moments_and_without_order(tmp_path: Path) -> None:
    chance = np.random.default_rng(5)
    rows = [
        [
            str(int(chance.integers(20, 80))),
            str(chance.choice(["a", "b"])),
            "yes" if n % 3 else "no",
        ]
        for n in range(300)
    ]
    asked = Asked("y")
    path = written(tmp_path / "t.csv", rows, header=["age", "kind", "y"], separator=";")
    found = learn(prepare(read_table(path), asked), asked, lambda _: None)

    assert found.card["moment"] == []
    assert found.now.moments is None
    chances = predict(found, read_table(path)).chances
    assert abs(chances.mean() - 2 / 3) < 0.05
