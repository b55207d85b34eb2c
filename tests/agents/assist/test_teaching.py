"""What agents change in suggestions is proposed as training examples: without names, once, and borne out."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from agents.assist.actions.settle import settle
from agents.assist.actions.teaching import propose_edits
from agents.assist.models import Suggestion
from bots.models import TrainingExample
from tests import make
from tests.agents.assist.test_suggestions import look
from tests.bots.talks import Talk, knows

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]


def edited(at: datetime, sent: str) -> Talk:
    """The suggestion was put into the reply, changed, and sent."""
    knows(at)
    agent = make.agent()
    talk = Talk(at, customer=make.customer(name="Anna Karenina")).hands_over("asked").taken(agent)
    talk.asks("I am Anna Karenina. What is your return policy?")
    look(talk)
    Suggestion.objects.update(shown_at=talk.at, inserted_at=talk.at)
    talk.replies(agent, sent)
    settle(at=talk.at)
    return talk


def test_an_edit_is_proposed_once_with_what_was_suggested_and_goes_with_its_conversation(
    at: datetime, client: Client
) -> None:
    talk = edited(
        at, "Hi Anna, you may return anything within 30 days of delivery, Anna. It must be unused."
    )
    later = talk.at + timedelta(minutes=2)

    assert (propose_edits(at=talk.at), propose_edits(at=later), propose_edits(at=later)) == (
        0,
        1,
        0,
    )

    one = TrainingExample.objects.get()
    assert (one.source, one.state) == ("edited", "waiting")
    assert "Anna" not in f"{one.question} {one.answer}"
    assert "return policy" in one.question
    assert one.answer == "you may return anything within 30 days of delivery. It must be unused."
    assert one.instead == Suggestion.objects.get().text
    client.force_login(make.agent(role="manager", is_staff=True))
    page = client.get(f"/admin/bots/trainingexample/{one.pk}/change/").content.decode()
    assert "what a person made of it" in page
    assert "<ins>" in page or "<del>" in page
    talk.conversation.delete()
    assert not TrainingExample.objects.exists()


def test_what_no_article_says_is_not_proposed(at: datetime) -> None:
    talk = edited(
        at, "You may return nothing at all within 90 weeks of delivery, sorry about that."
    )

    assert propose_edits(at=talk.at + timedelta(minutes=2)) == 0
