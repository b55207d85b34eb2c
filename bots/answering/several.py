"""Several requests in one message → one answer: each in its own language, and what no article answers by name."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace

from bots.answering.composing import Look, is_refused, said_of, sources_of, which
from bots.answering.dialogue import decide
from bots.answering.manner import Manner
from bots.answering.phrases import phrase
from bots.answering.proposals import Proposal, Source
from bots.answering.requests import is_plain_question, says_what_about
from bots.knowledge.corpus import Corpus
from bots.knowledge.text import TOLD_BY_LETTERS

SURER = 0.1  # of chance: a message is better understood as a whole
WORSE = 0.75  # of log-odds: what a part without an article costs the whole when it is about something else
HARDLY = 0.25  # of chance: several articles come close to a part, and none is about it
NAMED = 80  # characters: a longer request is not named
_POINTS_BACK = re.compile(r"\b(?:it|its|this|that|these|those|them|one)\b|[它这那]", re.IGNORECASE)


def several(whole: Look, looks: Sequence[Look], manner: Manner, known: Corpus) -> Proposal | None:
    """The answers to several requests, one after another, each in its own language; None when the message is
    one request after all.

    That it is several must show in the articles: different ones answer different parts. What no
    article answers is named, and a person takes over with it. One part that several articles are as near to is
    asked back about, after the answers to the others.
    """
    answered = [look for look in looks if look.decision.choice == "answer"]
    rest = [look for look in looks if look.decision.choice != "answer"]
    unclear = _unclear(looks, answered, rest)
    if not _are_several(whole, answered, rest, unclear) or not (
        unclear or all(_has_no_article(look) and _stands_alone(look.text) for look in rest)
    ):
        return None
    found = [(look, sources_of(look, manner, known)[:1]) for look in answered]
    options = [one for one, _ in sources_of(unclear, manner, known)] if unclear else []
    if any(not some or is_refused(some[0], look.language, manner) for look, some in found):
        return None
    if unclear and not options:  # all were deleted since they were found
        return None
    cited = [some[0][0] for _, some in found]
    said = [said_of(one, place, answered[place].language) for place, one in enumerate(cited)]
    words = [f"{prefix}{answer}" for prefix, answer, _ in said]
    words += (
        _asked_back(unclear, options, first=len(cited) + 1) if unclear else _handed_on(rest, looks)
    )
    places = {id(look): (place,) for place, look in enumerate(answered)}
    weakest = min(looks, key=lambda look: look.chance)
    titles = tuple(one.citation.title for one in options)
    return Proposal(
        decision="clarify" if unclear else "handoff" if rest else "answer",
        answer="\n\n".join(words),
        confidence=round(min(look.decision.confidence for look in answered), 4),
        citations=tuple(one.citation for one in (*cited, *options)),
        suggestions=(*titles, phrase("person", unclear.language)) if unclear else (),
        language=whole.language,
        intent=answered[0].intent.name or cited[0].category or "question",
        reason="close_call" if unclear else "part" if rest else "found",
        claims=tuple(claim for _, _, claims in said for claim in claims),
        requests=tuple(look.request(*places.get(id(look), ())) for look in looks),
        chance=round(weakest.chance, 4),
        features=weakest.signals,
        manner=manner,
        sources=(*cited, *options),
    )


def agreed(whole: Look, looks: Sequence[Look], manner: Manner) -> Look:
    """A message of which several articles come close to the whole is answered from the one that comes nearest to it
    and to each of its parts, if that answers one of them. Else it is as it was."""
    if whole.decision.choice != "clarify" or whole.evidence is None or not looks:
        return whole
    nearest = {look.hits[0].family if look.hits else None for look in (whole, *looks)}
    if len(nearest) > 1 or all(look.decision.choice != "answer" for look in looks):
        return whole
    evidence = replace(whole.evidence, rivals=0)
    return replace(whole, evidence=evidence, decision=decide(evidence, None, manner))


def _are_several(
    whole: Look, answered: Sequence[Look], rest: Sequence[Look], unclear: Look | None
) -> bool:
    """Whether different articles answer different parts, and the message is not better understood as a whole."""
    families = {look.hits[0].family for look in answered}
    if not answered or len(families) < len(answered) or len(families) + len(rest) < 2:
        return False
    if not _in_one_language([*answered, *rest]):
        return True  # two languages at once come near to anything: what the whole is worth is not comparable
    if len(answered) < 2 and whole.chance > max(one.chance for one in (*answered, *rest)) + SURER:
        return False
    # What seems to have no article may only say more about the same thing; what is unclear has articles of its own.
    return not rest or unclear is not None or _odds(whole) <= max(map(_odds, answered)) - WORSE


def _in_one_language(looks: Sequence[Look]) -> bool:
    """Or in several of one alphabet: which of those a few words are in is a guess."""
    return len({look.language in TOLD_BY_LETTERS and look.language for look in looks}) == 1


def _unclear(looks: Sequence[Look], answered: Sequence[Look], rest: Sequence[Look]) -> Look | None:
    """The one part that several articles are as near to. In a message of one language it must be a question of its
    own: it stands alone, and none of those articles is said to another part of it."""
    if len(rest) != 1 or rest[0].decision.choice != "clarify" or _has_no_article(rest[0]):
        return None
    if not _in_one_language(looks):
        return rest[0]
    said = {look.hits[0].family for look in answered}
    is_apart = said.isdisjoint(hit.family for hit in rest[0].close())
    return rest[0] if is_apart and _stands_alone(rest[0].text) else None


def _stands_alone(part: str) -> bool:
    """“I need it by Friday!” only says more about what was asked before."""
    asked = part.rstrip().endswith(("?", "？"))
    return says_what_about(part) and (asked or not _POINTS_BACK.search(part))


def _odds(look: Look) -> float:
    chance = min(max(look.chance, 1e-6), 1 - 1e-6)
    return math.log(chance / (1 - chance))


def _has_no_article(look: Look) -> bool:
    close = look.decision.choice == "clarify" and look.chance < HARDLY
    return close or look.decision.reason in {"no_article", "person_free", "out_of_scope"}


# --- words --------------------------------------------------------------------------------


def _asked_back(unclear: Look, options: Sequence[Source], *, first: int) -> list[str]:
    return [which([one.citation.title for one in options], unclear.language, first=first)]


def _handed_on(rest: Sequence[Look], looks: Sequence[Look]) -> list[str]:
    """That a person takes over with what is left, in each language of it. It is named if all of the message
    is plain questions: the bot's mouth is not for what a customer would like it to repeat."""
    named: dict[str, list[str]] = {}
    for look in rest:
        named.setdefault(look.language, []).append(" ".join(look.text.split()))
    short = all(len(text) <= NAMED for some in named.values() for text in some)
    if short and all(is_plain_question(look.text) for look in looks):
        return [phrase("part", code, rest="; ".join(some)) for code, some in named.items()]
    return [phrase("rest", code) for code in named]
