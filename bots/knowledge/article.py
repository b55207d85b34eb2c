"""An article's sentences as a reader hears them, and whether they are one answer. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from bots.knowledge.chunk import Kind, Span, plain, sentences
from bots.knowledge.injected import speaks_to_a_machine
from bots.knowledge.text import tokens

KEPT = 128  # articles whose sentences are remembered
WHOLE = 1_600  # characters: a reply that is longer is quoted like any other article
PARAGRAPH = 800  # characters of an article that is one paragraph and is said whole
LONGEST = 3_500  # characters of fixed wording

# A page does not say "I" and does not thank for a question; who writes that has written a reply.
_REPLY = re.compile(
    r"\b(?:I|I['’](?:m|ll|ve|d))\b|\b(?i:let me|feel free to|don['’]t hesitate|rest assured"
    r"|thank(?:s| you) for (?:your|reaching|contacting|asking|writing)|please follow these (?:steps|instructions)"
    r"|we(?:['’]re| are) here to|we (?:understand|appreciate) (?:that|your))\b"
    r"|我(?!们)(?:理解|明白|会|来|很|可以|为您|帮)|(?:请|欢迎)随时(?:联系|告诉|与)|感谢您的(?:咨询|提问|来信|联系|耐心)|很高兴为您"
)


@dataclass(frozen=True)
class Sentence:
    """`text` is what a reader sees of `span`; `words` are its words, `heading` those of the heading above it."""

    span: Span
    text: str
    words: frozenset[str]
    heading: frozenset[str]
    is_new: bool  # a paragraph begins with it
    is_injected: bool  # it, or a sentence before it in its paragraph, speaks to a machine

    @property
    def announces(self) -> bool:
        return self.text.endswith((":", "："))


@lru_cache(maxsize=KEPT)
def sentences_of(body: str) -> tuple[Sentence, ...]:
    """Its sentences, none of which depends on what is asked: customers ask for the same articles."""
    found: list[Sentence] = []
    heading: frozenset[str] = frozenset()
    before = 0
    for span in sentences(body):
        text = plain(body[span.start : span.end])
        if span.heading:
            heading = frozenset(tokens(text))
        elif text and span.kind != Kind.HEAD:
            is_new = "\n\n" in body[before : span.start] and not (found and found[-1].announces)
            goes_on = bool(found) and found[-1].is_injected and not is_new
            injected = goes_on or speaks_to_a_machine(text)
            found.append(Sentence(span, text, frozenset(tokens(text)), heading, is_new, injected))
        before = span.end
    return tuple(found)


def is_one_answer(body: str, said: Sequence[Sentence], *, fixed: bool) -> bool:
    """Whether half of it would be half an answer: a reply, one paragraph, or steps with a word
    before and one after them."""
    if any(one.is_injected for one in said):
        return False
    if fixed:
        return len(body) <= LONGEST
    if len(body) > WHOLE or any(one.heading or one.span.kind == Kind.ROW for one in said):
        return False
    if _REPLY.search(body):
        return True
    if all(one.span.kind == Kind.PROSE for one in said) and not any(one.is_new for one in said):
        return len(body) <= PARAGRAPH
    return _is_steps(said)


def _is_steps(said: Sequence[Sentence]) -> bool:
    kinds = [one.span.kind for one in said]
    if Kind.ITEM not in kinds:
        return False
    first, last = kinds.index(Kind.ITEM), len(kinds) - 1 - kinds[::-1].index(Kind.ITEM)
    listed = all(kind == Kind.ITEM for kind in kinds[first : last + 1])
    announced = 0 < first <= 2 and said[first - 1].announces
    return listed and announced and sum(one.is_new for one in said[last + 1 :]) <= 1
