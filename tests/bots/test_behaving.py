"""A bot is told to behave otherwise: past questions are asked again first."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from rest_framework.test import APIClient

from bots.actions.behaving import settle, waiting_for
from bots.actions.editing import archive_article
from bots.actions.gate import CannotOverride, conclude, override
from bots.actions.replay import run_next
from bots.answering.manner import FixedAnswer, Guideline, Mode
from bots.behaviour.conduct import Behaviour, touched
from bots.behaviour.profiles import profile_of
from bots.knowledge.vectors import light_encoders
from bots.models import Article, Asked, BotFixedAnswer, BotKeyword, BotProfile, Replay, ReplayRule
from tests import make
from tests.bots.actions.test_answer import ScriptedModel
from tests.bots.talks import Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOUR = timedelta(hours=1)
HOW_LONG = "How long can I send a jacket back?"
ASK_US = FixedAnswer(("jacket",), "Please ask in one of our shops.")
PATH = "/api/v1/bot-profiles/"


@pytest.fixture
def at() -> datetime:
    """Now: the doors read the clock."""
    return timezone.now() - 2 * HOUR


@pytest.fixture
def bot(at: datetime) -> BotProfile:
    """Of all inboxes; two customers asked it, and what it said helped."""
    knows(at)
    for question in (HOW_LONG, "When will my parcel arrive?"):
        Talk(at).is_answered(question).ends()
    learnt(at + HOUR)
    return BotProfile.objects.create(mode="quote")


@pytest.fixture
def boss() -> APIClient:
    client = APIClient()
    client.force_authenticate(make.agent(role="manager"))
    return client


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replays what waits, while a door waits for it."""

    def work(_seconds: float) -> None:
        run_next(encoders=light_encoders(), clock=timezone.now)

    monkeypatch.setattr("bots.actions.gate.time.sleep", work)


def becomes(bot: BotProfile, after: Behaviour, at: datetime) -> Replay | None:
    before = Behaviour.of(BotProfile.objects.whole().get(pk=bot.pk))
    after.put_into(bot)
    return settle(bot, before=before, by_id=None, at=at)


def ran(at: datetime) -> Replay:
    done = run_next(encoders=light_encoders(), clock=lambda: at)
    assert done is not None
    return Replay.objects.get(pk=done.pk)


def now(bot: BotProfile) -> Behaviour:
    return Behaviour.of(BotProfile.objects.whole().get(pk=bot.pk))


def test_an_answer_that_helped_and_is_replaced_holds_the_change_back(
    bot: BotProfile, at: datetime
) -> None:
    was = now(bot)
    replay = becomes(bot, Behaviour(Mode.QUOTE, fixed=(ASK_US,)), at + HOUR)
    assert (now(bot), replay is not None) == (was, True)

    done = ran(at + HOUR)

    assert (done.state, done.regressions, done.questions) == ("worse", 1, 2)
    row = done.asked.get()
    assert (row.asked.text, row.worse, row.after["text"]) == (HOW_LONG, "unsupported", ASK_US.text)
    assert done.counts["near"] == {"population": 1, "sampled": 1, "changed": 1}
    assert (done.estimate, waiting_for(bot)) == (0.125, done)
    assert not conclude(done, at=at + HOUR)
    assert now(bot) == was


def test_who_may_does_so_all_the_same(bot: BotProfile, at: datetime) -> None:
    boss = make.agent(role="manager")
    becomes(bot, Behaviour(Mode.QUOTE, fixed=(ASK_US,)), at + HOUR)
    done = ran(at + HOUR)

    override(replay=done.uuid, reason="Shops only", by_id=boss.pk, may=True, at=at + HOUR)

    assert now(bot).fixed == (ASK_US,)
    assert waiting_for(bot) is None
    with pytest.raises(CannotOverride):
        override(replay=done.uuid, reason="Again", by_id=boss.pk, may=True, at=at + HOUR)


def test_what_no_answer_loses_by_holds_by_itself(bot: BotProfile, at: datetime) -> None:
    queue = make.queue()
    after = Behaviour(
        Mode.STRICT,
        fixed=(FixedAnswer(("gift card",), "They never end.", "en"),),
        guidelines=(Guideline("Be short.", "gift", "short", 2, frozenset({"long"}), ("very",)),),
    )
    BotKeyword.objects.create(profile=bot, words="fraud", queue=queue)
    with_keyword = now(bot).keywords
    after = Behaviour.read(
        {**after.kept, "keywords": Behaviour(keywords=with_keyword).kept["keywords"]}
    )
    becomes(bot, after, at + HOUR)

    assert conclude(ran(at + HOUR), at=at + HOUR)
    assert now(bot) == after
    assert now(bot).keywords[0].queue == str(queue.uuid)


def test_what_passed_while_articles_were_published_is_replayed_again(
    bot: BotProfile, at: datetime
) -> None:
    becomes(bot, Behaviour(Mode.QUOTE, longest=900), at + HOUR)
    passed = ran(at + HOUR)
    archive_article(article=Article.objects.get(external_id="returns").uuid, by_id=None, at=at)

    assert not conclude(passed, at=at + HOUR)
    assert waiting_for(bot) is not None
    assert conclude(ran(at + HOUR), at=at + HOUR)
    assert now(bot).longest == 900


def test_a_keyword_that_asks_a_person_loses_answers(bot: BotProfile, at: datetime) -> None:
    after = Behaviour.read({
        **now(bot).kept, "keywords": [{"words": "parcel*", "then": "person", "queue": None}]
    })  # fmt: skip
    becomes(bot, after, at + HOUR)

    row = ran(at + HOUR).asked.get()

    assert (row.change, row.worse, row.after["reason"]) == ("lost", "lost", "keyword")


def test_a_language_that_is_left_out_loses_answers(bot: BotProfile, at: datetime) -> None:
    becomes(bot, Behaviour(Mode.QUOTE, languages=("zh",)), at + HOUR)
    assert ran(at + HOUR).regressions == 2


def test_what_a_model_is_told_is_shown_in_its_words(bot: BotProfile, at: datetime) -> None:
    Behaviour().put_into(bot)
    model = ScriptedModel("Sorry! You may return anything within 30 days of delivery.")
    sorry = Behaviour(guidelines=(Guideline("Say sorry first.", "asks about a jacket", "sorry"),))
    becomes(bot, sorry, at + HOUR)

    done = run_next(encoders=light_encoders(), clock=lambda: at + HOUR, model=lambda: model)

    assert done is not None
    assert (done.state, done.questions, len(model.seen)) == ("passed", 2, 2)


def test_only_the_bots_own_inboxes_are_asked(bot: BotProfile, at: datetime) -> None:
    own = BotProfile.objects.create(inbox=make.inbox(), mode="quote")
    assert becomes(own, Behaviour(Mode.QUOTE, fixed=(ASK_US,)), at + HOUR) is None
    assert now(own).fixed == (ASK_US,)


def test_another_change_takes_the_place_of_the_one_that_waits(
    bot: BotProfile, at: datetime
) -> None:
    becomes(bot, Behaviour(Mode.QUOTE, fixed=(ASK_US,)), at + HOUR)
    ran(at + HOUR)
    second = becomes(bot, Behaviour(Mode.QUOTE, longest=900), at + HOUR)
    assert waiting_for(bot) == second
    BotFixedAnswer.objects.create(profile=bot, words=["x"], text="Changed by hand.")

    assert not conclude(ran(at + HOUR), at=at + HOUR)
    assert now(bot).longest == 0


@pytest.mark.parametrize("mode", ["off", "advise"])
def test_a_house_may_go_without_the_gate(bot: BotProfile, at: datetime, mode: str) -> None:
    ReplayRule.objects.create(pk=1, mode=mode)
    replay = becomes(bot, Behaviour(Mode.QUOTE, fixed=(ASK_US,)), at + HOUR)
    assert (now(bot).fixed, replay is not None) == ((ASK_US,), mode == "advise")
    if mode == "advise":
        assert ran(at + HOUR).regressions == 1
        assert waiting_for(bot) is None


def test_what_a_change_can_reach() -> None:
    plain, told = Behaviour(), Behaviour(guidelines=(Guideline("Say sorry.", "customer is angry"),))
    assert touched(plain, told).by_model
    assert "angry" in touched(plain, told).words
    assert touched(plain, Behaviour(never=("sure",))).everything
    assert not touched(plain, Behaviour(Mode.STRICT)).by_model
    assert touched(plain, Behaviour(fixed=(ASK_US,))).words == ("jacket",)
    assert not touched(plain, Behaviour(fixed=(ASK_US,), mode=Mode.QUOTE)).by_model
    assert Behaviour.read(told.kept) == told


# --- its doors ----------------------------------------------------------------------------


def test_a_program_that_takes_an_answer_away_is_refused(
    bot: BotProfile, boss: APIClient, worker: None
) -> None:
    own = f"{PATH}{bot.uuid}/"
    fixed = {"fixed_answers": [{"words": ["jacket"], "text": ASK_US.text}], "answers_a_day": 9}
    answer = boss.patch(own, fixed, format="json")

    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "replay_gets_worse")
    shown = boss.get(own).json()
    assert (shown["fixed_answers"], shown["answers_a_day"]) == ([], 9)
    assert shown["replay"] == said["fields"]["replay"][0]
    replay = boss.get(f"/api/v1/replays/{shown['replay']}/").json()
    assert (replay["profile"], replay["article"]) == (str(bot.uuid), None)
    assert replay["words"]["after"]["fixed_answers"][0]["text"] == ASK_US.text
    assert [one["id"] for one in boss.get(f"{own}replays/").json()] == [shown["replay"]]

    done = boss.post(
        f"/api/v1/replays/{shown['replay']}/override/", {"reason": "Shops"}, format="json"
    )
    assert (done.status_code, done.json()["fixed_answers"][0]["text"]) == (200, ASK_US.text)
    assert boss.delete(f"{own}replays/").status_code == 409


def test_a_waiting_change_is_replayed_again_or_forgotten(
    bot: BotProfile, boss: APIClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bots.actions.gate.PATIENCE", 0.0)
    own = f"{PATH}{bot.uuid}/"
    answer = boss.patch(own, {"mode": "strict"}, format="json")
    assert (answer.status_code, answer.json()["mode"]) == (202, "quote")
    again = boss.post(f"{own}replays/").json()
    assert (again["id"], again["state"]) == (answer.json()["replay"], "queued")
    assert boss.delete(f"{own}replays/").status_code == 204
    assert boss.get(own).json()["replay"] is None
    agent = APIClient()
    agent.force_authenticate(make.agent())
    assert agent.get(f"{own}replays/").status_code == 403


def test_a_new_bot_begins_as_the_one_before_it(
    bot: BotProfile, boss: APIClient, worker: None
) -> None:
    asked = Asked.objects.get(text=HOW_LONG).inbox
    fixed: dict[str, Any] = {"fixed_answers": [{"words": ["jacket"], "text": ASK_US.text}]}
    answer = boss.post(PATH, {"inbox": asked.key, **fixed}, format="json")
    assert answer.status_code == 409
    assert (profile_of(asked.pk).inbox, now(profile_of(asked.pk)).fixed) == (asked, ())


def form_of(bot: BotProfile, **fields: str) -> dict[str, str]:
    inlines = {
        f"{name}-{part}": "0"
        for name in ("keywords", "guidelines", "fixed_answers")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    plain = {"when": "always", "mode": "quote", "caution": "1", "longest": "0", "beyond": "quote"}
    return {**plain, "in_doubt": "person", "doubt_below": "0.5", **inlines, **fields}


def test_a_manager_sees_what_a_new_fixed_answer_does(bot: BotProfile, worker: None) -> None:
    desk = Client()
    desk.force_login(make.agent(role="manager", is_staff=True))
    path = f"/admin/bots/botprofile/{bot.pk}/change/"
    new = {
        "fixed_answers-TOTAL_FORMS": "1",
        "fixed_answers-0-words": "jacket",
        "fixed_answers-0-text": ASK_US.text,
    }
    answer = desk.post(path, form_of(bot, **new), follow=True)

    page = answer.content.decode()
    assert ("1 worse" in page, HOW_LONG in page, ASK_US.text in page) == (True, True, True)
    assert now(bot).fixed == ()
    assert "1 past question would be answered worse" in desk.get(path).content.decode()
    listed = desk.get("/admin/bots/replay/").content.decode()
    assert "Something gets worse" in listed
    own = answer.request["PATH_INFO"]
    page = desk.post(f"{own}override/", {"reason": "Shops"}, follow=True).content.decode()
    assert "Your reason is kept." in page
    assert now(bot).fixed == (ASK_US,)


def test_a_change_that_waits_can_be_discarded_by_hand(bot: BotProfile, worker: None) -> None:
    desk = Client()
    desk.force_login(make.agent(role="manager", is_staff=True))
    answer = desk.post(
        f"/admin/bots/botprofile/{bot.pk}/change/", form_of(bot, languages="zh"), follow=True
    )
    assert "2 worse" in answer.content.decode()
    begin = f"/admin/bots/botprofile/{bot.pk}/replay/"
    page = desk.post(begin, {"what": "discard"}, follow=True).content.decode()
    assert "The bot stays as it is." in page
    assert (now(bot).languages, Replay.objects.count()) == ((), 0)
