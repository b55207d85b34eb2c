"""Suggestions while an agent has the conversation: found, shown, used, counted, and nobody else's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from agents.assist import tasks
from agents.assist.actions.settle import forget_words, settle
from agents.assist.actions.suggest import PAUSE, next_pause, suggest
from agents.assist.models import HelpTurn, Suggestion
from agents.assist.rules.holdout import is_held_out
from agents.models import Agent
from bots.indexer import Indexer
from bots.language.model import LanguageModel, Load
from conversations import live
from conversations.models import Conversation
from tests import make
from tests.agents.api import Door
from tests.bots.actions.test_answer import ScriptedModel
from tests.bots.talks import DELIVERY, Talk, knows

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

QUESTION = "What is your return policy?"


def held(at: datetime, agent: Agent, text: str = QUESTION) -> Talk:
    """An agent has taken it, and the customer waits."""
    return Talk(at).hands_over("asked").taken(agent).asks(text)


def look(talk: Talk, model: ScriptedModel | None = None) -> int:
    def at_hand() -> LanguageModel | None:
        return model

    return suggest(model=at_hand, clock=lambda: talk.at + PAUSE)


def writes_on(talk: Talk) -> None:
    talk.asks("And when do you deliver?")


def frames(monkeypatch: pytest.MonkeyPatch) -> list[tuple[tuple[str, ...], dict[str, Any]]]:
    heard: list[tuple[tuple[str, ...], dict[str, Any]]] = []

    def hear(pushes: Any) -> None:
        heard.extend((one.rooms, one.frame) for one in pushes if one.frame["type"] == "suggestions")

    monkeypatch.setattr(live, "announce", hear)
    return heard


def test_a_waiting_customer_s_agent_is_shown_a_reply_with_its_source(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(at)
    agent = make.agent()
    talk = held(at, agent)
    heard = frames(monkeypatch)

    assert (look(talk), look(talk)) == (1, 0)

    ((rooms, frame),) = heard
    assert rooms == (live.agent_room(agent.pk),)
    assert frame["conversation"] == str(talk.conversation.uuid)
    (reply,) = frame["replies"]
    assert "30 days" in reply["text"]
    assert "[1]" not in reply["text"]
    assert reply["by"] == "quote"
    assert reply["citations"][0]["title"] == "Returning an item"
    turn = HelpTurn.objects.get()
    assert (turn.proposed, turn.seconds, turn.agent) == (1, PAUSE.total_seconds(), agent)


def test_a_conversation_that_goes_without_is_shown_nothing_and_counted(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(at)
    monkeypatch.setattr(settings, "SUGGESTION_HOLDOUT", 100)
    talk = held(at, make.agent())
    heard = frames(monkeypatch)

    assert look(talk) == 0

    assert [frame["replies"] for _, frame in heard] == [[]]
    turn = HelpTurn.objects.get()
    assert (turn.proposed, turn.withheld, Suggestion.objects.count()) == (0, 1, 0)


def test_who_goes_without_is_drawn_by_chance_and_stays_so() -> None:
    drawn = [UUID(int=n) for n in range(4_000)]
    out = {one for one in drawn if is_held_out(one, percent=10)}

    assert 340 < len(out) < 460
    assert out < {one for one in drawn if is_held_out(one, percent=20)}
    assert not any(is_held_out(one, percent=0) for one in drawn)


def test_who_writes_in_pieces_is_heard_out(at: datetime) -> None:
    knows(at)
    talk = held(at, make.agent())

    assert suggest(model=lambda: None, clock=lambda: talk.at + PAUSE / 2) == 0
    assert not HelpTurn.objects.exists()
    # Whoever came too early comes back for them, at that moment and not by the clock of the house.
    assert next_pause(at=talk.at + PAUSE / 2) == PAUSE / 2
    assert next_pause(at=talk.at + PAUSE) is None
    assert look(talk) == 1


def test_the_helper_comes_back_by_itself_once_the_customer_has_paused(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(at)
    talk = held(at, make.agent())
    clock, rested = [talk.at + timedelta(seconds=0.2)], list[float]()

    class Helper(Indexer):
        def rest(self, seconds: float) -> None:
            rested.append(seconds)
            clock[0] += timedelta(seconds=seconds)

    monkeypatch.setattr(tasks, "timezone", SimpleNamespace(now=lambda: clock[0]))
    monkeypatch.setattr(settings, "SUGGESTIONS", True)
    helper = Helper(tasks._help, name="helper", nice=0)
    monkeypatch.setattr(tasks, "_helper", helper)
    monkeypatch.setattr(tasks, "_model", lambda: None)

    helper.wake()  # once, as the task that came with the words
    assert helper.wait(30)

    assert HelpTurn.objects.get().proposed == 1
    assert rested == [pytest.approx(1.3)]


class Killed(BaseException):
    """Nothing in the house catches this: the process is gone."""


def dies() -> None:
    raise Killed


def test_a_worker_that_dies_while_it_looks_leaves_the_work_to_the_next(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    knows(at)
    talk = held(at, make.agent())
    with monkeypatch.context() as patched:
        patched.setattr("agents.assist.actions.suggest.propose", lambda *_, **__: dies())
        with pytest.raises(Killed):
            look(talk)
    assert not HelpTurn.objects.exists()

    assert (look(talk), look(talk)) == (1, 0)
    assert Suggestion.objects.count() == 1


def test_a_worker_that_dies_while_the_model_writes_leaves_quotes_and_hints(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody comes back for the model's words; whatever else there is to show was shown before them."""
    knows(at)
    hinted: list[int] = []

    def hint(conversation: Conversation, **_: Any) -> list[Suggestion]:
        hinted.append(conversation.pk)
        return []

    monkeypatch.setattr("agents.assist.actions.suggest.hint", hint)
    talk = held(at, make.agent())
    model = ScriptedModel("You may return anything within 30 days.", then=dies)

    with pytest.raises(Killed):
        look(talk, model)

    assert hinted == [talk.pk]
    assert list(Suggestion.objects.values_list("by", flat=True)) == ["quote"]
    talk.asks("When will my parcel arrive?")
    assert look(talk, ScriptedModel("Parcels arrive within 3 working days.")) == 1


def test_the_customer_who_wants_a_person_has_one_now(at: datetime) -> None:
    knows(at)
    talk = Talk(at).asks(QUESTION).asks("I want to talk to a person").hands_over("asked")
    talk.taken(make.agent())

    assert look(talk) == 1
    assert "30 days" in Suggestion.objects.get().text


def test_a_word_of_thanks_wants_no_reply_looked_up(at: datetime) -> None:
    agent = make.agent()
    talk = held(at, agent, "Thank you, that is all.")

    assert look(talk) == 0
    assert not Suggestion.objects.exists()


def test_nothing_is_suggested_where_no_article_comes_near(at: datetime) -> None:
    knows(at)
    talk = held(at, make.agent(), "Could you sing me the anthem of Peru backwards?")

    look(talk)

    assert HelpTurn.objects.get().proposed == 0
    assert not Suggestion.objects.exists()


def test_the_model_s_words_come_before_the_quote_and_give_way_to_customers_of_the_bot(
    at: datetime,
) -> None:
    knows(at)
    agent = make.agent()
    words = "You may return anything within 30 days."
    look(held(at, agent), ScriptedModel(words))
    first, second = Suggestion.objects.order_by("place")
    assert (first.by, first.model, second.by) == ("model", "scripted", "quote")
    assert first.text == words

    busy = ScriptedModel(words, load_=Load(2, 1, 0.5))
    look(held(at, agent), busy)
    assert busy.seen == []
    assert Suggestion.objects.filter(by="model").count() == 1


def test_a_customer_who_writes_on_ends_the_writing(at: datetime) -> None:
    knows(at)
    talk = held(at, make.agent())
    model = ScriptedModel("You may return anything within 30 days of delivery, no questions asked.")
    model.then = lambda: writes_on(talk)

    look(talk, model)

    assert list(Suggestion.objects.values_list("by", flat=True)) == ["quote"]


@pytest.mark.parametrize(
    ("said", "outcome", "turn"),
    [
        (lambda text: text, "sent", "used"),
        (lambda text: text.replace("unused", "as new"), "edited", "used"),
        (lambda _: "I do not know that, sorry, let me ask somebody.", "ignored", "own"),
    ],
)
def test_what_became_of_it_is_read_off_the_conversation(
    at: datetime, said: Callable[[str], str], outcome: str, turn: str
) -> None:
    knows(at)
    agent = make.agent()
    talk = held(at, agent)
    look(talk)
    row = Suggestion.objects.get()
    door, path = Door(agent), f"conversations/{talk.conversation.uuid}/suggestions/"
    assert [one["id"] for one in door.get(path)["replies"]] == [str(row.uuid)]
    door.post(f"{path}{row.uuid}/", {"did": "shown"})
    assert settle(at=talk.at) == 0
    door.post(f"{path}{row.uuid}/", {"did": "inserted"})

    talk.replies(agent, "One moment please.").replies(agent, said(row.text))
    settle(at=talk.at)
    talk.asks("Thank you, and how long does shipping take?")
    settle(at=talk.at)

    row.refresh_from_db()
    assert row.outcome == outcome
    assert (row.distance == 0) == (outcome == "sent")
    assert HelpTurn.objects.get().outcome == turn
    assert settle(at=talk.at) == 0
    assert door.get(path) == {"seq": None, "replies": []}


def test_copied_word_for_word_without_a_click_it_was_sent_all_the_same(at: datetime) -> None:
    knows(at)
    agent = make.agent()
    talk = held(at, agent)
    look(talk)
    talk.replies(agent, Suggestion.objects.get().text)

    assert settle(at=talk.at) == 1
    assert Suggestion.objects.get().outcome == "sent"


def test_a_customer_who_goes_on_and_one_who_is_passed_on_leave_nothing_open(at: datetime) -> None:
    knows(at)
    agent = make.agent()
    on = held(at, agent)
    look(on)
    on.asks("Please answer!")
    gone = held(at, agent)
    look(gone)
    Conversation.objects.filter(pk=gone.pk).update(assignee=make.agent())

    settle(at=at)

    found = HelpTurn.objects.exclude(outcome="").order_by("pk")
    assert [(t.conversation_id, t.outcome) for t in found] == [(on.pk, "again"), (gone.pk, "left")]
    assert set(Suggestion.objects.exclude(outcome="").values_list("outcome", flat=True)) == {
        "unseen"
    }


def test_suggestions_are_of_their_agent_and_their_conversation(at: datetime) -> None:
    knows(at, DELIVERY)
    agent, other = make.agent(), make.agent()
    talk = held(at, agent, "When will my parcel arrive?")
    look(talk)
    row = Suggestion.objects.get()
    path = f"conversations/{talk.conversation.uuid}/suggestions/"

    assert Door(other).ask("get", path)[0] == 404
    assert Door(other).ask("post", f"{path}{row.uuid}/", {"did": "shown"})[0] == 404
    manager = make.agent(role="manager")
    assert Door(manager).ask("post", f"{path}{row.uuid}/", {"did": "inserted"})[0] == 403
    elsewhere = f"conversations/{Talk(at).conversation.uuid}/suggestions/{row.uuid}/"
    assert Door(manager).ask("post", elsewhere, {"did": "shown"})[0] == 404
    status, said = Door(agent).ask("post", f"{path}{row.uuid}/", {"did": "eaten"})
    assert (status, set(said["fields"])) == (400, {"did"})

    assert Door(agent).ask("get", "suggestions/")[0] == 403
    (logged,) = Door(manager).get("suggestions/?outcome=open")["results"]
    assert row.turn is not None
    assert (logged["id"], logged["seq"], logged["agent"]) == (
        str(row.uuid), row.turn.seq, str(agent.uuid),
    )  # fmt: skip
    assert Door(manager).get("suggestions/?outcome=sent")["results"] == []


def test_words_are_forgotten_and_everything_goes_with_its_conversation(at: datetime) -> None:
    knows(at)
    talk = held(at, make.agent())
    look(talk)

    assert forget_words(at=talk.at + timedelta(days=89)) == 0
    assert forget_words(at=talk.at + timedelta(days=91)) == 1
    row = Suggestion.objects.get()
    assert (row.text, row.sources) == ("", [])
    Conversation.objects.get(pk=talk.pk).delete()
    assert not HelpTurn.objects.exists()
