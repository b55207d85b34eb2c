"""What readers did: the page and the API."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from bots.actions.editing import save_article
from bots.models import Article, ArticleDay, SearchDay
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

TODAY = NOON.date()


def signed_in(role: str) -> Any:
    client = Client()
    client.force_login(make.agent(role=role, is_staff=True))
    return client


def read(article: Article, views: int, *, day: date = TODAY, language: str = "en") -> None:
    ArticleDay.objects.create(
        article=article, day=day, place="help", language=language, views=views, asked=1
    )


def searched(words: str, *counts: int, day: date = TODAY, language: str = "en") -> None:
    searches, empty, opened = counts
    SearchDay.objects.create(
        words=words, day=day, place="help", language=language,
        searches=searches, empty=empty, opened=opened,
    )  # fmt: skip


def a_week() -> Article:
    article = Article(title="Returns", body="x", state="published")
    save_article(article, by_id=None, at=NOON)
    read(article, 3)
    read(article, 2, language="zh-Hans")
    read(article, 9, day=TODAY - timedelta(days=8))
    searched("lost parcel", 4, 4, 0)
    searched("退货", 3, 0, 1, language="zh")
    searched("old", 5, 5, 0, day=TODAY - timedelta(days=8))
    return article


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_the_page_says_what_was_read_and_what_is_missing() -> None:
    article = a_week()
    page = signed_in("admin").get("/admin/analytics/knowledge/").content.decode()
    assert "Articles were opened 5 times" in page
    assert "57\u202f% of 7 searches found nothing" in page or "57 % of 7 searches" in page
    assert f"/admin/bots/article/{article.pk}/change/" in page
    write = "/admin/bots/article/add/?title=Lost+parcel&amp;questions=lost+parcel&amp;language=en"
    assert write in page
    form = signed_in("admin").get(write.replace("&amp;", "&")).content.decode()
    assert 'value="Lost parcel"' in form
    chinese = signed_in("admin").get("/admin/analytics/knowledge/?language=zh").content.decode()
    assert ("退货" in chinese, "lost parcel" in chinese) == (True, False)


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_programs_get_the_same_numbers() -> None:
    a_week()
    found = signed_in("manager").get("/api/v1/reports/readers/").json()
    now = found["current"]
    assert [(a["title"], a["views"], a["asked"]) for a in now["articles"]] == [("Returns", 5, 2)]
    assert now["days"][-1] == {
        "day": "2026-05-04", "views": 5, "searches": 7, "empty": 4, "unopened": 2,
    }  # fmt: skip
    assert [w["words"] for w in now["empty"]] == ["lost parcel"]
    assert [w["words"] for w in now["unopened"]] == ["退货"]
    assert sum(day["views"] for day in found["previous"]["days"]) == 9
    assert signed_in("agent").get("/api/v1/reports/readers/").status_code == 403
    assert signed_in("manager").get("/api/v1/reports/readers/?from=x").status_code == 400
