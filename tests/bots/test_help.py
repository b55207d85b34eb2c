"""The help centre: which language, which reader, and did it help."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from bots.actions.editing import (
    link_translations,
    publish_article,
    save_article,
    write_draft,
)
from bots.help_centre import views
from bots.models import Article, Vote, Words
from conversations.actions.session import Claims, open_session
from conversations.limits import Limit
from conversations.models import Identity
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _many_votes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "VOTES", Limit(rate=100, burst=100))


def an_article(at: datetime, **fields: Any) -> Article:
    given = {"title": "Returns", "body": "30 days", "state": "published"} | fields
    article = Article(**given)
    save_article(article, by_id=None, at=at)
    return article


def a_family(at: datetime) -> tuple[Article, Article]:
    english, chinese = an_article(at), an_article(at, title="退货", body="30天", language="zh")
    link_translations(article=chinese.uuid, other=english.uuid)
    return english, chinese


def text(client: Any, path: str) -> str:
    return str(client.get(path).content.decode())


def form_of(page: str) -> dict[str, str]:
    return dict(re.findall(r'name="(version|proof)" value="([^"]+)"', page))


def votes() -> list[tuple[int, bool]]:
    return list(Vote.objects.order_by("pk").values_list("version__number", "helpful"))


# --- languages ----------------------------------------------------------------------------


def test_each_article_is_listed_once_in_the_readers_language(client: Any, at: datetime) -> None:
    a_family(at)
    an_article(at, title="Tents")

    chinese, english, french = (text(client, f"/help/?lang={x}") for x in ("zh", "en", "fr"))

    assert ("退货" in chinese, "Returns" in chinese) == (True, False)
    assert ("退货" in english, "Returns" in english) == (False, True)
    assert ("退货" in french, "Returns" in french) == (False, True)
    # What stands in for a missing translation says so.
    assert [page.count('help__mark">English') for page in (chinese, english, french)] == [1, 0, 2]


def test_an_article_is_shown_in_the_wanted_language_or_says_that_it_is_not(
    client: Any, at: datetime
) -> None:
    english, chinese = a_family(at)

    assert "30天" in text(client, f"/help/{english.uuid}/?lang=zh-Hans")
    french = text(client, f"/help/{chinese.uuid}/?lang=fr")
    assert "30 days" in french
    assert "There is no translation into français yet; this is the article in English." in french
    plain = text(client, f"/help/{english.uuid}/")
    assert "no translation" not in plain
    assert f'href="/help/{chinese.uuid}/"' in plain
    assert "no translation" not in text(client, f"/help/{english.uuid}/?lang=x%22%3E")


def test_programs_get_the_wanted_language_too(client: Any, at: datetime) -> None:
    english, chinese = a_family(at)
    path = f"/api/v1/help/articles/{english.uuid}/"
    found = {code: client.get(path, {"lang": code}).json() for code in ("zh-CN", "fr", "??")}
    assert [one["language"] for one in found.values()] == ["zh", "en", "en"]
    assert found["fr"]["translations"] == {"zh": str(chinese.uuid)}


# --- readers ------------------------------------------------------------------------------


def token_of(at: datetime, *, is_known: bool) -> str:
    inbox = make.inbox()
    opened = open_session(inbox=inbox, language="en", claims=Claims(), origin="", at=at)
    if is_known:
        Identity.objects.create(
            customer=opened.conversation.customer, inbox=inbox, external_id="c", verified_at=at
        )
    return opened.token


def test_who_may_read_what(client: Any) -> None:
    at = timezone.now()
    keys = {
        name: an_article(at, visibility=name).uuid for name in ("public", "customers", "agents")
    }
    agent = Client()
    agent.force_login(make.agent())
    tokens = {known: token_of(at, is_known=known) for known in (True, False)}

    def codes(token: str) -> list[int]:
        headers = {"Authorization": f"Bearer {token}"}
        return [
            client.get(f"/api/v1/help/articles/{key}/", headers=headers).status_code
            for key in keys.values()
        ]

    assert [client.get(f"/help/{key}/").status_code for key in keys.values()] == [200, 404, 404]
    assert [agent.get(f"/help/{key}/").status_code for key in keys.values()] == [200, 200, 200]
    assert codes(tokens[True]) == [200, 200, 404]
    assert codes(tokens[False]) == codes("x" * 43) == [200, 404, 404]
    assert "Agents only" in text(agent, f"/help/{keys['agents']}/")
    assert text(client, "/help/").count("Returns") == 1


# --- votes --------------------------------------------------------------------------------


def test_a_visitor_votes_once_for_a_version_and_may_change_it(client: Any, at: datetime) -> None:
    article = an_article(at)
    own = f"/help/{article.uuid}/"
    page = text(client, own)
    assert "Did this article help you?" in page

    answer = client.post(f"{own}vote/", form_of(page) | {"helpful": "no"})
    assert (answer.status_code, answer["Location"]) == (303, f"{own}#helped")
    assert "You said that it did not help." in text(client, own)
    client.post(f"{own}vote/", form_of(page) | {"helpful": "yes"})
    assert "You said that it helped." in text(client, own)
    assert votes() == [(1, True)]
    assert not client.cookies

    write_draft(article=article.uuid, words=Words("Returns", "45 days", ()), by_id=None, at=at)
    publish_article(article=article.uuid, by_id=None, at=at)
    page = text(client, own)
    assert "Did this article help you?" in page
    client.post(f"{own}vote/", form_of(page) | {"helpful": "no"})
    assert votes() == [(1, True), (2, False)]


def test_a_vote_is_this_visitors_own(client: Any, at: datetime) -> None:
    article = an_article(at)
    own = f"/help/{article.uuid}/"
    given = form_of(text(client, own)) | {"helpful": "yes"}

    other = client.post(f"{own}vote/", given, headers={"User-Agent": "another browser"})
    forged = client.post(f"{own}vote/", given | {"proof": "forged"})
    odd = [
        client.post(f"{own}vote/", given | change).status_code
        for change in ({"helpful": "maybe"}, {"version": "x"}, {"version": "99"}, {"version": "²"})
    ]
    assert (other.status_code, forged.status_code, odd) == (403, 403, [404, 404, 404, 404])
    assert client.get(f"{own}vote/").status_code == 405
    Article.objects.update(visibility="agents")
    assert client.post(f"{own}vote/", given).status_code == 404
    assert votes() == []


def test_too_many_votes_are_refused(client: Any, at: datetime, monkeypatch: Any) -> None:
    article = an_article(at)
    given = form_of(text(client, f"/help/{article.uuid}/")) | {"helpful": "yes"}
    monkeypatch.setattr(views, "VOTES", Limit(rate=0.01, burst=2))
    codes = [client.post(f"/help/{article.uuid}/vote/", given).status_code for _ in range(3)]
    assert codes == [303, 303, 429]


def test_the_widget_votes_for_its_customer(client: Any) -> None:
    at = timezone.now()
    article = an_article(at)
    path = f"/api/v1/help/articles/{article.uuid}/"
    headers = {"Authorization": f"Bearer {token_of(at, is_known=False)}"}

    def say(body: Any, **more: Any) -> int:
        answer = client.post(f"{path}vote/", body, content_type="application/json", **more)
        return int(answer.status_code)

    assert say({"version": 1, "helpful": True}, headers=headers) == 204
    assert say({"version": 1, "helpful": False}, headers=headers) == 204
    assert client.get(path, headers=headers).json()["helpful"] is False
    assert client.get(path).json()["helpful"] is None
    assert say({"version": 1, "helpful": True}) == 204
    assert votes() == [(1, False), (1, True)]
    odd: list[Any] = [{}, {"version": 1}, {"version": "x", "helpful": True}, []]
    assert [say(body) for body in odd] == ([400] * 4)
    assert say({"version": 7, "helpful": True}) == 404


# --- a host of its own ---------------------------------------------------------------------


def test_an_inbox_has_a_help_centre_at_its_own_host(settings: Any, at: datetime) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "help.shop.example"]
    own, other = make.inbox(name="Shop", help_host="help.shop.example"), make.inbox()
    for title, inbox in (("Of all", None), ("Of this one", own), ("Of another", other)):
        made = an_article(at, title=title)
        if inbox is not None:
            made.inboxes.add(inbox)
    there: Any = Client(headers={"Host": "help.shop.example"})

    assert there.get("/").headers["Location"] == "/help/"
    page = text(there, "/help/")
    assert [name in page for name in ("Of all", "Of this one", "Of another")] == [True, True, False]
    assert ("Shop · Help centre" in page, f'data-inbox="{own.key}"' in page) == (True, True)
    assert "http://help.shop.example/help/" in text(there, "/help/sitemap.xml")
    elsewhere = text(Client(), "/help/")
    assert ("Of this one" in elsewhere, "Of all" in elsewhere) == (False, True)
    assert Client().get("/").status_code == 200
