"""Plain typed functions that build rows; a test names only what matters to it."""

from datetime import UTC, datetime
from itertools import count
from typing import Any

from agents.models import Agent, Presence, Queue, WrapUpCode
from agents.roles import ensure_roles
from conversations.actions.session import open_conversation
from conversations.drafts import Draft
from conversations.models import Conversation, Customer
from inboxes.models import Inbox

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
_numbers = count(1)


def inbox(**fields: Any) -> Inbox:
    n = next(_numbers)
    return Inbox.objects.create(**({"key": f"web-{n}", "name": f"Web {n}"} | fields))


def wrap_up_code(code: str = "solved") -> WrapUpCode:
    """A house has it from its first migration on; a test that empties all tables takes it away."""
    return WrapUpCode.objects.get_or_create(code=code, defaults={"name": code.capitalize()})[0]


def customer(**fields: Any) -> Customer:
    return Customer.objects.create(
        **({"name": f"Customer {next(_numbers)}", "created_at": NOON} | fields)
    )


def conversation(**fields: Any) -> Conversation:
    """With the bot, nothing said yet."""
    opened = open_conversation(
        inbox=fields.pop("inbox", None) or inbox(),
        customer=fields.pop("customer", None) or customer(),
        language=fields.pop("language", "en"),
        at=fields.pop("at", NOON),
    )
    state = fields.get("state")
    if state in {"on_hold", "snoozed", "wrap_up"}:
        # Nobody gets there but by way of an agent.
        fields.setdefault("assignee", agent())
        Conversation.objects.filter(pk=opened.pk).update(
            state="assigned", assignee=fields["assignee"]
        )
    if state in {"queued", "offered"} and "queued_at" in fields:
        fields.setdefault("entered_at", fields["queued_at"])
        fields.setdefault("rank_at", fields["queued_at"])
    if state == "wrap_up":
        fields.setdefault("resolved_at", NOON)
    if fields:
        Conversation.objects.filter(pk=opened.pk).update(**fields)
    return Conversation.objects.get(pk=opened.pk)


def queue(**fields: Any) -> Queue:
    return Queue.objects.create(**({"name": f"Queue {next(_numbers)}"} | fields))


def agent(*, role: str = "agent", **fields: Any) -> Agent:
    from django.contrib.auth.models import Group

    n = next(_numbers)
    made = Agent.objects.create_user(
        **({"username": f"agent-{n}", "first_name": f"Agent {n}", "password": "x"} | fields)
    )
    ensure_roles()
    made.groups.add(Group.objects.get(name=role))
    return made


def present_agent(
    *, queues: list[Queue] | None = None, at: datetime = NOON, **fields: Any
) -> Agent:
    made = agent(**fields)
    Presence.objects.create(agent=made, status="online", since=at, seen_at=at)
    for served in queues or []:
        served.members.add(made)
    return made


def waiting_conversation(*, queue: Queue, at: datetime = NOON, **fields: Any) -> Conversation:
    return conversation(
        **(
            {
                "state": "queued",
                "queue": queue,
                "queued_at": at,
                "waiting_since": at,
            }
            | fields
        )
    )


def draft(conversation: Conversation, text: str = "Hello?", **fields: Any) -> Draft:
    usual: dict[str, Any] = {
        "conversation_id": conversation.pk,
        "author_kind": "customer",
        "text": text,
        "at": NOON,
    }
    return Draft(**(usual | fields))
