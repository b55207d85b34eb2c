"""Surveys over HTTP: managers make them, agents send a link, and nothing that was answered is lost."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest

from conversations.surveys.answering import answer
from conversations.surveys.inviting import invite
from conversations.surveys.models import Survey
from tests import make
from tests.agents.api import Door
from tests.conversations.surveys.asking import key, over, survey

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ALL: dict[str, Any] = {
    "name": "Monthly",
    "is_active": True,
    "title": {"en": "How was it?"},
    "rest_days": 30,
    "questions": [
        {"kind": "nps", "text": {"en": "Would you recommend us?"}, "is_required": True},
        {
            "kind": "choice",
            "text": {"en": "Why?"},
            "options": [{"key": "slow", "en": "Slow"}],
            "only_up_to": 6,
        },
    ],
}


@pytest.fixture
def manager() -> Door:
    return Door(make.agent(role="manager"))


def test_a_manager_makes_one_and_reads_it(manager: Door) -> None:
    web = make.inbox(key="shop")

    made = manager.post("surveys/", {**ALL, "inboxes": ["shop"]})

    assert made["inboxes"] == ["shop"]
    assert [one["kind"] for one in made["questions"]] == ["nps", "choice"]
    assert manager.get(f"surveys/{made['id']}/") == made
    assert list(Survey.objects.get().inboxes.all()) == [web]


@pytest.mark.parametrize(
    "words",
    [
        {"questions": []},
        {"title": {}},
        {"title": "How?"},
        {"share": 0},
        {"inboxes": ["nowhere"]},
        {"questions": [{"kind": "choice", "text": {"en": "Why?"}}]},
        {"questions": [{"kind": "nps", "text": {"en": "?"}, "options": [{"key": "a", "en": "A"}]}]},
        {"questions": [{"kind": "dance", "text": {"en": "?"}}]},
        {"questions": [{"kind": "nps", "text": {"en": "?"}, "id": str(UUID(int=7))}]},
    ],
)
def test_what_makes_no_sense_is_refused_whole(manager: Door, words: dict[str, Any]) -> None:
    status, _ = manager.ask("post", "surveys/", {**ALL, **words})

    assert status == 400
    assert not Survey.objects.exists()


def test_agents_read_and_do_not_change() -> None:
    made = survey()
    agent = Door(make.agent())

    assert len(agent.get("surveys/")) == 1
    assert agent.ask("post", "surveys/", ALL)[0] == 403
    assert agent.ask("patch", f"surveys/{made.uuid}/", {"name": "Mine"})[0] == 403
    assert agent.ask("delete", f"surveys/{made.uuid}/")[0] == 403


def test_questions_that_were_answered_are_retired(manager: Door, at: datetime) -> None:
    made = survey(("csat", {}), ("nps", {}))
    invitation = invite(over(), at=at)
    assert invitation is not None
    answer(invitation, {key(made, "csat"): 4}, way="link", at=at)
    words = {"questions": [{"kind": "ces", "text": {"en": "Was it easy?"}}]}

    status, changed = manager.ask("patch", f"surveys/{made.uuid}/", words)

    assert status == 200
    shown = {one["kind"]: one["is_retired"] for one in changed["questions"]}
    assert shown == {"csat": True, "ces": False}  # nobody had answered the other one: it is gone


def test_one_that_asked_somebody_stays(manager: Door, at: datetime) -> None:
    asked = survey()
    invite(over(), at=at)
    unasked = survey()

    assert manager.ask("delete", f"surveys/{asked.uuid}/")[0] == 409
    assert manager.ask("delete", f"surveys/{unasked.uuid}/")[0] == 204


def test_an_agent_has_a_link_for_a_talk_that_is_over(manager: Door) -> None:
    words = {"survey": str(survey().uuid)}
    ended, going_on = over(), make.conversation()

    link = manager.post(f"conversations/{ended.uuid}/survey-link/", words)
    again = manager.post(f"conversations/{ended.uuid}/survey-link/", words)

    assert link["url"] == again["url"]
    assert "/survey/" in link["url"]
    assert manager.ask("post", f"conversations/{going_on.uuid}/survey-link/", words)[0] == 400
