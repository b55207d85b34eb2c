"""Rules of routing with real rows: what a manager writes is what happens."""

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from django.test import override_settings

from agents.actions.assign import claim
from agents.actions.offers import decline
from agents.actions.pausing import snooze
from agents.actions.presence import set_presence
from agents.actions.route import explain_waiting, route_waiting
from agents.actions.sweep import run_due
from agents.actions.wrap_up import resolve
from agents.models import Agent, AgentSkill, Assignment, Offer, Policy, Queue, Skill
from conversations.actions.customer import wake
from conversations.models import Conversation
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def queue() -> Queue:
    return make.queue(is_default=True)


def after(at: datetime, seconds: float) -> datetime:
    return at + timedelta(seconds=seconds)


def rule(name: str, value: Any, **place: Any) -> Policy:
    return Policy.objects.create(rule=name, value=value, **place)


def asked(talk: Conversation) -> Agent | None:
    offer = Offer.objects.filter(conversation=talk, ended_at=None).first()
    return offer.agent if offer else None


def skilled(queue: Queue, at: datetime, **levels: int) -> Agent:
    agent = make.present_agent(queues=[queue], at=at)
    for name, level in levels.items():
        skill, _ = Skill.objects.get_or_create(name=name)
        AgentSkill.objects.create(agent=agent, skill=skill, level=level)
    return agent


def test_skills_relax_at_their_moment(queue: Queue, at: datetime) -> None:
    rule("skills", [{"all": [{"skill": "french", "level": 4}], "seconds": 30},
                    {"all": [{"skill": "french", "level": 2}], "seconds": 30}, {}])  # fmt: skip
    anybody, some = skilled(queue, at), skilled(queue, at, french=2)
    talk = make.waiting_conversation(queue=queue, at=at, due_at=after(at, 30))
    make.waiting_conversation(queue=make.queue())

    assert route_waiting(at=at) == 0
    run_due(at=after(at, 30))
    assert route_waiting(at=after(at, 19)) == 0
    for agent in (anybody, some):  # their consoles are still there
        set_presence(agent_id=agent.pk, status="online", at=after(at, 30))
    assert route_waiting(at=after(at, 30)) == 1
    assert asked(talk) == some
    assert Conversation.objects.get(pk=talk.pk).due_at == after(at, 60)


def test_a_required_language_finds_who_speaks_it(queue: Queue, at: datetime) -> None:
    rule("language", {"required": True})
    make.present_agent(queues=[queue], languages=["en"])
    lin = make.present_agent(queues=[queue], languages=["zh", "en"])
    talk = make.waiting_conversation(queue=queue, language="zh-Hans")

    assert route_waiting(at=at) == 1
    assert asked(talk) == lin


def test_customers_go_back_to_who_served_them(queue: Queue, at: datetime) -> None:
    rule("sticky", {"days": 7, "wait_seconds": 60})
    anna, ben = (make.present_agent(queues=[queue], capacity=1) for _ in range(2))
    known = make.customer()
    before = make.waiting_conversation(queue=queue, customer=known)
    claim(conversation_id=before.pk, agent_id=ben.pk, at=at)
    again = make.waiting_conversation(queue=queue, customer=known, at=after(at, 1))

    assert route_waiting(at=after(at, 1)) == 0  # Ben is busy: they wait for him
    resolve(conversation_id=before.pk, agent_id=ben.pk, disposition="", note="", at=after(at, 5))
    assert route_waiting(at=after(at, 6)) == 1
    assert asked(again) == ben
    decline(conversation_id=again.pk, agent_id=ben.pk, at=after(at, 7))
    assert route_waiting(at=after(at, 8)) == 1
    assert asked(again) == anna


def test_nobody_gets_more_than_a_fair_share(queue: Queue, at: datetime) -> None:
    rule("fairness", {"most": 2, "seconds": 3600})
    agent = make.present_agent(queues=[queue], capacity=9)
    for _ in range(3):
        make.waiting_conversation(queue=queue)

    assert route_waiting(at=at) == 2
    Offer.objects.update(created_at=after(at, -3601))
    assert route_waiting(at=at) == 1
    assert Offer.objects.filter(agent=agent).count() == 3


def test_channels_weigh_and_have_room_of_their_own(queue: Queue, at: datetime) -> None:
    rule("weights", {"email": 0.5})
    rule("channel_capacity", {"web": 1})
    agent = make.present_agent(queues=[queue], capacity=2)
    mail = make.inbox(kind="email")
    web = [make.waiting_conversation(queue=queue, at=at) for _ in range(2)]
    mails = [make.waiting_conversation(queue=queue, at=after(at, 1), inbox=mail) for _ in range(3)]

    while route_waiting(at=after(at, 1)):
        pass

    assert [asked(talk) for talk in web] == [agent, None]
    assert [asked(talk) for talk in mails] == [agent, agent, None]


def test_an_inbox_has_room_of_its_own(queue: Queue, at: datetime) -> None:
    shop, parts = make.inbox(key="shop"), make.inbox(key="parts")
    rule("channel_capacity", {"inbox:shop": 1, "web": 5})
    agent = make.present_agent(queues=[queue], capacity=9)
    from_shop = [make.waiting_conversation(queue=queue, at=at, inbox=shop) for _ in range(2)]
    from_parts = [
        make.waiting_conversation(queue=queue, at=after(at, 1), inbox=parts) for _ in range(3)
    ]

    while route_waiting(at=after(at, 1)):
        pass

    assert [asked(talk) for talk in from_shop] == [agent, None]
    assert [asked(talk) for talk in from_parts] == [agent, agent, agent]
    waiting = explain_waiting(from_shop[1], at=after(at, 1))
    assert waiting is not None
    assert waiting.why["filtered"] == {"inbox_full": 1}


def test_silent_ones_that_wake_together_overfill_nobody(queue: Queue, at: datetime) -> None:
    """Room is counted twice: by what is awake, and by what could wake."""
    rule("open_limit", 3)
    agent = make.present_agent(queues=[queue], capacity=2)
    talks = []
    for n in range(4):
        talk = make.waiting_conversation(queue=queue, at=after(at, n))
        if route_waiting(at=after(at, n)) == 0:
            break
        claim(conversation_id=talk.pk, agent_id=agent.pk, at=after(at, n))
        snooze(conversation_id=talk.pk, agent_id=agent.pk, until=None, at=after(at, n))
        talks.append(talk)
    assert len(talks) == 3
    for talk in talks:
        assert wake(conversation_id=talk.pk, at=after(at, 5))

    assert Assignment.objects.filter(agent=agent, ended_at=None).count() == 3
    assert route_waiting(at=after(at, 6)) == 0


def test_direct_gives_it_at_once_and_manual_waits_to_be_pulled(queue: Queue, at: datetime) -> None:
    mode = rule("mode", "manual")
    agent = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue)
    assert route_waiting(at=at) == 0
    mode.value = "direct"
    mode.save()

    assert route_waiting(at=at) == 1
    talk.refresh_from_db()
    assert (talk.state, talk.assignee) == ("assigned", agent)
    assert Assignment.objects.get().why["chosen"] == agent.shown_name


def test_the_backlog_is_brought_the_moment_somebody_comes_online(
    queue: Queue,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    queued: list[tuple[str, dict[str, Any]]] = []
    monkeypatch.setattr(
        "agents.receivers.queue_task", lambda task, **words: queued.append((task.name, words))
    )
    agent = make.agent()
    queue.members.add(agent)
    make.waiting_conversation(queue=queue)
    with django_capture_on_commit_callbacks(execute=True):
        set_presence(agent_id=agent.pk, status="online", at=at)

    assert ("agents.route", {"agent_id": agent.pk}) in queued
    assert route_waiting(agent_id=agent.pk, at=at) == 1


# --- a program chooses ---


class Program(ThreadingHTTPServer):
    """A company's own: remembers what it was asked, answers what it is told to."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answering)
        self.asked: list[tuple[dict[str, str], bytes]] = []
        self.answer: tuple[int, bytes] = (200, b"{}")


class _Answering(BaseHTTPRequestHandler):
    server: Program

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.asked.append((dict(self.headers), body))
        status, said = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Tests are quiet."""


@pytest.fixture
def program() -> Iterator[Program]:

    server = Program()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with override_settings(WEBHOOKS_MAY_BE_PRIVATE=True):
        yield server
    server.shutdown()
    server.server_close()


def test_a_program_chooses_and_is_told_no_words(
    queue: Queue, at: datetime, program: Program
) -> None:
    address = f"http://127.0.0.1:{program.server_port}/choose"
    rule("webhook", {"url": address, "seconds": 2, "secret": "sesame"})
    people = [make.present_agent(queues=[queue]) for _ in range(3)]
    talk = make.waiting_conversation(queue=queue, preview="My secret worry")
    program.answer = (200, json.dumps({"agent": str(people[2].uuid)}).encode())

    assert route_waiting(at=at) == 1

    assert asked(talk) == people[2]
    ((headers, body),) = program.asked
    signed = hmac.new(b"sesame", f"{headers['X-Timestamp']}.".encode() + body, hashlib.sha256)
    assert headers["X-Signature"] == f"sha256={signed.hexdigest()}"
    question = json.loads(body)
    assert question["conversation"] == str(talk.uuid)
    assert "worry" not in body.decode()
    assert Offer.objects.get().why["preferred"] == "hint"


@pytest.mark.parametrize(
    "answer",
    [(500, b""), (200, b"no json"), (200, b"[]"), (200, b'{"agent": "moon"}'), (302, b"")],
)
def test_whatever_a_program_says_the_customer_is_served(
    queue: Queue, at: datetime, program: Program, answer: tuple[int, bytes]
) -> None:
    rule("webhook", {"url": f"http://127.0.0.1:{program.server_port}/", "seconds": 2})
    agent = make.present_agent(queues=[queue])
    talk = make.waiting_conversation(queue=queue)
    program.answer = answer

    assert route_waiting(at=at) == 1
    assert asked(talk) == agent
    assert len(program.asked) == 1


def test_a_program_chooses_nobody_who_is_full(queue: Queue, at: datetime, program: Program) -> None:
    rule("webhook", {"url": f"http://127.0.0.1:{program.server_port}/", "seconds": 2})
    full, free = (make.present_agent(queues=[queue], capacity=1) for _ in range(2))
    held = make.waiting_conversation(queue=queue)
    claim(conversation_id=held.pk, agent_id=full.pk, at=at)
    talk = make.waiting_conversation(queue=queue)
    program.answer = (200, json.dumps({"agent": str(full.uuid)}).encode())

    assert route_waiting(at=at) == 1
    assert asked(talk) == free
