"""Which sentence encoders search uses: one for every language, and one more for English."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from bots.language.loader import (
    bulk_embedder,
    embedder,
    is_embedder_at_hand,
    quicken_embedder,
)
from bots.language.model import Embedder, Vectors
from bots.models.passage import DIMENSIONS

MANY = 20  # articles for which loading another form of the encoder pays


@dataclass(frozen=True)
class Encoders:
    """`english` is None in web processes, and where it is switched off."""

    every: Embedder
    english: Embedder | None = None

    @property
    def name(self) -> str:
        """Stored with each indexed article: another name means that it must be read again."""
        return self.every.name + (f"+{self.english.name}" if self.english else "")

    def questions(self, texts: Sequence[str]) -> Vectors:
        return self.every.queries(texts)


@cache
def encoders() -> Encoders:
    """All that is configured: 150 MB, for workers and commands."""
    name = settings.ENGLISH_EMBEDDING_MODEL
    return Encoders(
        every=_checked(embedder(settings.EMBEDDING_MODEL)),
        english=None if name == "none" else _checked(embedder(name)),
    )


def encoders_for(articles: int) -> Encoders:
    """All that is configured, in the form that indexes so many articles soonest."""
    return encoders() if articles < MANY else replace(encoders(), every=_bulk())


@cache
def encoders_for_many() -> Encoders:
    """The same, kept for the life of a command that reads thousands of texts."""
    name = settings.ENGLISH_EMBEDDING_MODEL
    return Encoders(_bulk(), None if name == "none" else _checked(embedder(name)))


def _bulk() -> Embedder:
    return _checked(bulk_embedder(settings.EMBEDDING_MODEL))


def quicken() -> bool:
    """For the worker that answers: see `quicken_embedder`."""
    return quicken_embedder(settings.EMBEDDING_MODEL)


@cache
def light_encoders() -> Encoders:
    """Without the English encoder: for web processes, which are to stay small."""
    return Encoders(every=_checked(embedder(settings.EMBEDDING_MODEL)))


def encoders_at_hand() -> Encoders:
    """All that is configured; while the English encoder is still loading, what goes without it."""
    name = settings.ENGLISH_EMBEDDING_MODEL
    return encoders() if name == "none" or is_embedder_at_hand(name) else light_encoders()


def likeness(sentence: str, lines: Sequence[str]) -> list[float]:
    """Cosines of a sentence and each of some lines, in whatever languages."""
    every = encoders_at_hand().every
    near = every.queries(lines) @ every.queries([sentence])[0]
    return [float(one) for one in near]


def _checked(model: Embedder) -> Embedder:
    if model.dimensions != DIMENSIONS:
        raise ImproperlyConfigured(
            f"{model.name} gives {model.dimensions} numbers a text; "
            f"the knowledge base keeps {DIMENSIONS}."
        )
    return model
