"""What recommending was worth, on the manager's page."""

from datetime import timedelta

import pytest
from django.test import Client

from agents.recommendations.models import Item, Segment, Showing, Shown
from analytics.page import sections
from analytics.period import Period
from analytics.reports.scope import Scope
from analytics.sections.parts import Links
from analytics.sections.recommendations import recommendations_section
from tests import make
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
DAY = timedelta(days=1)


def scope() -> Scope:
    return Scope(Period(NOON - 7 * DAY, NOON + DAY), NOON + 30 * DAY)


def showing(*, control: bool = False, bought: bool = False, silent: str = "") -> Showing:
    talk = make.conversation(at=NOON)
    return Showing.objects.create(
        conversation=talk, customer=talk.customer, place="console", silent=silent, control=control,
        control_percent=50, at=NOON, seen_at=NOON, settled_at=NOON + 15 * DAY,
        bought_at=NOON + DAY if bought else None,
    )  # fmt: skip


def plain(text: str) -> str:
    """Without the narrow spaces before a sign."""
    return text.replace("\u202f", " ")


def rows(table: int) -> list[list[str]]:
    found = recommendations_section(scope(), Links(scope(), "")).tables[table].rows
    return [[plain(cell.text) for cell in row] for row in found]


def test_a_house_that_shows_nothing_has_no_such_section() -> None:
    assert "recommendations" not in {one.slug for one in sections(scope(), inbox="")}


def test_no_measurable_effect_is_said_where_that_is_the_truth() -> None:
    item = Item.objects.create(key="mat", name="Mat", updated_at=NOON)
    for number in range(80):
        row = showing(control=number % 2 == 0, bought=number % 8 < 2)
        if not row.control:
            outcome = "clicked" if number < 20 else ""
            Shown.objects.create(
                showing=row, item=item, position=1, propensity=1.0, score=0.5, because="", outcome=outcome
            )  # fmt: skip
    showing(silent="mood")

    section = recommendations_section(scope(), Links(scope(), ""))

    assert (
        plain(section.title)
        == "Recommendations: no measurable effect, 25 % of what was seen was opened"
    )
    assert rows(0)[1] == ["Drawn to have none", "40", "25 %", ""]
    assert rows(0)[0][:3] == ["With recommendations", "40", "25 %"]
    assert rows(1) == [["1", "40", "10", "25 %", "0", "0"]]
    assert rows(2)[2] == ["The customer sounds unhappy", "1"]


def test_the_worth_in_a_segment_is_of_who_belonged_to_it_then() -> None:
    gold = Segment.objects.create(name="Gold", conditions={}, created_at=NOON)
    for number in range(140):
        row = showing(control=number % 2 == 0, bought=number % 2 == 1 and number < 70)
        if number < 70:
            Showing.objects.filter(pk=row.pk).update(before={"segments": [str(gold.uuid)]})

    (line,) = rows(1)
    assert line[:5] == ["Gold", "35", "100 %", "35", "0 %"]
    assert line[5].startswith("+100.0 points")
    gold.delete()
    assert [
        len(line) for line in rows(1)
    ] == []  # what is bought at each place: nothing was in front of anybody


def test_few_are_told_to_be_few_and_the_links_lead_to_the_rows() -> None:
    showing(silent="mood")
    showing(control=True)
    section = recommendations_section(scope(), Links(scope(), ""))
    assert section.title == "Recommendations: too few conversations to say"
    admin = Client()
    admin.force_login(make.agent(role="admin", is_staff=True, is_superuser=True))
    for row in section.tables[2].rows:
        page = admin.get(row[0].href).content.decode()
        assert page.count('class="field-when') == 1, row[0].href
