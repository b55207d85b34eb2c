"""What does not go at the agents' doors is answered with its code; nothing changes, nothing is lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db.models import Model
from django.utils import timezone

from agents.actions.assign import claim, transfer
from agents.actions.offers import accept, decline
from agents.actions.pausing import put_on_hold, reopen, snooze, take_off_hold
from agents.actions.route import route_waiting
from agents.actions.supervise import barge, take_over, watch, whisper
from agents.actions.wrap_up import finish_wrap_up, resolve
from agents.models import Agent, Assignment, Notification, Offer, PresenceChange, Queue
from agents.models import ScheduledMessage as Scheduled
from conversations.actions.customer import finish
from conversations.actions.post import store
from conversations.errors import Refused
from conversations.models import Conversation, Event, Message, Participant
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
KEPT: tuple[type[Model], ...] = (
    Conversation, Event, Message, Offer, Assignment, Participant, Notification, PresenceChange,
    Scheduled,
)  # fmt: skip


def everything() -> list[list[tuple[Any, ...]]]:
    """All rows that a door could have changed."""
    return [list(kind._default_manager.order_by("pk").values_list()) for kind in KEPT]


@pytest.fixture
def at() -> datetime:
    """The doors read the clock themselves."""
    return timezone.now()


@pytest.fixture
def queue() -> Queue:
    return make.queue(is_default=True)


@pytest.fixture
def anna(queue: Queue, at: datetime) -> Agent:
    return make.present_agent(queues=[queue], username="anna", at=at)


@pytest.fixture
def ben(queue: Queue, at: datetime) -> Agent:
    return make.present_agent(queues=[queue], username="ben", at=at)


@pytest.fixture
def stranger(at: datetime) -> Agent:
    return make.present_agent(queues=[make.queue()], username="stranger", at=at)


@pytest.fixture
def talk(queue: Queue, anna: Agent, at: datetime) -> Conversation:
    """Anna has it, and its customer waits for her."""
    made = make.waiting_conversation(queue=queue, at=at)
    store([make.draft(made, "Hello?", at=at)])
    claim(conversation_id=made.pk, agent_id=anna.pk, at=at)
    return Conversation.objects.get(pk=made.pk)


@pytest.fixture
def offered(queue: Queue, anna: Agent, at: datetime) -> Conversation:
    """Anna is asked."""
    made = make.waiting_conversation(queue=queue, at=at)
    assert route_waiting(at=at) == 1
    return Conversation.objects.get(pk=made.pk)


def refused(
    who: Agent, path: str, words: Any = None, *, method: str = "post"
) -> tuple[int, str, dict[str, Any]]:
    """Asked at the door, and answered no: everything is as it was."""
    before = everything()
    status, answer = Door(who).ask(method, path, words or {})
    assert everything() == before
    assert set(answer) == {"code", "detail", "fields"}
    assert answer["detail"]
    return status, answer["code"], answer["fields"]


def doors(key: Any) -> list[tuple[str, str, Any]]:
    """Every door of a conversation that does something, with words that it would take."""
    base = f"conversations/{key}"
    until = (timezone.now() + timedelta(hours=1)).isoformat()
    said = {"id": str(uuid4()), "text": "Hello"}
    return [
        ("post", f"{base}/messages/", said),
        ("post", f"{base}/messages/", {**said, "note": True}),
        ("post", f"{base}/claim/", {}),
        ("post", f"{base}/accept/", {}),
        ("post", f"{base}/decline/", {}),
        ("post", f"{base}/transfer/", {"bot": True}),
        ("post", f"{base}/resolve/", {}),
        ("post", f"{base}/reopen/", {}),
        ("post", f"{base}/snooze/", {"until": until}),
        ("post", f"{base}/hold/", {"on": True}),
        ("post", f"{base}/wrap-up/", {}),
        ("post", f"{base}/read/", {"seq": 1}),
        ("patch", f"{base}/", {"priority": 2}),
        ("patch", f"{base}/attributes/", {"x": 1}),
        ("post", f"{base}/participants/", {"agent": str(uuid4())}),
        ("post", f"{base}/follow/", {}),
        ("post", f"{base}/merge/", {"source": str(uuid4())}),
        ("post", f"{base}/split/", {"offsets": [1]}),
        ("post", f"{base}/links/", {"to": str(uuid4()), "kind": "related"}),
        ("post", f"{base}/mute/", {"on": True}),
        ("post", f"{base}/requests/", {"title": "A refund"}),
        ("post", f"{base}/checklist/", {"text": "Ask"}),
        ("post", f"{base}/time/", {"seconds": 60}),
        ("post", f"{base}/timer/", {}),
        ("get", f"{base}/", None),
        ("get", f"{base}/log/", None),
        ("get", f"{base}/case/", None),
        ("get", f"{base}/routing/", None),
    ]


def test_a_foreign_conversation_is_absent_at_every_door(
    talk: Conversation, stranger: Agent
) -> None:
    """And one that does not exist is answered just the same."""
    for foreign, absent in zip(doors(talk.uuid), doors(uuid4()), strict=True):
        answers = [
            refused(stranger, path, words, method=method)
            for method, path, words in (foreign, absent)
        ]
        assert answers[0] == answers[1], foreign
        assert answers[0][:2] == (404, "not_found"), foreign


def test_a_door_that_does_not_exist_is_told(talk: Conversation, anna: Agent) -> None:
    before = everything()
    status, answer = Door(anna).ask("post", f"conversations/{talk.uuid}/dance/", {})

    assert (status, answer["code"]) == (404, "not_found")
    assert everything() == before


@pytest.mark.parametrize("verb", ["accept", "decline"])
@pytest.mark.parametrize("how", ["ran out", "somebody else's", "taken", "never"])
def test_a_stale_offer(
    offered: Conversation, anna: Agent, ben: Agent, at: datetime, verb: str, how: str
) -> None:
    who = anna
    match how:
        case "ran out":
            if verb == "decline":
                return  # late, but said: the next one is asked
            Offer.objects.update(expires_at=at - timedelta(seconds=1))
        case "somebody else's":
            who = ben
        case "taken":
            claim(conversation_id=offered.pk, agent_id=ben.pk, at=at)
        case _:
            Offer.objects.all().delete()
            Conversation.objects.update(state="queued")

    assert refused(who, f"conversations/{offered.uuid}/{verb}/")[:2] == (403, "not_allowed")


def test_a_double_accept(offered: Conversation, anna: Agent, ben: Agent) -> None:
    Door(anna).post(f"conversations/{offered.uuid}/accept/")

    for who in (anna, ben):
        answer = refused(who, f"conversations/{offered.uuid}/accept/")
        assert answer[:2] == (403, "not_allowed")
    assert Assignment.objects.get(ended_at=None).agent == anna


def test_two_who_pull_the_same_one(talk: Conversation, anna: Agent, ben: Agent) -> None:
    assert refused(ben, f"conversations/{talk.uuid}/claim/")[:2] == (403, "not_allowed")
    before = everything()
    Door(anna).post(f"conversations/{talk.uuid}/claim/")  # hers already: nothing to do

    assert everything() == before


ILLEGAL: list[tuple[str, str, dict[str, Any], tuple[int, str]]] = [
    ("resolved", "snooze", {"until": "2999-01-01T00:00:00Z"}, (409, "cannot_move")),
    ("resolved", "hold", {"on": True}, (409, "cannot_move")),
    ("resolved", "transfer", {"bot": True}, (409, "cannot_move")),
    ("resolved", "messages", {"text": "One more thing"}, (409, "closed")),
    ("resolved", "claim", {}, (200, "")),
    ("assigned", "wrap-up", {}, (400, "bad_frame")),
    ("assigned", "accept", {}, (403, "not_allowed")),
    ("snoozed", "hold", {"on": True}, (409, "cannot_move")),
    ("snoozed", "transfer", {"bot": True}, (409, "cannot_move")),
    ("on_hold", "wrap-up", {}, (400, "bad_frame")),
]


@pytest.mark.parametrize(("state", "door", "words", "answer"), ILLEGAL)
def test_an_illegal_move(
    talk: Conversation, anna: Agent, at: datetime, state: str, door: str, words: dict[str, Any],
    answer: tuple[int, str],
) -> None:  # fmt: skip
    of: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": anna.pk, "at": at}
    match state:
        case "resolved":
            resolve(**of, disposition="", note="")
        case "snoozed":
            snooze(**of, until=None)
        case "on_hold":
            put_on_hold(**of)
    path = f"conversations/{talk.uuid}/{door}/"
    if door == "messages":
        words = {"id": str(uuid4()), **words}
    if answer[0] == 200:  # what is over may be taken up again, and its log says so
        assert Door(anna).post(path, words)["state"] == "assigned"
        assert Event.objects.filter(conversation=talk, kind="reopened").exists()
    else:
        assert refused(anna, path, words)[:2] == answer


@pytest.mark.parametrize(
    ("door", "words", "field"),
    [
        ("messages", {"id": str(uuid4()), "text": "x" * 4001, "note": True}, "text"),
        ("messages", {"id": str(uuid4()), "text": "x" * 4001}, "text"),
        ("transfer", {"bot": True, "note": "x" * 4001}, "note"),
        ("resolve", {"note": "x" * 4001}, "note"),
        ("resolve", {"disposition": "x" * 41}, "disposition"),
        ("messages", {"id": "7", "text": "Hi"}, "id"),
        ("messages", {"text": "Hi"}, "id"),
        ("messages", {"id": str(uuid4()), "text": "Hi", "attachments": ["x"]}, "attachments"),
        ("snooze", {"until": "tomorrow"}, "until"),
        ("snooze", {}, "until"),
        ("transfer", {"agent": "x"}, "agent"),
        ("read", {"seq": -1}, "seq"),
    ],
)
def test_oversized_or_broken_words(
    talk: Conversation, anna: Agent, door: str, words: dict[str, Any], field: str
) -> None:
    status, code, fields = refused(anna, f"conversations/{talk.uuid}/{door}/", words)

    assert (status, code) == (400, "invalid")
    assert list(fields) == [field]


@pytest.mark.parametrize(
    ("door", "words"),
    [
        ("messages", {"id": str(uuid4()), "text": "   "}),
        ("transfer", {}),
        ("transfer", {"bot": True, "queue": str(uuid4())}),
        ("transfer", {"queue": str(uuid4())}),
        ("transfer", {"agent": str(uuid4())}),
        ("resolve", {"disposition": "<script>"}),
        ("snooze", {"until": "1999-01-01T00:00:00Z"}),
    ],
)
def test_words_that_make_no_sense(
    talk: Conversation, anna: Agent, door: str, words: dict[str, Any]
) -> None:
    answer = refused(anna, f"conversations/{talk.uuid}/{door}/", words)

    assert answer[:2] == (400, "bad_frame")


def test_a_colleague_who_sees_it_moves_nothing(talk: Conversation, ben: Agent) -> None:
    """Wrong role: reading along is not having."""
    Participant.objects.create(conversation=talk, agent=ben, created_at=timezone.now())
    told = {"id": str(uuid4()), "text": "Hi"}
    until = {"until": "2999-01-01T00:00:00Z"}
    for door, words in (
        ("messages", told), ("transfer", {"bot": True}), ("resolve", {}), ("snooze", until),
        ("hold", {"on": True}), ("wrap-up", {}), ("read", {"seq": 1}),
        ("split", {"offsets": [1]}), ("claim", {}),
    ):  # fmt: skip
        answer = refused(ben, f"conversations/{talk.uuid}/{door}/", words)
        assert answer[:2] == (403, "not_allowed"), door


def test_only_supervisors_supervise(talk: Conversation, ben: Agent) -> None:
    base = f"conversations/{talk.uuid}/supervise"
    said = {"id": str(uuid4()), "text": "Psst"}
    for path, words in (
        ("watch/", {}), ("stop/", {}), ("whisper/", said), ("barge/", said), ("take-over/", {}),
    ):  # fmt: skip
        assert refused(ben, f"{base}/{path}", words)[:2] == (403, "not_allowed"), path
    status = {"status": "away", "reason": ""}
    answer = refused(ben, f"agents/{talk.assignee.uuid}/presence/", status) if talk.assignee else ()
    assert answer[:2] == (403, "not_allowed")


def test_the_actions_themselves_refuse_whole(
    talk: Conversation, anna: Agent, ben: Agent, stranger: Agent, at: datetime
) -> None:
    """Whichever door forgot to ask: the action does not, and a refusal leaves nothing behind."""
    of: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": ben.pk, "at": at}
    by: dict[str, Any] = {"conversation_id": talk.pk, "supervisor_id": ben.pk, "at": at}
    attempts: list[tuple[Callable[..., object], dict[str, Any]]] = [
        (accept, of), (decline, of), (claim, of),
        (transfer, of | {"kind": "bot", "target": None, "note": "mine now"}),
        (resolve, of | {"disposition": "", "note": "done"}),
        (finish_wrap_up, of | {"code": "", "note": "done"}),
        (snooze, of | {"until": None}), (put_on_hold, of), (take_off_hold, of),
        (watch, by), (barge, by | {"text": "Hi"}), (take_over, by),
        (whisper, by | {"text": "Hi", "client_id": uuid4()}),
    ]  # fmt: skip
    before = everything()
    for act, words in attempts:
        with pytest.raises(Refused):
            act(**words)
        assert everything() == before, act


def test_taking_up_what_is_open_is_nothing(talk: Conversation, ben: Agent, at: datetime) -> None:
    before = everything()
    reopen(conversation_id=talk.pk, agent_id=ben.pk, at=at)

    assert everything() == before


def test_what_was_said_meanwhile_is_not_lost_by_a_refusal(
    talk: Conversation, anna: Agent, at: datetime
) -> None:
    """A move that comes too late leaves the customer's last words where they are."""
    store([make.draft(talk, "And another thing", at=at)])
    finish(conversation_id=talk.pk, at=at)

    words = {"id": str(uuid4()), "text": "Let me see"}
    assert refused(anna, f"conversations/{talk.uuid}/messages/", words)[:2] == (409, "closed")
    assert Message.objects.filter(conversation=talk, text="And another thing").exists()
