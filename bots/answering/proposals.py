"""What the bot would say, and what it rests on: the nouns between deciding, writing and storing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from bots.answering.dialogue import Choice, Evidence, Reason
from bots.answering.manner import NEUTRAL, Manner
from bots.knowledge.calibration import Weighing
from bots.knowledge.quote import Line, Quote
from bots.language.model import Passage


@dataclass(frozen=True)
class Citation:
    """`verbatim` stands in the article as it is here, Markdown included; `quote` is what a reader
    sees of it: `body[start:end]` of the `version` that is published. `external_id` is the id of its import."""

    article: UUID
    title: str
    url: str
    quote: str
    verbatim: str
    external_id: str | None = None
    version: int = 0
    start: int = 0
    end: int = 0
    language: str = ""

    def on_the_wire(self) -> dict[str, object]:
        """As stored with a message."""
        return {
            "article": str(self.article),
            "version": self.version,
            "title": self.title,
            "url": self.url,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True)
class Claim:
    """One sentence of an answer and where it stands: `body[start:end]` of that version of the article.

    `citation` is its place in the answer's citations, from 0; `support` how much of it stands there, 0 to 1.
    """

    text: str
    citation: int
    article: UUID
    version: int
    start: int
    end: int
    support: float = 1.0


@dataclass(frozen=True)
class Request:
    """One of the things that a message asks for, and what was decided about it.

    `citations` are places in the answer's citations, from 0. With `evidence` and `features` it can be
    decided once more.
    """

    text: str
    decision: Choice
    reason: Reason
    chance: float
    citations: tuple[int, ...] = ()
    evidence: Evidence | None = None
    features: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """An article that was found: the quote that answers best, the passage that says it, the whole article
    for a model with room for it, and its sentences in order, to tell where what is said stands."""

    citation: Citation
    passage: Passage
    whole: Passage
    lines: tuple[Line, ...]
    quote: Quote
    body: str = ""
    category: str = ""
    is_fixed: bool = False


@dataclass(frozen=True)
class Proposal:
    """What to say, and what it rests on.

    `answer` has marks such as [1] for its citations. With a handoff the citations are what came
    nearest, for the person who takes over; customers are not shown them, unless there are `claims`: then
    part of the message was answered, and the answer is to be said before a person takes over.
    `reason` is of `bots.answering.dialogue`; `intent` is the plain wish, else what `bots.knowledge.intents`
    learnt it to be, else the category of the article.

    `chance` is the calibrated probability that the bot resolves this, `features` what made it;
    `passages` have their scores; `requests` are the things asked for, one of them as a rule.
    """

    decision: Choice
    answer: str
    confidence: float
    citations: tuple[Citation, ...]
    suggestions: tuple[str, ...]
    language: str
    intent: str
    reason: Reason
    passages: tuple[Passage, ...] = ()
    claims: tuple[Claim, ...] = ()
    requests: tuple[Request, ...] = ()
    chance: float = 0.0
    features: Mapping[str, float] = field(default_factory=dict)
    manner: Manner = NEUTRAL
    sources: tuple[Source, ...] = ()  # of the citations first, in their order
    fitted: Mapping[str, Weighing] = field(
        default_factory=dict
    )  # what weighed the chance; see `Fits`
    knowledge: str = ""  # names what was known; another one after each edit
    prefix: str = ""  # comes before the quote: that it is in another language
    offers_callback: bool = False
