"""Fine-tuning in a process of its own: a low-rank adapter beside the weights, which stay as they are.

    python -m bots.language.local_training JOB

JOB is a folder with `job.json` (see `tuning.Job`) and `train.jsonl`, `watch.jsonl`: one `{"prompt": [ids],
"answer": [ids]}` a line. Checkpoints go to `checkpoints/`, the best adapter to `adapter/`, and what happened
to `curve.json`. Killed at any moment, it goes on from the last whole checkpoint.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import time
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import (
    AutoModelForCausalLM,
    EarlyStoppingCallback,
    Trainer,
    TrainerCallback,
    TrainingArguments,
    set_seed,
)
from transformers.utils import logging as transformers_logging

from bots.language.tuning import ADAPTER, CONFIG, CURVE, JOB, Job
from bots.progress import Progress

UNSAID = -100  # a place whose word is not learnt: the prompt's, and what fills a batch
STATE = "trainer_state.json"  # the last file of a checkpoint to be written


class Lines(torch.utils.data.Dataset[dict[str, list[int]]]):
    """Prompts and answers; of each batch the trainer gets `input_ids` and `labels`."""

    def __init__(self, file: Path) -> None:
        rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
        self._rows = [(row["prompt"], row["answer"]) for row in rows]

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, place: int) -> dict[str, list[int]]:
        prompt, answer = self._rows[place]
        return {
            "input_ids": [*prompt, *answer],
            "labels": [*[UNSAID] * len(prompt), *answer],
        }


def together(rows: Sequence[dict[str, list[int]]], *, filler: int) -> dict[str, Tensor]:
    """A batch: shape (rows, longest)."""
    longest = max(len(row["input_ids"]) for row in rows)

    def filled(name: str, value: int) -> Tensor:
        return torch.tensor([r[name] + [value] * (longest - len(r[name])) for r in rows])

    return {
        "input_ids": filled("input_ids", filler),
        "labels": filled("labels", UNSAID),
        "attention_mask": torch.tensor(
            [[1] * len(r["input_ids"]) + [0] * (longest - len(r["input_ids"])) for r in rows]
        ),
    }


class Tuner(Trainer):
    """Scores of words are computed only where an answer stands: most places are the prompt's."""

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, Tensor],
        return_outputs: bool = False,  # noqa: FBT001, FBT002 -- the base class's
        num_items_in_batch: Tensor | int | None = None,
    ) -> Any:
        loss = _loss(model, inputs)
        return (loss, {"loss": loss}) if return_outputs else loss

    def prediction_step(
        self, model: Any, inputs: dict[str, Tensor], *_: Any, **__: Any
    ) -> tuple[Tensor, None, None]:
        with torch.inference_mode():
            return _loss(model, self._prepare_inputs(inputs)).detach(), None, None


def _loss(model: Any, inputs: dict[str, Tensor]) -> Tensor:
    """The mean over the answers' words, in nats."""
    inner: Any = model.get_base_model() if isinstance(model, PeftModel) else model
    hidden = inner.model(
        input_ids=inputs["input_ids"], attention_mask=inputs["attention_mask"], use_cache=False
    ).last_hidden_state
    wanted = inputs["labels"][:, 1:]
    said = wanted != UNSAID
    scores = inner.lm_head(hidden[:, :-1][said]).float()
    return torch.nn.functional.cross_entropy(scores, wanted[said])


class Watch(TrainerCallback):
    """The bar, the curve on the disk, and the end of the time that was given."""

    def __init__(self, job: Job, folder: Path, bar: Progress) -> None:
        self._job, self._folder, self._bar = job, folder, bar
        self._begun = time.monotonic()
        self._seen = 0
        self._parent = os.getppid()
        self._spent = _told(folder).get("seconds", 0.0)

    def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        if os.getppid() != self._parent:
            raise SystemExit(1)  # whoever wanted it was killed; the same call goes on from here
        self._bar.step(state.global_step - self._seen)
        self._seen = state.global_step
        if self._job.minutes and self._seconds() >= 60 * self._job.minutes:
            control.should_evaluate = control.should_save = True
            control.should_training_stop = True

    def on_evaluate(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.write(state)

    def on_train_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
        self.write(state)

    def write(self, state: Any) -> None:
        curve = [
            {
                "step": one["step"],
                **{k: round(one[k], 5) for k in ("loss", "eval_loss") if k in one},
            }
            for one in state.log_history
            if "loss" in one or "eval_loss" in one
        ]
        told = {"seconds": round(self._seconds(), 1), "steps": state.global_step, "curve": curve}
        fresh = self._folder / f".{CURVE}"
        fresh.write_text(json.dumps(told), encoding="utf-8")
        fresh.replace(self._folder / CURVE)

    def _seconds(self) -> float:
        return float(self._spent) + time.monotonic() - self._begun


def _told(folder: Path) -> dict[str, Any]:
    """What an earlier, interrupted try has written."""
    try:
        told: dict[str, Any] = json.loads((folder / CURVE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told


def newest_whole(checkpoints: Path) -> Path | None:
    """The last checkpoint that was written to its end; what a kill left half written is removed."""
    whole: list[tuple[int, Path]] = []
    for one in checkpoints.glob("checkpoint-*"):
        try:
            whole.append((int(json.loads((one / STATE).read_text())["global_step"]), one))
        except (OSError, ValueError, KeyError):
            shutil.rmtree(one, ignore_errors=True)
    return max(whole)[1] if whole else None


def train(folder: Path) -> None:
    """Runs the job in `folder`, from its last checkpoint if it has one."""
    job = Job(**json.loads((folder / JOB).read_text(encoding="utf-8")))
    set_seed(job.seed)
    random.seed(job.seed)
    model = _adapted(job)
    lines, watched = Lines(folder / "train.jsonl"), Lines(folder / "watch.jsonl")
    checkpoints = folder / "checkpoints"
    from_there = newest_whole(checkpoints)
    steps = -(-len(lines) // job.batch) * job.epochs
    with Progress("Training", steps) as bar:
        watch = Watch(job, folder, bar)
        tuner = Tuner(
            model=model,
            args=_arguments(job, checkpoints, steps),
            train_dataset=lines,
            eval_dataset=watched,
            data_collator=lambda rows: together(rows, filler=job.filler),
            callbacks=[watch, EarlyStoppingCallback(job.patience)],
        )
        tuner.remove_callback(_printer())
        if from_there is None:
            tuner.evaluate()  # where it begins: what training has to beat
        tuner.train(resume_from_checkpoint=str(from_there) if from_there else None)
        watch.write(tuner.state)
    _keep(tuner.model, folder / ADAPTER)


def _printer() -> Any:
    from transformers.trainer_callback import PrinterCallback

    return PrinterCallback


def _adapted(job: Job) -> Any:
    kind = torch.bfloat16 if job.bfloat16 else torch.float32
    model = AutoModelForCausalLM.from_pretrained(job.model, dtype=kind)
    model.config.use_cache = False
    config = LoraConfig(
        r=job.rank,
        lora_alpha=2 * job.rank,
        lora_dropout=job.dropout,
        target_modules=list(job.targets),
        task_type="CAUSAL_LM",
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # peft asks transformers by a name that is on its way out
        return get_peft_model(model, config)


def _arguments(job: Job, checkpoints: Path, steps: int) -> TrainingArguments:
    every = max(1, min(job.every, steps))
    return TrainingArguments(
        output_dir=str(checkpoints),
        per_device_train_batch_size=job.batch,
        per_device_eval_batch_size=job.batch,
        num_train_epochs=job.epochs,
        learning_rate=job.rate,
        lr_scheduler_type="cosine",
        warmup_steps=min(job.warmup, steps // 10),
        weight_decay=0.0,
        train_sampling_strategy="group_by_length",
        eval_strategy="steps",
        save_strategy="steps",
        logging_strategy="steps",
        eval_steps=every,
        save_steps=every,
        logging_steps=every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        use_cpu=job.device == "cpu",
        seed=job.seed,
        report_to=[],
        disable_tqdm=True,
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        label_names=["labels"],
    )


def _keep(model: Any, to: Path) -> None:
    """The adapter as two files, sixteen bits a weight, whole or not at all."""
    fresh = to.with_name(f".{to.name}")
    shutil.rmtree(fresh, ignore_errors=True)
    model.save_pretrained(fresh)
    weights = {
        k: v.half().contiguous() for k, v in load_file(fresh / "adapter_model.safetensors").items()
    }
    save_file(weights, fresh / "adapter_model.safetensors", metadata={"format": "pt"})
    config = json.loads((fresh / CONFIG).read_text())
    config["base_model_name_or_path"] = ""  # a path of this machine says nothing elsewhere
    (fresh / CONFIG).write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")
    for other in fresh.iterdir():
        if other.name not in {CONFIG, "adapter_model.safetensors"}:
            other.unlink()
    shutil.rmtree(to, ignore_errors=True)
    fresh.rename(to)


if __name__ == "__main__":
    quiet: Any = transformers_logging
    quiet.disable_progress_bar()
    quiet.set_verbosity_error()
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS") or torch.get_num_threads()))
    train(Path(sys.argv[1]))
