"""What was found and decided → the words of an answer, with what each of them rests on."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from bots.answering.dialogue import LONG_WAIT, Decision, Evidence
from bots.answering.manner import FixedAnswer, Manner, Mode
from bots.answering.phrases import language_name, phrase
from bots.answering.proposals import Citation, Claim, Proposal, Request, Source
from bots.answering.requests import is_plain_question, says_what_about
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
SURER = 0.1  # of chance: a message is better understood as a whole
_POINTS_BACK = re.compile(r"\b(?:it|its|this|that|these|those|them|one)\b|[它这那]", re.IGNORECASE)
WORSE = 0.75  # of log-odds: what a part without an article costs the whole when it is about something else
HARDLY = 0.25  # of chance: several articles come close to a part, and none is about it
NAMED = 80  # characters: a longer request is not named


@dataclass(frozen=True)
class Look:
    """One reading of a question, what search found for it, best first, and what was decided on that."""

    text: str
    decision: Decision
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


def single(look: Look, language: str, manner: Manner, known: Corpus) -> Proposal:
    """The answer to one request, a question back, or nothing but what came nearest."""
    decision = look.decision
    if not look.hits:
        return plain(decision, language, manner, wish="question")
    sources = _sources(look, manner, known)
    if not sources:  # all were deleted since they were found
        return plain(
            replace(decision, choice="handoff", reason="no_article"),
            language,
            manner,
            wish="question",
        )
    if decision.choice == "answer" and _is_refused(sources[0], language, manner):
        decision = replace(decision, choice="handoff", reason="policy")
    nearest = {
        hit.article_id for hit in (look.hits[:1] if decision.choice == "answer" else look.close())
    }
    cited = [one for one, hit in sources if hit.article_id in nearest] or [sources[0][0]]
    prefix, claims = "", tuple[Claim, ...]()
    titles = tuple(one.citation.title for one in cited)
    if decision.choice == "answer":
        prefix, answer, claims = _said(cited[0], 0, language)
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


def several(
    whole: Look, looks: Sequence[Look], language: str, manner: Manner, known: Corpus
) -> Proposal | None:
    """The answers to several requests, one after another; None when the message is one request after all.

    That it is several must show in the articles: different ones answer different parts. What no
    article answers is named, and a person takes over with it.
    """
    answered = [look for look in looks if look.decision.choice == "answer"]
    if len(answered) < 2 and whole.chance > max(look.chance for look in looks) + SURER:
        return None
    families = {look.hits[0].family for look in answered}
    rest = [look for look in looks if look.decision.choice != "answer"]
    if not answered or len(families) < len(answered) or len(families) + len(rest) < 2:
        return None
    if rest and _odds(whole) > max(map(_odds, answered)) - WORSE:
        return None  # what seems to have no article only says more about the same thing
    if not all(_has_no_article(look) and _stands_alone(look.text) for look in rest):
        return None
    found = [(look, _sources(look, manner, known)[:1]) for look in answered]
    if any(not sources or _is_refused(sources[0], language, manner) for _, sources in found):
        return None
    cited = [sources[0][0] for _, sources in found]
    said = [_said(one, place, language) for place, one in enumerate(cited)]
    words = [f"{prefix}{answer}" for prefix, answer, _ in said]
    if rest:
        words.append(_handed_on([look.text for look in rest], language))
    places = {id(look): place for place, (look, _) in enumerate(found)}
    weakest = min(looks, key=lambda look: look.chance)
    return Proposal(
        decision="handoff" if rest else "answer",
        answer="\n\n".join(words),
        confidence=round(min(look.decision.confidence for look in answered), 4),
        citations=tuple(one.citation for one in cited),
        suggestions=(),
        language=language,
        intent=answered[0].intent.name or cited[0].category or "question",
        reason="part" if rest else "found",
        claims=tuple(claim for _, _, claims in said for claim in claims),
        requests=tuple(
            look.request(*((places[id(look)],) if id(look) in places else ())) for look in looks
        ),
        chance=round(weakest.chance, 4),
        features=weakest.signals,
        manner=manner,
        sources=tuple(cited),
    )


def _stands_alone(part: str) -> bool:
    """“I need it by Friday!” only says more about what was asked before."""
    asked = part.rstrip().endswith(("?", "？"))
    return says_what_about(part) and (asked or not _POINTS_BACK.search(part))


def _odds(look: Look) -> float:
    chance = min(max(look.chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def _has_no_article(look: Look) -> bool:
    close = look.decision.choice == "clarify" and look.chance < HARDLY
    return close or look.decision.reason in {"no_article", "out_of_scope"}


def excerpt(article: Article, hit: Hit, question: str, known: Corpus) -> str:
    """An article's best sentences, for a list of results."""
    return _quote(article, hit, question, known).text


# --- articles -----------------------------------------------------------------------------


def _sources(look: Look, manner: Manner, known: Corpus) -> list[tuple[Source, Hit]]:
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


def _said(source: Source, place: int, language: str) -> tuple[str, str, tuple[Claim, ...]]:
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


def _is_refused(found: tuple[Source, Hit], language: str, manner: Manner) -> bool:
    """Strict mode says what the company has approved for this customer: in their language."""
    source = found[0]
    return manner.mode == Mode.STRICT and not same_language(source.citation.language, language)


def which(titles: Sequence[str], language: str) -> str:
    """A question back that names the articles, each with the mark of its citation."""
    named = [f"“{title.rstrip('?？')}” [{place}]" for place, title in enumerate(titles, 1)]
    start, last = phrase("comma", language).join(named[:-1]), named[-1]
    options = f"{start}{phrase('or', language)}{last}" if start else last
    return phrase("one_of", language, options=options)


def _handed_on(rest: Sequence[str], language: str) -> str:
    """That a person takes over with what is left. It is named if that is safe: the bot's mouth is not for
    what a customer would like it to repeat."""
    named = [" ".join(text.split()) for text in rest]
    if all(len(text) <= NAMED and is_plain_question(text) for text in named):
        return phrase("part", language, rest="; ".join(named))
    return phrase("rest", language)


def _offers_callback(decision: Decision, manner: Manner) -> bool:
    waits = manner.expected_wait is not None and manner.expected_wait >= LONG_WAIT
    return decision.choice == "handoff" and manner.callback and waits
