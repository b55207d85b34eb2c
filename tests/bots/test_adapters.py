"""Adapters: what may become live, what is only tried, one step back, and a worker that follows."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from bots.actions import adapters
from bots.actions.answer import answer
from bots.actions.shadowing import run_new
from bots.language.model import LanguageModel, Load, ModelUnavailable
from bots.language.tuning import CONFIG, WEIGHTS
from bots.language.weights import adapter_digest
from bots.models import Adapter, BotTrace, ShadowAnswer
from bots.reads.adapters import LEAST, compared
from conversations.errors import CannotMove, NotFound, Taken
from tests import make
from tests.bots.actions.test_answer import ScriptedModel
from tests.bots.talks import Talk, knows

pytestmark = [pytest.mark.integration, pytest.mark.django_db]

FIGURES = {"bleu": 0.5, "rouge_l": 0.6, "support": 0.99, "supported": 0.9, "released": 0.9, "answers": 100, "tokens_per_second": 50.0}  # fmt: skip


def folder_of(where: Path, name: str = "ours", *, objections: tuple[str, ...] = ()) -> Path:
    """What `train_bot` leaves, with made-up weights."""
    folder = where / name
    folder.mkdir()
    (folder / CONFIG).write_text("{}")
    (folder / WEIGHTS).write_bytes(name.encode())
    card = {
        "name": name,
        "base": {"name": "small", "digest": "0" * 16},
        "adapter": {"digest": adapter_digest(folder), "bytes": 4},
        "before": FIGURES,
        "after": FIGURES,
        "objections": list(objections),
        "data": {"file": "ours.jsonl", "lines": 9, "usable": 9, "train": 5, "held_out": 2, "licence": "", "left_out": {"near": 3}},
        "training": {"rank": 8, "steps": 4, "seed": 7, "curve": [{"step": 4, "eval_loss": 0.3, "loss": 0.4}]},
    }  # fmt: skip
    (folder / "card.json").write_text(json.dumps(card))
    return folder


def added(where: Path, at: datetime, name: str = "ours", **more: Any) -> Adapter:
    return adapters.add(folder=folder_of(where, name, **more), at=at)


def seen(adapter: Adapter, at: datetime, *, turns: int = LEAST, **more: Any) -> None:
    """So many turns in which it did as well as the live one, but for `more`."""
    conversation = make.conversation(at=at)
    for run in range(turns):
        turn = BotTrace.objects.create(
            conversation=conversation, inbox=conversation.inbox, run=run + 100, asked_seq=1, at=at,
            outcome="answer",
        )  # fmt: skip
        alike: dict[str, Any] = {"text": "So.", "kept": 1, "dropped": 0, "seconds": 1.0}
        live = {f"live_{name}": value for name, value in alike.items()}
        ShadowAnswer.objects.create(adapter=adapter, turn=turn, at=at, **(alike | live | more))


def test_what_train_bot_made_is_one_row_and_comes_out_as_it_went_in(
    at: datetime, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path)

    row = adapters.add(folder=folder, at=at)
    again = adapters.add(folder=folder, at=at)
    out = adapters.materialised(row.digest, tmp_path / "models")

    assert (row.pk, row.state) == (again.pk, "trained")
    assert (out / WEIGHTS).read_bytes() == b"ours"
    assert adapter_digest(out) == row.digest
    assert adapters.materialised(row.digest, tmp_path / "models") == out
    assert [one.name for one in (tmp_path / "models").iterdir()] == [out.name]
    with pytest.raises(NotFound):
        adapters.materialised("f" * 16, tmp_path / "models")


@pytest.mark.parametrize("what", ["no card", "other weights", "no figures"])
def test_a_folder_that_is_not_whole_is_refused(what: str, at: datetime, tmp_path: Path) -> None:
    folder = folder_of(tmp_path)
    if what == "no card":
        (folder / "card.json").unlink()
    elif what == "other weights":
        (folder / WEIGHTS).write_bytes(b"changed")
    else:
        (folder / "card.json").write_text("[]")

    with pytest.raises(CannotMove):
        adapters.add(folder=folder, at=at)
    assert not Adapter.objects.exists()


def test_one_goes_live_only_after_it_won_and_did_well_and_one_click_goes_back(
    at: datetime, tmp_path: Path
) -> None:
    first, second = (added(tmp_path, at, name) for name in ("first", "second"))
    loser = added(tmp_path, at, "loser", objections=("BLEU does not rise.",))
    with pytest.raises(CannotMove, match="BLEU does not rise"):
        adapters.try_beside(adapter=loser.uuid, share=0.2, by_id=None, at=at)
    with pytest.raises(CannotMove, match="trained"):
        adapters.adopt(adapter=first.uuid, by_id=None, at=at)

    for row in (first, second):
        adapters.try_beside(adapter=row.uuid, share=0.2, by_id=None, at=at)
        with pytest.raises(CannotMove, match=f"0 turns; {LEAST} are needed"):
            adapters.adopt(adapter=row.uuid, by_id=None, at=at)
        seen(row, at)
        adapters.adopt(adapter=row.uuid, by_id=None, at=at)

    states = dict(Adapter.objects.values_list("name", "state"))
    assert states == {"first": "retired", "second": "live", "loser": "trained"}
    back = adapters.roll_back(by_id=None, at=at)
    assert back is not None
    assert back.name == "first"
    assert adapters.roll_back(by_id=None, at=at) is None
    assert not Adapter.objects.filter(state="live").exists()
    with pytest.raises(CannotMove):
        adapters.roll_back(by_id=None, at=at)


@pytest.mark.parametrize(
    ("worse", "told"),
    [
        ({"dropped": 1}, "Less is borne out"),
        ({"text": ""}, "Fewer answers get through"),
        ({"seconds": 2.0}, "It is slower"),
    ],
)
def test_what_did_worse_in_real_turns_does_not_go_live(
    worse: dict[str, Any], told: str, at: datetime, tmp_path: Path
) -> None:
    row = added(tmp_path, at)
    adapters.try_beside(adapter=row.uuid, share=0.2, by_id=None, at=at)
    seen(row, at, **worse)

    with pytest.raises(CannotMove, match=told):
        adapters.adopt(adapter=row.uuid, by_id=None, at=at)
    adapters.stop_trying(adapter=row.uuid, by_id=None, at=at)
    assert Adapter.objects.get().state == "trained"


def test_one_slip_in_many_turns_may_be_chance_and_does_not_keep_it_back(
    at: datetime, tmp_path: Path
) -> None:
    row = added(tmp_path, at)
    adapters.try_beside(adapter=row.uuid, share=0.2, by_id=None, at=at)
    seen(row, at, turns=80, text="So it is.", live_text="So it was.")
    slip = ShadowAnswer.objects.latest("pk")
    ShadowAnswer.objects.filter(pk=slip.pk).update(dropped=1)

    found = compared(row)

    assert (found.support, found.live_support, found.released_interval) == (0.9877, 1.0, (0.0, 0.0))
    assert found.support_interval[0] < 0.0 <= found.support_interval[1]
    assert found.agreement == pytest.approx(0.6667, abs=1e-4)
    assert adapters.adopt(adapter=row.uuid, by_id=None, at=at).state == "live"


def test_two_are_never_live_or_tried(at: datetime, tmp_path: Path) -> None:
    first, second = (added(tmp_path, at, name) for name in ("first", "second"))
    adapters.try_beside(adapter=first.uuid, share=0.2, by_id=None, at=at)
    with pytest.raises(Taken):
        adapters.try_beside(adapter=second.uuid, share=0.2, by_id=None, at=at)
    for state in ("live", "shadow"):
        Adapter.objects.update(state="trained")
        Adapter.objects.filter(pk=first.pk).update(state=state)
        with pytest.raises(IntegrityError), transaction.atomic():
            Adapter.objects.filter(pk=second.pk).update(state=state)


@pytest.mark.django_db(transaction=True)
def test_one_that_is_tried_writes_for_a_real_turn_and_nobody_hears_it(
    at: datetime, tmp_path: Path
) -> None:
    row = added(tmp_path, at)
    adapters.try_beside(adapter=row.uuid, share=1.0, by_id=None, at=at)
    knows(at)
    talk = Talk(at).asks("How long can I return a jacket?")
    live = ScriptedModel("You may return anything within 30 days of delivery.")
    answer(conversation_id=talk.pk, model=lambda: live, clock=lambda: at + timedelta(seconds=61))
    said = talk.conversation.messages.count()
    closed: list[str] = []

    class Candidate(ScriptedModel):
        def close(self) -> None:
            closed.append("closed")

    def made(digest: str) -> LanguageModel:
        assert digest == row.digest
        return Candidate("It must be unused. We love the moon and all its craters.")

    def tried() -> int:
        return run_new(live=lambda: live, clock=lambda: at, make=made)

    live.load_ = Load(1, 0, 0.0)
    assert tried() == 0  # a customer is being answered
    live.load_ = Load(0, 0, 0.0)
    assert (tried(), tried()) == (1, 0)
    shadow = ShadowAnswer.objects.get()
    assert shadow.text == "It must be unused. [1]"
    assert (shadow.kept, shadow.dropped, shadow.live_kept, shadow.live_dropped) == (1, 1, 1, 0)
    assert shadow.live_text.startswith("You may return anything within 30 days")
    assert talk.conversation.messages.count() == said
    assert closed == ["closed"]
    assert compared(row).support == 0.5
    talk.conversation.delete()
    assert not ShadowAnswer.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_one_that_cannot_be_loaded_says_why_on_its_page(at: datetime, tmp_path: Path) -> None:
    row = added(tmp_path, at)
    adapters.try_beside(adapter=row.uuid, share=1.0, by_id=None, at=at)
    knows(at)
    talk = Talk(at).asks("How long can I return a jacket?")
    live = ScriptedModel("You may return anything within 30 days of delivery.")
    answer(conversation_id=talk.pk, model=lambda: live, clock=lambda: at + timedelta(seconds=61))

    def broken(_digest: str) -> LanguageModel:
        raise ModelUnavailable("broken_file", "no")

    assert run_new(live=lambda: live, clock=lambda: at, make=broken) == 0
    assert Adapter.objects.get().trouble == "broken_file"


# --- doors ---------------------------------------------------------------------------------------


def post(client: Client, path: str, body: dict[str, Any] | None = None) -> Any:
    return client.post(f"/api/v1/adapters/{path}", body or {}, content_type="application/json")


def test_programs_try_adopt_and_roll_back(client: Client, at: datetime, tmp_path: Path) -> None:
    row = added(tmp_path, at)
    client.force_login(make.agent(role="manager"))
    (shown,) = client.get("/api/v1/adapters/?state=trained").json()["results"]
    assert (shown["name"], shown["card"]["after"]["bleu"], "weights" in shown) == (
        "ours",
        0.5,
        False,
    )
    assert post(client, f"{row.uuid}/try/", {"share": 3}).status_code == 400
    assert post(client, f"{row.uuid}/adopt/").json()["code"] == "cannot_move"
    assert post(client, f"{row.uuid}/try/", {"share": 0.5}).json()["state"] == "shadow"
    assert post(client, f"{row.uuid}/adopt/").status_code == 409
    seen(row, at)
    assert post(client, f"{row.uuid}/adopt/").json()["beside"]["turns"] == LEAST
    assert Adapter.objects.get().state == "live"
    assert post(client, "roll-back/").status_code == 204
    assert post(client, f"{uuid4()}/adopt/").status_code == 404


def test_agents_may_not(client: Client, at: datetime, tmp_path: Path) -> None:
    row = added(tmp_path, at)
    client.force_login(make.agent())
    assert client.get("/api/v1/adapters/").status_code == 403
    for path in (f"{row.uuid}/try/", f"{row.uuid}/adopt/", "roll-back/"):
        assert post(client, path).status_code == 403
    assert Adapter.objects.get().state == "trained"


def test_the_admin_shows_the_card_and_has_the_buttons(
    client: Client, at: datetime, tmp_path: Path
) -> None:
    row = added(tmp_path, at)
    client.force_login(make.agent(role="manager", is_staff=True))
    address = f"/admin/bots/adapter/{row.pk}"

    page = client.get(f"{address}/change/").content.decode()
    drawn = client.get(f"{address}/card.svg")
    assert "It wins on 100 answers" in page
    assert "Try it beside the live one" in page
    assert drawn["Content-Type"] == "image/svg+xml"
    assert drawn.content.startswith(b"<?xml")
    assert client.post(f"{address}/decide/", {"do": "try"}).status_code == 302
    seen(row, at)
    assert client.post(f"{address}/decide/", {"do": "adopt"}).status_code == 302
    assert Adapter.objects.get().state == "live"
    assert "Roll back" in client.get(f"{address}/change/").content.decode()
    client.post(f"{address}/decide/", {"do": "back"})
    assert Adapter.objects.get().state == "retired"
    assert "ours" in client.get("/admin/bots/adapter/").content.decode()


def test_the_one_that_comes_along_is_whole_small_and_wins(at: datetime) -> None:
    folder = Path(adapters.__file__).parents[1] / "training" / "grounded"

    row = adapters.add(folder=folder, at=at)

    assert row.card["objections"] == []
    assert row.card["after"]["support"] >= 0.98
    assert len(row.weights) < 10_000_000
    assert row.card["data"]["licence"]
    adapters.try_beside(adapter=row.uuid, share=0.2, by_id=None, at=at)
