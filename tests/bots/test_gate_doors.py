"""The doors to publishing: what has to wait for a replay, and who may go on all the same."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.management import call_command
from django.test import Client
from rest_framework.test import APIClient

from bots.actions import gate
from bots.actions.editing import write_draft
from bots.actions.gate import begin, conclude, run_due
from bots.actions.replay import run_next
from bots.knowledge.vectors import light_encoders
from bots.models import Article, Draft, Replay, ReplayRule
from tests import make
from tests.bots.talks import Talk, knows, learnt
from tests.bots.test_replay import HOW_LONG, LONGER, OTHER

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

HOUR = timedelta(hours=1)
PATH = "/api/v1/articles/"


@pytest.fixture
def at() -> datetime:
    """Now: the doors read the clock."""
    from django.utils import timezone

    return timezone.now() - 2 * HOUR


@pytest.fixture
def returns(at: datetime) -> Article:
    article, _ = knows(at)
    Talk(at).is_answered(HOW_LONG).ends()
    learnt(at + HOUR)
    return article


@pytest.fixture
def worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replays what waits, while a door waits for it."""

    def work(_seconds: float) -> None:
        from django.utils import timezone

        run_next(encoders=light_encoders(), clock=timezone.now)

    monkeypatch.setattr("bots.actions.gate.time.sleep", work)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "PATIENCE", 0.0)


def client_who_may(*names: str) -> APIClient:
    person = make.agent()
    person.user_permissions.set(
        Permission.objects.filter(content_type__app_label="bots", codename__in=names)
    )
    client = APIClient()
    client.force_authenticate(person)
    return client


@pytest.fixture
def editor() -> APIClient:
    return client_who_may("view_article", "add_article", "change_article", "publish_article")


@pytest.fixture
def boss() -> APIClient:
    client = APIClient()
    client.force_authenticate(make.agent(role="manager"))
    return client


def words(body: str) -> dict[str, Any]:
    return {"body": body, "reason": "New rules"}


def test_a_program_that_corrects_a_figure_waits_a_moment(
    returns: Article, editor: APIClient, worker: None
) -> None:
    answer = editor.patch(f"{PATH}{returns.uuid}/", words(LONGER.body), format="json")
    shown = answer.json()
    assert (answer.status_code, shown["body"], shown["version"]) == (200, LONGER.body, 2)
    assert (shown["draft"], shown["reason"]) == (None, "New rules")


def test_a_program_that_takes_an_answer_away_is_refused_and_its_words_kept(
    returns: Article, editor: APIClient, worker: None
) -> None:
    body = {"title": OTHER.title, "body": OTHER.body, "questions": list(OTHER.questions)}
    answer = editor.patch(f"{PATH}{returns.uuid}/", body, format="json")

    said = answer.json()
    assert (answer.status_code, said["code"]) == (409, "replay_gets_worse")
    own = f"/api/v1/replays/{said['fields']['replay'][0]}/"
    shown = editor.get(own).json()
    assert (shown["state"], shown["regressions"], shown["is_stale"]) == ("worse", 1, False)
    row = editor.get(f"{own}questions/?worse=1").json()["results"][0]
    assert (row["question"], row["before"]["decision"]) == (HOW_LONG, "answer")
    live = editor.get(f"{PATH}{returns.uuid}/").json()
    assert (live["title"], live["draft"]["title"]) == ("Returning an item", "Our shops")

    refused = editor.post(f"{own}override/", {"reason": "Closed"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


def test_who_may_override_says_why(
    returns: Article, boss: APIClient, at: datetime, worker: None
) -> None:
    write_draft(article=returns.uuid, words=OTHER, by_id=None, at=at)
    refused = boss.post(f"{PATH}{returns.uuid}/publish/", format="json")
    own = f"/api/v1/replays/{refused.json()['fields']['replay'][0]}/override/"

    assert boss.post(own, {"reason": " "}, format="json").status_code == 400
    done = boss.post(own, {"reason": "We moved"}, format="json")
    assert (done.status_code, done.json()["title"]) == (200, "Our shops")
    again = boss.post(own, {"reason": "We moved"}, format="json")
    assert (again.status_code, again.json()["code"]) == (409, "cannot_override")
    (listed,) = boss.get(f"{PATH}{returns.uuid}/replays/").json()
    assert (listed["state"], listed["override_reason"]) == ("overridden", "We moved")


def test_a_slow_replay_is_said_to_be_under_way(
    returns: Article, editor: APIClient, impatient: None
) -> None:
    answer = editor.patch(f"{PATH}{returns.uuid}/", words(LONGER.body), format="json")
    shown = answer.json()
    replay = Replay.objects.get()
    assert (answer.status_code, shown["replay"], shown["version"]) == (202, str(replay.uuid), 1)
    assert (shown["draft"]["body"], replay.goes_live) == (LONGER.body, True)


def test_a_new_article_of_a_program_waits_too(
    returns: Article, editor: APIClient, worker: None
) -> None:
    made = editor.post(
        PATH,
        {"title": "Gift cards", "body": "They never end.", "state": "published"},
        format="json",
    )
    assert (made.status_code, made.json()["state"]) == (201, "published")
    assert Replay.objects.get().state == "passed"


def test_a_replay_can_be_asked_for_without_publishing(
    returns: Article, editor: APIClient, at: datetime
) -> None:
    own = f"{PATH}{returns.uuid}/replays/"
    refused = editor.post(own, {"what": "publish"}, format="json")
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_to_replay")
    begun = editor.post(own, {"what": "archive"}, format="json")
    assert (begun.status_code, begun.json()["state"]) == (202, "queued")
    assert editor.post(own, {"what": "burn"}, format="json").status_code == 400
    stranger = client_who_may("view_article")
    assert stranger.post(own, {"what": "archive"}, format="json").status_code == 403


def test_the_rule_of_the_house_is_a_managers(boss: APIClient, editor: APIClient) -> None:
    own = "/api/v1/replay-rule/"
    assert boss.get(own).json()["mode"] == "block"
    assert editor.patch(own, {"mode": "off"}, format="json").status_code == 403
    assert boss.patch(own, {"mode": "off", "weeks": 0}, format="json").status_code == 400
    assert boss.patch(own, {"mode": "off"}, format="json").json()["mode"] == "off"
    assert ReplayRule.objects.get().weeks == 8


def test_a_date_that_comes_begins_a_replay(returns: Article, at: datetime) -> None:
    Article.objects.filter(pk=returns.pk).update(publish_at=at + HOUR)
    write_draft(article=returns.uuid, words=LONGER, by_id=None, at=at)

    assert run_due(at=at + HOUR) == 0
    assert run_due(at=at + HOUR) == 0
    done = run_next(encoders=light_encoders(), clock=lambda: at + HOUR)
    assert done is not None
    assert conclude(done, at=at + HOUR)
    returns.refresh_from_db()
    assert (returns.version, returns.publish_at, Draft.objects.count()) == (2, None, 0)


def imported(path: Path, *options: str) -> tuple[list[dict[str, Any]], int]:
    line = {
        "id": "returns",
        "title": OTHER.title,
        "body": OTHER.body,
        "questions": list(OTHER.questions),
        "language": "en",
        "category": "Shops",
    }
    path.write_text(json.dumps(line), encoding="utf-8")
    out, status = StringIO(), 0
    try:
        call_command("import_articles", str(path), *options, stdout=out)
    except SystemExit as end:
        status = int(str(end.code))
    return [json.loads(one) for one in out.getvalue().splitlines()], status


def test_a_file_that_takes_an_answer_away_is_kept_as_a_draft(
    returns: Article, tmp_path: Path
) -> None:
    (told, counts), status = imported(tmp_path / "a.jsonl")

    replay = Replay.objects.get()
    assert (told["id"], told["worse"], told["replay"]) == ("returns", 1, str(replay.uuid))
    assert (counts["updated"], status) == (1, 1)
    returns.refresh_from_db()
    assert (returns.version, returns.category, returns.draft.title) == (1, "Shops", OTHER.title)

    lines, status = imported(tmp_path / "a.jsonl", "--override", "We moved")
    returns.refresh_from_db()
    assert (len(lines), status, returns.title, returns.version) == (1, 0, OTHER.title, 2)
    assert Replay.objects.get(state="overridden").override_reason == "We moved"


# --- in the admin -------------------------------------------------------------------------


@pytest.fixture
def desk() -> Client:
    client = Client()
    client.force_login(make.agent(role="manager", is_staff=True))
    return client


@pytest.fixture
def form(returns: Article) -> Callable[..., dict[str, str]]:
    def filled(**fields: str) -> dict[str, str]:
        return {
            "title": returns.title,
            "body": returns.body,
            "questions": "\n".join(returns.questions),
            "category": returns.category,
            "language": "en",
            "visibility": "public",
            "publish_at_0": "",
            "publish_at_1": "",
            "expires_at_0": "",
            "expires_at_1": "",
        } | fields

    return filled


def test_saving_a_correction_is_live_after_a_moment(
    returns: Article, desk: Client, form: Callable[..., dict[str, str]], worker: None
) -> None:
    path = f"/admin/bots/article/{returns.pk}/change/"
    answer = desk.post(path, form(body=LONGER.body), follow=True)
    assert "Version 2 is live" in answer.content.decode()


def test_saving_what_gets_worse_shows_it_side_by_side(
    returns: Article, desk: Client, form: Callable[..., dict[str, str]], worker: None
) -> None:
    path = f"/admin/bots/article/{returns.pk}/change/"
    new = form(title=OTHER.title, body=OTHER.body, questions="Where are your shops?")
    answer = desk.post(path, new, follow=True)

    page = answer.content.decode()
    assert ("1 worse" in page, HOW_LONG in page, "Publish all the same" in page) == (True,) * 3
    replay = Replay.objects.get()
    own = answer.request["PATH_INFO"]
    assert own.endswith(f"{replay.uuid}/")
    assert desk.post(f"{own}override/", {"reason": ""}, follow=True).status_code == 200
    assert Replay.objects.get().state == "worse"
    page = desk.post(f"{own}override/", {"reason": "Moved"}, follow=True).content.decode()
    assert "Version 2 is live. Your reason is kept." in page


def test_what_a_correction_changes_is_marked(returns: Article, desk: Client, at: datetime) -> None:
    write_draft(article=returns.uuid, words=LONGER, by_id=None, at=at)
    replay = begin(article=returns.uuid, by_id=None, at=at + HOUR)
    run_next(encoders=light_encoders(), clock=lambda: at + HOUR)
    page = desk.get(f"/admin/bots/article/{returns.pk}/replays/{replay.uuid}/").content.decode()
    assert ("<del>" in page, "<ins>" in page, "none worse" in page) == (True, True, True)


def test_a_replay_under_way_looks_again_by_itself(
    returns: Article, desk: Client, at: datetime
) -> None:
    write_draft(article=returns.uuid, words=LONGER, by_id=None, at=at)
    own = f"/admin/bots/article/{returns.pk}/"
    answer = desk.post(f"{own}replay/", {"what": "publish"}, follow=True)
    assert (answer.headers["Refresh"], "Waiting for its turn." in answer.content.decode()) == (
        "2",
        True,
    )
    page = desk.get(f"{own}change/").content.decode()
    assert "Past questions" in page

    reader = Client()
    reader.force_login(make.agent(is_staff=True))
    replay = begin(article=returns.uuid, by_id=None, at=at)
    assert reader.get(f"{own}replays/{replay.uuid}/").status_code == 200
    assert reader.post(f"{own}replay/").status_code == 403
    assert reader.post(f"{own}replays/{replay.uuid}/override/", {"reason": "x"}).status_code == 403


def test_the_rule_has_a_page_of_its_own(desk: Client) -> None:
    page = desk.get("/admin/bots/replayrule/", follow=True)
    assert "Publish when the replay finds nothing that gets worse" in page.content.decode()
