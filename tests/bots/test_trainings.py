"""Trainings from the admin: one at a time, watched, cancelled, taken up again, and nothing left behind."""

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bots.actions import training
from bots.language.weights import forget_adapters
from bots.models import Adapter, TrainingExample, TrainingRun
from conversations.errors import CannotMove, Taken
from tests import make
from tests.bots.test_adapters import folder_of

pytestmark = [pytest.mark.integration, pytest.mark.django_db]
at_work = pytest.mark.django_db(transaction=True)  # the worker gives its connection back

# Instead of a training: it says how far it is, and then does what it is told.
SCRIPT = """
import json, os, sys, time
from pathlib import Path
folder, name, then = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
(folder / "progress.json").write_text(json.dumps({"what": "Training", "done": 3, "total": 9}))
work = folder / f".{name}.training"
work.mkdir(exist_ok=True)
curve = [{"step": 0, "eval_loss": 0.9}, {"step": 3, "loss": 0.7, "eval_loss": 0.6}]
(work / "curve.json").write_text(json.dumps({"curve": curve, "seconds": 12.0}))
if then == "hangs":
    time.sleep(60)
if then == "dies":
    os.kill(os.getpid(), 9)
if then == "fails":
    sys.exit("CommandError: there is no disk")
"""


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR, settings.MODELS_DIR = tmp_path / "data", tmp_path / "models"


def examples(at: datetime, count: int = 12) -> None:
    TrainingExample.objects.bulk_create(
        TrainingExample(
            source="written", origin=f"hand:{n}", question=f"Q{n}?", context="C.", answer="C.",
            language="en", state="accepted", found_at=at, decided_at=at,
        )
        for n in range(count)
    )  # fmt: skip


def asked(at: datetime) -> TrainingRun:
    examples(at)
    return training.ask(minutes=5, epochs=1, rank=8, by_id=None, at=at)


def going(
    then: str, started: list[subprocess.Popen[bytes]] | None = None
) -> Callable[[TrainingRun], subprocess.Popen[bytes]]:
    def start(row: TrainingRun) -> subprocess.Popen[bytes]:
        folder = training.folder_of(row)
        if then == "works":
            folder_of(folder, row.name)
        line = [sys.executable, "-c", SCRIPT, str(folder), row.name, then]
        with (folder / "stderr").open("wb") as said:
            process = subprocess.Popen(line, stderr=said, start_new_session=True)
        if started is not None:
            started.append(process)
        return process

    return start


def run(at: datetime, then: str, **more: Any) -> bool:
    return training.run_next(clock=lambda: at, start=going(then, **more), look=0.05)


def test_it_needs_accepted_examples_and_is_alone(at: datetime, settings: Any) -> None:
    with pytest.raises(CannotMove, match="0 of 8"):
        training.ask(minutes=5, epochs=1, rank=8, by_id=None, at=at)
    first = asked(at)
    with pytest.raises(Taken):
        training.ask(minutes=5, epochs=1, rank=8, by_id=None, at=at)
    with pytest.raises(IntegrityError), transaction.atomic():
        TrainingRun.objects.filter(pk=first.pk).update(state="done")
    settings.BOT_MODEL = "openai:big@http://gpu"
    assert "another server" in training.plan().against


@at_work
def test_what_it_makes_is_an_adapter_and_nothing_else_stays(at: datetime) -> None:
    row = asked(at)

    assert run(at, "works")

    row.refresh_from_db()
    assert (row.state, row.stage, row.done, row.total, row.seconds) == (
        "done",
        "Training",
        3,
        9,
        12.0,
    )
    assert row.adapter is not None
    assert row.adapter.state == "trained"
    assert row.curve[-1]["eval_loss"] == 0.6
    assert not run(at, "works")
    assert list((training.folder_of(row)).parent.iterdir()) == []


@at_work
def test_one_that_fails_says_why_and_one_that_is_killed_goes_on(at: datetime) -> None:
    row = asked(at)
    run(at, "dies")
    row.refresh_from_db()
    assert (row.state, row.tries) == ("running", 1)
    assert training.folder_of(row).is_dir()
    run(at, "fails")

    row.refresh_from_db()
    assert (row.state, row.tries, row.trouble) == ("failed", 2, "CommandError: there is no disk")


def test_a_worker_that_is_gone_loses_it_to_another_but_not_for_ever(at: datetime) -> None:
    row = asked(at)
    assert training.claim(at=at) is not None
    assert training.claim(at=at + timedelta(seconds=30)) is None
    assert training.claim(at=at + timedelta(seconds=90)) is not None
    TrainingRun.objects.update(tries=training.MOST_TRIES)
    assert training.claim(at=at + timedelta(hours=1)) is None
    row.refresh_from_db()
    assert row.state == "failed"


@at_work
def test_cancelled_its_process_ends_and_so_does_its_folder(at: datetime) -> None:
    row, started = asked(at), list[subprocess.Popen[bytes]]()
    begin = going("hangs", started)

    def start(run_: TrainingRun) -> subprocess.Popen[bytes]:
        process = begin(run_)
        training.cancel(run=run_.uuid, at=at)
        return process

    assert training.run_next(clock=lambda: at, start=start, look=0.05)

    row.refresh_from_db()
    assert row.state == "cancelled"
    assert started[0].poll() == -9
    with pytest.raises(CannotMove):
        training.cancel(run=row.uuid, at=at)
    training.tidy(at=at)
    assert not training.folder_of(row).exists()


def test_what_no_adapter_needs_any_more_is_swept(tmp_path: Path, at: datetime) -> None:
    kept, gone, young = "a" * 16, "b" * 16, "c" * 16
    models = tmp_path / "models"
    for name in (
        f"adapter-{kept}",
        f"adapter-{gone}",
        f"small-1234-adapter-{gone}",
        "network-else-1",
    ):
        (models / name).mkdir(parents=True)
    later = at.timestamp() + 1e9
    assert forget_adapters(models, keep={kept}, before=later) == 2
    assert sorted(one.name for one in models.iterdir()) == [f"adapter-{kept}", "network-else-1"]
    (models / f"adapter-{young}").mkdir()
    assert forget_adapters(models, keep=set(), before=0.0) == 0


def test_the_doors_say_what_it_would_use_begin_one_and_end_it(client: Client, at: datetime) -> None:
    examples(at)

    def post(path: str, body: dict[str, Any] | None = None) -> Any:
        return client.post(f"/api/v1/trainings/{path}", json.dumps(body or {}), "application/json")

    client.force_login(make.agent())
    assert client.get("/api/v1/trainings/plan/").status_code == 403
    assert post("").status_code == 403
    client.force_login(make.agent(role="manager", is_staff=True))
    told = client.get("/api/v1/trainings/plan/").json()
    assert (told["examples"], told["waiting"], told["against"]) == (12, 0, "")
    assert post("", {"minutes": 0}).status_code == 400
    made = post("", {"minutes": 30})
    assert (made.status_code, made.json()["state"]) == (201, "waiting")
    assert post("").json()["code"] == "taken"
    assert post(f"{made.json()['id']}/cancel/").json()["state"] == "cancelled"

    page = client.get("/admin/bots/trainingrun/").content.decode()
    assert "Start a training" in page
    began = client.post("/admin/bots/trainingrun/ask/", {"minutes": 5, "epochs": 1, "rank": 8})
    assert began.status_code == 302
    row = TrainingRun.objects.get(is_open=True)
    TrainingRun.objects.filter(pk=row.pk).update(curve=[{"step": 3, "loss": 0.7, "eval_loss": 0.6}])
    shown = client.get(began["Location"])
    assert shown["Refresh"] == "3"
    assert "Loss by step" in shown.content.decode()
    assert (
        client.post(f"/admin/bots/trainingrun/{row.pk}/decide/", {"do": "cancel"}).status_code
        == 302
    )
    assert not Adapter.objects.exists()
