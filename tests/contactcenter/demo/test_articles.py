"""The shop's knowledge, read as a file: complete, unambiguous, and one truth in one place."""

import json
from collections import Counter
from typing import Any

import pytest

from bots.models.article import check_questions
from contactcenter.demo.knowledge import lines_of
from contactcenter.demo.seed import ARTICLES

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def articles() -> list[dict[str, Any]]:
    return list(lines_of(ARTICLES))


def test_every_article_has_what_the_import_needs(articles: list[dict[str, Any]]) -> None:
    for article in articles:
        wanted = {"id", "title", "body", "questions", "language", "category"}
        assert set(article) - {"translation_of"} == wanted
        assert all(article[name].strip() for name in ("id", "title", "body", "category"))
        check_questions(article["questions"])
        assert 4 <= len(article["questions"]) <= 10, article["id"]


def test_no_id_and_no_question_is_there_twice(articles: list[dict[str, Any]]) -> None:
    ids = Counter(article["id"] for article in articles)
    questions = Counter(
        (article["language"], question.casefold())
        for article in articles
        for question in article["questions"]
    )

    assert [name for name, count in ids.items() if count > 1] == []
    assert [question for question, count in questions.items() if count > 1] == []


def test_every_chinese_article_is_a_translation(articles: list[dict[str, Any]]) -> None:
    ids = {article["id"] for article in articles}
    chinese = [article for article in articles if article["language"] == "zh"]
    assert all(article["translation_of"] in ids for article in chinese)


def test_both_languages_are_well_covered(articles: list[dict[str, Any]]) -> None:
    languages = Counter(article["language"] for article in articles)

    assert set(languages) == {"en", "zh"}
    assert min(languages.values()) >= 30
    assert all(article["id"].startswith(article["language"] + "-") for article in articles)


def test_bodies_are_neither_notes_nor_books(articles: list[dict[str, Any]]) -> None:
    english = {a["id"]: len(a["body"].split()) for a in articles if a["language"] == "en"}
    chinese = {a["id"]: len(a["body"]) for a in articles if a["language"] == "zh"}

    assert {name: n for name, n in english.items() if not 60 <= n <= 250} == {}
    assert {name: n for name, n in chinese.items() if not 100 <= n <= 600} == {}


@pytest.mark.parametrize(("language", "words"), [("en", "30 days"), ("zh", "30 天")])
def test_the_returns_window_stands_in_one_article_only(
    articles: list[dict[str, Any]], language: str, words: str
) -> None:
    """Who corrects that article has corrected what the bot says."""
    where = [a["id"] for a in articles if words in json.dumps(a, ensure_ascii=False)]

    assert where == [f"{language}-returns"]
