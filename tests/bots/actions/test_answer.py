"""The bot's turn: it says what the articles bear out, once, and only while it is its turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pytest

from bots.actions.answer import answer, begin_turn
from bots.actions.articles import import_articles
from bots.imports import Row
from bots.knowledge.vectors import light_encoders
from bots.language.model import Completion, Description, Load, ModelUnavailable, Passage, Turn
from conversations.actions.customer import ask_for_a_person
from conversations.actions.post import store
from conversations.models import Conversation, Event, Handoff, Message
from tests import make

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

RETURNS = Row(
    "returns",
    "Returning an item",
    "You may return anything within 30 days. It must be unused.",
    ["How long can I return a jacket?", "What is your return policy?"],
    "en",
    "Returns",
)
QUESTION = "What is your return policy?"


@dataclass
class ScriptedModel:
    """Says what the test wrote down, in small pieces; remembers what it was shown."""

    says: str = ""
    then: Callable[[], None] = lambda: None
    error: ModelUnavailable | None = None
    seen: list[Sequence[Passage]] = field(default_factory=list)
    name = "scripted"
    languages = None
    rephrases = True

    def write(
        self,
        *,
        turns: Sequence[Turn],
        passages: Sequence[Passage],
        language: str,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
        share: str = "",
    ) -> Completion:
        self.seen.append(passages)
        if self.error:
            raise self.error
        for word in self.says.split(" "):
            if cancelled():
                break
            on_text(word + " ")
        self.then()
        return Completion(self.says, len(self.says), finished=True, seconds_to_first=0, seconds=0)

    def ready(self) -> bool:
        return True

    def load(self) -> Load:
        return Load(0, 0, 0.0)

    def describe(self) -> Description:
        return Description(self.name, "", "script", "")

    def close(self) -> None: ...


def asked(at: datetime, text: str = QUESTION, **fields: object) -> Conversation:
    import_articles([RETURNS], encoders=light_encoders(), at=at, bad=lambda _line: None)
    talk = make.conversation(**fields)
    store([make.draft(talk, text, at=at)])
    return talk


def take_turn(talk: Conversation, model: ScriptedModel | None, at: datetime) -> str | None:
    return answer(conversation_id=talk.pk, model=lambda: model, clock=lambda: at)


def said_by_bot(talk: Conversation) -> list[str]:
    return list(
        Message.objects.filter(conversation=talk, author_kind="bot").values_list("text", flat=True)
    )


def test_the_model_s_supported_words_are_said_with_their_source(at: datetime) -> None:
    talk = asked(at)
    model = ScriptedModel("You may return anything within 30 days.")

    assert take_turn(talk, model, at) == "answer"

    message = Message.objects.get(conversation=talk, author_kind="bot")
    assert message.text == "You may return anything within 30 days. [1]"
    assert [(c["title"], c["version"]) for c in message.citations] == [("Returning an item", 1)]
    assert message.reply_to == 1
    event = Event.objects.get(conversation=talk, kind="bot_answered")
    assert (event.data["decision"], event.data["by"]) == ("answer", "model")
    talk.refresh_from_db()
    assert [talk.due_at, talk.waiting_since] == [None, None]


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(ScriptedModel("We give you a free tent. Just ask."), id="an invented promise"),
        pytest.param(ScriptedModel("You may return anything within 90 days."), id="a wrong figure"),
        pytest.param(
            ScriptedModel(error=ModelUnavailable("failed", "Broken.")), id="a broken model"
        ),
        pytest.param(ScriptedModel(""), id="nothing to say"),
        pytest.param(None, id="no model"),
    ],
)
def test_below_the_model_the_article_speaks_for_itself(
    model: ScriptedModel | None, at: datetime
) -> None:
    talk = asked(at)

    assert take_turn(talk, model, at) == "answer"

    (words,) = said_by_bot(talk)
    assert words.startswith("You may return anything within 30 days.")
    assert words.endswith("[1]")
    assert Event.objects.get(conversation=talk, kind="bot_answered").data["by"] == "quote"


def test_a_second_task_for_the_same_debt_says_nothing(at: datetime) -> None:
    talk = asked(at)
    take_turn(talk, None, at)

    assert take_turn(talk, None, at) is None
    assert len(said_by_bot(talk)) == 1


def test_a_customer_who_asks_for_a_person_meanwhile_is_not_talked_over(at: datetime) -> None:
    talk = asked(at)
    model = ScriptedModel(
        "You may return anything within 30 days.",
        then=lambda: ask_for_a_person(conversation_id=talk.pk, at=at),
    )

    assert take_turn(talk, model, at) is None

    talk.refresh_from_db()
    assert (talk.state, said_by_bot(talk)) == ("queued", [])


def test_a_newer_turn_takes_the_word_from_an_older_one(at: datetime) -> None:
    talk = asked(at)

    def write_again() -> None:
        store([make.draft(talk, "And boots?", at=at)])
        begin_turn(conversation_id=talk.pk, at=at)

    model = ScriptedModel("You may return anything within 30 days.", then=write_again)

    assert take_turn(talk, model, at) is None
    assert said_by_bot(talk) == []


def test_everything_asked_since_the_last_answer_is_one_question(at: datetime) -> None:
    talk = asked(at, "Hello,")
    store([make.draft(talk, QUESTION, at=at)])

    turn = begin_turn(conversation_id=talk.pk, at=at)

    assert turn is not None
    assert (turn.question, turn.asked_seq) == (f"Hello,\n{QUESTION}", 2)


@pytest.mark.parametrize(
    ("text", "enabled", "reason"),
    [
        pytest.param("I want to talk to a human", True, "asked", id="asked for a person"),
        pytest.param(
            "Write me a poem about the moon and cats", True, "unsure", id="not our business"
        ),
        pytest.param(QUESTION, False, "no_bot", id="an inbox without a bot"),
    ],
)
def test_it_steps_aside_with_a_reason_and_a_summary(
    text: str, enabled: bool, reason: str, at: datetime
) -> None:
    talk = asked(at, text, inbox=make.inbox(bot_enabled=enabled))

    assert take_turn(talk, None, at) == "handoff"

    handoff = Handoff.objects.get(conversation=talk)
    assert (handoff.reason, handoff.summary) == (reason, text)
    talk.refresh_from_db()
    assert talk.state == "queued"


def test_whatever_breaks_a_person_is_asked(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    talk = asked(at)

    def broken(**_: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("bots.actions.answer.consult", broken)

    assert take_turn(talk, None, at) == "handoff"
    assert Handoff.objects.get(conversation=talk).reason == "failed"
