"""Unanswered questions: put together, explained, drafted, and what became of them."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from rest_framework.test import APIClient

from bots.actions.editing import publish_article
from bots.actions.gap_reasons import explain_new
from bots.actions.gaps import (
    AlreadyDrafted,
    count,
    draft_article,
    mark_solved,
    set_state,
    sort_new,
)
from bots.actions.searched import forget_words, sort_searches
from bots.knowledge.corpus import _counted
from bots.knowledge.vectors import light_encoders
from bots.models import Asked, Gap, GapSearch, SearchDay
from bots.reads.gaps import effect_of, weeks_of
from tests import make
from tests.bots.talks import RETURNS, Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def counted_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_counted, "corpus", None)  # what another test had may be kept for a while


DAY = timedelta(days=1)
ZIPS = ("Do you repair broken zips on tents?", "Can you repair the zip of my tent?")
REPLY = (
    "Hello Maria, let me check. We repair zips of tents for 20 euros within two weeks. "
    "Bring the tent to any shop. Is there anything else?"
)
SAME_REPLY = "We repair zips of tents for 20 euros within two weeks. Bring it to one of our shops."


def sorted_out(at: datetime) -> list[Gap]:
    learnt(at)
    sort_new()
    sort_searches(encoders=light_encoders(), at=at)
    count(at=at)
    explain_new(encoders=light_encoders(), at=at)
    return list(Gap.objects.order_by("-size", "pk"))


@pytest.fixture
def zips(at: datetime) -> Gap:
    """Two customers asked the same, and people answered; a third asked something else."""
    knows(at)
    agent = make.present_agent()
    for question, reply in zip(ZIPS, (REPLY, SAME_REPLY), strict=True):
        Talk(at).asks(question).hands_over().taken(agent).replies(agent, reply).solved(agent)
    Talk(at).asks("Which football club won the cup in 1998?").hands_over("no_article")
    return sorted_out(at + DAY)[0]


def test_what_means_the_same_is_one_question(zips: Gap, at: datetime) -> None:
    assert [(gap.size, gap.weekly, gap.kind) for gap in Gap.objects.order_by("-size")] == [
        (2, 0.5, "missing"),
        (1, 0.25, "missing"),
    ]
    assert zips.title in ZIPS
    assert sorted(zips.evidence["questions"]) == sorted(ZIPS)
    assert [one.questions for one in weeks_of([zips], at=at + DAY)[zips.pk]][-2:] == [0, 2]


def test_running_it_again_changes_nothing(zips: Gap, at: datetime) -> None:
    before = list(Gap.objects.order_by("pk").values())
    again = [row | {"centre": None} for row in before]
    sorted_out(at + DAY)
    assert [row | {"centre": None} for row in Gap.objects.order_by("pk").values()] == again
    assert Asked.objects.count() == 3


def test_a_draft_holds_what_people_answered_and_nothing_of_the_customers(
    zips: Gap, at: datetime
) -> None:
    editor = make.agent(role="manager")
    article = draft_article(gap=zips.uuid, by_id=editor.pk, at=at + DAY)
    assert (article.state, article.title) == ("draft", zips.title)
    assert "We repair zips of tents for 20 euros within two weeks." in article.body
    assert not any(word in article.body for word in ("Maria", "Hello", "anything else"))
    assert sorted(article.questions) == sorted(ZIPS)
    with pytest.raises(AlreadyDrafted):
        draft_article(gap=zips.uuid, by_id=editor.pk, at=at + DAY)


def test_an_article_that_says_so_was_not_found(at: datetime) -> None:
    knows(at)
    agent = make.present_agent()
    reply = "You may return anything within 30 days of delivery, and it must be unused."
    (
        Talk(at).asks("Can I bring back the shoes that I ordered last week?").hands_over("low_chance")
        .taken(agent).replies(agent, reply)
    )  # fmt: skip
    (gap,) = sorted_out(at + DAY)
    assert (gap.kind, gap.evidence["because"]["first"]) == ("not_retrieved", RETURNS.title)


def test_other_words_with_the_same_answer_are_one_question(at: datetime) -> None:
    knows(at)
    agent = make.present_agent()
    reply = (
        "We wrap presents in recycled paper with a ribbon for 3 euros; tick the box in the cart."
    )
    other = "Our store engraves flasks for 9 euros while you wait, up to twenty letters each."
    for question, said in (
        ("Do you gift wrap orders?", reply),
        ("I need paper around my parcel, it is a birthday present.", f"Hello! {reply}"),
        ("Can a name be put on a flask?", other),
    ):
        Talk(at).asks(question).hands_over("no_article").taken(agent).replies(agent, said)
    sorted_out(at + DAY)
    sizes = {gap.size: gap for gap in sorted_out(at + DAY)}
    assert sorted(sizes) == [1, 2]
    assert len(sizes[2].evidence["questions"]) == 2
    assert sizes[1].title == "Can a name be put on a flask?"
    assert sorted_out(at + 2 * DAY)[0].pk == sizes[2].pk


def test_what_nobody_has_answered_is_told_apart_by_search(at: datetime) -> None:
    """An article that comes first by far is there, though a bad rating says that it did not help."""
    knows(at)
    Talk(at).asks("What is your return policy for a jacket?").hands_over("low_chance")
    Talk(at).asks("Which football club won the cup in 1998?").hands_over("no_article")
    found = {gap.title[:5]: gap for gap in sorted_out(at + DAY)}
    assert (found["What "].kind, found["What "].evidence["because"]["first"]) == (
        "not_retrieved",
        RETURNS.title,
    )
    assert found["Which"].kind == "missing"


def test_people_who_say_something_else_than_the_article(at: datetime) -> None:
    knows(at)
    agent = make.present_agent()
    (
        Talk(at).asks("How long may I return my jacket?").hands_over("low_chance")
        .taken(agent).replies(agent, "You may return anything within 45 days of delivery.")
    )  # fmt: skip
    (gap,) = sorted_out(at + DAY)
    assert gap.kind == "contradictory"
    assert gap.evidence["because"] == {
        "first": "You may return anything within 30 days of delivery.",
        "second": "You may return anything within 45 days of delivery.",
    }


def test_what_it_was_to_save_and_what_it_did(zips: Gap, at: datetime) -> None:
    article = draft_article(gap=zips.uuid, by_id=None, at=at + DAY)
    zips.refresh_from_db()
    assert (zips.state, zips.predicted, effect_of(zips, at=at + DAY)) == ("drafted", 0.5, None)

    publish_article(article=article.uuid, by_id=None, at=at + DAY)
    assert mark_solved(at=at + DAY) == 1
    Talk(at + 2 * DAY).asks(ZIPS[0]).says("answer", article)
    Talk(at + 2 * DAY).asks(ZIPS[1]).hands_over()
    Talk(at + 2 * DAY).asks(ZIPS[0]).says("answer", article)
    learnt(at + 3 * DAY)
    sort_new()

    gap = Gap.objects.get(pk=zips.pk)
    found = effect_of(gap, at=at + 15 * DAY)
    assert found is not None
    assert (gap.state, found.weeks, found.answered, found.unanswered) == ("solved", 2.0, 1.0, 0.5)


def test_ignored_stays_ignored(zips: Gap, at: datetime) -> None:
    set_state(gap=zips.uuid, state="ignored", by_id=None, at=at)
    Talk(at).asks(ZIPS[0]).hands_over()
    sorted_out(at + DAY)
    zips.refresh_from_db()
    assert (zips.state, zips.size) == ("ignored", 3)


def test_who_was_answered_after_all_is_no_longer_counted(at: datetime) -> None:
    knows(at)
    talk = Talk(at).asks(ZIPS[0]).says("answer").rated(1)
    assert [gap.size for gap in sorted_out(at + DAY)] == [1]
    talk.rated(5)
    assert sorted_out(at + DAY) == []


# --- the doors ----------------------------------------------------------------------------


@pytest.fixture
def boss() -> APIClient:
    client = APIClient()
    client.force_authenticate(make.agent(role="manager"))
    return client


def test_programs_see_and_decide(zips: Gap, boss: APIClient) -> None:
    path = "/api/v1/unanswered-questions/"
    listed = boss.get(path, {"state": "open"}).json()["results"]
    assert (listed[0]["title"], listed[0]["kind"]) == (zips.title, "missing")
    assert boss.get(path, {"kind": "contradictory"}).json()["results"] == []
    own = f"{path}{zips.uuid}/"
    assert "conversation" in boss.get(own).json()["evidence"]["replies"][0]
    assert sum(one["questions"] for one in boss.get(f"{own}weeks/").json()["weeks"]) <= 2
    assert boss.post(f"{own}state/", {"state": "gone"}, format="json").status_code == 400
    ignored = boss.post(f"{own}state/", {"state": "ignored"}, format="json").json()
    assert ignored["state"] == "ignored"
    made = boss.post(f"{own}draft/")
    assert (made.status_code, made.json()["state"]) == (201, "draft")
    assert boss.post(f"{own}draft/").json()["code"] == "already_drafted"


def test_strangers_see_nothing_and_readers_no_conversations(zips: Gap) -> None:
    path = f"/api/v1/unanswered-questions/{zips.uuid}/"
    plain = APIClient()
    plain.force_authenticate(make.agent())
    assert plain.get(path).status_code == 403
    reader = make.agent()
    reader.user_permissions.set(Permission.objects.filter(codename="view_gap"))
    plain.force_authenticate(reader)
    shown: dict[str, Any] = plain.get(path).json()
    assert [list(one) for one in shown["evidence"]["replies"]] == [["text"], ["text"]]
    assert plain.post(f"{path}draft/").status_code == 403


def test_editors_draft_and_ignore_by_hand(zips: Gap) -> None:
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True))
    listed = client.get("/admin/bots/gap/", follow=True).content.decode()
    assert (zips.title in listed, "No article" in listed) == (True, True)
    page = client.get(f"/admin/bots/gap/{zips.pk}/change/").content.decode()
    assert ("We repair zips" in page, "Draft an article" in page, "<svg" in page) == (True,) * 3

    drafted = client.post(f"/admin/bots/gap/{zips.pk}/draft/", follow=True).content.decode()
    assert "A draft from what people answered" in drafted
    other = Gap.objects.exclude(pk=zips.pk).get()
    assert client.post(f"/admin/bots/gap/{other.pk}/state/", {"state": "x"}).status_code == 404
    client.post(f"/admin/bots/gap/{other.pk}/state/", {"state": "ignored"})
    empty = client.get("/admin/bots/gap/?state__exact=open").content.decode()
    assert "results" in empty or "0 " in empty
    assert Gap.objects.filter(state="open").count() == 0

    stranger = Client()
    stranger.force_login(make.agent(is_staff=True))
    assert stranger.get(f"/admin/bots/gap/{zips.pk}/change/").status_code == 403
    assert stranger.post(f"/admin/bots/gap/{zips.pk}/draft/").status_code == 403


def searched(words: str, at: datetime, *, empty: int, language: str = "en") -> None:
    SearchDay.objects.create(
        words=words, day=at.date(), place="help", language=language, searches=empty, empty=empty
    )


def test_what_readers_did_not_find_joins_what_customers_asked(zips: Gap, at: datetime) -> None:
    searched("repair broken zip tent", at, empty=6)
    searched("gift card", at, empty=3)
    searched("gift card", at + DAY, empty=1)
    searched("xylophone", at, empty=1)
    searched("parcel", at, empty=0)

    gaps = {gap.title: gap for gap in sorted_out(at + DAY)}

    mine = Gap.objects.get(pk=zips.pk)
    assert (mine.size, mine.searches, mine.weekly) == (2, 6, 2.0)
    assert "repair broken zip tent" in mine.evidence["questions"]
    cards = gaps["gift card"]
    assert (cards.size, cards.searches, cards.weekly, cards.kind) == (0, 4, 1.0, "missing")
    assert GapSearch.objects.count() == 2
    draft = draft_article(gap=cards.uuid, by_id=None, at=at)
    assert (draft.title, draft.questions, draft.body) == ("Gift card", ["gift card"], "")
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True))
    page = client.get(f"/admin/bots/gap/{cards.pk}/change/").content.decode()
    assert ("4 searches without result" in page, "Nobody asked the bot." in page) == (True, True)


def test_searched_words_that_are_forgotten_leave_no_gap(at: datetime) -> None:
    knows(at)
    searched("gift card", at, empty=3)
    assert len(sorted_out(at)) == 1
    SearchDay.objects.all().delete()
    assert forget_words() == 1
    count(at=at)
    assert not Gap.objects.exists()
