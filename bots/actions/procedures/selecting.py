"""Which live procedure a message begins, here and now."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from threading import Lock

import numpy as np
from django.db.models import Q

from bots.actions.turn import BotTurn
from bots.answering.wishes import wish_of
from bots.behaviour.keywords import said_first
from bots.knowledge.corpus import corpus
from bots.knowledge.vectors import encoders_at_hand
from bots.language.model import Vectors
from bots.models import ProcedureVersion
from bots.procedures.loading import BadFile
from bots.procedures.matching import EVERYDAY, Candidate, Match, Matcher, fits
from bots.procedures.reading import read
from bots.procedures.said import wants_to_know
from bots.procedures.shapes import Procedure

_LONGEST = 1_000  # characters of a message that are compared
_kept: dict[str, Candidate] = {}
_matchers: dict[str, Matcher | None] = {}
_MATCHERS = 24  # sets of procedures at once: inboxes, languages and hours make them differ
_lock = Lock()


@dataclass(frozen=True, slots=True)
class _Keyword:
    words: str
    candidate: Candidate


@lru_cache(maxsize=256)
def shape_of(text: str) -> Procedure:
    """A published file, read once in each process. Raises BadFile."""
    return read(text)


def live_here(turn: BotTurn, *, at: datetime, language: str) -> list[Candidate]:
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
    found = []
    for row in rows:
        try:
            shape = shape_of(row.text)
        except BadFile:  # written by an older house; it waits for its editor
            continue
        if fits(
            shape.when, channel=turn.channel, inbox=turn.inbox_key, language=language, at=at,
            zone=shape.zone,
        ):  # fmt: skip
            found.append(_candidate(row, shape))
    return found


def urgent_one(text: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """A procedure whose keywords win over whatever is going on."""
    said = said_first(_keywords([c for c in candidates if c.procedure.when.urgent]), text)
    return said.candidate if said else None


def chosen(text: str, candidates: Sequence[Candidate]) -> Match | None:
    """By a keyword, unless it only asks to be told something; else by meaning."""
    if not candidates or (wish_of(text) is not None and not urgent_one(text, candidates)):
        return None
    if (urgent := urgent_one(text, candidates)) is not None:
        return Match(urgent, 1.0, "keyword")
    said = said_first(_keywords(candidates), text)
    if said is not None and not wants_to_know(text):
        return Match(said.candidate, 1.0, "keyword")
    vector = encoders_at_hand().every.queries([text[:_LONGEST]])[0]
    matcher = _matcher(candidates)
    return matcher.match(text, vector) if matcher else None


def _matcher(candidates: Sequence[Candidate]) -> Matcher | None:
    """Learnt anew when other procedures are live, or the articles have other questions."""
    known = corpus()
    mark = f"{known.stamp} {' '.join(str(one.pk) for one in candidates)}"
    with _lock:
        if mark in _matchers:
            return _matchers[mark]
    strangers = np.concatenate(
        [_everyday(encoders_at_hand().every.name), known.intents.alone.every]
    )
    made = Matcher.learn(candidates, strangers)
    with _lock:
        if len(_matchers) >= _MATCHERS:
            _matchers.pop(next(iter(_matchers)))
        _matchers[mark] = made
    return made


@lru_cache(maxsize=2)
def _everyday(_encoder: str) -> Vectors:
    return encoders_at_hand().every.queries(list(EVERYDAY))


def _keywords(candidates: Sequence[Candidate]) -> list[_Keyword]:
    return [_Keyword(words, one) for one in candidates for words in one.procedure.when.keywords]


def _candidate(row: ProcedureVersion, shape: Procedure) -> Candidate:
    """With the vectors of its examples: those of the row, or made now and kept with it."""
    every = encoders_at_hand().every
    mark = hashlib.sha256(f"{every.name}\0{row.pk}\0{row.text}".encode()).hexdigest()
    with _lock:
        if mark in _kept:
            return _kept[mark]
    like = [said for _, said in shape.when.examples]
    unlike = [said for _, said in shape.when.unlike]
    vectors = _stored(row, every.name, every.dimensions, len(like) + len(unlike))
    if vectors is None and like + unlike:
        vectors = np.asarray(every.queries([*like, *unlike]), dtype=np.float32)
        ProcedureVersion.objects.filter(pk=row.pk).update(
            encoder=every.name[:60], vectors=vectors.tobytes()
        )
    made = Candidate(
        row.pk,
        shape,
        vectors[: len(like)] if vectors is not None and like else None,
        vectors[len(like) :] if vectors is not None and unlike else None,
    )
    with _lock:
        if len(_kept) > 400:
            _kept.clear()
        _kept[mark] = made
    return made


def _stored(row: ProcedureVersion, name: str, dimensions: int, count: int) -> Vectors | None:
    if row.encoder != name[:60] or not row.vectors:
        return None
    found = np.frombuffer(bytes(row.vectors), dtype=np.float32)
    return found.reshape(count, dimensions) if found.size == count * dimensions else None
