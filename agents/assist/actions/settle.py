"""What became of the help: read off what was said afterwards, as often as one likes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from agents.assist.models import HelpTurn, Suggestion
from agents.assist.reads.shown import suggestions_frame
from agents.assist.rules.worth import Match, compared
from conversations import live
from conversations.live import Push, agent_room
from conversations.models import Message

PATIENCE = timedelta(hours=1)  # afterwards nobody will use it any more
_TOGETHER = 200
_LINES = 12  # after the customer's words


@dataclass(frozen=True, slots=True)
class _Said:
    pk: int
    author: str
    agent_id: int | None
    text: str


def settle(*, at: datetime) -> int:
    """Decides on all help that is over; answers how much."""
    done, last = 0, 0
    while True:
        turns = list(
            HelpTurn.objects.filter(outcome="", pk__gt=last)
            .select_related("conversation")
            .order_by("pk")[:_TOGETHER]
        )
        if turns:
            lines = _lines(turns)
            for turn in turns:
                done += _settle(turn, lines[turn.pk], at=at)
            last = turns[-1].pk
        if len(turns) < _TOGETHER:
            return done


def _lines(turns: Sequence[HelpTurn]) -> dict[int, list[_Said]]:
    """What was said after each turn, oldest first, the system's own lines left out."""
    first = {turn.conversation_id: turn.seq for turn in reversed(turns)}
    rows = (
        Message.objects.filter(
            conversation__in=first, note=False, author_kind__in=["customer", "agent", "bot"]
        )
        .filter(created_at__gt=min(turn.at for turn in turns) - PATIENCE)
        .order_by("conversation_id", "seq")
        .values_list("pk", "conversation_id", "seq", "author_kind", "agent_id", "text")
    )
    said: dict[int, list[tuple[int, _Said]]] = defaultdict(list)
    for pk, conversation, seq, author, agent, text in rows:
        said[conversation].append((seq or 0, _Said(pk, author, agent, text)))
    return {
        turn.pk: [one for seq, one in said[turn.conversation_id] if seq > turn.seq][:_LINES]
        for turn in turns
    }


@transaction.atomic
def _settle(turn: HelpTurn, said: Sequence[_Said], *, at: datetime) -> bool:
    """True if it is over. What the customer says before anybody answered makes it another turn."""
    answers: list[_Said] = []
    went_on = ""
    for one in said:
        if one.author == "agent" and one.agent_id == turn.agent_id:
            answers.append(one)
        else:
            went_on = "again" if one.author == "customer" else "left"
            break
    rows = list(
        Suggestion.objects.select_for_update().filter(turn=turn, outcome="").order_by("place")
    )
    used = _used(rows, answers)
    talk = turn.conversation
    gone = talk.state != "assigned" or talk.assignee_id != turn.agent_id
    if used is None and not (went_on or gone or turn.at < at - PATIENCE):
        if answers and not rows:  # nothing was suggested that could still be used
            _end(turn, "own")
            return True
        return False
    if used is not None:
        row, match, answer = used
        row.outcome = "sent" if match.is_verbatim else "edited"
        row.distance, row.likeness, row.message_id = match.distance, match.likeness, answer.pk
    for row in rows:
        row.outcome = row.outcome or ("ignored" if row.shown_at else "unseen")
        row.decided_at = at
        row.save(update_fields=["outcome", "decided_at", "distance", "likeness", "message"])
    _end(turn, "used" if used else "own" if answers else went_on or "left")
    if rows and turn.agent_id is not None and not went_on:
        frame = suggestions_frame(talk.uuid, turn.seq, ())
        live.announce_on_commit([Push((agent_room(turn.agent_id),), frame)])
    return True


def _used(
    rows: Sequence[Suggestion], answers: Sequence[_Said]
) -> tuple[Suggestion, Match, _Said] | None:
    """The suggestion that was sent. One that was not put into the reply by a click was copied if it
    stands there word for word."""
    found = []
    for row in rows:
        match = compared(row.text, [one.text for one in answers])
        if match is not None and (row.inserted_at or match.is_verbatim):
            found.append((match.distance, row.place, row, match))
    if not found:
        return None
    _, _, row, match = min(found, key=lambda one: one[:2])
    return row, match, answers[match.place]


def _end(turn: HelpTurn, outcome: str) -> None:
    turn.outcome = outcome
    turn.save(update_fields=["outcome"])


def forget_words(*, at: datetime) -> int:
    """Words that are older than the setting says are gone; what became of them stays."""
    before = at - timedelta(days=settings.SUGGESTION_DAYS)
    # What a label is called are the house's words.
    rows = Suggestion.objects.exclude(kind__in=["label", "priority", "queue"])
    old = rows.filter(at__lt=before).exclude(text="", sources=[])
    return old.update(text="", sources=[])
