"""People beside the machine: blind scores, agreement, appeals, and who sees what, at the real doors."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from agents.models import Agent
from analytics.quality.actions import reliability
from analytics.quality.actions.appeals import AlreadyAppealed, AlreadyDecided, appeal, decide
from analytics.quality.actions.review import AlreadyScored, note_look, review
from analytics.quality.models import (
    Answer,
    Appeal,
    Correction,
    Example,
    Limit,
    Look,
    Reliability,
    ReviewTask,
    Score,
)
from conversations.errors import NotAllowed, WrongFields
from tests import make
from tests.analytics.quality.house import LATER, answers, badly_served, card, score_all, well_served
from tests.make import NOON

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

ALL_WELL: dict[str, tuple[int | None, str] | None] = {
    "greeting": (1, ""), "courtesy": (5, ""), "data": (1, ""), "goodbye": (1, ""), "warm": (3, ""), "notes": (None, "Fine."),
}  # fmt: skip


def signed_in(agent: Agent) -> Client:
    client = Client()
    client.force_login(agent)
    return client


def scored(agent: Agent, **fields: Any) -> Score:
    card(**fields)
    well_served(agent)
    score_all(dice=0.0)
    return Score.objects.get()


def test_a_person_scores_blindly_beside_the_machine() -> None:
    score = scored(make.agent(), sample_share=1.0)
    manager = make.agent(role="manager")

    mine = review(score=score, reviewer=manager, said=ALL_WELL, at=LATER)

    mine.refresh_from_db()
    assert (mine.is_blind, mine.total, mine.by) == (True, 100, "person")
    assert answers(mine)["warm"] == 3
    assert mine.answers.get(question__code="notes").text == "Fine."
    assert ReviewTask.objects.get().given == 1
    assert Example.objects.filter(source="review").count() == 4  # what the machine had measured
    with pytest.raises(AlreadyScored):
        review(score=score, reviewer=manager, said=ALL_WELL, at=LATER)


def test_who_has_looked_is_not_blind_and_does_not_count() -> None:
    score = scored(make.agent(), sample_share=1.0)
    manager = make.agent(role="manager")
    note_look(score=score, agent=manager, at=LATER)

    mine = review(score=score, reviewer=manager, said=ALL_WELL, at=LATER)

    assert not mine.is_blind
    assert ReviewTask.objects.get().given == 0
    assert not Example.objects.exists()


def test_a_task_is_done_once_as_many_as_wanted_have_scored() -> None:
    score = scored(make.agent(), sample_share=1.0, reviewers=2)
    for _ in range(2):
        assert ReviewTask.objects.get().done_at is None
        review(score=score, reviewer=make.agent(role="manager"), said=ALL_WELL, at=LATER)

    assert ReviewTask.objects.get().done_at == LATER


def test_nobody_scores_themselves_and_every_question_is_answered() -> None:
    manager = make.agent(role="manager")
    score = scored(manager)
    with pytest.raises(NotAllowed):
        review(score=score, reviewer=manager, said=ALL_WELL, at=LATER)
    other = make.agent(role="manager")
    bad: list[tuple[str, dict[str, Any]]] = [
        ("courtesy", {"courtesy": None}),
        ("courtesy", {"courtesy": (6, "")}),
        ("data", {"data": (None, "")}),
        ("nothing", {"nothing": (1, "")}),
    ]
    for code, change in bad:
        with pytest.raises(WrongFields) as refusal:
            review(score=score, reviewer=other, said={**ALL_WELL, **change}, at=LATER)
        assert list(refusal.value.fields) == [code]


def test_what_is_not_asked_is_not_kept() -> None:
    score = scored(make.agent())
    said = {**ALL_WELL, "greeting": (0, "")}

    mine = review(score=score, reviewer=make.agent(role="manager"), said=said, at=LATER)

    assert "warm" not in answers(mine)


# --- agreement ---


def many(n: int, agent: Agent) -> list[Score]:
    for _ in range(n):
        well_served(agent)
        badly_served(agent)
    score_all()
    return list(Score.objects.filter(by="machine").order_by("pk"))


def test_a_question_on_which_people_disagree_is_not_counted() -> None:
    version = card(sample_share=1.0)
    agent, manager = make.agent(), make.agent(role="manager")
    rows = many(12, agent)
    for place, score in enumerate(rows):
        machine = answers(score)
        said: dict[str, Any] = {code: (value, "") for code, value in machine.items()}
        said |= {"warm": (1, ""), "notes": (None, ""), "greeting": (place // 2 % 2, "")}
        review(score=score, reviewer=manager, said=said, at=LATER)

    changed = reliability.measure(version.card, at=LATER)

    state = dict(Reliability.objects.filter(against="people").values_list("code", "state"))
    assert changed == 1
    assert state["greeting"] == "unreliable"
    assert state["data"] == "reliable"
    assert state["warm"] == "unmeasured"  # the machine does not answer it
    good, bad = (Score.objects.get(pk=one.pk) for one in rows[:2])
    assert (good.left_out, good.total, bad.total) == (1, 100, 0)
    # Of two managers who agree the question may be asked again: the judge counts anew.
    Reliability.objects.filter(code="greeting", against="people").update(state="reliable")
    assert reliability.measure(version.card, at=LATER) == 1


def test_people_are_compared_with_each_other() -> None:
    version = card(sample_share=1.0)
    rows = many(11, make.agent())
    one, other = make.agent(role="manager"), make.agent(role="manager")
    for score in rows:
        machine = answers(score)
        for who in (one, other):
            said: dict[str, Any] = {code: (value, "") for code, value in machine.items()}
            review(
                score=score, reviewer=who, said=said | {"warm": (2, ""), "notes": None}, at=LATER
            )

    reliability.measure(version.card, at=LATER)

    row = Reliability.objects.get(code="goodbye", against="between")
    assert (row.pairs, row.kappa, row.state) == (22, 1.0, "reliable")


def test_a_limit_is_moved_only_where_it_agrees_better() -> None:
    scored(make.agent())
    by = make.agent(role="manager")
    answer = Answer.objects.get(question__code="greeting")
    for place in range(60):
        signal = place / 60
        who = make.agent() if place else by
        Example.objects.create(
            answer=answer, judge="greets", judges=1, signal=signal, value=int(signal > 0.75),
            source="review", by=who, at=LATER,
        )  # fmt: skip

    assert reliability.move_limits(at=LATER) == ["greets"]

    limit = Limit.objects.get()
    assert 0.7 < limit.at_least < 0.8
    assert limit.after > limit.before


# --- appeals ---


def appealed(agent: Agent, manager: Agent) -> tuple[Score, Appeal]:
    card()
    badly_served(agent)
    score_all()
    score = Score.objects.get()
    answer = score.answers.get(question__code="data")
    return score, appeal(answer=answer, agent=agent, reason="It was a joke.", at=LATER)


def test_an_accepted_appeal_corrects_the_answer_and_the_total() -> None:
    agent, manager = make.agent(), make.agent(role="manager")
    score, made = appealed(agent, manager)

    decide(appeal=made, by=manager, accept=True, value=1, words="Agreed.", at=LATER)

    score.refresh_from_db()
    answer = score.answers.get(question__code="data")
    assert (answer.value, answer.is_corrected, score.is_fatal) == (1, True, False)
    assert score.total is not None
    assert score.total > 0
    kept = Correction.objects.get()
    assert (kept.before, kept.after, kept.by, kept.reason) == (0, 1, manager, "It was a joke.")
    assert Example.objects.get().source == "appeal"
    with pytest.raises(AlreadyDecided):
        decide(appeal=made, by=manager, accept=False, value=None, words="", at=LATER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Correction.objects.update(after=0)


def test_a_corrected_answer_outlives_another_look() -> None:
    agent, manager = make.agent(), make.agent(role="manager")
    score, made = appealed(agent, manager)
    decide(appeal=made, by=manager, accept=True, value=1, words="", at=LATER)
    from analytics.quality.models import Scoring

    Scoring.objects.update(due_at=LATER)

    score_all(at=LATER + timedelta(hours=1))

    assert score.answers.get(question__code="data").value == 1


def test_only_whoever_was_scored_appeals_and_once() -> None:
    agent, manager = make.agent(), make.agent(role="manager")
    score, made = appealed(agent, manager)
    answer = score.answers.get(question__code="data")
    with pytest.raises(AlreadyAppealed):
        appeal(answer=answer, agent=agent, reason="Again.", at=LATER)
    with pytest.raises(NotAllowed):
        appeal(answer=answer, agent=make.agent(), reason="Me too.", at=LATER)
    with pytest.raises(NotAllowed):
        decide(appeal=made, by=agent, accept=True, value=1, words="", at=LATER)


# --- doors ---


def test_agents_see_their_own_and_nobody_else_s() -> None:
    agent, other = make.agent(), make.agent()
    score = scored(agent)
    page, api = f"/console/scores/{score.uuid}/", f"/api/v1/scores/{score.uuid}/"

    assert signed_in(agent).get(page).status_code == 200
    assert signed_in(agent).get(api).json()["answers"][0]["code"] == "greeting"
    assert signed_in(other).get(page).status_code == 404
    assert signed_in(other).get(api).status_code == 404
    assert signed_in(other).get("/api/v1/scores/").json()["results"] == []
    assert "My scores" in signed_in(other).get("/console/scores/").content.decode()
    assert Client().get(page).status_code == 302
    for path in ("/console/scores/to-score/", "/console/scores/appeals/", f"{page}score/"):
        assert signed_in(agent).get(path).status_code == 403


def test_a_manager_is_asked_before_they_are_told() -> None:
    score = scored(make.agent(), sample_share=1.0)
    manager = make.agent(role="manager")
    client = signed_in(manager)
    page = f"/console/scores/{score.uuid}/"

    asked = client.get(page)
    assert asked.status_code == 302
    assert asked["Location"] == f"{page}score/"
    assert client.get(f"/api/v1/scores/{score.uuid}/").status_code == 403
    form = client.get(f"{page}score/").content.decode()
    assert "sure to" not in form
    assert "<mark" not in form  # evidence would tell
    assert not Look.objects.exists()

    missing = client.post(f"{page}score/", {"q-greeting": "1"})
    assert missing.status_code == 400
    assert "Answer this one, too." in missing.content.decode()
    said = {
        "q-greeting": "1",
        "q-courtesy": "4",
        "q-data": "1",
        "q-goodbye": "na",
        "q-warm": "2",
        "w-notes": "<b>Good",
    }
    assert client.post(f"{page}score/", said).status_code == 302

    shown = client.get(page).content.decode()
    assert "4 of 5" in shown
    assert "&lt;b&gt;Good" in shown
    assert Score.objects.get(by="person").is_blind


def test_a_manager_without_a_task_sees_evidence_at_once() -> None:
    score = scored(make.agent())

    shown = (
        signed_in(make.agent(role="manager")).get(f"/console/scores/{score.uuid}/").content.decode()
    )

    assert "Good morning" in shown
    assert '<mark title="greeting' in shown


def test_an_appeal_goes_its_way_through_the_pages() -> None:
    agent, manager = make.agent(), make.agent(role="manager")
    card()
    badly_served(agent)
    score_all()
    score = Score.objects.get()
    signed_in(agent).post(
        f"/console/scores/{score.uuid}/appeal/data/", {"reason": "It was asked for."}
    )
    made = Appeal.objects.get()

    assert (
        "It was asked for." in signed_in(manager).get("/console/scores/appeals/").content.decode()
    )
    signed_in(manager).post(
        f"/console/scores/appeals/{made.uuid}/",
        {"decision": "accept", "value": "1", "words": "Right."},
    )

    made.refresh_from_db()
    assert (made.state, made.words, made.decided_by) == ("accepted", "Right.", manager)
    assert "Right." in signed_in(agent).get(f"/console/scores/{score.uuid}/").content.decode()


def test_the_same_over_http() -> None:
    agent, manager = make.agent(), make.agent(role="manager")
    score = scored(agent, sample_share=1.0)
    client = signed_in(manager)
    assert [one["id"] for one in client.get("/api/v1/scores/to-score/").json()] == [str(score.uuid)]
    said = [{"code": c, "value": v[0], "text": v[1]} for c, v in ALL_WELL.items() if v]

    made = client.post(
        f"/api/v1/scores/{score.uuid}/reviews/", {"answers": said}, content_type="application/json"
    )
    again = client.post(
        f"/api/v1/scores/{score.uuid}/reviews/", {"answers": said}, content_type="application/json"
    )
    mine = signed_in(agent).post(
        f"/api/v1/scores/{score.uuid}/appeals/",
        {"code": "goodbye", "reason": "No."},
        content_type="application/json",
    )
    decided = client.post(
        f"/api/v1/score-appeals/{mine.json()['id']}/",
        {"accept": False},
        content_type="application/json",
    )

    assert (made.status_code, made.json()["is_blind"], again.status_code) == (201, True, 409)
    assert (mine.status_code, decided.status_code, decided.json()["state"]) == (201, 200, "refused")


def test_whoever_has_the_conversation_open_finds_its_scores() -> None:
    agent, manager, other = make.agent(), make.agent(role="manager"), make.agent()
    score = scored(agent, sample_share=1.0)
    path = f"/api/v1/conversations/{score.conversation.uuid}/scores/"

    (own,) = signed_in(agent).get(path).json()["scores"]
    assert (own["total"], own["to_score"], own["whose"]) == (score.total, False, str(agent))
    assert signed_in(agent).get(own["page"]).status_code == 200
    (drawn,) = signed_in(manager).get(path).json()["scores"]
    assert (drawn["total"], drawn["to_score"]) == (None, True)
    assert signed_in(manager).get(drawn["page"]).status_code == 200
    assert signed_in(other).get(path).json().get("scores", []) == []
    note_look(score=score, agent=manager, at=NOON)
    assert signed_in(manager).get(path).json()["scores"][0]["total"] == score.total


def test_cards_are_edited_in_the_admin() -> None:
    version = card()
    client = signed_in(make.agent(role="manager", is_staff=True))
    base = f"/admin/quality/scorecard/{version.card_id}/"
    assert client.get("/admin/quality/scorecard/").status_code == 200
    assert "Version 1" in client.get(f"{base}change/").content.decode()
    live = client.get(f"/admin/quality/cardversion/{version.pk}/change/").content.decode()
    assert 'name="questions-0-text"' not in live

    moved = client.post(f"{base}draft/")
    form = client.get(moved["Location"]).content.decode()
    assert 'name="questions-0-text"' in form
    assert client.post(f"{base}publish/").status_code == 302
    assert version.card.versions.get(state="published").number == 2
    assert client.get("/admin/quality/reliability/").status_code == 200


def test_erasing_a_customer_takes_their_scores_along() -> None:
    from agents.actions.erasing import erase
    from agents.reads.customer_data import found_of, told

    agent, manager = make.agent(), make.agent(role="manager")
    score, made = appealed(agent, manager)
    decide(appeal=made, by=manager, accept=True, value=1, words="", at=LATER)
    customer = score.conversation.customer

    found = found_of(customer.pk)
    assert {Score, Answer, Appeal} <= set(found)
    assert not any(name.startswith("quality.") for name in told(found))  # it is about colleagues
    erase(customer=customer.uuid, agent_id=manager.pk, reason="asked", at=NOON + timedelta(days=9))

    assert not any(model.objects.exists() for model in (Score, Answer, Correction, Appeal, Example))
