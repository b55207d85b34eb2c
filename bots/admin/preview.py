"""An article as readers would see it, and the sentences that answer its first example questions."""

from typing import Any

from bots.admin.forms import begun_words
from bots.knowledge.corpus import corpus
from bots.knowledge.quote import quote
from bots.knowledge.reading import html_of
from bots.models import Article, Words

_QUOTED = 3  # example questions in the preview


def preview_of(article: Article) -> dict[str, Any]:
    """Of the words that would be published next."""
    begun = begun_words(article)
    words = (
        Words(begun["title"], begun["body"], tuple(begun["questions"]))
        if "body" in begun
        else Words.of(article)
    )
    quotes = [
        (question, found.text)
        for question in words.questions[:_QUOTED]
        if (found := _quoted(words, question))
    ]
    return {"html": html_of(words.body), "language": article.language, "quotes": quotes}


def _quoted(words: Words, question: str) -> Any:
    return quote(words.body, question, title=words.title, place=None, weight=corpus().weight)
