"""How good the bot is, told from questions whose right article is known."""

import json
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from bots.actions.articles import import_articles
from bots.evaluation.measure import (
    Asked,
    Trial,
    by_article,
    calibration_error,
    compared,
    confusion,
    folds,
    histogram,
    kept,
    ranking,
    report_of,
    spread,
)
from bots.evaluation.picture import picture
from bots.knowledge.vectors import light_encoders
from bots.sources.rows import Row

TRIALS = [
    Trial("one", "a", ["a", "b"], 0.95, "answer"),
    Trial("two", "a", ["b", "a"], 0.55, "answer"),
    Trial("three", "b", ["c"], 0.15, "clarify"),
    Trial("four", None, ["c"], 0.05, "handoff"),
]


@pytest.mark.unit
def test_ranks_are_of_questions_that_have_an_answer() -> None:
    assert ranking(TRIALS) == {
        "recall@1": pytest.approx(1 / 3, abs=1e-4),
        "recall@3": pytest.approx(2 / 3, abs=1e-4),
        "recall@5": pytest.approx(2 / 3, abs=1e-4),
        "recall@10": pytest.approx(2 / 3, abs=1e-4),
        "mrr": 0.5,
    }
    assert ranking([]) == {}


@pytest.mark.unit
def test_what_is_mixed_up_comes_first() -> None:
    assert confusion([*TRIALS, TRIALS[1]])[0] == {"article": "a", "found": "b", "questions": 2}
    assert report_of(TRIALS)["right"] == 0.5


@pytest.mark.unit
def test_each_article_has_its_precision_and_recall() -> None:
    told = by_article(TRIALS)

    assert told["articles"]["a"] == {"precision": 1.0, "recall": 0.5, "f1": 0.6667, "support": 2}
    assert told["articles"]["c"] == {"precision": 0.0, "recall": 0.0, "f1": 0.0, "support": 0}
    assert told["macro"] == {"precision": 0.3333, "recall": 0.1667, "f1": 0.2222}
    assert told["weighted"] == {"precision": 0.6667, "recall": 0.3333, "f1": 0.4445}
    assert spread([{"mrr": 0.5}, {"mrr": 0.7}]) == {"mrr_sd": 0.1}


@pytest.mark.unit
def test_confidence_is_held_against_what_was_right() -> None:
    bins = histogram(TRIALS)

    assert [(b["right"], b["wrong"]) for b in bins if b["right"] or b["wrong"]] == [
        (1, 0),
        (0, 1),
        (0, 1),
        (1, 0),
    ]
    assert calibration_error(TRIALS) == pytest.approx((0.05 + 0.55 + 0.15 + 0.95) / 4)
    assert calibration_error([]) == 0


def wordings(articles: int, each: int) -> list[Asked]:
    dice = np.random.default_rng(0)
    found = []
    for n in range(articles):
        for k in range(each):
            near = np.eye(8)[n] + 0.1 * dice.standard_normal(8)
            vector = (near / np.linalg.norm(near)).astype(np.float32)
            found.append(Asked(f"a{n}", f"{n}.{k}", k > 0, vector, vector))
    return found


@pytest.mark.unit
def test_each_question_is_left_out_once_and_no_article_is_left_without_words() -> None:
    asked = wordings(5, 4)
    parts = folds(asked, 4)

    assert sorted(place for part in parts for place in part) == [
        place for place, one in enumerate(asked) if one.is_question
    ]
    for part in parts:
        given = kept(asked, part, 0.0, seed=1)
        assert not set(given) & set(part)
        assert {asked[place].article for place in given} == {f"a{n}" for n in range(5)}
    assert folds(wordings(3, 1), 4) == []


@pytest.mark.unit
def test_every_way_finds_what_is_plainly_near() -> None:
    asked = wordings(5, 6)
    held_out = folds(asked, 5)[0]

    found = dict(compared(asked, kept(asked, held_out, 1.0, seed=0), held_out))

    assert set(found) == {"multilingual", "english", "both", "intents"}
    assert all(ranking(trials)["recall@1"] == 1.0 for trials in found.values())


@pytest.mark.unit
@pytest.mark.parametrize("trials", [TRIALS, []])
def test_the_picture_is_well_formed(trials: list[Trial]) -> None:
    drawn = ElementTree.fromstring(picture(trials, {"both": {"0.5": {"mrr": 0.4}, "1": {}}}))

    assert drawn.tag.endswith("svg")
    assert "No mistakes" in "".join(drawn.itertext()) or trials


ROWS = [
    Row("returns", "Returning an item", "Within 30 days.", ["Can I send it back?"], "en", ""),
    Row("delivery", "Delivery times", "Three days.", ["When does my parcel come?"], "en", ""),
]


@pytest.fixture
def articles(db: None, at: datetime) -> None:
    import_articles(ROWS, encoders=light_encoders(), at=at, bad=lambda _line: None)


def read(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name).read_text("utf-8").splitlines()]


@pytest.mark.integration
@pytest.mark.usefixtures("articles")
def test_its_own_examples_are_left_out_in_turn(tmp_path: Path) -> None:
    call_command("evaluate", out=tmp_path, folds=2)

    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert (report["articles"], report["questions"]) == (2, 2)
    assert set(report["by_share"]["multilingual"]) == {"0.25", "0.5", "1"}
    assert "mrr_sd" in report["by_share"]["multilingual"]["1"]
    matrix = (tmp_path / "confusion.csv").read_text("utf-8").splitlines()
    articles = json.loads((tmp_path / "articles.json").read_text("utf-8"))["articles"]
    assert [line.split(",")[0] for line in matrix][1:] == sorted(
        name for name, one in articles.items() if one["support"]
    )
    told = read(tmp_path, "errors.jsonl") + read(tmp_path, "successes.jsonl")
    assert {one["question"] for one in told} == {row.questions[0] for row in ROWS}
    assert (tmp_path / "report.svg").read_bytes().startswith(b"<?xml")


@pytest.mark.integration
@pytest.mark.usefixtures("articles")
def test_a_file_of_questions_is_asked_with_each_part_switched_off(tmp_path: Path) -> None:
    questions = tmp_path / "questions.jsonl"
    questions.write_text(
        '{"question": "When will the parcel come?", "article": "delivery"}\n'
        '{"question": "Where is the moon tonight?", "article": null}\n',
        "utf-8",
    )

    call_command("evaluate", str(questions), out=tmp_path / "made", parts=True)

    report = json.loads((tmp_path / "made" / "report.json").read_text("utf-8"))
    assert report["recall@1"] == 1.0
    assert set(report["parts"]) == {
        "all",
        *(f"without {p}" for p in ("vectors", "english", "words", "trigrams", "rerank")),
    }


@pytest.mark.integration
@pytest.mark.usefixtures("articles")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("[]", "line 1"),
        ('{"article": "returns"}', "line 1"),
        ('{"question": 7}', "must be texts"),
        ('{"question": "x", "article": "nowhere"}', "no article 'nowhere'"),
        ('{"question": "\\ud83d"}', "line 1"),
        ("\n", "no question in it"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, says: str) -> None:
    (tmp_path / "questions.jsonl").write_text(line, "utf-8")

    with pytest.raises(CommandError, match=says) as told:
        call_command("evaluate", str(tmp_path / "questions.jsonl"), out=tmp_path)
    assert told.value.returncode == 2
