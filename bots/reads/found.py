"""A search in the help centre, the widget or the console → the articles to show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bots.answering.composing import excerpt
from bots.knowledge.corpus import Corpus, corpus
from bots.knowledge.questions import Question, encode
from bots.knowledge.search import Hit, features, floor_of, judge_of, search
from bots.knowledge.vectors import Encoders, light_encoders
from bots.models import Article, Reader, Readership

COVERED = 0.5  # of a search's words, by weight: an article that has so many is a result


@dataclass(frozen=True)
class Found:
    """An article in a list of results."""

    article: Article
    excerpt: str


def found_articles(
    question: str,
    *,
    language: str,
    inbox_id: int | None = None,
    most: int = 10,
    reader: Readership = Reader.ANYBODY,
    known: Encoders | None = None,
) -> list[Found]:
    """What the help centre shows for a search: the best first, nothing when nothing comes near.
    Loads no torch unless told to."""
    asked = encode([question], [language], known or light_encoders())[0]
    counted = corpus()
    hits = search(asked, known=counted, inbox_id=inbox_id, reader=reader)
    hits = _worth_showing(asked, hits, counted)[:most]
    articles = Article.objects.in_bulk([hit.article_id for hit in hits])
    return [
        Found(articles[hit.article_id], excerpt(articles[hit.article_id], hit, question, counted))
        for hit in hits
        if hit.article_id in articles
    ]


def _worth_showing(asked: Question, hits: Sequence[Hit], known: Corpus) -> list[Hit]:
    """A vector has neighbours for every word: what is far from all articles has no results."""
    if not hits:
        return []
    best = hits[0]
    chance = judge_of(asked, best, known).answerable.probability(features(hits))
    if chance < floor_of(asked, best, known) / 2 and best.covered < COVERED:
        return []
    return list(hits)
