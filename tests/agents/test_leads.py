"""Who leads a team supervises what its queues bring, and that of the teams below; nothing else."""

from datetime import datetime

import pytest
from django.core.exceptions import ValidationError

from agents.access import may_see, queues_of, supervises
from agents.actions.assign import claim
from agents.actions.route import route_waiting
from agents.actions.sla import supervisors_of
from agents.models import Agent, Queue, Team
from agents.socket.standing import rights_of
from conversations.models import Conversation
from tests import make
from tests.agents.api import Door

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def lead(at: datetime) -> Agent:
    return make.present_agent(role="lead", username="lead", at=at)


@pytest.fixture
def north(lead: Agent) -> Team:
    """Led, with a team below, and one below that."""
    team = Team.objects.create(name="North")
    team.leads.add(lead)
    return team


def queue_of(team: Team) -> Queue:
    return make.queue(team=team)


def talk_in(queue: Queue, at: datetime) -> Conversation:
    """Waiting there, then with one of its agents."""
    agent = make.present_agent(queues=[queue], at=at)
    talk = make.waiting_conversation(queue=queue, at=at)
    claim(conversation_id=talk.pk, agent_id=agent.pk, at=at)
    return Conversation.objects.get(pk=talk.pk)


def test_a_lead_sees_their_team_s_queues_and_those_below(
    lead: Agent, north: Team, at: datetime
) -> None:
    city = Team.objects.create(name="City", above=north)
    street = Team.objects.create(name="Street", above=city)
    south = Team.objects.create(name="South")
    queues = [queue_of(team) for team in (north, city, street, south)]
    talks = [talk_in(queue, at) for queue in queues]
    with_the_bot = make.conversation()

    assert [may_see(lead, talk.pk) for talk in talks] == [True, True, True, False]
    assert not may_see(lead, with_the_bot.pk)
    assert set(queues_of(lead)) == set(queues[:3])
    assert [lead.pk in supervisors_of(queue) for queue in queues] == [True, True, True, False]
    colleague = talks[2].assignee
    assert colleague is not None
    assert not may_see(colleague, talks[0].pk)  # being below is not being above


def test_nobody_asks_a_lead(lead: Agent, north: Team, at: datetime) -> None:
    make.waiting_conversation(queue=queue_of(north), at=at)

    assert route_waiting(at=at) == 0


def test_leading_without_the_right_to_supervise_shows_nothing(north: Team, at: datetime) -> None:
    agent, queue = make.agent(), queue_of(north)
    north.leads.add(agent)

    assert not may_see(agent, talk_in(queue, at).pk)
    assert agent.pk not in supervisors_of(queue)


def test_a_lead_supervises_there_and_nowhere_else(lead: Agent, north: Team, at: datetime) -> None:
    ours, theirs = talk_in(queue_of(north), at), talk_in(make.queue(), at)
    door = Door(lead)
    for talk, status in ((ours, 200), (theirs, 404)):
        path = f"conversations/{talk.uuid}/supervise"
        assert door.ask("post", f"{path}/watch/", {})[0] == status
        assert door.ask("post", f"{path}/take-over/", {})[0] == status
    shown = door.get("wall/")["conversations"]
    assert [card["conversation"] for card in shown] == [str(ours.uuid)]


def test_a_lead_says_for_their_own_that_they_are_away(
    lead: Agent, north: Team, at: datetime
) -> None:
    ours, theirs = talk_in(queue_of(north), at).assignee, talk_in(make.queue(), at).assignee
    chief = make.agent(role="manager")
    assert ours is not None
    assert theirs is not None
    words = {"status": "away", "reason": "Lunch"}
    door = Door(lead)

    assert door.ask("post", f"agents/{ours.uuid}/presence/", words)[0] == 200
    assert door.ask("post", f"agents/{theirs.uuid}/presence/", words)[0] == 403
    assert door.ask("get", f"agents/{theirs.uuid}/presence/")[0] == 403
    assert supervises(chief, theirs)
    assert not supervises(ours, ours)


def test_an_open_console_comes_again_when_somebody_leads_something_else(
    lead: Agent, north: Team
) -> None:
    before = rights_of([lead.pk])[lead.pk]
    queue_of(north)

    assert rights_of([lead.pk])[lead.pk] != before


def test_a_team_has_leads_and_a_team_above_it(lead: Agent) -> None:
    door = Door(make.agent(role="manager"))
    north = door.post("teams/", {"name": "North", "leads": [str(lead.uuid)]})
    city = door.post("teams/", {"name": "City", "above": north["id"]})

    assert (north["leads"][0]["id"], city["above"]["name"]) == (str(lead.uuid), "North")
    for team, above in ((north, city), (north, north)):
        status, answer = door.ask("patch", f"teams/{team['id']}/", {"above": above["id"]})
        assert (status, list(answer["fields"])) == (400, ["above"])
    assert door.ask("patch", f"teams/{city['id']}/", {"above": None})[1]["above"] is None
    status, _ = door.ask("patch", f"teams/{north['id']}/", {"leads": []})
    assert status == 200
    assert not Team.objects.get(name="North").leads.exists()


def test_three_levels_are_the_most() -> None:
    one, two, three, four = (Team.objects.create(name=name) for name in "1234")
    two.above, three.above = one, two
    for team in (two, three):
        team.clean()
        team.save()
    four.above = three
    with pytest.raises(ValidationError, match="At most two teams"):
        four.clean()
    one.above = four
    with pytest.raises(ValidationError):
        one.clean()
