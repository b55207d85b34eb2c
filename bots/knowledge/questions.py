"""A question as search reads it: its vectors, and what is left of it without the names in it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bots.knowledge.names import names_in, without
from bots.knowledge.text import same_language
from bots.knowledge.vectors import Encoders
from bots.language.model import Vectors


@dataclass(frozen=True)
class Question:
    """A question as search sees it. `english` is None where that encoder has no say. `apart` has the vectors of
    a question with names, drawn halfway to those of the same without them."""

    text: str
    language: str
    vector: Vectors
    english: Vectors | None = None
    apart: tuple[Vectors, Vectors | None] | None = None


def encode(
    texts: Sequence[str],
    languages: Sequence[str],
    encoders: Encoders,
    *,
    names_of: Callable[[str], frozenset[str]] | None = None,
) -> list[Question]:
    """Many questions with one call of each encoder. With `names_of` a language those that name something are
    encoded without that, too."""
    bare: dict[int, str] = {}
    if names_of is not None:
        for place, (text, code) in enumerate(zip(texts, languages, strict=True)):
            names = names_in(text, code, names_of(code))
            if names and (left := without(text, names)):
                bare[place] = left
    codes = [*languages, *(languages[place] for place in bare)]
    every = _encode([*texts, *bare.values()], codes, encoders)
    found = every[: len(texts)]
    for place, other in zip(bare, every[len(texts) :], strict=True):
        found[place] = _drawn(found[place], other)
    return found


def _drawn(one: Question, bare: Question) -> Question:
    second = None
    if one.english is not None and bare.english is not None:
        second = _between(one.english, bare.english)
    return replace(one, apart=(_between(one.vector, bare.vector), second))


def _encode(texts: Sequence[str], languages: Sequence[str], encoders: Encoders) -> list[Question]:
    vectors = encoders.every.queries(texts)
    places = [i for i, code in enumerate(languages) if same_language(code, "en")]
    second: dict[int, Vectors] = {}
    if encoders.english is not None and places:
        found = encoders.english.queries([texts[i] for i in places])
        second = dict(zip(places, found, strict=True))
    return [Question(text, languages[i], vectors[i], second.get(i)) for i, text in enumerate(texts)]


def _between(one: Vectors, other: Vectors) -> Vectors:
    middle = one + other
    found: Vectors = (middle / max(float(np.linalg.norm(middle)), 1e-9)).astype(np.float32)
    return found
