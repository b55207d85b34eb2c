"""By when a person answers first: promised while they wait, and told before it is late and when it is.

`Conversation.answer_by` is the promise and `alert_at` the next moment somebody hears of it. A person's
answer ends both in the statement that stores it; so does the end of the talk, or its return to the bot.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from agents.access import SEE_ALL, SUPERVISE
from agents.actions.notify import notify
from agents.models import Agent, Queue
from agents.models.attention import Kind
from agents.models.queue import TEAMS_ABOVE
from agents.queries import serving
from agents.reads.policies import hours_of
from agents.rules.queue_plan import promised
from agents.rules.registry import Rules
from conversations.actions.log import append
from conversations.frames import moment
from conversations.lifecycle import HELD, ON_HOLD, SNOOZED
from conversations.models import Conversation, Event

AT_ONCE = 200
EACH = 3  # of more than so many in one queue at once supervisors hear in one notification
_PAUSES = (ON_HOLD, SNOOZED)  # the lines of the log have the names of the states


def promise(conversation: Conversation, rules: Rules, *, at: datetime) -> dict[str, Any]:
    """What a held conversation that joins a queue is promised, as fields to save. One that was
    promised an answer already keeps it."""
    if conversation.answer_from is not None:
        return go_on(conversation, at=at)
    return _fields(conversation, rules, since=at, at=at)


def promise_anew(conversation: Conversation, rules: Rules, *, at: datetime) -> dict[str, Any]:
    """The same with another priority, counted from the same beginning."""
    if conversation.answer_from is None:
        return {}
    late = conversation.alert_at is None and at >= (conversation.answer_by or at)
    fields = _fields(conversation, rules, since=conversation.answer_from, at=at)
    if late and fields["alert_at"] == at:
        fields["alert_at"] = None  # they know
    return fields


def _fields(
    conversation: Conversation, rules: Rules, *, since: datetime, at: datetime
) -> dict[str, Any]:
    hours = hours_of(rules.hours) if rules.hours else None
    found = promised(rules, since=since, priority=conversation.priority, hours=hours, at=at)
    if found is None:
        return {"answer_from": None, "answer_by": None, "alert_at": None}
    return {"answer_from": found.since, "answer_by": found.by, "alert_at": found.alert}


def pause(conversation: Conversation) -> dict[str, Any]:
    """Put on hold or to sleep: nobody hears of it meanwhile."""
    return {"alert_at": None} if conversation.answer_by else {}


def go_on(conversation: Conversation, *, at: datetime) -> dict[str, Any]:
    """No longer on hold or asleep, if it was: the time of the pause is given back."""
    if conversation.state not in {ON_HOLD, SNOOZED}:
        return {}
    if conversation.answer_by is None or conversation.answer_from is None:
        return {}
    lines = Event.objects.filter(conversation=conversation, kind__in=_PAUSES)
    since = lines.order_by("-offset").values_list("created_at", flat=True).first()
    paused = at - since if since else at - at
    by = conversation.answer_by + paused
    return {
        "answer_from": conversation.answer_from + paused,
        "answer_by": by,
        "alert_at": by if by > at else None,
    }


# --- the clock ---


@transaction.atomic
def alert_due(*, at: datetime) -> int:
    """Tells who has it and who supervises there of every promise whose moment has come."""
    due = Conversation.objects.filter(alert_at__lte=at).order_by("alert_at", "pk")
    locked = due.select_for_update(of=("self",), no_key=True, skip_locked=True)
    rows = list(locked.select_related("inbox", "customer", "queue", "assignee")[:AT_ONCE])
    late = [row for row in rows if row.answer_by is not None and row.answer_by <= at]
    late_ids = {row.pk for row in late}
    Conversation.objects.filter(pk__in=late_ids).update(alert_at=None)
    soon = [row for row in rows if row.pk not in late_ids]
    Conversation.objects.filter(pk__in=[row.pk for row in soon]).update(alert_at=F("answer_by"))
    for row in late:
        append(row, "late", at=at, answer_by=moment(row.answer_by))
    for stage, talks in (("late", late), ("soon", soon)):
        _tell_holders(talks, stage, at=at)
        _tell_supervisors(talks, stage, at=at)
    return len(rows)


def _tell_holders(talks: Iterable[Conversation], stage: str, *, at: datetime) -> None:
    for talk in talks:
        if talk.assignee_id and talk.state in HELD:
            _notify([talk.assignee_id], talk, stage, at=at)


def _tell_supervisors(talks: Iterable[Conversation], stage: str, *, at: datetime) -> None:
    by_queue: dict[int, list[Conversation]] = defaultdict(list)
    for talk in talks:
        if talk.queue_id:
            by_queue[talk.queue_id].append(talk)
    for theirs in by_queue.values():
        queue = theirs[0].queue
        assert queue is not None
        told = supervisors_of(queue)
        if len(theirs) > EACH:
            # In the order of the promises: the first one has waited longest.
            _notify(told, theirs[0], stage, at=at, count=len(theirs))
            continue
        for talk in theirs:
            _notify(told - {talk.assignee_id}, talk, stage, at=at)


def _notify(
    agents: Iterable[int | None], talk: Conversation, stage: str, *, at: datetime, **more: Any
) -> None:
    data = {
        "stage": stage,
        "answer_by": moment(talk.answer_by),
        "queue": talk.queue.name if talk.queue else "",
        "agent": talk.assignee.shown_name if talk.assignee else "",
        **more,
    }
    ids = [one for one in agents if one is not None]
    notify(agent_ids=ids, kind=Kind.SLA, conversation=talk, data=data, at=at)


def supervisors_of(queue: Queue) -> set[int | None]:
    """Who supervises this queue: those who lead its team or serve it themselves; if nobody does, all
    who see all."""
    may = _allowed(SUPERVISE)
    near = Q(pk__in=serving(queue).values("pk")) | Q(pk__in=_leads(queue))
    own = set(may.filter(near).values_list("pk", flat=True))
    everywhere = Q(pk__in=_allowed(SEE_ALL).values("pk"))
    return set(own or may.filter(everywhere).values_list("pk", flat=True))


def _leads(queue: Queue) -> set[int]:
    """Of its team, and of the teams above it."""
    team, found = queue.team, set[int]()
    for _ in range(TEAMS_ABOVE + 1):
        if team is not None:
            found |= set(team.leads.values_list("pk", flat=True))
            team = team.above
    return found


def _allowed(permission: str) -> Any:
    backend = "django.contrib.auth.backends.ModelBackend"
    return Agent.objects.with_perm(permission, backend=backend)
