"""Which live procedure a message begins, here and now."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock

import numpy as np
from django.db.models import Q

from bots.actions.turn import BotTurn
from bots.answering.wishes import Wish, wish_of
from bots.behaviour.keywords import said_first
from bots.knowledge.corpus import corpus
from bots.knowledge.intents import Intents
from bots.knowledge.text import language_of
from bots.knowledge.vectors import encoders_at_hand
from bots.models import ProcedureVersion
from bots.procedures.comparing import Slips, load_english, without_numbers
from bots.procedures.loading import BadFile
from bots.procedures.matching import EVERYDAY, Candidate, Match, Matcher, Read, fits
from bots.procedures.reading import read
from bots.procedures.said import wants_to_know
from bots.procedures.shapes import Procedure
from inboxes.models import Inbox

READS_FOR = 3.0  # seconds of a customer's turn for examples that nobody has read yet
_LONGEST = 1_000  # characters of a message that are compared
_kept: dict[str, Candidate] = {}
_matchers: dict[str, Matcher | None] = {}
_READING = "+2"  # how texts are cut before they are read: with another number they are read anew
_MATCHERS = 24  # sets of procedures at once: inboxes, languages and hours make them differ
_lock, _learning = Lock(), Lock()


@dataclass(frozen=True, slots=True)
class _Keyword:
    words: str
    candidate: Candidate


@dataclass(frozen=True, slots=True)
class Here:
    """Where something is said, for whoever is not in a turn of the bot."""

    inbox_id: int
    inbox_key: str
    channel: str


@lru_cache(maxsize=256)
def shape_of(text: str) -> Procedure:
    """A published file, read once in each process. Raises BadFile."""
    return read(text)


def live_here(turn: BotTurn | Here, *, at: datetime, language: str) -> list[Candidate]:
    """The procedures that may begin in this conversation."""
    rows = list(
        ProcedureVersion.objects.filter(
            Q(procedure__inbox=None) | Q(procedure__inbox=turn.inbox_id),
            state=ProcedureVersion.State.LIVE,
            procedure__is_active=True,
        )
        .defer("result", "tests")
        .order_by("procedure_id")
    )
    found, until = [], time.monotonic() + READS_FOR
    for row in rows:
        try:
            shape = shape_of(row.text)
        except BadFile:  # written by an older house; it waits for its editor
            continue
        if fits(
            shape.when, channel=turn.channel, inbox=turn.inbox_key, language=language, at=at,
            zone=shape.zone,
        ):  # fmt: skip
            found.append(_candidate(row, shape, until=until))
    return found


def read_examples() -> int:
    """Reads the examples of live procedures that these encoders have not read yet, so that no customer
    waits for it; how many files that were."""
    rows = ProcedureVersion.objects.filter(state=ProcedureVersion.State.LIVE).exclude(
        encoder=_readers()
    )
    done = 0
    for row in rows.defer("result", "tests"):
        try:
            shape = shape_of(row.text)
        except BadFile:
            continue
        if shape.when.examples:
            _candidate(row, shape)
            done += 1
    return done


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
            _matcher(candidates)
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
    return _decided(text, candidates, None)


def _decided(text: str, candidates: Sequence[Candidate], learnt: Matcher | None) -> Match | None:
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
    matcher = learnt or _matcher(candidates)
    asked = read_by_both([text[:_LONGEST]], [language_of(text, otherwise="en")])
    return matcher.match(text, asked) if matcher else None


def beside(
    row: ProcedureVersion, shape: Procedure, others: Sequence[Candidate]
) -> Callable[[str], Match | None]:
    """What a first message begins if this version were live beside the others. Learnt anew, and not kept:
    the words of a draft change."""
    candidates = [*others, _candidate(row, shape)]
    matcher = _learnt(candidates)
    return lambda text: _decided(text, candidates, matcher)


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


def read_by_both(texts: Sequence[str], languages: Sequence[str]) -> Read:
    """Texts by the multilingual encoder, and those that may be English by the English one, if it is
    at hand; without their booking numbers and addresses."""
    known = encoders_at_hand()
    texts = [without_numbers(one) for one in texts]
    every = np.asarray(known.every.queries(texts), dtype=np.float32)
    english = np.zeros_like(every)
    ours = [place for place, code in enumerate(languages) if code.split("-")[0] in {"", "en"}]
    if known.english is not None and ours:
        english[ours] = known.english.queries([texts[place] for place in ours])
    return Read(every, english)


def _matcher(candidates: Sequence[Candidate]) -> Matcher | None:
    """Learnt anew when other procedures are live, or the articles have other questions."""
    known = corpus()
    read = " ".join(f"{one.pk}{'' if one.like else '-'}" for one in candidates)
    mark = f"{encoders_at_hand().name} {known.stamp} {read}"
    if mark in _matchers:
        return _matchers[mark]
    with (
        _learning
    ):  # whoever comes meanwhile waits for this one rather than learn the same beside it
        if mark in _matchers:
            return _matchers[mark]
        made = _learnt(candidates)
        if len(_matchers) >= _MATCHERS:
            _matchers.pop(next(iter(_matchers)))
        _matchers[mark] = made
    return made


def _learnt(candidates: Sequence[Candidate]) -> Matcher | None:
    strangers = [_everyday(encoders_at_hand().name), *_questions(corpus().intents)]
    return Matcher.learn(candidates, Read.joined(strangers))


def _questions(intents: Intents) -> Iterator[Read]:
    """The articles' questions: those that the English encoder has read, then the others."""
    seen: set[bytes] = set()
    if intents.bilingual is not None and intents.bilingual.english is not None:
        seen = {one.tobytes() for one in intents.bilingual.every}
        yield Read(intents.bilingual.every, intents.bilingual.english)
    rest = intents.alone.every
    rest = rest[[one.tobytes() not in seen for one in rest]]
    yield Read(rest, np.zeros_like(rest))


@lru_cache(maxsize=2)
def _everyday(_encoders: str) -> Read:
    return read_by_both(EVERYDAY, [language_of(one, otherwise="en") for one in EVERYDAY])


def _keywords(candidates: Sequence[Candidate]) -> list[_Keyword]:
    return [_Keyword(words, one) for one in candidates for words in one.procedure.when.keywords]


def _candidate(row: ProcedureVersion, shape: Procedure, *, until: float | None = None) -> Candidate:
    """With the vectors of its examples: those of the row, or made now and kept with it; after `until`
    without them: then only its keywords begin it, this time."""
    name = _readers()
    mark = hashlib.sha256(f"{name}\0{row.pk}\0{row.text}".encode()).hexdigest()
    with _lock:
        if mark in _kept:
            return _kept[mark]
    texts = [*shape.when.examples, *shape.when.unlike]
    read = _stored(row, len(texts))
    if read is None and texts and until is not None and time.monotonic() > until:
        return Candidate(row.pk, shape, None, None)
    if read is None and texts:
        read = read_by_both([said for _, said in texts], [_code(*one) for one in texts])
        ProcedureVersion.objects.filter(pk=row.pk).update(
            encoder=name, vectors=np.hstack([read.every, read.english]).tobytes()
        )
    like = len(shape.when.examples)
    made = Candidate(
        row.pk,
        shape,
        Read(read.every[:like], read.english[:like]) if read and like else None,
        Read(read.every[like:], read.english[like:]) if read and shape.when.unlike else None,
    )
    with _lock:
        if len(_kept) > 400:
            _kept.clear()
        _kept[mark] = made
    return made


def _readers() -> str:
    """Who reads examples, and how: what they made is kept under this name."""
    return encoders_at_hand().name[len(_READING) - 60 :] + _READING


def _code(code: str, said: str) -> str:
    return code or language_of(said, otherwise="en")


def _stored(row: ProcedureVersion, count: int) -> Read | None:
    """What was kept by the same encoders. While the English one is still loading, what was kept with
    both is good enough."""
    known = encoders_at_hand()
    same = row.encoder == _readers()
    both = row.encoder.endswith(_READING) and known.every.name in row.encoder
    if not row.vectors or not (same or (known.english is None and both)):
        return None
    found = np.frombuffer(bytes(row.vectors), dtype=np.float32)
    if found.size != count * 2 * known.every.dimensions:
        return None
    rows = found.reshape(count, 2 * known.every.dimensions)
    return Read(rows[:, : known.every.dimensions], rows[:, known.every.dimensions :])
