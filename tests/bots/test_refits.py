"""Refits: read off what happened, tried on what comes after, live in every process, and one step back."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bots.actions import refit
from bots.answering.chance import chance_of, shipped
from bots.knowledge.calibration import SIGNALS, calibration
from bots.knowledge.corpus import corpus, stamp_now
from bots.knowledge.fits import as_stored
from bots.learning.refit import Resolved
from bots.models import Asked, BotTrace, LearnedPair, Refit
from bots.reads import outcomes
from conversations.errors import CannotMove, Taken
from conversations.models import Event
from tests import make
from tests.bots.learning.test_refit import features
from tests.bots.learning.test_refit import outcomes as made_up
from tests.bots.talks import Talk, knows, learnt

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

DAY = timedelta(days=1)


def happened(monkeypatch: pytest.MonkeyPatch, rows: Sequence[Resolved]) -> None:
    """Instead of what the log says; still only what was asked in the span that is wanted."""

    def told(*, since: datetime, until: datetime) -> list[Resolved]:
        return [row for row in rows if since < row.at <= until]

    way = replace(refit.WAYS["chance"], rows=told)
    monkeypatch.setitem(refit.WAYS, "chance", way)


def months(at: datetime, count: int = 900, **twist: Any) -> list[Resolved]:
    """So many outcomes of the past 40 days and the next 40, evenly spread."""
    rows = made_up(2 * count, **({"slope": 0.6, "shift": -1.0, "seed": 1} | twist))
    step = 40 * DAY / count
    return [replace(row, at=at - 40 * DAY + n * step) for n, row in enumerate(rows)]


def row_of(at: datetime, state: str = "live", **more: Any) -> Refit:
    figures = {
        "turns": 90,
        "conversations": 50,
        "gain": 0.02,
        "interval": [0.01, 0.03],
        "objections": [],
    }
    sides = {"log_loss": 0.5, "brier": 0.2, "ece": 0.05, "said": 0.6}
    given: dict[str, Any] = {
        "kind": "chance", "weights": as_stored(shipped()), "state": state, "made_at": at, "since": at,
        "figures": figures | {"before": sides, "after": sides}, "beside": {},
        "data": {"earlier": 200, "later": 90, "from": "2026-04-01", "until": "2026-05-01"},
    }  # fmt: skip
    return Refit.objects.create(**(given | more))


# --- what happened --------------------------------------------------------------------------------


def traced(talk: Talk, articles: Sequence[Any], *, named: bool = False, **more: Any) -> None:
    """The trace of the bot's last line."""
    parts = {"asked": 0.5, "english": 0.6, "said": 0.4, "words": 0.1, "covered": 0.3, "score": 1.0}
    parts |= {"named": 1.0} if named else {}
    event = Event.objects.filter(conversation=talk.pk, kind__in=["bot_answered", "handoff"]).last()
    assert event is not None
    BotTrace.objects.create(
        conversation_id=talk.pk, inbox_id=talk.conversation.inbox_id, run=event.offset, asked_seq=1,
        at=event.created_at, outcome="answer" if event.kind == "bot_answered" else "handoff",
        data={
            "features": features(random.Random(1)), "language": "en", "requests": [{}],
            "passages": [{"article": str(articles[0].uuid)}],
            "candidates": [
                {"article": str(one.uuid), "language": "en", "parts": parts} for one in articles
            ],
        } | more,
    )  # fmt: skip


def test_outcomes_are_read_off_the_log_the_traces_and_what_people_answered(at: datetime) -> None:
    returns, delivery = knows(at)
    helped = Talk(at).asks("How long may I return it?").says("answer", returns)
    traced(helped, [returns, delivery], named=True)
    helped.ends()
    wanted = Talk(at).asks("When does my parcel come?").says("answer", delivery)
    traced(wanted, [delivery, returns])
    wanted.hands_over("asked")
    taught = Talk(at).asks("Do you take back what was worn?").hands_over()
    traced(taught, [delivery, returns])
    unknown = Talk(at).asks("Is there any discount for teachers?").hands_over()
    traced(unknown, [delivery, returns])
    greeting = Talk(at).asks("Where are you, by the way?").says("answer", returns)
    traced(greeting, [returns, delivery], features={})
    greeting.ends()
    learnt(at + DAY)
    asked = Asked.objects.get(conversation=taught.pk)
    LearnedPair.objects.create(
        question="q", answer="a", language="en", vector=asked.vector, asked=asked, article=returns,
        becomes="example", found_at=at,
    )  # fmt: skip

    span = {"since": at - DAY, "until": at + DAY}
    resolved = {row.conversation: row.is_right for row in outcomes.resolved(**span)}
    ordered = {row.conversation: row for row in outcomes.ordered(**span)}

    assert resolved == {helped.pk: True, wanted.pk: False, taught.pk: False}
    assert ordered[helped.pk].right == 0
    assert ordered[taught.pk].right == 1
    assert ordered[taught.pk].signals[0]["named"] == 0.0
    assert ordered[helped.pk].signals[0]["named"] == 1.0
    assert ordered[taught.pk].signals[0]["english"] == 0.6
    assert ordered[taught.pk].judges == ["bilingual", "bilingual"]
    assert wanted.pk not in ordered
    assert outcomes.resolved(since=at - DAY, until=at - timedelta(hours=1)) == []


# --- its life -------------------------------------------------------------------------------------


def test_what_wins_is_tried_then_lives_by_itself_and_every_process_follows(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(monkeypatch, months(at))
    before, sure = stamp_now(), features(random.Random(5))

    refit.tend(at=at)
    one = Refit.objects.get(kind="chance")
    assert (one.state, one.figures["objections"], one.made_by) == ("shadow", [], None)
    assert stamp_now() == before  # nobody weighs by it yet
    refit.tend(at=at + 2 * DAY)
    one.refresh_from_db()
    assert (one.state, one.beside["turns"] < refit.LEAST_LATER) == ("shadow", True)
    refit.tend(at=at + 35 * DAY)

    one.refresh_from_db()
    assert (one.state, one.decided_by, one.beside["objections"]) == ("live", None, [])
    assert stamp_now() != before
    assert chance_of(sure, corpus().fits.chance) < chance_of(sure)
    assert refit.roll_back(refit=one.uuid, by_id=None, at=at + 36 * DAY) is None
    assert corpus().fits.chance == {}
    assert chance_of(sure, corpus().fits.chance) == chance_of(sure)


def test_nothing_lives_by_itself_after_somebody_rolled_one_back_or_where_people_decide(
    at: datetime, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    happened(monkeypatch, months(at))
    row_of(at - 10 * DAY, "back")
    refit.try_anew(kind="chance", by_id=None, at=at)
    refit.judge_tried(kind="chance", at=at + 15 * DAY)
    assert Refit.objects.get(state="shadow").beside["objections"] == []
    settings.REFIT = "propose"
    refit.judge_tried(kind="chance", at=at + 40 * DAY)
    assert Refit.objects.filter(state="shadow").exists()
    settings.REFIT = "off"
    refit.tend(at=at + 90 * DAY)
    assert Refit.objects.filter(state="shadow").exists()


def test_what_does_not_win_never_lives(at: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    happened(monkeypatch, months(at, slope=1.0, shift=0.0))
    row = refit.try_anew(kind="chance", by_id=None, at=at)
    assert row is not None
    assert row.state == "lost"
    with pytest.raises(CannotMove):
        refit.adopt(refit=row.uuid, by_id=None, at=at)

    # It won on the past, and then the world changed.
    rows = months(at)
    turned = [replace(one, is_right=not one.is_right) if one.at > at else one for one in rows]
    happened(monkeypatch, turned)
    Refit.objects.all().delete()
    row = refit.try_anew(kind="chance", by_id=None, at=at)
    assert row is not None
    assert row.state == "shadow"
    with pytest.raises(CannotMove, match="may be chance"):
        refit.adopt(refit=row.uuid, by_id=None, at=at + 30 * DAY)
    refit.judge_tried(kind="chance", at=at + 30 * DAY)
    assert Refit.objects.get().state == "lost"


def test_the_clock_tries_once_a_day_and_only_with_enough_that_is_new(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(monkeypatch, months(at, slope=1.0, shift=0.0)[:300])  # until 27 days ago
    for hours in (0, 1, 30):
        refit.tend(at=at + timedelta(hours=hours))
    assert Refit.objects.filter(kind="chance").count() == 1
    happened(monkeypatch, months(at)[:100])
    Refit.objects.all().delete()
    refit.tend(at=at)
    assert not Refit.objects.exists()
    with pytest.raises(CannotMove, match="Too few outcomes: 100 of 200"):
        refit.try_anew(kind="chance", by_id=make.agent().pk, at=at)


def test_two_are_never_live_or_tried_and_one_that_can_t_be_read_is_as_if_it_were_not_there(
    at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(monkeypatch, months(at))
    for state in ("live", "shadow"):
        row_of(at, state)
        with pytest.raises(IntegrityError), transaction.atomic():
            row_of(at, state)
    with pytest.raises(Taken):
        refit.try_anew(kind="chance", by_id=make.agent().pk, at=at)
    Refit.objects.filter(state="live").update(weights={"bilingual": {"terms": 3}})
    row_of(at, kind="ranking", weights={"bilingual": {"asked": "NaN"}})
    assert corpus().fits.chance == {}


def test_an_order_that_was_fitted_before_names_were_weighed_goes_on(at: datetime) -> None:
    old = dict.fromkeys(SIGNALS, 0.5)
    del old["named"]
    row = row_of(at, kind="ranking", weights={"bilingual": old, "alone": old})
    usual = calibration().alone.signals["named"]
    assert corpus().fits.alone.signals == old | {"named": usual}

    weights = {"bilingual": old, "alone": old | {"named": 0.9}}
    Refit.objects.filter(pk=row.pk).delete()
    row_of(at, kind="ranking", weights=weights)
    assert corpus().fits.alone.signals["named"] == 0.9


# --- doors ----------------------------------------------------------------------------------------


def test_programs_fit_adopt_and_roll_back(
    client: Client, at: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened(monkeypatch, months(at))
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)

    def post(path: str, body: dict[str, Any] | None = None) -> Any:
        return client.post(f"/api/v1/refits/{path}", json.dumps(body or {}), "application/json")

    client.force_login(make.agent())
    assert client.get("/api/v1/refits/").status_code == 403
    assert post("", {"kind": "chance"}).status_code == 403
    client.force_login(make.agent(role="manager"))
    assert post("", {"kind": "moon"}).status_code == 400
    assert post("", {"kind": "ranking"}).json()["code"] == "cannot_move"
    made = post("", {"kind": "chance"}).json()
    assert (made["state"], made["figures"]["objections"]) == ("shadow", [])
    found = {one["kind"]: one for one in client.get("/api/v1/refits/standing/").json()}
    assert found["ranking"] == {"kind": "ranking", "outcomes": 0, "needed": 200}
    assert post(f"{made['id']}/adopt/").status_code == 409
    Refit.objects.update(state="live")
    assert post(f"{made['id']}/roll-back/").status_code == 204
    (shown,) = client.get("/api/v1/refits/?state=back&kind=chance").json()["results"]
    assert shown["id"] == made["id"]


def test_the_admin_says_how_few_there_are_and_rolls_back(client: Client, at: datetime) -> None:
    client.force_login(make.agent(role="manager", is_staff=True))
    empty = client.get("/admin/bots/refit/").content.decode()
    assert "Too few outcomes to fit anything: 0 of 200" in empty
    row = row_of(at)
    address = f"/admin/bots/refit/{row.pk}"

    page = client.get(f"{address}/change/").content.decode()
    assert "Roll back" in page
    assert "It wins." in page
    assert client.post("/admin/bots/refit/try/", {"kind": "chance"}).status_code == 302
    assert client.post(f"{address}/decide/", {"do": "back"}).status_code == 302
    assert Refit.objects.get().state == "back"
    client.force_login(make.agent())
    assert client.post(f"{address}/decide/", {"do": "back"}).status_code in {302, 403}
