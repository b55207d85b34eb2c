"""The live procedures of a conversation, with their examples as both encoders read them."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
from django.conf import settings
from django.db import connection
from django.db.models import Q

from bots.actions.turn import BotTurn
from bots.audiences import names_of
from bots.knowledge.text import language_of
from bots.knowledge.vectors import encoders_at_hand
from bots.models import ProcedureVersion
from bots.procedures.comparing import without_numbers
from bots.procedures.loading import BadFile
from bots.procedures.matching import Candidate, Read, fits, is_meant_for
from bots.procedures.reading import read
from bots.procedures.shapes import Procedure

READS_FOR = 3.0  # seconds of a customer's turn for examples that nobody has read yet
_READING = "+2"  # how texts are cut before they are read: with another number they are read anew
_kept: dict[str, Candidate] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Here:
    """Where something is said, for whoever is not in a turn of the bot."""

    inbox_id: int
    inbox_key: str
    channel: str
    customer_id: int | None = None
    audiences: frozenset[str] | None = None  # in lower case; None: the customer's own


@lru_cache(maxsize=256)
def shape_of(text: str) -> Procedure:
    """A published file, read once in each process. Raises BadFile."""
    return read(text)


def lend() -> None:
    """Gives the connection back while something is computed or waited for: there are more turns than connections."""
    if not connection.in_atomic_block:
        connection.close()


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
    fitting = []
    for row in rows:
        try:
            shape = shape_of(row.text)
        except BadFile:  # written by an older house; it waits for its editor
            continue
        if fits(
            shape.when, channel=turn.channel, inbox=turn.inbox_key, language=language, at=at,
            zone=shape.zone,
        ):  # fmt: skip
            fitting.append((row, shape))
    mine = _audiences(turn, [shape for _, shape in fitting], at=at)
    until = time.monotonic() + READS_FOR
    return [
        candidate_of(row, shape, until=until)
        for row, shape in fitting
        if is_meant_for(shape.when, mine)
    ]


def _audiences(
    turn: BotTurn | Here, shapes: Sequence[Procedure], *, at: datetime
) -> frozenset[str]:
    """Whom we speak with, of those for whom one of these is kept; asked only where one is."""
    if isinstance(turn, Here) and turn.audiences is not None:
        return turn.audiences
    among = {name for shape in shapes for name in shape.when.audiences}
    if turn.customer_id is None or not among:
        return frozenset()
    return names_of(customer_id=turn.customer_id, inbox_id=turn.inbox_id, among=among, at=at)


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
            candidate_of(row, shape)
            done += 1
    return done


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


@lru_cache(maxsize=4)
def read_once(texts: tuple[str, ...], encoders: str) -> Read:
    """Texts that are the same in every installation, as both encoders read them: kept in a file, so that a worker
    that is started anew need not read them again while customers wait for it."""
    mark = hashlib.sha256("\0".join((encoders, _READING, *texts)).encode()).hexdigest()[:24]
    file = settings.MODELS_DIR / f"sayings-{mark}.npy"
    if (kept := _of_file(file, len(texts))) is not None:
        return kept
    made = read_by_both(texts, [language_of(one, otherwise="en") for one in texts])
    _to_file(file, made)
    return made


def _of_file(file: Path, count: int) -> Read | None:
    try:
        rows = np.load(file, allow_pickle=False)
    except (OSError, ValueError):
        return None
    if rows.ndim != 2 or len(rows) != count or rows.shape[1] % 2 or rows.dtype != np.float32:
        return None
    half = rows.shape[1] // 2
    return Read(rows[:, :half], rows[:, half:])


def _to_file(file: Path, made: Read) -> None:
    """Beside, then swapped: two workers may be at it. A full disk costs only time."""
    beside = file.with_name(f"{file.stem}.{os.getpid()}.npy")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(beside, np.hstack([made.every, made.english]))
        beside.replace(file)
    except OSError:
        beside.unlink(missing_ok=True)


def candidate_of(
    row: ProcedureVersion, shape: Procedure, *, until: float | None = None
) -> Candidate:
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
        lend()
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
