"""The one write path: numbered, once, in order, and only by who may."""

import threading
import uuid
from datetime import datetime, timedelta

import pytest
from django.db import connection

from conversations.actions.post import post, store
from conversations.drafts import Refusal, Stored
from conversations.errors import NotAllowed
from conversations.models import Conversation, Event, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def numbers(answers: list[Stored | Refusal]) -> list[int | None]:
    return [a.seq for a in answers if isinstance(a, Stored)]


def test_a_batch_of_several_conversations_is_numbered_each_by_itself() -> None:
    one, two = make.conversation(), make.conversation()

    answers = store(
        [make.draft(one, "a"), make.draft(two, "b"), make.draft(one, "c"), make.draft(two, "d")]
    )

    assert numbers(answers) == [1, 1, 2, 2]
    assert list(
        Message.objects.filter(conversation=one).order_by("seq").values_list("seq", "text")
    ) == [(1, "a"), (2, "c")]
    one.refresh_from_db()
    assert (one.seq, one.offset, one.preview, one.preview_kind) == (2, 3, "c", "customer")


def test_a_list_shows_what_somebody_said_not_what_everybody_was_told() -> None:
    talk = make.conversation()

    store([make.draft(talk, "My tent leaks")])
    store([make.draft(talk, "Please wait a moment", author_kind="system")])

    talk.refresh_from_db()
    assert (talk.seq, talk.preview, talk.preview_kind) == (2, "My tent leaks", "customer")


def test_the_log_counts_everything_without_a_gap() -> None:
    talk = make.conversation()
    agent = make.agent()

    store(
        [
            make.draft(talk, "a"),
            make.draft(talk, "note", author_kind="agent", agent_id=agent.pk, note=True),
            make.draft(talk, "b"),
        ]
    )

    assert list(
        Event.objects.filter(conversation=talk).values_list("offset", "kind", "message__seq")
    ) == [(1, "opened", None), (2, "message", 1), (3, "message", None), (4, "message", 2)]


def test_the_same_id_again_is_answered_the_same_and_stores_nothing() -> None:
    talk = make.conversation()
    draft = make.draft(talk)

    first, again_in_batch = store([draft, draft])
    later = store([make.draft(talk, "something else", client_id=draft.client_id)])[0]

    assert isinstance(first, Stored)
    assert isinstance(again_in_batch, Stored)
    assert isinstance(later, Stored)
    assert (first.repeated, again_in_batch.repeated, later.repeated) == (False, True, True)
    assert {first.seq, again_in_batch.seq, later.seq} == {1}
    assert list(Message.objects.values_list("text", flat=True)) == ["Hello?"]


def test_one_id_may_name_messages_of_two_conversations() -> None:
    one, two = make.conversation(), make.conversation()
    key = uuid.uuid4()

    answers = store([make.draft(one, client_id=key), make.draft(two, client_id=key)])

    assert numbers(answers) == [1, 1]


@pytest.mark.parametrize(
    ("state", "kind", "reason"),
    [
        pytest.param({"state": "resolved", "resolved_at": make.NOON}, "customer", "resolved"),
        pytest.param({"state": "snoozed"}, "customer", "asleep"),
        pytest.param({}, "agent", "nobodys"),
        pytest.param({"bot_run": 3}, "bot", "not_your_turn"),
    ],
)
def test_who_may_not_speak_is_refused(state: dict[str, object], kind: str, reason: str) -> None:
    talk = make.conversation(**state)

    speaker = make.agent().pk if kind == "agent" else None
    answer = store([make.draft(talk, author_kind=kind, agent_id=speaker, run=2)])[0]

    assert isinstance(answer, Refusal)
    assert answer.reason == reason
    assert not Message.objects.exists()


def test_a_foreign_conversation_is_absent() -> None:
    talk = make.conversation()
    talk.pk = 987_654

    answer = store([make.draft(talk)])[0]

    assert isinstance(answer, Refusal)
    assert answer.reason == "absent"


def test_an_agent_speaks_only_where_they_hold_the_conversation() -> None:
    holder, other = make.agent(), make.agent()
    talk = make.conversation(state="assigned", assignee=holder)

    post(make.draft(talk, author_kind="agent", agent_id=holder.pk))
    with pytest.raises(NotAllowed, match="Somebody else has this conversation"):
        post(make.draft(talk, author_kind="agent", agent_id=other.pk))

    assert list(Message.objects.values_list("agent_id", flat=True)) == [holder.pk]


def test_waiting_since_is_the_first_unanswered_message_and_a_nudge_moves_nothing(
    at: datetime,
) -> None:
    talk = make.conversation()
    store([make.draft(talk, "first", at=at)])
    store([make.draft(talk, "hello??", at=at + timedelta(minutes=3))])
    talk.refresh_from_db()
    assert talk.waiting_since == at

    store([make.draft(talk, "answer", author_kind="bot", run=0, at=at + timedelta(minutes=4))])
    talk.refresh_from_db()
    assert [talk.waiting_since, talk.due_at] == [None, None]

    store([make.draft(talk, "thanks, and?", at=at + timedelta(minutes=5))])
    talk.refresh_from_db()
    assert talk.waiting_since == at + timedelta(minutes=5)


def test_what_the_bot_owes_is_due_within_seconds(at: datetime) -> None:
    talk = make.conversation()

    store([make.draft(talk, at=at)])

    talk.refresh_from_db()
    assert talk.due_at == at + timedelta(seconds=10)


def test_a_question_after_the_answer_of_the_same_batch_still_waits(at: datetime) -> None:
    talk = make.conversation()

    store(
        [
            make.draft(talk, "q1", at=at),
            make.draft(talk, "a1", author_kind="bot", run=0, at=at),
            make.draft(talk, "q2", at=at + timedelta(seconds=1)),
        ]
    )

    talk.refresh_from_db()
    assert talk.waiting_since == at + timedelta(seconds=1)


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_number_without_gaps_and_store_each_id_once() -> None:
    talks = [make.conversation() for _ in range(3)]
    shared = [make.draft(talk, "shared") for talk in talks]
    go = threading.Barrier(6)
    failures: list[BaseException] = []

    def write(n: int) -> None:
        try:
            go.wait()
            for i in range(10):
                # Another order each time: id order inside the statement keeps them from deadlock.
                batch = [make.draft(talk, f"{n}-{i}") for talk in talks]
                store([*batch[n % 3 :], *batch[: n % 3], *shared])
        except BaseException as error:  # noqa: BLE001 -- told to the test below
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    for talk in talks:
        seqs = (
            Message.objects.filter(conversation=talk).order_by("seq").values_list("seq", flat=True)
        )
        assert list(seqs) == list(range(1, 62))
        offsets = Event.objects.filter(conversation=talk).values_list("offset", flat=True)
        assert sorted(offsets) == list(range(1, 63))
        assert Conversation.objects.get(pk=talk.pk).seq == 61
