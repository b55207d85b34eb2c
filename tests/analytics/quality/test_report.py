"""The report of scores, at its page."""

import csv
import io
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from analytics.period import Period
from analytics.reports.behind import narrow
from analytics.reports.quality import interval, quality
from analytics.reports.scope import Scope
from conversations.models import Conversation
from tests import make
from tests.analytics.quality.house import LATER, badly_served, card, score_all, well_served
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

SCOPE = Scope(Period(NOON - timedelta(days=6), NOON + timedelta(days=1)), LATER)
PAGE = "/admin/analytics/quality/?from=2026-05-01&to=2026-05-05"


def test_agents_stand_beside_the_others_only_where_intervals_are_apart() -> None:
    card()
    good, bad, new = (make.agent(first_name=name) for name in ("Good", "Bad", "New"))
    for n in range(10):
        well_served(good, at=NOON + timedelta(minutes=n))
        (badly_served if n < 9 else well_served)(bad, NOON + timedelta(minutes=n))
    badly_served(new)
    score_all()

    found = quality(SCOPE)

    told = {one.name: one for one in found.agents}
    assert [one.name for one in found.agents] == ["Bad", "Good", "New"]  # by name, not by rank
    assert (told["Good"].apart, told["Bad"].apart, told["New"].apart) == ("above", "below", "")
    assert (told["Good"].mean, told["New"].between) == (100, None)
    assert found.total.fatal == 10
    assert found.covered == 1


def test_every_number_leads_to_its_conversations() -> None:
    card()
    good, bad = make.agent(), make.agent()
    well = well_served(good)
    ill = badly_served(bad)
    score_all()

    def behind(number: str, detail: str = "") -> list[int]:
        rows = narrow(Conversation.objects.all(), number, detail, SCOPE)
        return list(rows.order_by("pk").values_list("pk", flat=True))

    assert behind("quality.scored") == [well.pk, ill.pk]
    assert behind("quality.fatal") == [ill.pk]
    assert behind("quality.agent", str(good.uuid)) == [well.pk]
    assert behind("quality.low", "data") == [ill.pk]
    assert behind("quality.answered", "data") == [well.pk, ill.pk]
    assert behind("quality.bot") == []
    assert behind("quality.not_scored", "short") == []


def test_an_interval_needs_some_scores() -> None:
    assert interval(7, 50, 100) is None
    low, high = interval(8, 50, 100) or (0, 0)
    assert (low, high) == pytest.approx((41.64, 58.36), abs=0.03)  # 50 ± 2.365 · 10 / √8
    low, high = interval(8, 99, 100) or (0, 0)
    assert (round(low), high) == (91, 100)


@time_machine.travel(LATER, tick=False)
def test_the_page_and_its_tables_as_csv() -> None:
    card()
    well_served(make.agent(first_name="=Eve"))
    score_all()
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True))

    shown = client.get(PAGE)
    table = client.get(f"{PAGE}&csv=scored-people")

    assert shown.status_code == 200
    assert "100 of 100" in shown.content.decode()
    assert table["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))
    assert lines[2][:3] == ["'=Eve", "1", "100"]
    assert client.get(f"{PAGE}&csv=none").status_code == 404


def test_an_empty_house_says_so_and_agents_are_kept_out() -> None:
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True))
    assert "Nothing was scored" in client.get(PAGE).content.decode()
    client.force_login(make.agent(is_staff=True))
    assert client.get(PAGE).status_code == 403
