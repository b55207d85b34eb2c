"""Ended conversations as their judges read them: many at once, five statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import UUID

from agents.models import Agent, ScheduledMessage
from agents.reads.policies import Place, PolicyBook
from analytics.quality.rules.talk import Author, Ending, Ground, Line, Part
from conversations.lifecycle import ENDED
from conversations.models import Callback, Conversation, Event, Message

BOT = 0  # whoever has a conversation: the bot, or an agent by their number
_MOVES = (
    "opened", "handoff", "queued", "assigned", "transferred", "resolved", "abandoned", "reopened", "late",
)  # fmt: skip
_BOT_ANSWERS = timedelta(
    seconds=20
)  # what the product promises of its bot; see docs/performance.md


@dataclass(frozen=True, slots=True)
class Talk:
    """A conversation, read: its parts by whoever spoke, and what it is as a whole."""

    pk: int
    inbox_id: int
    channel: str
    language: str
    is_over: bool
    is_merged: bool
    offset: int
    ended_at: datetime
    parts: dict[int, Part] = field(default_factory=dict)
    customer_words: int = 0


@dataclass(frozen=True, slots=True)
class _Step:
    """A line of the log, of either kind."""

    offset: int
    kind: str
    at: datetime
    data: dict[str, Any]
    who: int | None = None  # of a message: BOT, or an agent's number
    line: Line | None = None


def talks(conversation_ids: Sequence[int], *, at: datetime) -> list[Talk]:
    """In the order of their ids. What was said in another conversation, notes and the system's own words
    are left out."""
    rows = list(
        Conversation.objects.filter(pk__in=conversation_ids)
        .select_related("inbox", "queue")
        .order_by("pk")
    )
    steps = _steps(conversation_ids)
    followed = _followed_up(conversation_ids)
    book = PolicyBook.load()
    speakers = {step.who for one in steps.values() for step in one if step.who and step.line}
    names = dict(Agent.objects.filter(pk__in=speakers).values_list("pk", "first_name"))
    return [_talk(row, steps[row.pk], followed[row.pk], book, names=names, at=at) for row in rows]


def _steps(ids: Sequence[int]) -> dict[int, list[_Step]]:
    found: dict[int, list[_Step]] = defaultdict(list)
    said = (
        Message.objects.filter(
            conversation__in=ids, note=False, author_kind__in=["customer", "bot", "agent"], origin__isnull=True
        )
        .order_by("conversation_id", "offset")
        .values_list(
            "conversation_id", "offset", "seq", "created_at", "author_kind", "agent_id", "text", "citations",
            "feeling__negative",
        )
    )  # fmt: skip
    for key, offset, seq, when, author, agent, text, citations, negative in said:
        articles = tuple(str(one.get("article", "")) for one in citations or ())
        line = Line(
            seq or 0, when, cast("Author", author), text,
            articles=tuple(filter(None, articles)), negative=negative,
        )  # fmt: skip
        who = BOT if author == "bot" else agent if author == "agent" else None
        found[key].append(_Step(offset, "message", when, {}, who, line))
    moves = (
        Event.objects.filter(conversation__in=ids, kind__in=_MOVES)
        .order_by("conversation_id", "offset")
        .values_list("conversation_id", "offset", "kind", "created_at", "data")
    )
    named = _agents({str(data.get("agent", "")) for _, _, _, _, data in moves})
    for key, offset, kind, when, data in moves:
        found[key].append(_Step(offset, kind, when, data, named.get(str(data.get("agent", "")))))
    for lines in found.values():
        lines.sort(key=lambda step: step.offset)
    return found


def _agents(names: set[str]) -> dict[str, int]:
    keys = []
    for name in names:
        try:
            keys.append(UUID(name))
        except ValueError:
            continue
    rows = Agent.objects.filter(uuid__in=keys).values_list("uuid", "pk")
    return {str(key): pk for key, pk in rows}


def _followed_up(ids: Sequence[int]) -> dict[int, list[datetime]]:
    found: dict[int, list[datetime]] = defaultdict(list)
    for model in (Callback, ScheduledMessage):
        rows = model.objects.filter(conversation__in=ids).values_list(
            "conversation_id", "created_at"
        )
        for key, when in rows:
            found[key].append(when)
    return found


@dataclass(slots=True)
class _History:
    """Who had it when, read off the log once."""

    held: list[tuple[_Step, int | None]] = field(default_factory=list)  # each line, and who had it
    last: int | None = None
    end: _Step | None = None
    left: dict[int, bool] = field(
        default_factory=dict
    )  # whoever handed it on, and did not get it back
    reopened: set[int] = field(default_factory=set)
    late_for: set[int] = field(default_factory=set)


def _history(steps: Sequence[_Step]) -> _History:
    found = _History()
    holder: int | None = BOT
    is_late = False
    for step in steps:
        if step.line is not None:
            if step.who is not None:
                found.left[step.who] = False
                holder = step.who
                if is_late and step.who != BOT:
                    found.late_for.add(step.who)
                    is_late = False
            found.held.append((step, holder))
            continue
        is_late = step.kind == "late" or (is_late and step.kind != "reopened")
        holder = _moved(found, step, holder)
    return found


def _moved(found: _History, step: _Step, holder: int | None) -> int | None:
    """Who has it after a line that is no message."""
    if step.kind == "assigned":
        return step.who
    if step.kind in {"handoff", "queued", "transferred"}:
        if holder is not None:
            found.left[holder] = True
        return None
    if step.kind in {"resolved", "abandoned"}:
        found.end, found.last = step, holder
    elif step.kind == "reopened" and found.last is not None:
        found.reopened.add(found.last)
    return holder


def _talk(
    row: Conversation,
    steps: Sequence[_Step],
    followed: Sequence[datetime],
    book: PolicyBook,
    *,
    names: Mapping[int, str],
    at: datetime,
) -> Talk:
    seen = _history(steps)
    ended_at = seen.end.at if seen.end else row.resolved_at or row.last_message_at
    lines = [(step.line, holder, step.who) for step, holder in seen.held if step.line is not None]
    subjects = sorted({who for _, _, who in lines if who is not None})
    language = row.language.split("-")[0].lower()
    talk = Talk(
        pk=row.pk,
        inbox_id=row.inbox_id,
        channel=row.inbox.kind,
        language=language,
        is_over=row.state in ENDED,
        is_merged=row.merged_into_id is not None,
        offset=row.offset,
        ended_at=ended_at,
        customer_words=sum(
            words_in(line.text) for line, _, _ in lines if line.author == "customer"
        ),
    )
    for who in subjects:
        targets = _targets(row, who, book)
        talk.parts[who] = Part(
            subject="bot" if who == BOT else "agent",
            language=language,
            lines=_seen_by(who, lines),
            ending=_ending(seen, who, ended_at=ended_at, followed=followed, at=at),
            target=targets,
            names=tuple(filter(None, (names.get(who, ""),))),
        )
    return talk


def _seen_by(who: int, lines: Sequence[tuple[Line, int | None, int | None]]) -> list[Line]:
    """What was said, as whoever is judged had to do with it. Words that nobody had answered when they began
    are left to them; how long these had waited is not."""
    found = []
    for place, (line, holder, by) in enumerate(lines):
        is_said = line.author == "customer"
        answered_by = next((one for _, _, one in lines[place + 1 :] if one is not None), None)
        found.append(
            replace(
                line,
                mine=by == who,
                to_me=is_said and holder == who,
                left_to_me=is_said and holder != who and answered_by == who,
            )
        )
    return found


def _ending(
    seen: _History, who: int, *, ended_at: datetime, followed: Sequence[datetime], at: datetime
) -> Ending:
    data = seen.end.data if seen.end else {}
    return Ending(
        at=at,
        ended_at=ended_at,
        by=str(data.get("by", "")),
        disposition=str(data.get("disposition", "")),
        disposition_by_time=bool(data.get("default")),
        is_last_holder=seen.last == who,
        reopened_after=who in seen.reopened,
        handed_on=seen.left.get(who, False),
        was_late=who in seen.late_for,
        followed_up=tuple(followed),
    )


def _targets(row: Conversation, who: int, book: PolicyBook) -> timedelta | None:
    """Within what the centre wants an answer here: its rule for agents, the product's own for the bot."""
    if who == BOT:
        return _BOT_ANSWERS
    queue = row.queue
    here = Place(
        agent=who,
        queue=queue.pk if queue else None,
        team=queue.team_id if queue else None,
        inbox=row.inbox_id,
    )
    seconds = book.rules(here).answer_seconds
    return timedelta(seconds=seconds) if seconds else None


def words_in(text: str) -> int:
    """Spaced words; of Chinese and Japanese two letters are about one."""
    dense = sum("\u3040" <= letter <= "\u9fff" for letter in text)
    spaced = "".join(" " if "\u3040" <= letter <= "\u9fff" else letter for letter in text)
    return (
        len([word for word in spaced.split() if any(c.isalnum() for c in word)]) + (dense + 1) // 2
    )


def grounded(part: Part, ground: Ground) -> Part:
    return replace(part, ground=ground)
