"""Readers of the help centre: shelves, typing, counting without keeping who."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from bots.actions import readers
from bots.actions.readers import (
    count_asked,
    forget_searches,
    spoken,
    without_personal_data,
)
from bots.api import helping as help_api
from bots.help_centre import views
from bots.help_centre.contents import plain, with_contents
from bots.help_centre.shelves import shelves
from bots.help_centre.words import TEXTS
from bots.knowledge.reading import html_of
from bots.models import Article, ArticleDay, Category, Reader, SearchDay
from conversations.actions.session import Claims, open_session
from conversations.limits import Limit
from tests import make
from tests.bots.test_help import an_article, text

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    for room in (views, help_api):
        monkeypatch.setattr(room, "SEARCHES", Limit(rate=1_000, burst=1_000))


def a_reader(agent: str = BROWSER) -> Any:
    return Client(headers={"User-Agent": agent})


def views_counted() -> list[tuple[str, str, int]]:
    return list(ArticleDay.objects.order_by("place").values_list("place", "language", "views"))


def searches() -> list[tuple[str, int, int, int]]:
    rows = SearchDay.objects.order_by("words")
    return list(rows.values_list("words", "searches", "empty", "opened"))


# --- shelves ------------------------------------------------------------------------------


def test_categories_have_an_order_and_names_in_each_language(at: datetime) -> None:
    for title, category in [("A", "Returns"), ("B", "Delivery"), ("C", "Zoo"), ("D", "")]:
        an_article(at, title=title, category=category)
    an_article(at, title="送货时间", category="配送", language="zh")
    second = Category.objects.create(name="Delivery", description="Parcels", position=2)
    second.names.create(language="zh", name="配送", description="包裹")
    Category.objects.create(name="Returns", position=1)
    Category.objects.create(name="Empty", position=0)

    def shown(language: str) -> list[tuple[str, str, int]]:
        return [
            (one.name, one.description, len(one.entries))
            for one in shelves(language, Reader.ANYBODY)
        ]

    assert shown("en") == [
        ("Returns", "", 1), ("Delivery", "Parcels", 1), ("Zoo", "", 1), ("", "", 1),
    ]  # fmt: skip
    assert shown("zh-Hans")[1] == ("配送", "包裹", 2)
    page = text(a_reader(), "/help/?category=Delivery&lang=zh")
    assert ("包裹" in page, "送货时间" in page, ">A<" in page) == (True, True, False)
    assert a_reader().get("/help/?category=Nope").status_code == 404


def test_the_pages_own_words_are_the_readers() -> None:
    assert set(TEXTS["en"]) == set(TEXTS["zh"])
    page = text(a_reader(), "/help/?lang=zh-CN")
    assert ('lang="zh"' in page, "有什么可以帮您" in page) == (True, True)
    assert "How can we help?" in text(a_reader(), "/help/?lang=fr")


def test_a_long_article_has_a_table_of_contents() -> None:
    html, entries = with_contents(html_of("## A & b\n\nx\n\n### *C*\n\ny\n\n## D"))
    assert [(one.anchor, one.text, one.is_inner) for one in entries] == [
        ("part-1", "A & b", False), ("part-2", "C", True), ("part-3", "D", False),
    ]  # fmt: skip
    assert '<h3 id="part-2"><em>C</em></h3>' in html
    assert with_contents(html_of("## A\n\n## B"))[1] == []
    assert plain("<p>One &lt;two</p><p>three four</p>", most=14) == "One <two…"


def test_machines_are_shown_what_is_public(at: datetime) -> None:
    public = an_article(at)
    an_article(at, title="Hidden", visibility="agents")
    crawler = a_reader("Googlebot/2.1")
    found = text(crawler, "/help/sitemap.xml")
    assert (found.count("<loc>"), str(public.uuid) in found) == (2, True)
    feed = text(crawler, "/help/feed/")
    assert ("<title>Returns</title>" in feed, "Hidden" in feed) == (True, False)
    page = text(crawler, f"/help/{public.uuid}/")
    assert f'rel="canonical" href="http://127.0.0.1:8000/help/{public.uuid}/"' in page
    assert '<meta name="description" content="30 days" />' in page
    assert views_counted() == []


# --- counting -----------------------------------------------------------------------------


def test_each_reader_counts_once_and_machines_and_agents_do_not(at: datetime) -> None:
    article = an_article(at)
    address = f"/help/{article.uuid}/"
    for reader in (
        a_reader(),
        a_reader(),
        a_reader(f"{BROWSER} 2"),
        a_reader("curl/8"),
        a_reader(""),
    ):
        reader.get(address)
    agent = a_reader()
    agent.force_login(make.agent())
    agent.get(f"{address}?lang=zh")
    a_reader().head(address)
    a_reader("Firefox 3").get(address, headers={"Sec-Purpose": "prefetch"})
    assert views_counted() == [("help", "en", 2)]


def test_searches_are_counted_with_what_came_of_them(at: datetime) -> None:
    an_article(at)
    reader = a_reader()
    for _ in range(2):
        reader.get("/help/", {"q": "Lost  PARCEL", "lang": "en"})
    assert searches() == [("lost parcel", 1, 1, 0)]
    reader.get(f"/help/{Article.objects.get().uuid}/", {"found": ""})
    reader.get(f"/help/{Article.objects.get().uuid}/", {"found": ""})
    assert searches() == [("lost parcel", 1, 1, 1)]


def test_typing_is_not_counted_until_it_settles(at: datetime) -> None:
    reader = a_reader()
    assert reader.get("/api/v1/help/search/", {"q": "par"}).json() == {"results": []}
    assert searches() == []
    said = {"q": "parcel", "lang": "en", "place": "widget"}
    assert (
        reader.post("/api/v1/help/search/", said, content_type="application/json").status_code
        == 204
    )
    assert SearchDay.objects.get().place == "widget"
    assert (
        reader.post("/api/v1/help/search/", {"q": ""}, content_type="application/json").status_code
        == 400
    )


def test_languages_are_those_that_there_are() -> None:
    said = ("zh-Hans", "pt_BR", "EN", "xq_7olke", "")
    assert [spoken(one) for one in said] == ["zh", "pt", "en", "other", "other"]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("Where is it? jane@mail.example", "where is it? [email 1]"),
        ("card 4111 1111 1111 1111", "card [card 1]"),
        ("x" * 500, "x" * 120),
        (" \0 ", ""),
    ],
)
def test_no_personal_data_is_kept_of_a_search(words: str, kept: str) -> None:
    assert without_personal_data(words) == kept


def test_a_flood_of_words_is_counted_without_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "WORDS_A_DAY", 1)
    for words in ("one", "two", "three", "one"):
        a_reader(f"{BROWSER} {words}").get("/help/", {"q": words})
    a_reader("Another").get("/help/", {"q": "one"})
    assert [(words, count) for words, count, *_ in searches()] == [("", 2), ("one", 2)]


def test_words_are_forgotten_after_a_year(at: datetime) -> None:
    a_reader().get("/help/", {"q": "parcel"})
    assert forget_searches(at=timezone.now() + timedelta(days=364)) == 0
    assert forget_searches(at=timezone.now() + timedelta(days=367)) == 1


def test_who_reads_in_the_chat_and_then_needs_a_person_is_counted() -> None:
    at = timezone.now()
    article = an_article(at)
    opened = open_session(inbox=make.inbox(), language="en", claims=Claims(), origin="", at=at)
    headers = {"Authorization": f"Bearer {opened.token}", "User-Agent": BROWSER}
    Client().get(f"/api/v1/help/articles/{article.uuid}/", headers=headers)
    for _ in range(2):
        count_asked(conversation_id=opened.conversation.pk)
    assert list(ArticleDay.objects.values_list("place", "views", "asked")) == [("widget", 1, 1)]


def test_without_valkey_readers_notice_nothing(
    monkeypatch: pytest.MonkeyPatch, at: datetime
) -> None:
    from redis.exceptions import ConnectionError as Gone

    def gone(*_: Any, **__: Any) -> None:
        raise Gone

    for name in ("add", "get", "set", "delete"):
        monkeypatch.setattr(cache, name, gone)
    assert a_reader().get(f"/help/{an_article(at).uuid}/").status_code == 200
    assert a_reader().get("/help/", {"q": "parcel"}).status_code == 200
    assert (views_counted(), searches()) == ([], [])
