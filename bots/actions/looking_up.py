"""What the articles say to a turn's question, or to one in the middle of a procedure."""

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from django.db import connection

from bots.actions.articles import catch_up
from bots.actions.expected import expected_wait
from bots.actions.tracing import Notes
from bots.actions.turn import BotTurn
from bots.answering.proposals import Proposal
from bots.behaviour.profiles import manner_of
from bots.behaviour.quotas import used_up
from bots.knowledge.vectors import encoders_at_hand
from bots.models import BotProfile
from bots.queries import consult

BETWEEN = 9.0
"""Seconds since the customer wrote: a question in the middle of a procedure that is not answered by then holds it up
no longer. A call of a business has to fit between this and `BOT_HAS_AT_MOST`."""
# Understanding computes: more at once than there are cores would make all of them late.
_MOST = max(2, os.cpu_count() or 1)
MINDS = threading.BoundedSemaphore(_MOST)
_beside = ThreadPoolExecutor(_MOST, thread_name_prefix="asked-between")


def asked_between(
    turn: BotTurn, profile: BotProfile, clock: Callable[[], datetime], question: str
) -> Proposal | None:
    """What the articles say to a question in the middle of a procedure, which must not wait for it.

    Raises TimeoutError when the customer has waited for it as long as they should; whoever looks it up
    then comes to an end unheard.
    """
    left = BETWEEN - (clock() - turn.asked_at).total_seconds()
    if left <= 0:
        raise TimeoutError
    found = _beside.submit(_looked_up, turn, profile, clock, question)
    try:
        return found.result(timeout=left)
    finally:
        found.cancel()


def _looked_up(
    turn: BotTurn, profile: BotProfile, clock: Callable[[], datetime], question: str
) -> Proposal | None:
    apart = Notes(turn)
    try:
        with MINDS:
            look_up(turn, apart, profile, at=clock(), question=question)
    finally:
        connection.close()
    return apart.proposal


def look_up(
    turn: BotTurn, notes: Notes, profile: BotProfile, *, at: datetime, question: str = ""
) -> None:
    """Leaves the proposal in the notes, with what was known of quotas and manner. `question`: instead of the turn's."""
    notes.quota = used_up(profile, turn.inbox_id, at=at) or ""
    notes.may_generate = profile.mode == BotProfile.Mode.GENERATE
    notes.manner = manner_of(
        profile,
        without_model=bool(notes.quota) or notes.rung.step == "quote",
        expected_wait=expected_wait(turn.conversation_id, inbox_id=turn.inbox_id, at=at),
    )
    known = encoders_at_hand()
    catch_up(encoders=known, at=at)
    connection.close()  # its first half computes, and needs none
    notes.proposal = consult(
        question=question or turn.question,
        history=() if question else turn.history,
        inbox_id=turn.inbox_id,
        language=turn.language,
        reader=turn.reader,
        manner=notes.manner,
        before=turn.before,
        known=known,
    )
