"""Categories: the API, the admin, and renaming them in their articles."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bots.models import Article, Category
from tests import make
from tests.bots.test_help import an_article

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ADDRESS = "/api/v1/categories/"


def signed_in(role: str) -> Any:
    client = Client()
    client.force_login(make.agent(role=role, is_staff=True))
    return client


def test_a_category_is_described_renamed_and_taken_away(at: datetime) -> None:
    an_article(at, category="Returns")
    manager = signed_in("manager")
    said = {"name": "Returns", "position": 2, "names": [{"language": "zh", "name": "退货"}]}
    made = manager.post(ADDRESS, said, content_type="application/json")
    assert made.status_code == 201, made.content
    one = f"{ADDRESS}{made.json()['id']}/"

    patch = {"name": "Sending back"}
    changed = manager.patch(one, patch, content_type="application/json").json()
    assert (changed["name"], changed["names"][0]["name"]) == ("Sending back", "退货")
    assert Article.objects.get().category == "Sending back"

    twice = manager.post(ADDRESS, {"name": "Sending back"}, content_type="application/json")
    assert (twice.status_code, twice.json()["code"]) == (409, "taken")
    names = {"names": [{"language": "zh", "name": "a"}, {"language": "zh", "name": "b"}]}
    assert manager.patch(one, names, content_type="application/json").status_code == 400
    assert signed_in("agent").patch(one, {}, content_type="application/json").status_code == 403
    assert manager.delete(one).status_code == 204
    assert Article.objects.get().category == "Sending back"


def test_the_admin_renames_it_in_its_articles(at: datetime) -> None:
    an_article(at, category="Returns")
    category = Category.objects.create(name="Returns")
    client = signed_in("manager")
    assert b"Returns" in client.get("/admin/bots/category/").content
    form = {
        "name": "Back", "description": "", "position": "1",
        "names-TOTAL_FORMS": "1", "names-INITIAL_FORMS": "0",
        "names-0-language": "zh", "names-0-name": "退货", "names-0-description": "",
    }  # fmt: skip
    answer = client.post(f"/admin/bots/category/{category.pk}/change/", form)
    assert answer.status_code == 302, answer.content
    assert Article.objects.get().category == "Back"
    assert list(category.names.values_list("language", "name")) == [("zh", "退货")]
