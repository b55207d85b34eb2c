"""What was learnt goes live, and one step back, the same way everywhere."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db.models import QuerySet

from bots import adoption
from bots.models import Refit
from conversations.errors import CannotMove, NotFound
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


def rows() -> QuerySet[Refit]:
    return Refit.objects.filter(kind="chance")


def made(state: str, *, days: int = 0, kind: str = "chance") -> Refit:
    at = NOON + timedelta(days=days)
    return Refit.objects.create(
        kind=kind, state=state, made_at=at, since=at, weights={}, figures={}, data={}
    )


def states() -> list[str]:
    return list(rows().order_by("made_at").values_list("state", flat=True))


def test_the_one_before_retires_and_comes_back_when_the_new_one_is_rolled_back() -> None:
    old, new = made("live"), made("shadow", days=1)
    other = made("live", kind="ranking")

    adoption.go_live(new, rows(), by_id=None, at=NOON)
    assert states() == ["retired", "live"]

    assert adoption.step_back(rows(), new.uuid, by_id=None, at=NOON) == old
    assert states() == ["live", "back"]
    other.refresh_from_db()
    assert other.state == "live"


def test_what_cannot_be_used_any_more_does_not_come_back() -> None:
    made("live")
    new = made("shadow", days=1)
    adoption.go_live(new, rows(), by_id=None, at=NOON)

    back = adoption.step_back(rows(), new.uuid, by_id=None, at=NOON, usable=lambda _: False)

    assert back is None
    assert states() == ["retired", "back"]


def test_one_that_was_rolled_back_before_does_not_come_back() -> None:
    first = made("back")
    live = made("live", days=1)
    live.before = first
    live.save()

    assert adoption.step_back(rows(), live.uuid, by_id=None, at=NOON) is None
    assert states() == ["back", "back"]


def test_only_what_is_live_can_be_rolled_back() -> None:
    row = made("lost")

    with pytest.raises(CannotMove, match="did not win"):
        adoption.step_back(rows(), row.uuid, by_id=None, at=NOON)
    with pytest.raises(NotFound):
        adoption.step_back(rows(), uuid4(), by_id=None, at=NOON)


def test_after_a_step_back_nothing_goes_live_by_itself_for_a_month() -> None:
    made("back")

    assert adoption.rests(rows(), at=NOON + timedelta(days=29))
    assert not adoption.rests(rows(), at=NOON + timedelta(days=31))


def test_only_the_newest_losers_are_kept() -> None:
    for day in range(4):
        made("lost", days=day)
    made("live", days=-1)

    adoption.forget_losers(rows(), kept=2)

    assert states() == ["live", "lost", "lost"]
    assert rows().filter(state="lost").order_by("made_at")[0].made_at == NOON + timedelta(days=2)
