"""Which live procedure a message begins, here and now."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock

import numpy as np

from bots.actions.procedures.candidates import (
    Here,
    candidate_of,
    lend,
    live_here,
    read_by_both,
    read_once,
)
from bots.answering.wishes import Wish, wish_of
from bots.behaviour.keywords import said_first
from bots.knowledge.corpus import corpus
from bots.knowledge.intents import Intents
from bots.knowledge.text import language_of
from bots.knowledge.vectors import encoders_at_hand
from bots.models import ProcedureVersion
from bots.procedures.comparing import Slips, load_english
from bots.procedures.matching import EVERYDAY, Candidate, Match, Matcher, Read
from bots.procedures.said import wants_to_know
from bots.procedures.shapes import Procedure
from bots.procedures.state import State, World
from bots.procedures.switching import ANSWERS, only_answers
from inboxes.models import Inbox

_LONGEST = 1_000  # characters of a message that are compared
_matchers: dict[str, Matcher | None] = {}
_MATCHERS = 48  # sets of procedures at once: inboxes, languages and hours make them differ
_learning = Lock()
Learnt = Callable[[Sequence[Candidate]], Matcher | None]


@dataclass(frozen=True, slots=True)
class _Keyword:
    words: str
    candidate: Candidate


def learn_all(*, at: datetime) -> int:
    """Learns what begins the procedures of each inbox, so that its first customer does not wait for it; how
    many inboxes have any."""
    done = 0
    load_english()
    for inbox in Inbox.objects.all():
        here = Here(inbox.pk, inbox.key, inbox.kind)
        codes = {code.split("-")[0].lower() for code in inbox.languages} or {"en"}
        sets = [live_here(here, at=at, language=code) for code in sorted(codes)]
        for candidates in filter(None, sets):
            _matcher(candidates, inside=False)
            _matcher(candidates, inside=True)
        done += any(sets)
    return done


def urgent_one(text: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """A procedure whose keywords win over whatever is going on."""
    urgent = [one for one in candidates if one.procedure.when.urgent]
    said = said_first(_keywords(urgent), mended(text, urgent))
    return said.candidate if said else None


def chosen(text: str, candidates: Sequence[Candidate]) -> Match | None:
    """By a keyword, unless it only asks to be told something; else by meaning. A slip of the pen is what was
    meant: “cancle my booking”.

    A wish is none of its business, but for a complaint where one of its examples is one: taken down
    whole, it comes to a person too.
    """
    return _decided(text, candidates, lambda few: _matcher(few, inside=False))


def _inside(candidates: Sequence[Candidate]) -> Matcher | None:
    return _matcher(candidates, inside=True)


def another(
    text: str,
    candidates: Sequence[Candidate],
    procedure: Procedure,
    state: State,
    world: World,
    *,
    learnt: Learnt = _inside,
) -> Match | None:
    """What a message in the middle of this procedure begins instead of it: what plainly asks for something else.
    The one that is going on is among those that it may be for, and what merely answers is for none."""
    if only_answers(text, procedure, state, world):
        return None
    match = _decided(text, candidates, learnt)
    if match is None or match.others or not match.is_sure:
        return None
    return None if match.candidate.procedure.key == procedure.key else match


def _decided(text: str, candidates: Sequence[Candidate], learnt: Learnt) -> Match | None:
    wish = wish_of(text)
    if wish == Wish.COMPLAINT:
        candidates = [one for one in candidates if _takes_complaints(one.procedure)]
    if not candidates or not (wish in {None, Wish.COMPLAINT} or urgent_one(text, candidates)):
        return None
    if (urgent := urgent_one(text, candidates)) is not None:
        return Match(urgent, 1.0, "keyword")
    text = mended(text, candidates)
    said = said_first(_keywords(candidates), text)
    if said is not None and not wants_to_know(text):
        return Match(said.candidate, 1.0, "keyword")
    matcher = learnt(candidates)
    lend()
    asked = read_by_both([text[:_LONGEST]], [language_of(text, otherwise="en")])
    return matcher.match(text, asked) if matcher else None


def beside(
    row: ProcedureVersion, shape: Procedure, others: Sequence[Candidate]
) -> Callable[[str], Match | None]:
    """What a first message begins if this version were live beside the others. Learnt anew, and not kept:
    the words of a draft change."""
    candidates = [*others, candidate_of(row, shape)]
    matcher = _learnt(candidates, inside=False)
    return lambda text: _decided(text, candidates, lambda _few: matcher)


def mended(text: str, candidates: Sequence[Candidate]) -> str:
    """With the examples' own words for those that are no words."""
    known = [
        said for one in candidates for code, said in one.procedure.when.examples if code != "zh"
    ]
    known += [words for one in candidates for words in one.procedure.when.keywords]
    return _slips(tuple(known)).mended(text) if known else text


@lru_cache(maxsize=_MATCHERS)
def _slips(examples: tuple[str, ...]) -> Slips:
    return Slips(examples)


def _takes_complaints(procedure: Procedure) -> bool:
    return any(wish_of(said) == Wish.COMPLAINT for _, said in procedure.when.examples)


def _matcher(candidates: Sequence[Candidate], *, inside: bool) -> Matcher | None:
    """Learnt anew when other procedures are live, or the articles have other questions. `inside`: for what is said
    in the middle of a procedure."""
    known = corpus()
    read = " ".join(f"{one.pk}{'' if one.like else '-'}" for one in candidates)
    mark = f"{encoders_at_hand().name} {known.stamp} {inside} {read}"
    if mark in _matchers:
        return _matchers[mark]
    lend()
    with (
        _learning
    ):  # whoever comes meanwhile waits for this one rather than learn the same beside it
        if mark in _matchers:
            return _matchers[mark]
        made = _learnt(candidates, inside=inside)
        if len(_matchers) >= _MATCHERS:
            _matchers.pop(next(iter(_matchers)))
        _matchers[mark] = made
    return made


def _learnt(candidates: Sequence[Candidate], *, inside: bool) -> Matcher | None:
    name = encoders_at_hand().name
    strangers = [read_once(EVERYDAY, name), *_questions(corpus().intents)]
    lend()
    answers = read_once(ANSWERS, name) if inside else None
    return Matcher.learn(candidates, Read.joined(strangers), answers)


def _questions(intents: Intents) -> Iterator[Read]:
    """The articles' questions: those that the English encoder has read, then the others."""
    seen: set[bytes] = set()
    if intents.bilingual is not None and intents.bilingual.english is not None:
        seen = {one.tobytes() for one in intents.bilingual.every}
        yield Read(intents.bilingual.every, intents.bilingual.english)
    rest = intents.alone.every
    rest = rest[[one.tobytes() not in seen for one in rest]]
    yield Read(rest, np.zeros_like(rest))


def _keywords(candidates: Sequence[Candidate]) -> list[_Keyword]:
    return [_Keyword(words, one) for one in candidates for words in one.procedure.when.keywords]
