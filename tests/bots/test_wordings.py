"""Example questions proposed from what customers asked and an article answered."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from bots.models import Article, Draft
from bots.reads.wordings import proposed_questions
from tests import make
from tests.bots.talks import Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DAY = timedelta(days=1)
NEW = "The boots pinch my toes, may I give them back to you?"


@pytest.fixture
def returns(at: datetime) -> Article:
    """Asked in new words, in its own example's words, with a number, and badly received."""
    article, _ = knows(at)
    for text in (NEW, "What is your return policy?", "May I send back order 30012345678901?"):
        Talk(at).asks(text).says("answer", article).ends()
    Talk(at).asks("Is a tent with a hole taken back as well?").says("answer", article).rated(1)
    learnt(at + DAY)
    return article


def test_only_new_wordings_that_it_answered_are_proposed(returns: Article) -> None:
    assert proposed_questions(returns) == [NEW]
    assert proposed_questions(Article.objects.get(external_id="delivery")) == []


def test_an_editor_takes_them_into_the_draft(returns: Article) -> None:
    manager = make.agent(role="manager", is_staff=True)
    client, api = Client(), APIClient()
    client.force_login(manager)
    api.force_authenticate(manager)
    page = f"/admin/bots/article/{returns.pk}/"

    assert NEW in client.get(f"{page}change/").content.decode()
    asked = api.get(f"/api/v1/articles/{returns.uuid}/proposed-questions/")
    assert asked.json() == {"questions": [NEW]}
    client.post(f"{page}examples/", {"question": [NEW, "Made up by a browser?"]})

    assert Draft.objects.get(article=returns).questions == [*returns.questions, NEW]
    assert 'name="question"' not in client.get(f"{page}change/").content.decode()
    assert APIClient().get(f"/api/v1/articles/{returns.uuid}/proposed-questions/").status_code in {
        401,
        403,
    }
