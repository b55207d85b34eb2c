"""Reads of a case: everything around a conversation, one question of the database for each part."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, Sum

from agents.access import visible_to
from agents.models import Agent
from conversations.frames import moment
from conversations.models import (
    AttributeDefinition,
    ChecklistItem,
    ChecklistTemplate,
    Conversation,
    Event,
    Label,
    Link,
    Participant,
    Request,
    TimeEntry,
)

_SHOWN = 50
_TIMES_SHOWN = 20


def person(agent: Any) -> dict[str, Any] | None:
    return {"id": str(agent.uuid), "name": agent.shown_name} if agent else None


def label_of(label: Label) -> dict[str, Any]:
    return {
        "id": str(label.uuid),
        "name": label.name,
        "colour": label.colour,
        "description": label.description,
        "group": label.group,
        "is_exclusive": label.is_exclusive,
        "is_active": label.is_active,
    }


def definition_of(row: AttributeDefinition) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "scope": row.scope,
        "key": row.key,
        "label": row.label,
        "kind": row.kind,
        "choices": row.choices,
        "regex": row.regex,
        "required_on_resolve": row.required_on_resolve,
        "position": row.position,
        "help": row.help,
    }


def template_of(row: ChecklistTemplate) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "name": row.name,
        "items": row.items,
        "is_active": row.is_active,
    }


def definitions(scope: str) -> list[dict[str, Any]]:
    return [definition_of(row) for row in AttributeDefinition.objects.filter(scope=scope)]


def line_of(conversation: Conversation) -> dict[str, Any]:
    """A conversation in one line of a panel."""
    return {
        "id": str(conversation.uuid),
        "state": conversation.state,
        "preview": conversation.preview,
        "labels": conversation.labels,
        "opened_at": moment(conversation.opened_at),
        "last_message_at": moment(conversation.last_message_at),
        "resolved_at": moment(conversation.resolved_at),
        "merged_into": str(conversation.merged_into_id) if conversation.merged_into_id else None,
    }


def participant_of(row: Participant) -> dict[str, Any]:
    return {
        "agent": person(row.agent),
        "reason": row.reason,
        "created_at": moment(row.created_at),
    }


def request_of(row: Request) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "title": row.title,
        "topic": row.topic,
        "disposition": row.disposition,
        "state": row.state,
        "opened_offset": row.opened_offset,
        "opened_by": person(row.opened_by),
        "opened_at": moment(row.opened_at),
        "done_by": person(row.done_by),
        "done_at": moment(row.done_at),
    }


def step_of(row: ChecklistItem) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "text": row.text,
        "position": row.position,
        "done_at": moment(row.done_at),
        "done_by": person(row.done_by),
    }


def time_of(row: TimeEntry) -> dict[str, Any]:
    return {
        "id": str(row.uuid),
        "agent": person(row.agent),
        "seconds": row.seconds,
        "note": row.note,
        "started_at": moment(row.started_at),
        "ended_at": moment(row.ended_at),
    }


def link_of(row: Link, seen_from: Conversation) -> dict[str, Any]:
    """`kind` as it reads from here: the target of a `parent` has it as `child_of`."""
    outward = row.source_id == seen_from.pk
    other = row.target if outward else row.source
    return {
        "id": str(row.uuid),
        "kind": row.kind,
        "direction": "out" if outward else "in",
        "conversation": line_of(other),
        "created_at": moment(row.created_at),
    }


def links_of(conversation: Conversation, agent: Agent) -> list[dict[str, Any]]:
    """Only links to what this agent may see."""
    seen = visible_to(agent).values("pk")
    rows = (
        Link.objects.filter(
            Q(source=conversation, target__in=seen) | Q(target=conversation, source__in=seen)
        )
        .select_related("source", "target")
        .order_by("pk")[:_SHOWN]
    )
    return [link_of(row, conversation) for row in rows]


def merged_parts(conversation: Conversation) -> list[dict[str, Any]]:
    """What was merged into this one: who did it, when, and at which line its words begin."""
    parts = {str(part.uuid): part for part in conversation.merged_parts.order_by("pk")[:_SHOWN]}
    lines = (
        Event.objects.filter(conversation=conversation, kind="merged")
        .select_related("agent")
        .order_by("offset")
        if parts
        else Event.objects.none()
    )
    return [
        {
            "conversation": line_of(parts[line.data["from"]]),
            "summary": line.data.get("summary", ""),
            "messages": line.data.get("messages", 0),
            "offset": line.offset,
            "merged_by": person(line.agent),
            "merged_at": moment(line.created_at),
        }
        for line in lines
        if line.data.get("from") in parts
    ]


def time_spent(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    entries = conversation.time_entries.select_related("agent")
    running = TimeEntry.objects.filter(agent=agent, ended_at=None).select_related("conversation")
    timer = running.first()
    return {
        "total_seconds": entries.aggregate(total=Sum("seconds"))["total"] or 0,
        "entries": [time_of(row) for row in entries[:_TIMES_SHOWN]],
        "running": {
            "conversation": str(timer.conversation.uuid),
            "started_at": moment(timer.started_at),
        }
        if timer
        else None,
    }


def requests_of(conversation: Conversation) -> list[dict[str, Any]]:
    rows = conversation.requests.select_related("opened_by", "done_by")
    return [request_of(row) for row in rows]


def steps_of(conversation: Conversation) -> list[dict[str, Any]]:
    return [step_of(row) for row in conversation.checklist.select_related("done_by")]


def participants_of(conversation: Conversation) -> list[dict[str, Any]]:
    return [participant_of(row) for row in conversation.participants.select_related("agent")]


def _follows(rows: Iterable[dict[str, Any]], agent: Agent) -> bool:
    return any(row["agent"]["id"] == str(agent.uuid) for row in rows)


def case_of(conversation: Conversation, agent: Agent) -> dict[str, Any]:
    """Everything that the console's case panel shows, in one answer."""
    taking_part = participants_of(conversation)
    return {
        "conversation": str(conversation.uuid),
        "labels": conversation.labels,
        "attributes": conversation.attributes,
        "fields": definitions("conversation"),
        "participants": taking_part,
        "following": _follows(taking_part, agent),
        "links": links_of(conversation, agent),
        "merged_into": str(conversation.merged_into_id) if conversation.merged_into_id else None,
        "merged_parts": merged_parts(conversation),
        "requests": requests_of(conversation),
        "checklist": steps_of(conversation),
        "time": time_spent(conversation, agent),
        "muted_at": moment(conversation.muted_at),
        "blocked": conversation.customer.is_blocked,
    }
