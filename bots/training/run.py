"""From examples to an adapter with its card, in steps that a kill only interrupts.

What is done so far lies in a folder beside the one that is wanted (`.NAME.training`); the same call goes on
there. The wanted folder appears whole, with a rename, or not at all.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from bots.language.loader import adapted_model
from bots.language.model import LanguageModel
from bots.language.tokens import Tokens
from bots.language.tuning import ADAPTER, CURVE, JOB, WEIGHTS, Job
from bots.language.weights import adapter_digest, digest_of, has_bfloat16, model_folder
from bots.progress import Progress
from bots.training.card import markdown, picture
from bots.training.cleaning import passage_of
from bots.training.examples import Example
from bots.training.preparing import Prepared, Wanted
from bots.training.scores import Said, rouge_l, scores
from bots.training.trial import written
from bots.training.verdict import gain_between, objections

REPORT, CARD = "lines.jsonl", "card.json"


class Busy(Exception):
    """Somebody else is training into the same folder."""


class TrainingFailed(Exception):
    """The process that computes has ended without an adapter."""


def train(prepared: Prepared, wanted: Wanted, *, made_at: str) -> dict[str, Any]:
    """The card. The folder `wanted.out` is there, whole, when this returns."""
    wanted.work.parent.mkdir(parents=True, exist_ok=True)
    with _alone(wanted.work):
        base = model_folder(wanted.spec, wanted.cache_dir)
        job = _begun(prepared, wanted, base)
        if not (wanted.work / ADAPTER).is_dir():
            _run(wanted.work)
        adapter = wanted.work / ADAPTER
        before = _tried(wanted, prepared, None)
        after = _tried(wanted, prepared, adapter)
        card = _card(prepared, wanted, job, base, made_at) | _judged(prepared, before, after, job)
        _write(adapter, card, prepared)
        _swap(adapter, wanted.out)
    shutil.rmtree(wanted.work, ignore_errors=True)
    return card


# --- the folder beside ----------------------------------------------------------------------------


@contextmanager
def _alone(work: Path) -> Iterator[None]:
    with work.with_suffix(".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Busy(f"{work.name} is being worked on already.") from None
        try:
            yield
        finally:
            work.with_suffix(".lock").unlink(missing_ok=True)


def _begun(prepared: Prepared, wanted: Wanted, base: Path) -> Job:
    """Goes on with what was begun with the same data and settings, else begins anew."""
    tokens = Tokens(base)
    job = Job(
        model=str(base),
        filler=tokens.end or 0,
        seed=wanted.seed,
        rank=wanted.rank,
        epochs=wanted.epochs,
        batch=wanted.batch,
        every=_every(len(prepared.parts.train), wanted),
        minutes=wanted.minutes,
        device=_device(wanted.device),
        bfloat16=has_bfloat16() or _device(wanted.device) == "cuda",
    )
    texts = {"job.digest": _digest(prepared, replace(job, minutes=0)), JOB: json.dumps(asdict(job))}
    for name, part in (("train", prepared.parts.train), ("watch", prepared.parts.watch)):
        rows = (prepared.prompts[one.line] for one in part)
        texts[f"{name}.jsonl"] = "".join(
            json.dumps({"prompt": prompt, "answer": answer}) + "\n" for prompt, answer in rows
        )
    known = wanted.work / "job.digest"
    if not known.is_file() or known.read_text() != texts["job.digest"]:
        shutil.rmtree(wanted.work, ignore_errors=True)
        wanted.work.mkdir(parents=True)
    for name in (JOB, "train.jsonl", "watch.jsonl", "job.digest"):  # the digest last: now it counts
        (wanted.work / name).write_text(texts[name], encoding="utf-8")
    return job


def _every(examples: int, wanted: Wanted) -> int:
    """Steps between two looks: about eight in each pass over the data."""
    return max(1, min(20, -(-examples // wanted.batch) // 8))


def _device(wanted: str) -> str:
    if wanted == "cpu":
        return "cpu"
    import torch

    return "cuda" if torch.cuda.is_available() else "cpu"


def _digest(prepared: Prepared, job: Job | None) -> str:
    parts = [[asdict(one) for one in part] for part in (prepared.parts.train, prepared.parts.watch)]
    told = json.dumps([parts, asdict(job) if job else None], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _run(work: Path) -> None:
    """In a process of its own: torch's memory goes with it. Its bar is seen on a terminal."""
    done = subprocess.run(  # noqa: S603 -- our own module, and a path
        [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "bots.language.local_training",
            str(work.absolute()),
        ],
        cwd=Path(__file__).resolve().parents[2],
        stdin=subprocess.DEVNULL,
        stderr=None if sys.stderr.isatty() else subprocess.PIPE,
        env={**os.environ, "TOKENIZERS_PARALLELISM": "false"},
        check=False,
    )
    if done.returncode or not (work / ADAPTER).is_dir():
        said = (done.stderr or b"").decode(errors="replace").strip().splitlines()
        raise TrainingFailed(said[-1] if said else f"Training ended with status {done.returncode}.")


def _tried(wanted: Wanted, prepared: Prepared, adapter: Path | None) -> dict[str, Any]:
    """What the model writes about what was held out, without or with the adapter; kept once it is whole."""
    kept = wanted.work / ("before.json" if adapter is None else "after.json")
    if kept.is_file():
        told: dict[str, Any] = json.loads(kept.read_text(encoding="utf-8"))
        return told
    model = adapted_model(
        wanted.spec, device=wanted.device, cache_dir=wanted.cache_dir, adapter=adapter
    )
    try:
        told = _figures(model, prepared.parts.held_out)
    finally:
        model.close()
    fresh = kept.with_suffix(".part")
    fresh.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    fresh.replace(kept)
    return told


def _figures(model: LanguageModel, examples: Sequence[Example]) -> dict[str, Any]:
    with Progress("Asking", len(examples)) as bar:
        said, seconds = written(model, examples, bar.step)
    passages = [passage_of(one) for one in examples]
    wanted = [one.answer for one in examples]
    found = scores(said, wanted, passages, closely=not model.rephrases, seconds=seconds)
    return {"figures": found, "said": [asdict(one) for one in said]}


def _judged(
    prepared: Prepared, before: dict[str, Any], after: dict[str, Any], job: Job
) -> dict[str, Any]:
    wanted = [one.answer for one in prepared.parts.held_out]

    def each(told: dict[str, Any]) -> list[float]:
        said = [Said(**one) for one in told["said"]]
        return [rouge_l([one.text], [right]) for one, right in zip(said, wanted, strict=True)]

    gain = gain_between(each(before), each(after), seed=job.seed)
    against = objections(before["figures"], after["figures"], gain)
    return {
        "before": before["figures"],
        "after": after["figures"],
        "gain": gain,
        "wins": not against,
        "objections": against,
    }


def _card(prepared: Prepared, wanted: Wanted, job: Job, base: Path, made_at: str) -> dict[str, Any]:
    adapter, parts = wanted.work / ADAPTER, prepared.parts
    curve = json.loads((wanted.work / CURVE).read_text(encoding="utf-8"))
    watched = [one for one in curve["curve"] if "eval_loss" in one]
    learnt = {one.context for one in parts.train}
    how = asdict(job)
    for private in ("model", "filler"):
        del how[private]
    return {
        "name": wanted.out.name,
        "made_at": made_at,
        "base": {"name": Path(wanted.spec or base).name, "digest": digest_of(base)},
        "adapter": {
            "digest": adapter_digest(adapter),
            "bytes": (adapter / WEIGHTS).stat().st_size,
        },
        "data": {
            "file": wanted.source,
            "digest": _digest(prepared, None),
            "licence": wanted.licence,
            "lines": prepared.lines,
            "usable": prepared.usable,
            "train": len(parts.train),
            "watch": len(parts.watch),
            "held_out": len(parts.held_out),
            "passages_seen": sum(one.context in learnt for one in parts.held_out),
            "left_out": dict(Counter(one.code for one in prepared.problems)),
            "cut": prepared.cut,
            "hidden": prepared.hidden,
        },
        "training": {
            **how,
            **curve,
            "best_step": min(watched, key=lambda one: one["eval_loss"])["step"] if watched else 0,
        },
        "versions": {
            name: version(name)
            for name in ("torch", "transformers", "peft", "sacrebleu", "rouge-score")
        },
    }


def _write(adapter: Path, card: dict[str, Any], prepared: Prepared) -> None:
    (adapter / CARD).write_text(json.dumps(card, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (adapter / "card.md").write_text(markdown(card), "utf-8")
    (adapter / "card.svg").write_bytes(picture(card))
    lines = (json.dumps(one.shown(), ensure_ascii=False) + "\n" for one in prepared.problems)
    (adapter / REPORT).write_text("".join(lines), "utf-8")


def _swap(fresh: Path, out: Path) -> None:
    """An older one steps aside until the new one is in its place."""
    for path in fresh.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    aside = out.with_name(f".{out.name}.older")
    shutil.rmtree(aside, ignore_errors=True)
    if out.exists():
        out.rename(aside)
    fresh.rename(out)
    shutil.rmtree(aside, ignore_errors=True)
