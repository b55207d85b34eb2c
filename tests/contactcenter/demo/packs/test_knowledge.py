"""The articles of each demo business, read as files: complete and in both languages."""

import json
from collections import Counter
from typing import Any

import pytest

from bots.models.article import check_questions
from contactcenter.demo.knowledge import lines_of
from contactcenter.demo.packs.pack import HERE, names

pytestmark = pytest.mark.unit
PACKS = [name for name in names() if (HERE / name / "articles.jsonl").is_file()]


def articles_of(name: str) -> list[dict[str, Any]]:
    return list(lines_of(HERE / name / "articles.jsonl"))


@pytest.mark.parametrize("name", [name for name in PACKS if name != "retail"])
def test_a_business_knows_enough_in_both_languages(name: str) -> None:
    articles = articles_of(name)
    languages = Counter(article["language"] for article in articles)

    assert set(languages) == {"en", "zh"}
    assert min(languages.values()) >= 25
    for article in articles:
        assert f"{article['language']}-" in article["id"]
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
