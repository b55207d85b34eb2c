"""Two conversations become one, or one becomes two: nothing said is lost or doubled."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from agents.actions.assign import claim
from agents.models import Assignment
from conversations.actions.calling import ask_for_a_call
from conversations.actions.customer import wake
from conversations.actions.post import post, store
from conversations.actions.session import Claims, open_session
from conversations.drafts import Refusal, Stored
from conversations.errors import Merged, Refused
from conversations.models import Conversation, Event, Link, Message, Session
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def pair(at: datetime) -> tuple[Conversation, Conversation, Any]:
    """Two conversations of one customer; an agent has the second."""
    queue = make.queue(is_default=True)
    agent = make.present_agent(queues=[queue])
    customer, inbox = make.customer(), make.inbox()
    source = make.conversation(customer=customer, inbox=inbox, queue=queue)
    post(make.draft(source, "First"))
    post(make.draft(source, "Second", at=at + timedelta(seconds=1)))
    target = make.conversation(customer=customer, inbox=inbox, queue=queue)
    post(make.draft(target, "Other"))
    claim(conversation_id=target.pk, agent_id=agent.pk, at=at)
    return source, target, agent


def said(conversation: Conversation) -> list[tuple[int | None, str]]:
    rows = Message.objects.filter(conversation=conversation).exclude(author_kind="system")
    return list(rows.order_by("offset").values_list("seq", "text"))


def test_merge_brings_everything_along(pair: Any, at: datetime) -> None:
    source, target, agent = pair

    card = Door(agent).post(f"conversations/{source.uuid}/merge/", {"into": str(target.uuid)})

    source.refresh_from_db()
    target.refresh_from_db()
    assert card["conversation"] == str(target.uuid)
    assert (source.state, source.merged_into_id) == ("resolved", target.uuid)
    assert said(target) == [(1, "Other"), (3, "First"), (4, "Second")]
    assert target.waiting_since == at
    assert [e.offset for e in target.events.all()] == list(range(1, target.offset + 1))
    kinds = list(target.events.values_list("kind", flat=True))
    assert kinds[-3:] == ["merged", "copied", "copied"]
    copy = Message.objects.get(conversation=target, text="First")
    assert copy.origin == {"conversation": str(source.uuid), "offset": 2}
    parts = Door(agent).get(f"conversations/{target.uuid}/case/")["merged_parts"]
    assert [(p["conversation"]["id"], p["messages"], p["summary"]) for p in parts] == [
        (str(source.uuid), 2, "First · Second")
    ]


def test_the_customer_s_sessions_files_and_unacknowledged_words_go_on_in_the_target(
    at: datetime,
) -> None:
    queue = make.queue(is_default=True)
    agent = make.present_agent(queues=[queue])
    inbox = make.inbox()
    opened = open_session(inbox=inbox, language="en", claims=Claims(), origin="", at=at)
    source = opened.conversation
    draft = make.draft(source, "Did this arrive?")
    store([draft])
    target = make.conversation(customer=opened.customer, inbox=inbox, queue=queue)
    claim(conversation_id=target.pk, agent_id=agent.pk, at=at)
    Conversation.objects.filter(pk=source.pk).update(queue=queue)

    Door(agent).post(f"conversations/{source.uuid}/merge/", {"into": str(target.uuid)})

    assert Session.objects.get().conversation == target
    again = store([make.draft(target, "Did this arrive?", client_id=draft.client_id)])[0]
    assert isinstance(again, Stored)
    assert again.repeated
    late = store([make.draft(source, "Too late")])[0]
    assert isinstance(late, Refusal)
    for verb in (wake, ask_for_a_call):
        more: dict[str, Any] = (
            {"phone": "+49 30 1234567", "call_at": None} if verb is ask_for_a_call else {}
        )
        with pytest.raises(Merged):
            verb(conversation_id=source.pk, at=at, **more)


def test_merging_frees_whoever_held_the_source(pair: Any, at: datetime) -> None:
    source, target, agent = pair
    claim(conversation_id=source.pk, agent_id=agent.pk, at=at)

    Door(agent).post(f"conversations/{source.uuid}/merge/", {"into": str(target.uuid)})

    assert list(Assignment.objects.filter(ended_at=None)) == [
        Assignment.objects.get(conversation=target)
    ]


def test_what_can_t_be_merged_is_refused_with_its_code(pair: Any, at: datetime) -> None:
    source, target, agent = pair
    queue = source.queue
    stranger = make.conversation(queue=queue)
    ended = make.conversation(
        customer=source.customer, queue=queue, state="resolved", resolved_at=at
    )
    mail = make.conversation(customer=source.customer, queue=queue, inbox=make.inbox(kind="email"))
    door = Door(agent)

    def merge(one: Any, into: Any) -> tuple[int, str]:
        status, answer = door.ask("post", f"conversations/{one}/merge/", {"into": str(into)})
        return status, answer["code"]

    assert merge(target.uuid, target.uuid) == (409, "cannot_merge")
    assert merge(stranger.uuid, target.uuid) == (409, "cannot_merge")
    assert merge(target.uuid, ended.uuid) == (409, "cannot_merge")
    assert merge(mail.uuid, target.uuid) == (409, "cannot_merge")
    assert merge(uuid4(), target.uuid) == (404, "not_found")
    assert merge(source.uuid, uuid4()) == (404, "not_found")
    assert merge(source.uuid, "x") == (400, "invalid")
    assert merge(target.uuid, source.uuid) == (403, "not_allowed")  # nobody holds the source
    assert Message.objects.filter(conversation=target, text="First").count() == 0

    door.post(f"conversations/{source.uuid}/merge/", {"into": str(target.uuid)})
    assert merge(source.uuid, target.uuid) == (409, "cannot_merge")
    assert merge(target.uuid, source.uuid) == (409, "cannot_merge")
    assert door.ask("post", f"conversations/{source.uuid}/reopen/", {})[1]["code"] == "merged"


def test_the_database_refuses_the_same_merges(pair: Any, at: datetime) -> None:
    source, target, _ = pair
    stranger = make.conversation()
    third = make.conversation(customer=source.customer, inbox=source.inbox)
    over = {"state": "resolved", "resolved_at": at, "due_at": None, "assignee": None}

    def merge(one: Conversation, into: Conversation) -> None:
        Conversation.objects.filter(pk=one.pk).update(merged_into=into.uuid, **over)

    for one, into in ((source, source), (source, stranger)):
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            merge(one, into)
    merge(source, target)
    for one, into in ((target, source), (source, third)):  # a circle; twice
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            merge(one, into)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=source.pk).update(state="bot", resolved_at=None)


def test_split_makes_a_linked_conversation_of_some_lines(pair: Any) -> None:
    _, target, agent = pair
    offsets = list(
        Message.objects.filter(conversation=target, text="Other").values_list("offset", flat=True)
    )

    card = Door(agent).post(f"conversations/{target.uuid}/split/", {"offsets": offsets})

    made = Conversation.objects.get(uuid=card["conversation"])
    assert (made.state, made.customer, made.queue) == ("queued", target.customer, target.queue)
    assert said(made) == [(1, "Other")]
    assert Message.objects.get(conversation=made).origin == {
        "conversation": str(target.uuid),
        "offset": offsets[0],
    }
    assert Link.objects.get().kind == "split"
    assert Event.objects.filter(conversation=target, kind="split").exists()
    links = Door(agent).get(f"conversations/{made.uuid}/case/")["links"]
    assert [(link["kind"], link["direction"]) for link in links] == [("split", "in")]


def test_split_takes_only_what_somebody_said_here(pair: Any) -> None:
    source, target, agent = pair
    door = Door(agent)

    for offsets in ([1], [999], [], ["x"], [0], None, [2**40]):
        status, answer = door.ask(
            "post", f"conversations/{target.uuid}/split/", {"offsets": offsets}
        )
        assert (status, answer["code"]) == (400, "invalid"), offsets
    status, _ = door.ask("post", f"conversations/{source.uuid}/split/", {"offsets": [2]})
    assert status == 403


def test_merging_back_what_was_split_off_doubles_nothing(pair: Any) -> None:
    _, target, agent = pair
    line = Message.objects.get(conversation=target, text="Other")
    door = Door(agent)
    made = door.post(f"conversations/{target.uuid}/split/", {"offsets": [line.offset]})
    before = said(target)

    door.post(f"conversations/{made['conversation']}/merge/", {"into": str(target.uuid)})

    assert said(target) == before


def test_links_have_no_circles_and_no_doubles(pair: Any) -> None:
    source, target, agent = pair
    third = make.conversation(customer=source.customer, queue=source.queue)
    door = Door(agent)

    def link(one: Conversation, to: Conversation, kind: str) -> tuple[int, str | None]:
        status, answer = door.ask(
            "post", f"conversations/{one.uuid}/links/", {"to": str(to.uuid), "kind": kind}
        )
        return status, answer.get("code")

    assert link(source, target, "parent") == (201, None)
    assert link(target, third, "parent") == (201, None)
    assert link(third, source, "parent") == (409, "taken")
    assert link(target, source, "parent") == (409, "taken")
    assert link(source, target, "related") == (201, None)
    assert link(target, source, "related") == (409, "taken")
    assert link(source, third, "parent") == (409, "taken")  # it has a parent
    assert link(source, source, "related") == (400, "bad_frame")
    assert link(source, target, "split") == (400, "invalid")
    first = door.get(f"conversations/{source.uuid}/case/")["links"][0]
    assert door.ask("delete", f"conversations/{third.uuid}/links/{first['id']}/")[0] == 404
    assert door.ask("delete", f"conversations/{source.uuid}/links/{first['id']}/")[0] == 204
    assert len(door.get(f"conversations/{source.uuid}/case/")["links"]) == 1


def test_a_refusal_changes_nothing(pair: Any, at: datetime) -> None:
    source, target, _ = pair
    other = make.present_agent(queues=[source.queue])
    before = target.events.count()

    status, answer = Door(other).ask(
        "post", f"conversations/{source.uuid}/merge/", {"into": str(target.uuid)}
    )

    assert (status, answer["code"]) == (403, "not_allowed")
    assert target.events.count() == before
    assert issubclass(Merged, Refused)
