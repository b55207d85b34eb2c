"""What was found and decided → the words of an answer, with what each of them rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bots.answering.dialogue import LONG_WAIT, Decision, Evidence
from bots.answering.manner import FixedAnswer, Manner, Mode
from bots.answering.phrases import language_name, phrase
from bots.answering.proposals import Citation, Claim, Proposal, Request, Source
from bots.knowledge.corpus import Corpus
from bots.knowledge.intents import NO_INTENT, Intent
from bots.knowledge.quote import Quote, lines, quote
from bots.knowledge.search import Hit
from bots.knowledge.text import same_language
from bots.language.model import Passage
from bots.models import Article

OFFERED = 3  # articles that a question back may name, or a model read
CLOSE = 0.3  # of the signals' sum: an article so near to the first is its rival
READ = 3_000  # characters of an article that a model with room for it may read


@dataclass(frozen=True)
class Look:
    """One reading of a question, in its own language, what search found for it, best first, and what was
    decided on that."""

    text: str
    decision: Decision
    language: str
    hits: Sequence[Hit] = ()
    chance: float = 0.0
    signals: Mapping[str, float] = field(default_factory=dict)
    focus: str = ""  # what is new in a follow-up; else empty
    told: tuple[str, ...] = ()  # the bot's earlier words
    intent: Intent = NO_INTENT
    evidence: Evidence | None = None

    def close(self) -> list[Hit]:
        """The first article and those that are nearly as near."""
        return [hit for hit in self.hits[:OFFERED] if self.hits[0].score - hit.score <= CLOSE]

    def request(self, *citations: int) -> Request:
        return Request(
            self.text,
            self.decision.choice,
            self.decision.reason,
            round(self.chance, 4),
            citations,
            self.evidence,
            self.signals,
        )


def plain(decision: Decision, language: str, manner: Manner, *, wish: str) -> Proposal:
    """No article is needed for this."""
    return Proposal(
        decision=decision.choice,
        answer=phrase(decision.reason, language),
        confidence=decision.confidence,
        citations=(),
        suggestions=(),
        language=language,
        intent=wish,
        reason=decision.reason,
        chance=decision.confidence,
        manner=manner,
        offers_callback=_offers_callback(decision, manner),
    )


def fixed(found: FixedAnswer, language: str, manner: Manner) -> Proposal:
    """What the company wants to be said, word for word."""
    return Proposal(
        decision="answer",
        answer=found.text,
        confidence=1.0,
        citations=(),
        suggestions=(),
        language=language,
        intent="fixed",
        reason="fixed",
        chance=1.0,
        manner=manner,
    )


def single(look: Look, manner: Manner, known: Corpus) -> Proposal:
    """The answer to one request, a question back, or nothing but what came nearest."""
    decision, language = look.decision, look.language
    if not look.hits:
        return plain(decision, language, manner, wish="question")
    sources = sources_of(look, manner, known)
    if not sources:  # all were deleted since they were found
        return plain(
            replace(decision, choice="handoff", reason="no_article"),
            language,
            manner,
            wish="question",
        )
    if decision.choice == "answer" and is_refused(sources[0], language, manner):
        decision = replace(decision, choice="handoff", reason="policy")
    nearest = {
        hit.article_id for hit in (look.hits[:1] if decision.choice == "answer" else look.close())
    }
    cited = [one for one, hit in sources if hit.article_id in nearest] or [sources[0][0]]
    prefix, claims = "", tuple[Claim, ...]()
    titles = tuple(one.citation.title for one in cited)
    if decision.choice == "answer":
        prefix, answer, claims = said_of(cited[0], 0, language)
        answer = prefix + answer
    elif decision.choice == "clarify":
        answer = which(titles, language)
    else:
        answer = phrase(decision.reason, language)
    return Proposal(
        decision=decision.choice,
        answer=answer,
        confidence=round(decision.confidence, 4),
        citations=tuple(one.citation for one in cited),
        suggestions=(*titles, phrase("person", language)) if decision.choice == "clarify" else (),
        language=language,
        intent=look.intent.name or cited[0].category or "question",
        reason=decision.reason,
        passages=tuple(one.passage for one in cited),
        claims=claims,
        requests=(replace(look.request(), decision=decision.choice, reason=decision.reason),),
        chance=round(look.chance, 4),
        features=look.signals,
        manner=manner,
        sources=tuple(one for one, _ in sources),
        prefix=prefix,
        offers_callback=_offers_callback(decision, manner),
    )


def excerpt(article: Article, hit: Hit, question: str, known: Corpus) -> str:
    """An article's best sentences, for a list of results."""
    return _quote(article, hit, question, known).text


# --- articles -----------------------------------------------------------------------------


def sources_of(look: Look, manner: Manner, known: Corpus) -> list[tuple[Source, Hit]]:
    """The nearest articles; one may have been deleted since it was found."""
    hits = look.close()
    found = Article.objects.in_bulk([hit.article_id for hit in hits])
    return [
        (_source(found[hit.article_id], hit, look, known, manner), hit)
        for hit in hits
        if hit.article_id in found
    ]


def _source(article: Article, hit: Hit, look: Look, known: Corpus, manner: Manner) -> Source:
    best = _quote(
        article, hit, look.focus or look.text, known, longest=manner.longest, told=look.told
    )
    spoken = lines(article.body)
    name, score = str(article.uuid), round(hit.score, 4)
    whole = "\n".join(line.text for line in spoken)[:READ] or best.text
    return Source(
        citation=Citation(
            article=article.uuid,
            title=article.title,
            url=article.get_absolute_url(),
            quote=best.text,
            verbatim=best.verbatim,
            external_id=article.external_id,
            version=article.version,
            start=best.start,
            end=best.end,
            language=article.language,
        ),
        passage=Passage(name, article.title, best.text, article.language, score, hit.scores),
        whole=Passage(name, article.title, whole, article.language, score),
        lines=spoken,
        quote=best,
        body=article.body,
        category=article.category,
        is_fixed=article.is_fixed,
    )


def _quote(
    article: Article,
    hit: Hit,
    question: str,
    known: Corpus,
    *,
    longest: int = 0,
    told: tuple[str, ...] = (),
) -> Quote:
    """Its best sentences; an article without a body is quoted by its title."""
    best = quote(
        article.body,
        question,
        title=article.title,
        place=hit.place,
        weight=known.weight,
        fixed=article.is_fixed,
        longest=longest,
        told=told,
    )
    return best or Quote(article.title, article.title)


# --- words --------------------------------------------------------------------------------


def said_of(source: Source, place: int, language: str) -> tuple[str, str, tuple[Claim, ...]]:
    """What comes before, the quote with its mark, and where each sentence stands."""
    cited = source.citation
    prefix = ""
    if not same_language(cited.language, language):
        prefix = phrase("foreign", language, other=language_name(cited.language, language)) + "\n"
    claims = tuple(
        Claim(line.text, place, cited.article, cited.version, line.start, line.end)
        for line in source.quote.lines
    )
    return prefix, f"{source.quote.text} [{place + 1}]", claims


def is_refused(found: tuple[Source, Hit], language: str, manner: Manner) -> bool:
    """Strict mode says what the company has approved for this customer: in their language."""
    source = found[0]
    return manner.mode == Mode.STRICT and not same_language(source.citation.language, language)


def which(titles: Sequence[str], language: str, *, first: int = 1) -> str:
    """A question back that names the articles, each with the mark of its citation, from `first` on."""
    named = [f"“{title.rstrip('?？')}” [{place}]" for place, title in enumerate(titles, first)]
    start, last = phrase("comma", language).join(named[:-1]), named[-1]
    options = f"{start}{phrase('or', language)}{last}" if start else last
    return phrase("one_of", language, options=options)


def _offers_callback(decision: Decision, manner: Manner) -> bool:
    waits = manner.expected_wait is not None and manner.expected_wait >= LONG_WAIT
    return decision.choice == "handoff" and manner.callback and waits
