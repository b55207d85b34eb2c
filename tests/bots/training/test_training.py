"""Training for real, of a model that is small enough to do so in a second."""

import json
import shutil
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import torch
from django.core.management import CommandError, call_command
from peft import PeftModel
from safetensors.torch import load_file, save_file
from transformers import AutoModelForCausalLM

from bots.actions import serving
from bots.language.local_merge import merge
from bots.language.local_training import newest_whole, train
from bots.language.model import ModelUnavailable
from bots.language.tuning import ADAPTER, CONFIG, JOB, WEIGHTS, Job
from bots.language.weights import adapter_digest, digest_of
from bots.models import Adapter
from bots.training import run
from tests.bots.training import tiny

pytestmark = [
    pytest.mark.model,
    # peft asks transformers by a name that is on its way out; both are pinned.
    pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing:FutureWarning"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.model(tmp_path_factory.mktemp("tiny"))


def job_in(folder: Path, model: Path, **more: Any) -> Path:
    folder.mkdir()
    job = Job(
        str(model), filler=0, batch=2, epochs=2, every=1, rate=1e-2, rank=2, dropout=0.0, **more
    )
    (folder / JOB).write_text(json.dumps(asdict(job)))
    rows = [{"prompt": [5, 6, 7, n], "answer": [20 + n, 21, 1]} for n in range(6)]
    for name, part in (("train", rows[:4]), ("watch", rows[4:])):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in part))
    return folder


def test_it_learns_and_goes_on_after_a_kill_from_the_last_whole_checkpoint(
    model: Path, tmp_path: Path
) -> None:
    folder = job_in(tmp_path / "job", model)
    train(folder)
    told = json.loads((folder / "curve.json").read_text())
    watched = [one["eval_loss"] for one in told["curve"] if "eval_loss" in one]
    first = load_file(folder / ADAPTER / WEIGHTS)
    assert told["steps"] == 4
    assert watched[-1] < watched[0]

    # Killed while the last checkpoint was written: what it would have said is found again.
    checkpoints = sorted((folder / "checkpoints").iterdir())
    assert len(checkpoints) == 2
    (checkpoints[-1] / "trainer_state.json").write_text('{"global_st')
    shutil.rmtree(folder / ADAPTER)
    assert newest_whole(folder / "checkpoints") == checkpoints[-2]
    train(folder)

    again = load_file(folder / ADAPTER / WEIGHTS)
    assert {k: v.tolist() for k, v in again.items()} == {k: v.tolist() for k, v in first.items()}


def test_an_adapter_in_the_weights_says_what_peft_says(model: Path, tmp_path: Path) -> None:
    folder = job_in(tmp_path / "job", model)
    train(folder)
    adapter, merged = folder / ADAPTER, tmp_path / "merged"
    merged.mkdir()

    merge(model, adapter, merged, progress=lambda _share: None)

    words = torch.tensor([[5, 6, 7, 1, 20]])
    plain = AutoModelForCausalLM.from_pretrained(model, dtype=torch.float32)
    before = plain(words).logits
    truth = PeftModel.from_pretrained(plain, str(adapter))(words).logits
    ours = AutoModelForCausalLM.from_pretrained(merged, dtype=torch.float32)(words).logits
    assert torch.allclose(ours, truth, atol=5e-3)
    assert not torch.allclose(ours, before, atol=5e-3)


@pytest.mark.parametrize("what", ["gone", "cut", "shape", "stranger", "unusual", "infinite"])
def test_a_broken_adapter_is_refused(what: str, model: Path, tmp_path: Path) -> None:
    adapter = tmp_path / "adapter"
    adapter.mkdir()
    layer = "base_model.model.model.layers.0.self_attn.q_proj"
    sides = {
        f"{layer}.lora_A.weight": torch.ones(2, 32),
        f"{layer}.lora_B.weight": torch.ones(32, 2),
    }
    told: dict[str, Any] = {"peft_type": "LORA", "r": 2, "lora_alpha": 4}
    if what == "shape":
        sides[f"{layer}.lora_A.weight"] = torch.ones(2, 31)
    if what == "stranger":
        sides = {name.replace("layers.0", "layers.9"): one for name, one in sides.items()}
    if what == "infinite":
        sides[f"{layer}.lora_A.weight"] = torch.full((2, 32), float("inf"))
    if what == "unusual":
        told["use_dora"] = True
    (adapter / CONFIG).write_text(json.dumps(told))
    save_file(sides, adapter / WEIGHTS)
    if what == "gone":
        (adapter / CONFIG).unlink()
    if what == "cut":
        (adapter / WEIGHTS).write_bytes((adapter / WEIGHTS).read_bytes()[:50])

    with pytest.raises(ModelUnavailable) as refused:
        merge(model, adapter, tmp_path, progress=lambda _share: None)
    assert refused.value.code == "broken_file"


def test_the_command_makes_an_adapter_with_its_card_or_nothing(
    model: Path,
    tmp_path: Path,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings.BOT_MODEL, settings.DEVICE = str(model), "cpu"
    settings.MODELS_DIR = tmp_path / "models"
    file, out = tiny.written(tmp_path), tmp_path / "mine"
    with file.open("a") as more:
        more.write("no json\n")
    # The process that computes dies; then the same, in this one.
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(CommandError, match="status 1"):
        call_command("train_bot", file, out=out, epochs=1)
    assert not out.exists()
    monkeypatch.undo()
    settings.BOT_MODEL, settings.DEVICE = str(model), "cpu"
    monkeypatch.setattr(run, "_run", train)

    with pytest.raises(SystemExit) as ended:
        call_command("train_bot", file, out=out, epochs=1, licence="MIT")

    assert ended.value.code == 1  # whole, but for a line that is no JSON
    told = capsys.readouterr()
    card = json.loads((out / "card.json").read_text())
    assert json.loads(told.out)["data"] == card["data"]
    assert {"line": 13, "code": "broken", "error": "The line is not JSON."} in map(
        json.loads, told.err.splitlines()
    )
    assert (card["data"]["train"], card["data"]["watch"], card["data"]["held_out"]) == (9, 1, 2)
    assert card["wins"] is False
    assert card["objections"]
    assert card["data"]["licence"] == "MIT"
    assert "| BLEU |" in (out / "card.md").read_text()
    assert (out / "card.svg").read_bytes().startswith(b"<?xml")
    assert sorted(one.name for one in tmp_path.iterdir() if one.name.startswith(".")) == []


@pytest.mark.django_db(transaction=True)
def test_a_worker_takes_the_live_adapter_and_answers_on_where_it_cannot(
    model: Path,
    tmp_path: Path,
    settings: Any,
    at: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.BOT_MODEL, settings.DEVICE = str(model), "cpu"
    settings.MODELS_DIR = tmp_path / "models"
    monkeypatch.setattr(serving, "_served", serving._Served())
    train(folder := job_in(tmp_path / "job", model))
    row = Adapter.objects.create(
        name="ours", digest=adapter_digest(folder / ADAPTER), base_digest="of another model",
        weights=(folder / ADAPTER / WEIGHTS).read_bytes(), config=(folder / ADAPTER / CONFIG).read_text(),
        card={}, state="live", created_at=at, since=at,
    )  # fmt: skip

    without = serving.served_model(at=at)
    row.refresh_from_db()
    assert row.trouble == "other_model"
    assert not serving.follow(at=at)  # not tried again for a while
    Adapter.objects.update(base_digest=digest_of(model))
    assert serving.follow(at=at + 2 * serving.AGAIN)
    taken = serving.served_model(at=at)
    try:
        assert taken.describe().digest != without.describe().digest
        assert serving.candidate(row.digest).describe().digest == taken.describe().digest
        assert without.ready()  # what it has begun it may end
        serving.close_when_idle(without, rest=0.01)
        assert (without.ready(), taken.ready()) == (False, True)
        assert not serving.follow(at=at)
    finally:
        taken.close()


def test_a_file_without_use_ends_with_two_and_leaves_nothing(
    model: Path, tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.BOT_MODEL, settings.MODELS_DIR = str(model), tmp_path / "models"
    (file := tmp_path / "bad.jsonl").write_text('{"question": "", "context": "a", "answer": "b"}\n')

    with pytest.raises(SystemExit) as ended:
        call_command("train_bot", file, out=tmp_path / "mine")

    assert ended.value.code == 2
    assert '"line": 1, "code": "empty"' in capsys.readouterr().err
    assert not (tmp_path / "mine").exists()


def test_nothing_of_somebody_else_s_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").touch()

    with pytest.raises(CommandError, match="is no adapter"):
        call_command("train_bot", tiny.written(tmp_path), out=tmp_path / "mine")
