"""What the bot would say to a question, and why; nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from bots.dialogue import Choice, Decision, Evidence, Reason, decide, resolved
from bots.knowledge.calibration import calibration
from bots.knowledge.corpus import Corpus, corpus
from bots.knowledge.quote import Quote, quote
from bots.knowledge.search import Hit, Question, encode, features, floor_of, judge_of, search
from bots.knowledge.text import language_of
from bots.knowledge.vectors import Encoders, encoders, light_encoders
from bots.language.model import Passage, Turn
from bots.manner import NEUTRAL, Manner
from bots.models import Article, Reader
from bots.phrases import phrase
from bots.wishes import Wish, wish_of

LONGEST_QUESTION = 4_000  # characters; the rest is not read
OFFERED = 3  # articles that a question back may name
CLOSE = 0.3  # of the signals' sum: an article so near to the first is its rival


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
    """One of the things that a message asks for, and what was decided about it."""

    text: str
    decision: Choice
    reason: Reason
    chance: float
    citations: tuple[int, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """What to say, and what it rests on.

    `answer` has a mark such as [1] for the first citation. With a handoff the citations are what came
    nearest, for the person who takes over; customers are not shown them. `reason` is of
    `bots.dialogue`; `intent` is the plain wish, else the category of the article.

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


@dataclass(frozen=True)
class Inquiry:
    """One question with what was said before it, oldest first."""

    question: str
    history: Sequence[Turn] = ()
    inbox_id: int | None = None
    language: str | None = None
    reader: Reader = Reader.ANYBODY
    manner: Manner = NEUTRAL


def consult(
    *,
    question: str,
    history: Sequence[Turn] = (),
    inbox_id: int | None = None,
    language: str | None = None,
    reader: Reader = Reader.ANYBODY,
    manner: Manner = NEUTRAL,
    known: Encoders | None = None,
) -> Proposal:
    """The bot's proposal for one question. `language` counts where the words do not tell; what
    `reader` may not read is not even looked at."""
    inquiry = Inquiry(question, history, inbox_id, language, reader, manner)
    return consult_many([inquiry], known=known)[0]


def consult_many(inquiries: Sequence[Inquiry], *, known: Encoders | None = None) -> list[Proposal]:
    """The same for many questions, encoded together."""
    return [propose(one) for one in understand(inquiries, known=known)]


def understand(inquiries: Sequence[Inquiry], *, known: Encoders | None = None) -> list[Understood]:
    """The first half of `consult_many`, which computes and asks no database."""
    read = [Understood.of(inquiry) for inquiry in inquiries]
    searched = [one for one in read if one.wish is None]
    if searched:
        questions = encode(
            [one.text for one in searched],
            [one.language for one in searched],
            known or encoders(),
        )
        for one, question in zip(searched, questions, strict=True):
            one.asked = question
    return read


@dataclass
class Understood:
    """A question as it was understood before anything was looked up."""

    inquiry: Inquiry
    text: str
    language: str
    wish: Wish | None
    asked: Question | None = field(default=None)

    @classmethod
    def of(cls, inquiry: Inquiry) -> Understood:
        said = inquiry.question[:LONGEST_QUESTION].replace("\0", " ").strip()
        history = [(turn.role, turn.text[:LONGEST_QUESTION]) for turn in inquiry.history[-12:]]
        otherwise = (inquiry.language or "en").split("-")[0].lower()
        before = next((text for role, text in reversed(history) if role == "customer"), None)
        if before:
            otherwise = language_of(before, otherwise=otherwise)
        text = resolved(said, history)
        wish = wish_of(said) if text == said else None
        return cls(inquiry, text, language_of(said, otherwise=otherwise), wish)


def propose(one: Understood) -> Proposal:
    """The second half: look up, and decide."""
    known = corpus()
    about = one.inquiry
    hits = (
        search(one.asked, known=known, inbox_id=about.inbox_id, reader=about.reader)
        if one.asked
        else []
    )
    decision = decide(_evidence(one.asked, hits, known), one.wish)
    if not hits or one.wish is not None:
        return Proposal(
            decision=decision.choice,
            answer=phrase(str(decision.reason), one.language),
            confidence=decision.confidence,
            citations=(),
            suggestions=(),
            language=one.language,
            intent=str(one.wish or "question"),
            reason=decision.reason,
            chance=decision.confidence,
            manner=about.manner,
        )
    return _with_articles(one, decision, hits, known)


def _evidence(question: Question | None, hits: Sequence[Hit], known: Corpus) -> Evidence | None:
    if question is None or not hits:
        return None
    judge, found = judge_of(question, hits[0]), features(hits)
    return Evidence(
        answerable=judge.answerable.probability(found),
        right=judge.right.probability(found),
        floor=floor_of(question, hits[0], known),
        sure=calibration().sure,
        rivals=len(_close(hits)) - 1,
    )


def _close(hits: Sequence[Hit]) -> list[Hit]:
    """The first article and those that are nearly as near."""
    return [hit for hit in hits[:OFFERED] if hits[0].score - hit.score <= CLOSE]


def _with_articles(
    one: Understood, decision: Decision, hits: Sequence[Hit], known: Corpus
) -> Proposal:
    shown = _close(hits) if decision.choice != "answer" else list(hits[:1])
    found = Article.objects.in_bulk([hit.article_id for hit in shown])
    # An article may have been deleted since it was found.
    pairs = [(found[hit.article_id], hit) for hit in shown if hit.article_id in found]
    quotes = {article.pk: _quote(article, hit, one.text, known) for article, hit in pairs}
    cited = [article for article, _ in pairs]
    citations = tuple(
        Citation(
            article=article.uuid,
            title=article.title,
            url=article.get_absolute_url(),
            quote=quotes[article.pk].text,
            verbatim=quotes[article.pk].verbatim,
            external_id=article.external_id,
            version=article.version,
        )
        for article in cited
    )
    titles = tuple(article.title for article in cited)
    scores = {hit.article_id: hit.score for hit in hits}
    if decision.choice == "answer" and cited:
        answer = f"{quotes[cited[0].pk].text} [1]"
    elif decision.choice == "clarify":
        answer = _which(titles, one.language)
    else:
        answer = phrase(str(decision.reason), one.language)
    return Proposal(
        decision=decision.choice,
        answer=answer,
        confidence=round(decision.confidence, 4),
        citations=citations,
        suggestions=titles if decision.choice == "clarify" else (),
        language=one.language,
        intent=(cited[0].category if cited else "") or "question",
        reason=decision.reason,
        passages=tuple(
            Passage(
                str(article.uuid),
                article.title,
                quotes[article.pk].text,
                article.language,
                round(scores[article.pk], 4),
            )
            for article in cited
        ),
        chance=decision.confidence,
        features=features(hits),
        manner=one.inquiry.manner,
    )


def _which(titles: Sequence[str], language: str) -> str:
    """A question back that names the articles, each with the mark of its citation."""
    named = [f"“{title.rstrip('?？')}” [{place}]" for place, title in enumerate(titles, 1)]
    start, last = phrase("comma", language).join(named[:-1]), named[-1]
    options = f"{start}{phrase('or', language)}{last}" if start else last
    return phrase("one_of", language, options=options)


def _quote(article: Article, hit: Hit, question: str, known: Corpus) -> Quote:
    """Its best sentences; an article without a body is quoted by its title."""
    best = quote(
        article.body,
        question,
        title=article.title,
        place=hit.place,
        weight=known.weight,
    )
    return best or Quote(article.title, article.title)


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
    reader: Reader = Reader.ANYBODY,
    known: Encoders | None = None,
) -> list[Found]:
    """What the help centre shows for a search: the best first. Loads no torch unless told to."""
    asked = encode([question], [language], known or light_encoders())[0]
    counted = corpus()
    hits = search(asked, known=counted, inbox_id=inbox_id, reader=reader)[:most]
    articles = Article.objects.in_bulk([hit.article_id for hit in hits])
    return [
        Found(
            articles[hit.article_id], _quote(articles[hit.article_id], hit, question, counted).text
        )
        for hit in hits
        if hit.article_id in articles
    ]
