"""Why the bot said it: who may see it, what stands there, and that looking closer is logged."""

from dataclasses import asdict, replace
from datetime import datetime

import pytest
from django.test import Client

from bots.actions.answer import answer
from bots.actions.articles import import_articles
from bots.actions.rerun import ask_for_rerun, take_again
from bots.answering.manner import Guideline
from bots.knowledge.vectors import light_encoders
from bots.models import BotRerun, BotTrace
from conversations.actions.post import store
from conversations.models import Conversation, Event
from tests import make
from tests.bots.actions.test_answer import RETURNS, ScriptedModel

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

WORDS = "My card is 4111 1111 1111 1111. What is your return policy?"


def answered(at: datetime) -> tuple[Conversation, BotTrace]:
    import_articles([RETURNS], encoders=light_encoders(), at=at, bad=lambda _line: None)
    talk = make.conversation(at=at)
    store([make.draft(talk, WORDS, at=at)])
    model = ScriptedModel("You may return anything within 30 days.")
    answer(conversation_id=talk.pk, model=lambda: model, clock=lambda: at)
    return talk, BotTrace.objects.get(conversation=talk)


def signed_in(role: str) -> Client:
    client = Client()
    client.force_login(make.agent(role=role))
    return client


def test_it_is_read_by_those_who_may_and_nobody_else(at: datetime) -> None:
    talk, turn = answered(at)
    page, door = f"/console/why/{talk.uuid}/", f"/api/v1/conversations/{talk.uuid}/turns/"

    manager = signed_in("manager")
    html = manager.get(page).content.decode()
    assert "Answered: An article answers it" in html
    assert "Returning an item" in html
    assert "4111" not in html
    (row,) = manager.get(door).json()["results"]
    assert (row["id"], row["reason_says"]) == (str(turn.uuid), "An article answers it")
    assert manager.get(f"{door}{turn.uuid}/").json()["data"]["question"].startswith("My card is [")
    admin = f"/admin/bots/bottrace/{turn.pk}/change/"
    chief = Client()
    chief.force_login(make.agent(role="admin", is_staff=True, is_superuser=True))
    assert "Returning an item" in chief.get(admin).content.decode()

    agent, lead = signed_in("agent"), signed_in("lead")
    assert [agent.get(page).status_code, agent.get(door).status_code] == [403, 404]
    # A lead may see turns, but not this conversation.
    assert [lead.get(page).status_code, lead.get(door).status_code] == [404, 404]


def test_personal_data_is_shown_to_who_says_why_and_that_is_logged(at: datetime) -> None:
    talk, turn = answered(at)
    door = f"/api/v1/conversations/{talk.uuid}/turns/{turn.uuid}/reveal/"
    manager = signed_in("manager")

    assert manager.post(door, {"reason": " "}, "application/json").status_code == 400
    assert not Event.objects.filter(conversation=talk, kind="trace_revealed").exists()

    shown = manager.post(door, {"reason": "A refund went wrong"}, "application/json").json()
    assert "4111 1111 1111 1111" in shown["data"]["question"]
    event = Event.objects.get(conversation=talk, kind="trace_revealed")
    assert event.data == {"turn": str(turn.uuid), "why": "A refund went wrong"}
    words = {"turn": str(turn.uuid), "reveal": "1", "reason": "Again"}
    html = manager.post(f"/console/why/{talk.uuid}/", words).content.decode()
    assert "4111 1111 1111 1111" in html


@pytest.mark.parametrize(("kind", "finds"), [("same", "30 days"), ("live", "45 days")])
def test_a_turn_is_taken_again_as_it_was_or_with_what_is_known_today(
    kind: str, finds: str, at: datetime
) -> None:
    talk, turn = answered(at)
    changed = replace(RETURNS, body="You may return anything within 45 days.")
    import_articles([changed], encoders=light_encoders(), at=at, bad=lambda _line: None)
    manager = signed_in("manager")
    door = f"/api/v1/conversations/{talk.uuid}/turns/{turn.uuid}/reruns/"

    asked = manager.post(door, {"kind": kind}, "application/json")
    assert (asked.status_code, asked.json()["state"]) == (202, "waiting")
    assert manager.post(door, {"kind": kind}, "application/json").status_code == 409

    model = ScriptedModel(f"You may return anything within {finds}.")
    rerun = BotRerun.objects.get()
    assert take_again(rerun=rerun.uuid, model=lambda: model, at=at)
    assert not take_again(rerun=rerun.uuid, model=lambda: model, at=at)

    (done,) = manager.get(door).json()
    assert (done["state"], done["data"]["decision"], done["data"]["by"]) == (
        "done", "answer", "model",
    )  # fmt: skip
    assert finds in done["data"]["answer"]
    html = manager.get(f"/console/why/{talk.uuid}/").content.decode()
    assert ("The same decision and the same words" in html) is (kind == "same")
    assert ("is at version 2 now, not 1" in html) is (kind == "live")
    assert Conversation.objects.get(pk=talk.pk).seq == 2  # nobody heard it


@pytest.mark.parametrize(("mood", "by"), [(-0.9, "quote"), (0.1, "model")])
def test_as_it_was_the_customer_is_as_cross_as_they_were(
    mood: float, by: str, at: datetime
) -> None:
    """A rule of then that speaks of anger held the model's words back, whatever the mood is by now."""
    _, turn = answered(at)
    assert turn.data["sentiment"] is None  # nothing had been read yet
    calm = Guideline("Say it calmly", when="The customer is angry", never=("within",))
    turn.data |= {"sentiment": mood}
    turn.data["manner"]["rules"] = [asdict(calm) | {"excludes": []}]
    turn.save(update_fields=["data"])
    rerun = ask_for_rerun(turn_id=turn.pk, kind="same", agent_id=None, at=at)
    model = ScriptedModel("You may return anything within 30 days.")

    assert take_again(rerun=rerun.uuid, model=lambda: model, at=at)

    rerun.refresh_from_db()
    assert rerun.data["by"] == by


def test_as_it_was_the_decision_is_taken_again_by_the_rules_of_today(at: datetime) -> None:
    talk, turn = answered(at)
    assert turn.data["knowledge"]
    assert turn.data["manner"]["expected_wait"] is None
    changed = replace(RETURNS, body="You may return anything within 45 days.")
    import_articles([changed], encoders=light_encoders(), at=at, bad=lambda _line: None)
    turn.data["manner"]["caution"] = 500.0  # so much a wrong answer cost then
    turn.save(update_fields=["data"])
    manager = signed_in("manager")
    door = f"/api/v1/conversations/{talk.uuid}/turns/{turn.uuid}/reruns/"
    manager.post(door, {"kind": "same"}, "application/json")

    assert take_again(rerun=BotRerun.objects.get().uuid, model=lambda: None, at=at)

    (done,) = manager.get(door).json()
    assert (done["data"]["decision"], done["data"]["answer"]) == ("handoff", "")
    html = manager.get(f"/console/why/{talk.uuid}/").content.decode()
    assert "it was decided by what was found then" in html
    assert "The reason is another one now" in html
