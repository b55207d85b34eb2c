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


@time_machine.travel(NOON + timedelta(hours=1), tick=False)
def test_the_page_says_what_they_are_worth_and_leads_to_where_they_were_used() -> None:
    bea = make.agent(first_name="Bea")
    used = turn(bea, "used", "sent")
    turn(bea, "own", "ignored")
    manager = signed_in("manager")

    html = manager.get("/admin/analytics/?period=today").content.decode().replace("\u202f", " ")

    assert "Suggestions helped with 50 % of agents&#x27; answers" in html
    assert "50 % (9–91)" in html
    link = (
        "/admin/conversations/conversation/?behind=suggestions.used&from=2026-05-04&to=2026-05-04"
    )
    shown = manager.get(link).context["cl"].result_list
    assert [row.pk for row in shown] == [used.conversation_id]
    log = manager.get("/admin/assist/suggestion/").content.decode()
    assert "So it is." in log
    assert Client().get("/admin/assist/suggestion/").status_code == 302
    assert signed_in("lead").get("/admin/assist/suggestion/").status_code == 403
