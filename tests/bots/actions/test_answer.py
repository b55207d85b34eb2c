"""The bot's turn: it says what the articles bear out, once, and only while it is its turn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from uuid import UUID

import pytest

from agents.models import OpeningHours, Schedule
from bots.actions.answer import answer
from bots.actions.articles import import_articles
from bots.actions.tracing import forget_old_turns
from bots.actions.turn import begin_turn
from bots.knowledge.vectors import light_encoders
from bots.language.model import Completion, Description, Load, ModelUnavailable, Passage, Turn
from bots.models import Article, BotKeyword, BotProfile, BotTrace, BotUsage
from bots.sources.rows import Row
from conversations.actions.customer import ask_for_a_person, finish, wake
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
    load_: Load = field(default_factory=lambda: Load(0, 0, 0.0))
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
        guidance: Sequence[str] = (),
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
        return self.load_

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


def test_whoever_asks_right_after_a_correction_hears_the_corrected_words(at: datetime) -> None:
    talk = asked(at)
    returns = Article.objects.get()
    returns.body = returns.body.replace("30 days", "45 days")
    returns.revision += 1
    returns.save()  # no task has read it yet

    assert take_turn(talk, None, at) == "answer"

    (said,) = said_by_bot(talk)
    assert "45 days" in said
    assert Message.objects.get(author_kind="bot").citations[0]["version"] == 2


def test_a_question_does_not_wait_for_a_big_import(at: datetime) -> None:
    talk = asked(at)
    for number in range(5):
        Article.objects.create(
            title=f"Tent {number}", body="Poles.", state="published", updated_at=at, created_at=at
        )

    take_turn(talk, None, at)

    assert Article.objects.unindexed().count() == 5


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
            "Write me a poem about the moon and cats", True, "no_article", id="not our business"
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

    monkeypatch.setattr("bots.actions.looking_up.consult", broken)

    assert take_turn(talk, None, at) == "handoff"
    assert Handoff.objects.get(conversation=talk).reason == "failed"


def reason_of(talk: Conversation) -> str:
    return Handoff.objects.get(conversation=talk).reason


def test_what_is_written_meanwhile_is_answered_together(at: datetime) -> None:
    talk = asked(at)

    def write_on() -> None:
        store([make.draft(talk, "For a jacket, I mean", at=at)])

    model = ScriptedModel("You may return anything within 30 days.", then=write_on)

    assert take_turn(talk, model, at) is None  # no answer to half of it

    talk.refresh_from_db()
    assert (said_by_bot(talk), talk.waiting_since, talk.due_at is not None) == ([], at, True)
    turn = begin_turn(conversation_id=talk.pk, at=at)
    assert turn is not None
    assert turn.question == f"{QUESTION}\nFor a jacket, I mean"
    assert BotTrace.objects.get(conversation=talk).outcome == "lost"


def test_what_was_over_is_no_context_but_its_summary_stays(at: datetime) -> None:
    talk = asked(at)
    take_turn(talk, None, at)
    finish(conversation_id=talk.pk, at=at)
    wake(conversation_id=talk.pk, at=at)
    store([make.draft(talk, "And boots?", at=at)])

    turn = begin_turn(conversation_id=talk.pk, at=at)

    assert turn is not None
    assert (turn.question, turn.history, turn.before) == ("And boots?", (), QUESTION)


@pytest.mark.parametrize(
    ("fields", "text", "reason"),
    [
        pytest.param({"when": "never"}, QUESTION, "no_bot", id="switched off"),
        pytest.param({"when": "closed"}, QUESTION, "hours", id="not at this hour"),
        pytest.param({"when": "called"}, QUESTION, "no_bot", id="nobody called it"),
        pytest.param({"languages": ["de"]}, QUESTION, "language", id="another language"),
        pytest.param({}, "This is FRAUD, and I return it", "keyword", id="a keyword"),
        pytest.param({"answers_a_day": 0, "beyond": "aside"}, QUESTION, "quota", id="a quota"),
        pytest.param(
            {"customer_answers_an_hour": 0}, QUESTION, "quota", id="too many for one customer"
        ),
    ],
)
def test_the_profile_says_when_a_person_answers(
    fields: dict[str, object], text: str, reason: str, at: datetime
) -> None:
    make.queue(is_default=True)
    fraud = make.queue()
    inbox = make.inbox()
    if fields.get("when") == "closed":
        schedule = Schedule.objects.create(name="Nights", time_zone="UTC")
        fields = fields | {"schedule": schedule}
        OpeningHours.objects.create(schedule=schedule, weekday=0, opens=time(0), closes=time(23))
    profile = BotProfile.objects.create(inbox=inbox, **fields)
    BotKeyword.objects.create(profile=profile, words="fraud", then="person", queue=fraud)
    talk = asked(at, text, inbox=inbox)

    assert take_turn(talk, None, at) == "handoff"

    talk.refresh_from_db()
    assert reason_of(talk) == reason
    assert (talk.queue == fraud) is (reason == "keyword")


def test_a_keyword_calls_the_bot_and_it_stays(at: datetime) -> None:
    inbox = make.inbox()
    profile = BotProfile.objects.create(inbox=inbox, when="called")
    BotKeyword.objects.create(profile=profile, words="return*", then="bot")
    talk = asked(at, inbox=inbox)

    assert take_turn(talk, None, at) == "answer"

    store([make.draft(talk, "Thank you", at=at)])
    assert take_turn(talk, None, at) == "clarify"


@pytest.mark.parametrize(
    ("fields", "by"),
    [({"answers_a_day": 1}, "quote"), ({"tokens_a_month": 1}, "quote"), ({}, "model")],
)
def test_beyond_its_quota_the_bot_quotes(fields: dict[str, object], by: str, at: datetime) -> None:
    inbox = make.inbox()
    BotProfile.objects.create(inbox=inbox, **fields)
    model = ScriptedModel("You may return anything within 30 days.")
    take_turn(asked(at, inbox=inbox), model, at)

    talk = asked(at, inbox=inbox)
    take_turn(talk, model, at)

    said = Event.objects.get(conversation=talk, kind="bot_answered").data
    assert (said["by"], "quota" in said) == (by, bool(fields))
    usage = BotUsage.objects.get(inbox=inbox, day=at.date())
    assert (usage.answers, usage.by_model) == (2, 1 if fields else 2)
    assert usage.tokens == usage.by_model * len(model.says)


@pytest.mark.parametrize(
    ("load", "step", "by"),
    [
        (Load(8, 30, 9.0), "quote", "quote"),
        (Load(8, 2, 1.5), "shorter", "model"),
        (Load(1, 0, 0.2), None, "model"),
    ],
)
def test_a_busy_model_is_asked_for_less(
    load: Load, step: str | None, by: str, at: datetime
) -> None:
    talk = asked(at)
    model = ScriptedModel("You may return anything within 30 days. It must be unused.", load_=load)

    assert take_turn(talk, model, at) == "answer"

    logged = Event.objects.filter(conversation=talk, kind="bot_degraded").first()
    assert (logged.data["step"] if logged else None) == step
    assert Event.objects.get(conversation=talk, kind="bot_answered").data["by"] == by


@pytest.mark.parametrize(("seconds", "outcome"), [(9, "answer"), (25, "handoff")])
def test_who_has_waited_long_gets_a_quote_or_a_person(
    seconds: int, outcome: str, at: datetime
) -> None:
    talk = asked(at)
    model = ScriptedModel("You may return anything within 30 days.")

    assert take_turn(talk, model, at + timedelta(seconds=seconds)) == outcome

    assert model.seen == []
    assert BotTrace.objects.get(conversation=talk).data["why"] == "late"


def test_a_turn_is_traced_without_personal_data(at: datetime) -> None:
    words = "My card is 4111 1111 1111 1111. What is your return policy?"
    talk = asked(at, words)
    model = ScriptedModel("You may return anything within 30 days.")

    take_turn(talk, model, at)

    turn = BotTrace.objects.get(conversation=talk)
    assert (turn.outcome, turn.by, turn.answer_seq, turn.asked_seq) == ("answer", "model", 2, 1)
    assert turn.data["question"] == "My card is [CARD 1]. What is your return policy?"
    assert "4111" not in str(turn.data)
    (passage,) = turn.data["passages"]
    assert (passage["title"], passage["version"]) == ("Returning an item", 1)
    assert turn.data["model"]["name"] == "scripted"
    assert [one["name"] for one in turn.data["stages"]] == [
        "line", "rules", "procedure", "understand", "redact", "write", "show",
    ]  # fmt: skip
    assert turn.uuid == UUID(Event.objects.get(conversation=talk, kind="bot_answered").data["turn"])

    store([make.draft(talk, "Thank you, it is 4111 1111 1111 1111", at=at)])
    take_turn(talk, None, at)
    again = BotTrace.objects.exclude(pk=turn.pk).get()
    assert [line["role"] for line in again.data["history"]] == ["customer", "bot"]
    assert "4111" not in str(again.data)

    talk.customer.delete()
    assert not BotTrace.objects.exists()


def test_old_turns_are_forgotten(at: datetime) -> None:
    talk = asked(at)
    take_turn(talk, None, at)

    assert forget_old_turns(at=at + timedelta(days=29)) == 0
    assert forget_old_turns(at=at + timedelta(days=31)) == 1


def test_a_second_task_does_not_begin_what_is_being_done(at: datetime) -> None:
    talk = asked(at)
    seen: list[object] = []

    def be_reminded() -> None:
        seen.append(begin_turn(conversation_id=talk.pk, at=at + timedelta(seconds=11)))

    model = ScriptedModel("You may return anything within 30 days.", then=be_reminded)

    assert take_turn(talk, model, at) == "answer"
    assert (seen, len(said_by_bot(talk))) == ([None], 1)
