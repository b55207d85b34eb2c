"""The articles and procedures of each demo business, read as files: complete and in both languages."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bots.actions.procedures.testing import Switches, run_tests
from bots.models.article import check_questions
from bots.procedures.reading import read
from bots.procedures.stories import read_tests
from contactcenter.demo.knowledge import lines_of
from contactcenter.demo.packs.pack import HERE, names

pytestmark = pytest.mark.unit
PACKS = [name for name in names() if (HERE / name / "articles.jsonl").is_file()]
PROCEDURES = sorted(
    one for one in HERE.glob("*/procedures/*.yaml") if not one.name.endswith(".tests.yaml")
)


def articles_of(name: str) -> list[dict[str, Any]]:
    return list(lines_of(HERE / name / "articles.jsonl"))


@pytest.mark.parametrize("name", [name for name in PACKS if name != "retail"])
def test_a_business_knows_enough_in_both_languages(name: str) -> None:
    articles = articles_of(name)
    languages = Counter(article["language"] for article in articles)

    assert set(languages) == {"en", "zh"}
    assert min(languages.values()) >= 25
    for article in articles:
        assert article["id"].startswith(f"{name}-{article['language']}-")
        assert all(article[part].strip() for part in ("title", "body", "category"))
        check_questions(article["questions"])
        assert len(article["questions"]) >= 4, article["id"]


@pytest.mark.parametrize("name", PACKS)
def test_ids_and_questions_are_there_once_and_translations_have_their_original(name: str) -> None:
    articles = articles_of(name)
    ids = Counter(article["id"] for article in articles)
    asked = Counter(
        (article["language"], question.casefold())
        for article in articles
        for question in article["questions"]
    )

    assert [one for one, count in (ids + Counter()).items() if count > 1] == []
    assert [one for one, count in asked.items() if count > 1] == []
    for article in articles:
        assert article.get("translation_of", article["id"]) in ids
    assert json.dumps(articles)


@pytest.mark.parametrize("file", PROCEDURES, ids=lambda file: f"{file.parts[-3]}-{file.stem}")
def test_a_procedure_does_what_its_tests_say(file: Path) -> None:
    """All conversations, and ten simulated customers of each kind."""
    procedure = read(file.read_text(encoding="utf-8"))
    tests = read_tests(file.with_suffix(".tests.yaml").read_text(encoding="utf-8"), procedure)

    report = run_tests(procedure, tests, Switches(customers=10), today=date(2026, 11, 22))

    assert report.runs >= 10
    assert [one.problems for one in report.conversations if one.problems] == []
    assert report.wrong == 0


@pytest.mark.parametrize("weather", ["down", "slow", "rubbish", "flaky"])
def test_on_bad_days_nothing_is_done_that_nobody_wanted(weather: str) -> None:
    for file in PROCEDURES:
        procedure = read(file.read_text(encoding="utf-8"))
        tests = read_tests(file.with_suffix(".tests.yaml").read_text(encoding="utf-8"), procedure)

        report = run_tests(
            procedure, tests, Switches(customers=2, weather=weather), today=date(2026, 11, 22)
        )

        assert report.wrong == 0, file.stem
