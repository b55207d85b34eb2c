"""A case at its HTTP doors: who may, what is refused, and what the log says afterwards."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from agents.actions.assign import claim, transfer
from agents.actions.attend import attend
from agents.actions.noted import overlooked_notes, read_note
from agents.actions.pausing import put_on_hold, take_off_hold
from agents.models import Agent, Notification, Queue, Team
from conversations import live
from conversations.actions.participants import add_participant, remove_participant
from conversations.actions.post import post
from conversations.actions.session import Claims, open_session
from conversations.models import (
    AttributeDefinition,
    ChecklistTemplate,
    Conversation,
    Customer,
    Event,
    Label,
    Message,
    Participant,
    RecordChange,
    TimeEntry,
)
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def queue() -> Queue:
    return make.queue(is_default=True)


@pytest.fixture
def anna(queue: Queue) -> Agent:
    return make.present_agent(queues=[queue], username="anna")


@pytest.fixture
def talk(anna: Agent, queue: Queue, at: datetime) -> Conversation:
    """Anna has it."""
    found = make.conversation(queue=queue)
    post(make.draft(found))
    claim(conversation_id=found.pk, agent_id=anna.pk, at=at)
    found.refresh_from_db()
    return found


def last_event(talk: Conversation, kind: str) -> dict[str, Any]:
    return dict(Event.objects.filter(conversation=talk, kind=kind).latest("offset").data)


def note(talk: Conversation, by: Agent, text: str) -> Message:
    stored = post(
        make.draft(
            talk, text, author_kind="agent", agent_id=by.pk, author_name=by.shown_name, note=True
        )
    )
    return Message.objects.select_related("conversation__customer").get(pk=stored.message_id)


# --- fields and labels ---


def test_fields_are_checked_kept_in_one_form_and_logged(talk: Conversation, anna: Agent) -> None:
    for key, kind in (("order", "text"), ("total", "number"), ("gift", "checkbox")):
        AttributeDefinition.objects.create(scope="conversation", key=key, label=key, kind=kind)
    door, path = Door(anna), f"conversations/{talk.uuid}/attributes/"

    status, card = door.ask("patch", path, {"attributes": {"order": " A-1 ", "total": "9.5"}})
    refused = door.ask("patch", path, {"attributes": {"gift": "yes", "moon": 1, "order": "B"}})
    door.ask("patch", path, {"attributes": {"order": None}})

    assert (status, card["attributes"]) == (200, {"order": "A-1", "total": 9.5})
    assert (refused[0], refused[1]["code"], set(refused[1]["fields"])) == (
        400,
        "invalid",
        {"gift", "moon"},
    )
    assert last_event(talk, "attributes") == {
        "scope": "conversation",
        "changes": {"order": {"old": "A-1", "new": None}},
    }
    talk.refresh_from_db()
    assert talk.attributes == {"total": 9.5}


def test_a_required_field_is_asked_for_on_resolving(talk: Conversation, anna: Agent) -> None:
    AttributeDefinition.objects.create(
        scope="conversation", key="order", label="Order", required_on_resolve=True
    )
    door = Door(anna)

    refused = door.ask("post", f"conversations/{talk.uuid}/resolve/", {"disposition": "solved"})
    door.ask("patch", f"conversations/{talk.uuid}/attributes/", {"attributes": {"order": "A"}})
    solved = door.ask("post", f"conversations/{talk.uuid}/resolve/", {"disposition": "solved"})

    assert (refused[0], refused[1]["code"], list(refused[1]["fields"])) == (
        409,
        "missing",
        ["order"],
    )
    assert solved[0] == 200


def test_what_a_site_says_of_its_customer_is_believed_and_brought_into_form(at: datetime) -> None:
    AttributeDefinition.objects.create(scope="customer", key="age", label="Age", kind="integer")
    AttributeDefinition.objects.create(scope="customer", key="vip", label="VIP", kind="checkbox")
    claims = Claims(attributes={"age": "41", "vip": "perhaps", "plan": "gold"})

    opened = open_session(inbox=make.inbox(), language="en", claims=claims, origin="", at=at)

    assert opened.customer.attributes == {"age": 41, "plan": "gold"}


def test_a_label_of_an_exclusive_group_replaces_the_other(talk: Conversation, anna: Agent) -> None:
    for name in ("gold", "silver"):
        Label.objects.create(name=name, group="plan", is_exclusive=True)
    door, path = Door(anna), f"conversations/{talk.uuid}/"

    door.ask("patch", path, {"labels": ["gold", "unknown here"]})
    status, card = door.ask("patch", path, {"labels": ["gold", "unknown here", "silver"]})

    assert (status, card["labels"]) == (200, ["unknown here", "silver"])


@pytest.mark.parametrize(
    ("path", "words", "bad"),
    [
        ("labels/", {"name": "vip", "colour": "#ff0000"}, {"name": "x", "colour": "red"}),
        ("labels/", {"name": "vip"}, {"name": "x", "is_exclusive": True}),
        (
            "attributes/",
            {"scope": "customer", "key": "plan", "label": "Plan", "kind": "text", "regex": r"\w+"},
            {"scope": "customer", "key": "p", "label": "P", "kind": "text", "regex": "(a|aa)+b"},
        ),
        (
            "attributes/",
            {"scope": "company", "key": "k", "label": "K", "kind": "list", "choices": ["a"]},
            {"scope": "company", "key": "k2", "label": "K", "kind": "list"},
        ),
        ("checklists/", {"name": "Refund", "items": ["Check"]}, {"name": "R", "items": []}),
    ],
)
def test_catalogues_are_a_manager_s_to_change_and_everybody_s_to_read(
    anna: Agent, path: str, words: dict[str, Any], bad: dict[str, Any]
) -> None:
    manager, agent = Door(make.agent(role="manager")), Door(anna)

    assert agent.ask("post", path, words)[0] == 403
    made = manager.post(path, words)
    assert manager.ask("post", path, words)[1]["code"] == "taken"
    refused = manager.ask("post", path, bad)
    assert (refused[0], refused[1]["code"]) == (400, "invalid")
    assert [row["id"] for row in agent.get(path)] == [made["id"]]
    assert agent.ask("patch", f"{path}{made['id']}/", {})[0] == 403
    assert manager.ask("patch", f"{path}{made['id']}/", {})[0] == 200
    assert manager.ask("delete", f"{path}{uuid4()}/")[0] == 404
    assert manager.ask("delete", f"{path}{made['id']}/")[0] == 204


# --- who takes part ---


def test_a_mention_lets_somebody_see_the_case_and_tells_them(
    talk: Conversation, anna: Agent, at: datetime
) -> None:
    ben, eve = make.agent(username="ben"), make.agent(username="eve")
    team = Team.objects.create(name="Second Level")
    team.members.add(eve)
    path = f"conversations/{talk.uuid}/case/"
    assert Door(ben).ask("get", path)[0] == 404

    message = note(talk, anna, "@ben and @second-level: please look. Also @nobody, a@ben")
    read_note(message, at=at)
    read_note(message, at=at)

    assert Door(ben).get(path)["following"]
    assert Door(eve).ask("get", path)[0] == 200
    told = Notification.objects.order_by("agent__username").values_list("agent__username", "kind")
    assert list(told) == [("ben", "mention"), ("eve", "mention")]
    assert last_event(talk, "mentioned")["teams"] == ["Second Level"]
    assert Event.objects.filter(conversation=talk, kind="mentioned").count() == 1
    status, answer = Door(ben).ask(
        "post",
        f"conversations/{talk.uuid}/messages/",
        {"id": str(uuid4()), "text": "I'm on it", "note": True},
    )
    assert (status, answer["note"]) == (201, True)
    status, answer = Door(ben).ask(
        "post", f"conversations/{talk.uuid}/messages/", {"id": str(uuid4()), "text": "Hello!"}
    )
    assert (status, answer["code"]) == (403, "not_allowed")


def test_a_note_whose_news_got_lost_is_read_later(
    talk: Conversation, anna: Agent, at: datetime
) -> None:
    ben = make.agent(username="ben")
    note(talk, anna, "@ben look")
    note(talk, anna, "mail a@example.com, ask @nobody")

    assert overlooked_notes(at=at) == 1
    assert overlooked_notes(at=at) == 0
    assert Notification.objects.get().agent == ben


def test_consulting_a_colleague_asks_them_in_a_note(talk: Conversation, anna: Agent) -> None:
    ben = make.agent(username="ben")
    door, path = Door(anna), f"conversations/{talk.uuid}/participants/"

    row = door.post(path, {"agent": str(ben.uuid), "question": "Is this a warranty case?"})

    assert (row["agent"]["name"], row["reason"]) == (ben.shown_name, "consulted")
    assert Message.objects.get(conversation=talk, note=True).text == "Is this a warranty case?"
    assert Door(ben).get("me/notifications/")["results"][0]["data"]["by"] == anna.shown_name
    assert door.ask("post", path, {"agent": str(uuid4())})[0] == 400
    assert Door(ben).ask("delete", f"{path}{anna.uuid}/")[0] == 403
    assert Door(ben).ask("delete", f"{path}{ben.uuid}/")[0] == 204
    assert Door(ben).ask("get", f"conversations/{talk.uuid}/case/")[0] == 404


def test_who_takes_part_sees_every_move_and_is_asked_again_when_they_no_longer_do(
    talk: Conversation,
    anna: Agent,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ben = make.agent(username="ben")
    room = live.agent_room(ben.pk)
    said: list[live.Push] = []
    monkeypatch.setattr(live, "announce", said.extend)
    of: dict[str, Any] = {"conversation_id": talk.pk, "agent_id": ben.pk, "by_id": anna.pk}

    def cards() -> list[str]:
        """The stages that Ben's consoles were shown since the last look."""
        seen = [
            p.frame["stage"] for p in said if room in p.rooms and p.frame["type"] == "conversation"
        ]
        said.clear()
        return seen

    with django_capture_on_commit_callbacks(execute=True):
        add_participant(**of, reason="added", at=at)
    assert cards() == ["assigned"]
    with django_capture_on_commit_callbacks(execute=True):
        put_on_hold(conversation_id=talk.pk, agent_id=anna.pk, at=at)
    assert cards() == ["on_hold"]
    with django_capture_on_commit_callbacks(execute=True):
        remove_participant(**of, at=at)
    # Whoever has it open is asked once more whether they may.
    assert live.look_again(talk.pk) in said
    said.clear()
    with django_capture_on_commit_callbacks(execute=True):
        take_off_hold(conversation_id=talk.pk, agent_id=anna.pk, at=at)
    assert live.look_again(talk.pk) not in said
    assert cards() == []


def test_another_queue_lets_each_console_ask_again(
    talk: Conversation,
    anna: Agent,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    said: list[live.Push] = []
    monkeypatch.setattr(live, "announce", said.extend)
    other = make.queue()
    with django_capture_on_commit_callbacks(execute=True):
        transfer(
            conversation_id=talk.pk,
            agent_id=anna.pk,
            kind="queue",
            target=other.uuid,
            note="",
            at=at,
        )

    assert live.look_again(talk.pk) in said
    card = next(p for p in said if p.frame["type"] == "conversation")
    # Who had it and who serves there see that it is elsewhere now.
    assert {live.agent_room(anna.pk), live.queue_room(other.pk)} <= set(card.rooms)


def test_who_had_it_is_shown_that_a_colleague_has_it_now(
    talk: Conversation,
    anna: Agent,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:
    ben = make.present_agent(username="ben")
    said: list[live.Push] = []
    monkeypatch.setattr(live, "announce", said.extend)
    with django_capture_on_commit_callbacks(execute=True):
        transfer(
            conversation_id=talk.pk, agent_id=anna.pk, kind="agent", target=ben.uuid, note="", at=at
        )

    card = next(p for p in said if p.frame["type"] == "conversation")
    assert {live.agent_room(anna.pk), live.agent_room(ben.pk)} <= set(card.rooms)
    assert card.frame["assignee"]["name"] == ben.shown_name


def test_following_and_leaving_twice_changes_nothing(talk: Conversation, anna: Agent) -> None:
    door, path = Door(anna), f"conversations/{talk.uuid}/follow/"

    assert door.post(path)["following"]
    assert door.post(path)["following"]
    assert Participant.objects.count() == 1
    assert door.ask("delete", path)[0] == door.ask("delete", path)[0] == 204
    kinds = talk.events.filter(kind__startswith="participant").values_list("kind", flat=True)
    assert list(kinds) == ["participant_added", "participant_removed"]


# --- what is left to do ---


def test_requests_are_opened_finished_and_reopened(talk: Conversation, anna: Agent) -> None:
    door, path = Door(anna), f"conversations/{talk.uuid}/requests/"
    made = door.post(path, {"title": "Refund tent", "topic": "refund"})
    one = f"{path}{made['id']}/"

    done = door.ask("patch", one, {"state": "done", "disposition": "solved"})[1]
    door.ask("patch", one, {"state": "done"})
    again = door.ask("patch", one, {"state": "open", "title": "Refund the tent"})[1]

    assert (made["state"], done["state"], done["disposition"]) == ("open", "done", "solved")
    assert (again["state"], again["done_at"], again["title"]) == ("open", None, "Refund the tent")
    kinds = talk.events.filter(kind__startswith="request").values_list("kind", flat=True)
    assert list(kinds) == ["request_opened", "request_done", "request_edited", "request_reopened"]
    assert door.ask("post", path, {"title": " \u202e "})[0] == 400
    assert door.ask("patch", f"{path}{uuid4()}/", {"state": "done"})[0] == 404
    assert door.ask("patch", one, {"state": "lost"})[0] == 400


def test_a_checklist_is_put_on_and_ticked_off(talk: Conversation, anna: Agent) -> None:
    template = ChecklistTemplate.objects.create(name="Refund", items=["Check order", "Pay back"])
    door, path = Door(anna), f"conversations/{talk.uuid}/checklist/"

    steps = door.post(path, {"template": str(template.uuid)})
    steps = door.post(path, {"text": "Say thanks"})
    done = door.ask("patch", f"{path}{steps[0]['id']}/", {"done": True})[1]
    undone = door.ask("patch", f"{path}{steps[0]['id']}/", {"done": False})[1]

    assert [s["text"] for s in steps] == ["Check order", "Pay back", "Say thanks"]
    assert (done["done_by"]["name"], undone["done_by"]) == (anna.shown_name, None)
    assert door.ask("delete", f"{path}{steps[1]['id']}/")[0] == 204
    assert door.ask("post", path, {})[0] == 400
    assert door.ask("post", path, {"template": str(uuid4())})[0] == 404
    changes = [e.data["change"] for e in talk.events.filter(kind="checklist")]
    assert changes == ["applied", "added", "done", "undone", "removed"]


def test_one_timer_runs_for_each_agent(
    talk: Conversation, anna: Agent, queue: Queue, at: datetime
) -> None:
    other = make.conversation(queue=queue)
    door = Door(anna)

    door.post(f"conversations/{talk.uuid}/timer/")
    now = door.post(f"conversations/{other.uuid}/timer/")
    status, stopped = door.ask("patch", f"conversations/{other.uuid}/timer/", {"note": "Call"})
    written = door.post(f"conversations/{other.uuid}/time/", {"seconds": 300, "note": "Mail"})

    assert now["running"]["conversation"] == str(other.uuid)
    assert (status, stopped["running"]) == (200, None)
    assert written["seconds"] == 300
    assert door.get(f"conversations/{other.uuid}/time/")["total_seconds"] >= 300
    assert TimeEntry.objects.filter(ended_at=None).count() == 0
    assert door.ask("post", f"conversations/{other.uuid}/time/", {"seconds": 10**9})[0] == 400
    TimeEntry.objects.create(conversation=talk, agent=anna, started_at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeEntry.objects.create(conversation=other, agent=anna, started_at=at)


# --- customers and companies ---


def test_a_customer_s_record_is_corrected_linked_and_remembered(
    talk: Conversation, anna: Agent
) -> None:
    AttributeDefinition.objects.create(scope="customer", key="plan", label="Plan")
    door = Door(anna)
    company = door.post("companies/", {"name": "ACME", "domain": "Acme.example"})
    path = f"customers/{talk.customer.uuid}/"

    status, customer = door.ask(
        "patch",
        path,
        {"name": "Ann", "company": company["id"], "attributes": {"plan": "gold"}},
    )

    assert status == 200, customer
    assert (customer["name"], customer["company"]["domain"]) == ("Ann", "acme.example")
    assert customer["attributes"] == {"plan": "gold"}
    assert customer["changes"][0]["changes"]["plan"] == {"old": None, "new": "gold"}
    assert last_event(talk, "company")["new"] == "ACME"
    assert last_event(talk, "attributes")["changes"]["plan"]["new"] == "gold"
    assert door.ask("patch", path, {"attributes": {"moon": 1}})[1]["fields"].keys() == {"moon"}
    assert door.ask("patch", path, {"company": str(uuid4())})[0] == 404
    assert door.ask("patch", path, {"email": "nobody"})[0] == 400
    one = f"companies/{company['id']}/"
    assert [c["name"] for c in door.get(f"{one}customers/")["results"]] == ["Ann"]
    assert [c["id"] for c in door.get(f"{one}conversations/")["results"]] == [str(talk.uuid)]
    assert door.get(one)["customers"] == 1
    assert door.ask("post", "companies/", {"name": "acme"})[1]["code"] == "taken"
    assert door.ask("delete", one)[0] == 403
    assert Door(make.agent(role="manager")).ask("delete", one)[0] == 204
    assert Customer.objects.get(pk=talk.customer_id).company is None
    assert RecordChange.objects.count() == 1


def test_somebody_looks_after_a_customer(talk: Conversation, anna: Agent) -> None:
    door, path = Door(anna), f"customers/{talk.customer.uuid}/"
    customer = door.ask("patch", path, {"owner": str(anna.uuid)})[1]
    assert customer["owner"] == {"id": str(anna.uuid), "name": anna.shown_name}
    assert customer["changes"][0]["changes"]["owner"]["new"] == anna.shown_name
    assert last_event(talk, "attributes")["changes"]["owner"]["new"] == anna.shown_name
    assert door.ask("patch", path, {"owner": str(uuid4())})[0] == 404
    assert door.ask("patch", path, {"owner": None})[1]["owner"] is None


def test_a_customer_whom_one_may_not_see_is_absent(talk: Conversation, anna: Agent) -> None:
    stranger = Door(make.agent())

    for path in ("", "conversations/", "notes/"):
        answer = stranger.ask("get", f"customers/{talk.customer.uuid}/{path}")
        assert (answer[0], answer[1]["code"]) == (404, "not_found")
        assert answer[1] == stranger.ask("get", f"customers/{uuid4()}/{path}")[1]
    assert stranger.get("customers/")["results"] == []
    assert [c["id"] for c in Door(anna).get("customers/")["results"]] == [str(talk.customer.uuid)]


def test_notes_about_a_customer(talk: Conversation, anna: Agent, queue: Queue) -> None:
    ben = make.present_agent(queues=[queue])
    door, path = Door(anna), f"customers/{talk.customer.uuid}/notes/"

    first = door.post(path, {"text": "Likes phone calls"})
    door.post(path, {"text": "Pays late"})
    pinned = Door(ben).ask("patch", f"{path}{first['id']}/", {"is_pinned": True})
    reworded = Door(ben).ask("patch", f"{path}{first['id']}/", {"text": "No"})
    edited = door.ask("patch", f"{path}{first['id']}/", {"text": "Likes calls"})[1]

    assert (pinned[0], reworded[0]) == (200, 403)
    assert (edited["text"], edited["edited_at"] is not None) == ("Likes calls", True)
    assert [n["text"] for n in door.get(path)["results"]] == ["Pays late", "Likes calls"]
    panel = door.get(f"customers/{talk.customer.uuid}/")
    assert [n["text"] for n in panel["notes"]] == ["Likes calls", "Pays late"]
    assert Door(ben).ask("delete", f"{path}{first['id']}/")[0] == 403
    assert door.ask("delete", f"{path}{first['id']}/")[0] == 204
    assert door.ask("post", path, {"text": "x" * 4001})[0] == 400


def test_past_conversations_come_in_pages(talk: Conversation, anna: Agent, queue: Queue) -> None:
    for _ in range(5):
        make.conversation(customer=talk.customer, queue=queue)
    make.conversation(customer=talk.customer)  # the bot's: not anna's to see
    door, path = Door(anna), f"customers/{talk.customer.uuid}/conversations/?limit=4"

    first = door.get(path)
    second = door.get(first["next"].split("/api/v1/")[1])

    keys = [c["id"] for c in first["results"] + second["results"]]
    assert (len(first["results"]), len(keys), len(set(keys))) == (4, 6, 6)
    assert second["next"] is None
    assert door.ask("get", f"{path}&cursor=nonsense")[0] == 400


# --- block and mute ---


def test_a_blocked_customer_s_conversations_end_and_stay_ended(
    talk: Conversation, anna: Agent, queue: Queue, at: datetime
) -> None:
    waiting = make.waiting_conversation(queue=queue, customer=talk.customer)
    manager, path = Door(make.agent(role="manager")), f"customers/{talk.customer.uuid}/block/"

    assert Door(anna).ask("post", path, {})[0] == 403
    blocked = manager.post(path, {"reason": "spam"})
    again = manager.post(path, {"reason": "spam"})

    talk.refresh_from_db()
    waiting.refresh_from_db()
    assert (blocked["blocked"], again["blocked"]) == (True, True)
    assert (talk.state, waiting.state) == ("resolved", "resolved")
    assert last_event(talk, "blocked") == {"reason": "spam"}
    assert not anna.assignments.filter(ended_at=None).exists()
    assert manager.ask("delete", path)[1]["blocked"] is False
    assert Event.objects.filter(kind="unblocked").count() == 1


def test_a_muted_conversation_notifies_nobody(
    talk: Conversation, anna: Agent, at: datetime
) -> None:
    door, path = Door(anna), f"conversations/{talk.uuid}/mute/"
    first = post(make.draft(talk, "Hello?"))
    attend([{"message": first.message_id}], at=at)
    door.post(path)
    second = post(make.draft(talk, "Anybody?"))
    attend([{"message": second.message_id}], at=at)

    assert [n["data"]["text"] for n in door.get("me/notifications/")["results"]] == ["Hello?"]
    assert door.ask("delete", path)[1]["muted"] is False
    assert list(talk.events.filter(kind__endswith="muted").values_list("kind", flat=True)) == [
        "muted",
        "unmuted",
    ]


# --- one and many cost the same ---


@pytest.mark.parametrize("count", [1, 4])
def test_panels_and_lists_need_the_same_queries_for_any_number_of_rows(
    talk: Conversation,
    anna: Agent,
    queue: Queue,
    at: datetime,
    count: int,
    django_assert_max_num_queries: Any,
) -> None:
    door, base = Door(anna), f"conversations/{talk.uuid}"
    for n in range(count):
        other = make.conversation(queue=queue, customer=talk.customer)
        door.post(f"{base}/requests/", {"title": f"R{n}"})
        door.post(f"{base}/checklist/", {"text": f"S{n}"})
        door.post(f"{base}/time/", {"seconds": 5})
        door.post(f"{base}/links/", {"to": str(other.uuid), "kind": "related"})
        door.post(f"{base}/participants/", {"agent": str(make.agent().uuid)})
        door.post(f"customers/{talk.customer.uuid}/notes/", {"text": f"N{n}"})
        part = make.conversation(queue=queue, customer=talk.customer, inbox=talk.inbox)
        door.post(f"conversations/{part.uuid}/merge/", {"into": str(talk.uuid)})
        attend([{"conversation": other.pk, "offered_to": anna.pk}], at=at)

    with django_assert_max_num_queries(22):
        case = door.get(f"{base}/case/")
    with django_assert_max_num_queries(14):
        door.get(f"customers/{talk.customer.uuid}/")
    with django_assert_max_num_queries(8):
        door.get("customers/")
    with django_assert_max_num_queries(9):
        assert len(door.get("me/notifications/")["results"]) == count
    assert len(case["links"]) == len(case["merged_parts"]) == count
