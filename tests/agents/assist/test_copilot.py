"""Help beside the conversation: articles and past cases, only such as the agent may read."""

from datetime import datetime, timedelta

import pytest

from agents.assist.models import Suggestion
from agents.models import Agent
from bots.models import Article
from bots.sources.rows import Row
from tests import make
from tests.agents.api import Door
from tests.bots.talks import RETURNS, Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db(transaction=True)]

SECRET = Row(
    "goodwill",
    "How much goodwill an agent may give",
    "You may refund up to 20 euros as goodwill without asking anybody.",
    ["How much goodwill may I give?", "May I refund something as goodwill?"],
    "en",
    "Inside",
)


def solved(at: datetime, agent: Agent, question: str, answer: str, **fields: object) -> Talk:
    talk = Talk(at, customer=make.customer(name="Bo Lindt"), **fields).asks(question)
    return talk.hands_over("no_article").taken(agent).replies(agent, answer).solved(agent)


def test_past_cases_are_told_without_personal_data_and_only_to_who_may_see_them(
    at: datetime,
) -> None:
    knows(at)
    agent, other = make.agent(), make.agent()
    queue = make.queue(is_default=True)
    queue.members.add(agent)
    past = solved(
        at, agent, "Can you repair the broken zip of my tent?",
        "Dear Bo Lindt, send it to our workshop, the repair of the zip takes ten days. Call +44 20 7946 0958.",
    )  # fmt: skip
    solved(at, agent, "Do you have gift vouchers?", "Yes, we sell gift vouchers in the shop.")
    learnt(at + timedelta(hours=1))
    talk = Talk(at).asks("The zip of my tent is broken, do you repair it?").hands_over("asked")
    talk.taken(agent)

    found = Door(agent).get(f"conversations/{talk.conversation.uuid}/helpful/")

    (case,) = found["cases"]
    assert case["conversation"] == str(past.conversation.uuid)
    assert "takes ten days" in case["answer"]
    assert "Lindt" not in case["answer"]
    assert "7946" not in case["answer"]
    assert found["about"] == "The zip of my tent is broken, do you repair it?"

    # Who does not serve that queue sees their own conversation, and nothing of these.
    theirs = Talk(at).asks("The zip of my tent is broken, do you repair it?").hands_over("asked")
    theirs.taken(other)
    assert Door(other).get(f"conversations/{theirs.conversation.uuid}/helpful/")["cases"] == []


def test_the_copilot_answers_from_what_agents_may_read_and_says_what_is_not_for_the_customer(
    at: datetime,
) -> None:
    knows(at, RETURNS, SECRET)
    Article.objects.filter(external_id="goodwill").update(visibility="agents")
    agent = make.agent()
    talk = Talk(at).hands_over("asked").taken(agent)
    path = f"conversations/{talk.conversation.uuid}/copilot/"
    door = Door(agent)

    inside = door.post(path, {"question": "How much goodwill may I give?"})
    assert (inside["decision"], inside["internal"]) == ("answer", True)
    assert "20 euros" in inside["text"]
    assert inside["citations"][0]["title"] == SECRET.title
    public = door.post(path, {"question": "What is your return policy?"})
    assert (public["decision"], public["internal"]) == ("answer", False)
    near = door.post(path, {"question": "Can worn boots be returned?"})
    assert near["decision"] in {"answer", "near"}
    assert "It must be unused." in near["text"]
    nothing = door.post(path, {"question": "Who won the chess olympiad of 1972?"})
    assert (nothing["decision"], nothing["text"], nothing["citations"]) == ("none", "", [])

    log = f"conversations/{talk.conversation.uuid}/suggestions/"
    door.post(f"{log}{public['id']}/", {"did": "inserted"})
    rows = Suggestion.objects.filter(kind="answer").order_by("pk")
    assert [bool(row.inserted_at) for row in rows] == [False, True, False, False]
    assert door.get(log) == {"seq": None, "replies": []}
    manager = Door(make.agent(role="manager"))
    asking = manager.get("reports/suggestions/")["current"]["asking"]
    assert [(one["asked"], one["copied"]) for one in asking] == [(4, 1)]
    assert len(manager.get("suggestions/?kind=answer")["results"]) == 4


def test_strangers_and_bad_words_are_turned_away(at: datetime) -> None:
    knows(at)
    agent = make.agent()
    talk = Talk(at).asks("What is your return policy?").hands_over("asked").taken(agent)
    path = f"conversations/{talk.conversation.uuid}/"

    assert Door(make.agent()).ask("get", f"{path}helpful/")[0] == 404
    assert Door(make.agent()).ask("post", f"{path}copilot/", {"question": "Hi"})[0] == 404
    for words in ({}, {"question": ""}, {"question": "x" * 501}, {"question": "a", "history": "b"}):
        assert Door(agent).ask("post", f"{path}copilot/", words)[0] == 400
    cards = Door(agent).get(f"{path}helpful/")["cards"]
    assert cards[0]["title"] == RETURNS.title


def test_a_summary_says_what_was_wanted_and_why_a_person_was_needed(at: datetime) -> None:
    agent = make.agent()
    talk = Talk(at).asks("The zip of my new tent is broken and I leave on Friday.")
    talk.hands_over("no_article").taken(agent)
    talk.replies(agent, "Let me check.").replies(agent, "We send you a new tent by express today.")

    found = Door(agent).get(f"conversations/{talk.conversation.uuid}/summary/")

    assert found["needs"] == ["The zip of my new tent is broken and I leave on Friday."]
    assert "We send you a new tent by express today." in found["answers"]
    assert (found["reason"], found["reason_says"]) == ("no_article", "No article answers it")
    assert (
        Door(make.agent()).ask("get", f"conversations/{talk.conversation.uuid}/summary/")[0] == 404
    )
