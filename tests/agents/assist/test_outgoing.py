"""What agents are not to send: found, held back at every door, and sent anyway with a reason."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from agents.actions.scheduled import Later, schedule
from agents.assist.models import OutgoingRule, SentAnyway
from agents.assist.rules.outgoing import Rule, found_in, says
from agents.models import Agent
from conversations.actions.post import store
from conversations.drafts import Draft, Refusal, Stored
from conversations.errors import Sensitive
from conversations.models import Conversation, Message
from tests import make
from tests.agents.api import Door

CARD = "Your card 4111 1111 1111 1111 was charged."
WORDS = Rule(
    1, "Tone", ("shut up", "闭嘴", "Idiot", "\u200b"), frozenset(), blocks=True, advice="Stay kind."
)
CARDS = Rule(2, "Cards", (), frozenset({"CARD", "IBAN"}), blocks=False)


@pytest.mark.unit
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Please SHUT   up now", ["SHUT   up"]),
        ("The shutter is up", []),
        ("你闭嘴吧", ["闭嘴"]),
        ("idiotic, but no idiot!", ["idiot"]),
        ("ｉｄｉｏｔ", ["ｉｄｉｏｔ"]),
        ("i\u200bdiot", ["i\u200bdiot"]),
        ("\u200b and \u0301", []),
        (CARD, ["4111 1111 1111 1111"]),
        ("Order 4111 1111 is on its way", []),
        ("DE89 3704 0044 0532 0130 00, you idiot", ["DE89 3704 0044 0532 0130 00", "idiot"]),
    ],
)
def test_words_are_found_whole_and_personal_data_by_what_proves_it(
    text: str, found: list[str]
) -> None:
    hits = found_in(text, [WORDS, CARDS])
    assert [text[hit.start : hit.end] for hit in hits] == found


@pytest.mark.unit
def test_it_is_said_without_repeating_personal_data() -> None:
    said = says(found_in(CARD + " Idiot.", [WORDS, CARDS]))
    assert said == "A payment card and “Idiot” are in it. Stay kind."


pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def agent() -> Agent:
    return make.agent()


@pytest.fixture
def talk(agent: Agent) -> Conversation:
    return make.conversation(state="assigned", assignee=agent)


def rule(**fields: Any) -> OutgoingRule:
    usual: dict[str, Any] = {"name": "Cards", "kinds": ["CARD"], "mode": "block"}
    return OutgoingRule.objects.create(**(usual | fields))


def says_it(talk: Conversation, agent: Agent, text: str = CARD, **fields: Any) -> Stored | Refusal:
    draft = Draft(talk.pk, "agent", text, make.NOON, agent_id=agent.pk, **fields)
    return store([draft])[0]


@pytest.mark.integration
def test_nobody_s_door_goes_round_a_rule(talk: Conversation, agent: Agent, at: datetime) -> None:
    before = says_it(talk, agent, client_id=(name := uuid.uuid4()))
    assert isinstance(before, Stored)
    rule()

    held = says_it(talk, agent)
    assert isinstance(held, Refusal)
    assert "4111" not in held.detail
    again = says_it(
        talk, agent, client_id=name
    )  # sent before: acknowledged, whatever the rules are
    assert isinstance(again, Stored)
    assert again.repeated
    status, said = Door(agent).ask(
        "post", f"conversations/{talk.uuid}/messages/", {"id": str(uuid.uuid4()), "text": CARD}
    )
    assert (status, said["code"]) == (409, "sensitive")
    later = Later(uuid.uuid4(), CARD, [], at + timedelta(hours=1), unless_customer_writes=False)
    with pytest.raises(Sensitive):
        schedule(later, conversation_id=talk.pk, agent_id=agent.pk, at=at)
    # What the customer and the bot say, notes, and other words are nobody's business here.
    others = store([make.draft(talk, CARD), make.draft(talk, CARD, author_kind="agent", agent_id=agent.pk, note=True)])  # fmt: skip
    assert all(isinstance(one, Stored) for one in others)
    mixed = store([
        Draft(talk.pk, "agent", text, make.NOON, agent_id=agent.pk) for text in ("One", CARD, "Two")
    ])  # fmt: skip
    assert [isinstance(one, Stored) for one in mixed] == [True, False, True]
    assert Message.objects.filter(conversation=talk, text__in=["One", "Two"]).count() == 2
    assert not SentAnyway.objects.exists()


@pytest.mark.integration
def test_a_rule_is_of_its_inbox_and_may_be_off(talk: Conversation, agent: Agent) -> None:
    rule(inbox=make.inbox())
    rule(is_on=False)
    assert isinstance(says_it(talk, agent), Stored)
    rule(inbox=talk.inbox)
    assert isinstance(says_it(talk, agent), Refusal)


@pytest.mark.integration
def test_who_may_sends_it_with_a_reason_and_that_is_logged(
    talk: Conversation, agent: Agent
) -> None:
    rule()
    assert isinstance(says_it(talk, agent, override="I want to"), Refusal)
    lead = make.agent(role="lead")
    Conversation.objects.filter(pk=talk.pk).update(assignee=lead)
    assert isinstance(says_it(talk, lead), Refusal)

    sent = Door(lead).post(
        f"conversations/{talk.uuid}/messages/",
        {"id": str(uuid.uuid4()), "text": CARD, "override": "Their bank asked for it"},
    )

    row = SentAnyway.objects.get()
    assert (row.how, row.reason, row.what, row.message.seq) == (
        "overridden", "Their bank asked for it", ["a payment card"], sent["seq"],
    )  # fmt: skip
    manager = Door(make.agent(role="manager"))
    (logged,) = manager.get("sent-anyway/?how=overridden")["results"]
    assert (logged["agent"], logged["rules"]) == (str(lead.uuid), ["Cards"])
    assert Door(lead).ask("get", "sent-anyway/")[0] == 403


@pytest.mark.integration
def test_a_warning_lets_it_through_and_is_noted(talk: Conversation, agent: Agent) -> None:
    rule(mode="warn")
    assert isinstance(says_it(talk, agent), Stored)
    assert SentAnyway.objects.get().how == "warned"


@pytest.mark.integration
def test_the_composer_is_told_before_and_rules_are_the_manager_s(
    talk: Conversation, agent: Agent
) -> None:
    door, path = Door(agent), f"conversations/{talk.uuid}/outgoing-check/"
    assert door.post(path, {"text": CARD})["rules"] == 0
    manager = Door(make.agent(role="manager"))
    made = manager.post(
        "outgoing-rules/",
        {
            "name": "Tone",
            "words": ["damn"],
            "kinds": ["CARD"],
            "mode": "block",
            "advice": "Be kind.",
        },
    )
    check = door.post(path, {"text": "Damn, 4111 1111 1111 1111"})
    assert (check["blocks"], check["may_override"]) == (True, False)
    assert check["says"] == "“damn” and a payment card are in it. Be kind."
    assert [(one["start"], one["end"]) for one in check["found"]] == [(0, 4), (6, 25)]

    assert door.ask("post", "outgoing-rules/", {"name": "Mine", "words": ["x"]})[0] == 403
    bad: dict[str, list[str]] = {"words": [], "kinds": []}
    status, said = manager.ask("patch", f"outgoing-rules/{made['id']}/", bad)
    assert (status, set(said["fields"])) == (400, {"words"})
    status, said = manager.ask("post", "outgoing-rules/", {"name": "", "kinds": ["SOUL"]})
    assert (status, set(said["fields"])) == (400, {"name", "kinds"})
    assert manager.ask("delete", f"outgoing-rules/{made['id']}/")[0] == 204
    assert manager.get("outgoing-rules/")["results"] == []
