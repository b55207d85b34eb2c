"""Answers learnt from people, and articles that do not agree: found, decided on, remembered."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from rest_framework.test import APIClient

from bots.actions.editing import write_draft
from bots.actions.gate import begin
from bots.actions.neighbours import CannotMerge, compare_new, decide, merge
from bots.actions.pairs import AlreadyDecided, approve, learn_new, reject
from bots.actions.replay import run_next
from bots.knowledge.vectors import light_encoders
from bots.models import Article, ArticlePair, Draft, LearnedPair, Replay, Words
from bots.sources.rows import Row
from tests import make
from tests.bots.talks import DELIVERY, RETURNS, Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DAY = timedelta(days=1)
REPAIR = "Hello Maria! We repair zips of tents for 20 euros within two weeks, order 4711-0815-X."
CLEAN = "We repair zips of tents for 20 euros within two weeks."


def served(at: datetime, question: str, reply: str, *, score: int | None = None) -> None:
    agent = make.present_agent()
    talk = Talk(at, customer=make.customer(name="Maria Keller"))
    talk.asks(question).hands_over().taken(agent).replies(agent, reply).solved(agent)
    if score:
        talk.rated(score)


def resolved(at: datetime) -> list[LearnedPair]:
    """After everybody has written up."""
    from conversations.models import Conversation

    Conversation.objects.filter(state="wrap_up").update(state="resolved")
    learnt(at)
    learn_new(at=at)
    return list(LearnedPair.objects.order_by("pk"))


def test_a_good_answer_waits_for_approval_without_names(at: datetime) -> None:
    knows(at)
    served(at, "I am Maria, do you repair zips?", f"{CLEAN} Your order is on its way. {REPAIR}")
    served(at, "Do you repair a zip?", CLEAN)
    served(at, "Do you sell kayaks?", "We do not sell any kayaks in our shops.", score=2)
    (pair,) = resolved(at + 2 * DAY)
    assert (pair.question, pair.seen, pair.becomes) == (
        "I am [NAME], do you repair zips?",
        2,
        "article",
    )
    assert "Maria" not in pair.answer
    assert "4711" not in pair.answer
    assert pair.answer.startswith(CLEAN)


def test_what_an_article_says_becomes_an_example_of_it(at: datetime) -> None:
    returns, _ = knows(at)
    served(
        at,
        "Can I bring back the shoes that I ordered last week?",
        "You may return anything within 30 days of delivery, and it must be unused.",
    )
    (pair,) = resolved(at + 2 * DAY)
    assert (pair.becomes, pair.article) == ("example", returns)

    approve(pair=pair.uuid, may_publish=False, by_id=None, at=at + 2 * DAY)
    assert Draft.objects.get(article=returns).questions[-1] == pair.question
    with pytest.raises(AlreadyDecided):
        reject(pair=pair.uuid, by_id=None, at=at)


def test_the_same_answer_to_other_words_is_one_row(at: datetime) -> None:
    knows(at)
    paper = (
        "We wrap presents in recycled paper with a ribbon for 3 euros; tick the box in the cart."
    )
    served(at, "Do you gift wrap orders?", paper)
    served(at, "I need paper around my parcel, it is a birthday present.", f"Hello! {paper}")
    (pair,) = resolved(at + 2 * DAY)
    asked = [pair.question, *pair.others]
    assert (pair.seen, len(asked)) == (2, 2)
    _, article = approve(pair=pair.uuid, may_publish=False, by_id=None, at=at + 2 * DAY)
    assert article.questions == asked


def test_what_was_rejected_never_comes_again(at: datetime) -> None:
    knows(at)
    served(at, "Do you repair zips?", CLEAN)
    (pair,) = resolved(at + 2 * DAY)
    reject(pair=pair.uuid, by_id=None, at=at)
    served(at + 2 * DAY, "Do you repair the zips?", CLEAN)
    (again,) = resolved(at + 5 * DAY)
    assert (again.state, again.seen) == ("rejected", 2)
    assert learn_new(at=at + 5 * DAY) == 0


def test_what_is_approved_is_a_draft(at: datetime) -> None:
    knows(at)
    served(at, "Do you repair zips?", CLEAN)
    (pair,) = resolved(at + 2 * DAY)
    _, article = approve(pair=pair.uuid, may_publish=True, by_id=None, at=at)
    assert (article.state, article.body, article.questions) == ("draft", CLEAN, [pair.question])


# --- pairs of articles --------------------------------------------------------------------

OTHER = Row(
    "policy",
    "Return policy",
    "You may return anything within 14 days of delivery. Keep the receipt.",
    ["How many days do I have to return something?"],
    "en",
    "Returns",
)
TWIN = Row(
    "back",
    "Sending an item back",
    f"{RETURNS.body}\n\nAsk us if you are not sure.",
    ["How long may I return a jacket?", "May I send back a tent?"],
    "en",
    "Returns",
)


def test_articles_that_do_not_agree_are_found_once(at: datetime) -> None:
    knows(at, RETURNS, DELIVERY, OTHER)
    assert (compare_new(at=at), compare_new(at=at)) == (3, 0)
    pair = ArticlePair.objects.get()
    assert (pair.kind, pair.first.title, pair.second.title) == (
        "contradiction",
        RETURNS.title,
        OTHER.title,
    )
    (said,) = pair.sentences
    assert (said["why"], "30 days" in said["first"], "14 days" in said["second"]) == (
        "figure",
        True,
        True,
    )


def test_a_dismissed_pair_comes_again_only_with_other_sentences(at: datetime) -> None:
    knows(at, RETURNS, OTHER)
    compare_new(at=at)
    pair = ArticlePair.objects.get()
    decide(pair=pair.uuid, state="dismissed", by_id=None, at=at)
    knows(
        at, Row(OTHER.id, OTHER.title, OTHER.body, [*OTHER.questions, "Policy?"], "en", "Returns")
    )
    compare_new(at=at)
    pair.refresh_from_db()
    assert pair.state == "dismissed"

    body = OTHER.body.replace("14", "21")
    knows(at, Row(OTHER.id, OTHER.title, body, OTHER.questions, "en", "Returns"))
    compare_new(at=at)
    pair.refresh_from_db()
    assert (pair.state, "21 days" in pair.sentences[0]["second"]) == ("open", True)

    body = OTHER.body.replace("14", "30")
    knows(at, Row(OTHER.id, OTHER.title, body, OTHER.questions, "en", "Returns"))
    compare_new(at=at)
    assert not ArticlePair.objects.filter(kind="contradiction").exists()


def test_duplicates_are_merged_into_a_draft(at: datetime) -> None:
    first, second = knows(at, RETURNS, TWIN)
    compare_new(at=at)
    pair = ArticlePair.objects.get()
    assert pair.kind == "duplicate"

    kept = merge(pair=pair.uuid, keep=first.uuid, by_id=None, at=at)
    second.refresh_from_db()
    draft = Draft.objects.get(article=kept)
    assert (second.state, TWIN.title in draft.questions) == ("archived", True)
    assert "Ask us if you are not sure." in draft.body
    with pytest.raises(CannotMerge):
        merge(pair=pair.uuid, keep=first.uuid, by_id=None, at=at)


def test_translations_may_say_the_same(at: datetime) -> None:
    knows(at, RETURNS, TWIN)
    Article.objects.filter(external_id="back").update(language="de")
    compare_new(at=at)
    assert not ArticlePair.objects.exists()


def test_a_replay_tells_of_a_new_contradiction(at: datetime) -> None:
    returns, _ = knows(at, RETURNS, DELIVERY)
    body = f"{RETURNS.body}\n\nParcels arrive within 9 working days."
    words = Words(RETURNS.title, body, tuple(RETURNS.questions))
    write_draft(article=returns.uuid, words=words, by_id=None, at=at)
    begin(article=returns.uuid, by_id=None, at=at)
    run_next(encoders=light_encoders(), clock=lambda: at)
    replay = Replay.objects.get()
    (found,) = replay.contradictions
    assert (replay.state, found["title"]) == ("worse", DELIVERY.title)


# --- the doors ----------------------------------------------------------------------------


def test_the_doors_to_what_was_learnt(at: datetime) -> None:
    knows(at, RETURNS, DELIVERY, OTHER)
    served(at, "Do you repair zips?", CLEAN)
    (learned,) = resolved(at + 2 * DAY)
    compare_new(at=at)
    pair = ArticlePair.objects.get()
    boss, desk = make.agent(role="manager", is_staff=True), Client()
    api = APIClient()
    api.force_authenticate(boss)
    desk.force_login(boss)

    (shown,) = api.get("/api/v1/learned-answers/?state=waiting").json()["results"]
    assert (shown["question"], shown["conversation"] is None) == ("Do you repair zips?", False)
    page = desk.get(f"/admin/bots/learnedpair/{learned.pk}/change/").content.decode()
    assert (CLEAN in page, "Reject for good" in page) == (True, True)
    own = f"/api/v1/learned-answers/{learned.uuid}/"
    assert api.post(f"{own}approve/").json()["state"] == "approved"
    assert api.post(f"{own}reject/").json()["code"] == "already_decided"
    path = f"/admin/bots/learnedpair/{learned.pk}/decide/"
    refused = desk.post(path, {"do": "reject"}, follow=True).content.decode()
    assert "It is approved already." in refused

    (shown,) = api.get("/api/v1/article-pairs/?kind=contradiction").json()["results"]
    assert shown["sentences"][0]["why"] == "figure"
    page = desk.get(f"/admin/bots/articlepair/{pair.pk}/change/").content.decode()
    assert page.count("<mark>") == 2
    on_article = desk.get(f"/admin/bots/article/{pair.first_id}/change/").content.decode()
    assert "Contradict each other" in on_article
    own = f"/api/v1/article-pairs/{pair.uuid}/"
    assert api.post(f"{own}state/", {"state": "linked"}, format="json").json()["state"] == "linked"
    kept = api.post(f"{own}merge/", {"keep": str(pair.first.uuid)}, format="json")
    assert (kept.status_code, kept.json()["id"]) == (200, str(pair.first.uuid))

    stranger = APIClient()
    stranger.force_authenticate(make.agent())
    for path in ("learned-answers", "article-pairs", "unanswered-questions"):
        assert stranger.get(f"/api/v1/{path}/").status_code == 403
