"""What suggestions are worth, counted from their log."""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from agents.assist.models import HelpTurn, Suggestion
from agents.models import Agent
from analytics.period import between
from analytics.reports.scope import Scope
from analytics.reports.suggestions import suggestions
from analytics.sections.parts import Cell, Links
from analytics.sections.suggestions import suggestions_section
from conversations.actions.post import store
from conversations.models import Conversation
from tests import make
from tests.analytics.test_page import signed_in
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def turn(agent: Agent, ended: str, *outcomes: str, distance: int = 0) -> HelpTurn:
    talk = make.conversation()
    made = HelpTurn.objects.create(
        conversation=talk, inbox=talk.inbox, agent=agent, seq=1, at=NOON, seconds=0.5,
        proposed=len(outcomes), outcome=ended,
    )  # fmt: skip
    for outcome in outcomes:
        used = outcome in {"sent", "edited"}
        Suggestion.objects.create(
            turn=made, conversation=talk, agent=agent, text="So it is.", by="quote", confidence=0.8,
            at=NOON, shown_at=None if outcome == "unseen" else NOON, decided_at=NOON,
            inserted_at=NOON if used else None, outcome=outcome,
            distance=distance if used else None, likeness=1 - distance / 100 if used else None,
        )  # fmt: skip
    return made


def scope() -> Scope:
    return Scope(between("2026-05-04", "2026-05-04", at=NOON), NOON + timedelta(hours=1))


def test_rates_are_of_answered_turns_and_come_with_how_sure_they_are() -> None:
    bea, cal = make.agent(first_name="Bea"), make.agent(first_name="Cal")
    turn(bea, "used", "sent", "ignored")
    for letters in (4, 10, 20):
        turn(bea, "used", "edited", distance=letters)
    turn(bea, "own", "ignored")
    turn(bea, "own")  # nothing was found
    turn(bea, "again", "unseen")
    turn(cal, "own", "unseen")

    found = suggestions(scope())

    total = found.total
    assert (total.turns, total.answered, total.offered, total.seen) == (8, 7, 7, 5)
    assert (total.used, total.sent, total.edited) == (4, 1, 3)
    assert total.assistance == 4 / 7
    low, high = total.assistance_between or (0, 0)
    assert (round(low, 2), round(high, 2)) == (0.25, 0.84)
    assert (total.accepted, total.copied) == (4 / 5, 1 / 4)
    assert (total.distance, total.distance_between) == (7, None)
    assert total.kept is not None
    assert round(total.kept, 2) == 0.93
    assert [(one.name, one.used, one.assistance) for one in found.agents] == [
        ("Bea", 4, 4 / 6), ("Cal", 0, 0.0),
    ]  # fmt: skip
    assert [(one.key, one.used) for one in found.by] == [("quote", 4)]
    assert found.seconds == 0.5


def answered(agent: Agent, after: float, *, withheld: bool) -> None:
    """A first moment that was answered so many seconds after the customer's words."""
    made = turn(agent, "own")
    HelpTurn.objects.filter(pk=made.pk).update(
        proposed=0 if withheld else 1, withheld=1 if withheld else 0
    )
    talk = made.conversation
    store([make.draft(talk)])
    Conversation.objects.filter(pk=talk.pk).update(state="assigned", assignee=agent)
    at = NOON + timedelta(seconds=after - 0.5)
    store([make.draft(talk, "So it is.", author_kind="agent", agent_id=agent.pk, at=at)])


def saved() -> Cell:
    tables = suggestions_section(scope(), Links(scope(), "")).tables
    [gain] = [one for one in tables if one.caption.startswith("Until the answer")]
    return gain.rows[-1][-1]


def test_what_they_gain_is_told_beside_those_without() -> None:
    bea = make.agent(first_name="Bea")
    for seconds in (10, 12, 14, 16, 18, 20):
        answered(bea, seconds, withheld=False)
    answered(bea, 40, withheld=True)

    alone = suggestions(scope()).gain
    assert (alone.shown.conversations, alone.shown.seconds) == (6, 15)
    assert (alone.saved, alone.saved_between) == (25, None)
    assert saved().text == "–"
    assert "too few" in saved().why

    for seconds in (30, 35, 45, 50, 55):
        answered(bea, seconds, withheld=True)
    both = suggestions(scope()).gain
    assert (both.withheld.conversations, both.withheld.seconds) == (6, 42.5)
    low, high = both.saved_between or (0, 0)
    assert both.saved == 27.5
    assert saved().text == "28 s (14 to 41)"
    # Their medians lie between 10 and 20, and between 30 and 55.
    assert (round(low, 2), round(high, 2)) == (27.5 - 13.46, 27.5 + 13.46)


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_the_page_says_what_they_are_worth_and_leads_to_where_they_were_used() -> None:
    bea = make.agent(first_name="Bea")
    used = turn(bea, "used", "sent")
    turn(bea, "own", "ignored")
    manager = signed_in("manager")

    html = manager.get("/admin/analytics/?period=today").content.decode().replace("\u202f", " ")

    assert "Suggestions helped with 50 % of agents&#x27; answers" in html
    assert "50 % (9–91)" in html
    assert "Until the answer, with them and without" not in html
    link = (
        "/admin/conversations/conversation/?behind=suggestions.used&from=2026-05-04&to=2026-05-04"
    )
    shown = manager.get(link).context["cl"].result_list
    assert [row.pk for row in shown] == [used.conversation_id]
    log = manager.get("/admin/assist/suggestion/").content.decode()
    assert "So it is." in log
    assert Client().get("/admin/assist/suggestion/").status_code == 302
    assert signed_in("lead").get("/admin/assist/suggestion/").status_code == 403
