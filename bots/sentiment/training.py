"""Labelled texts → weights, stage by stage; what was done before is found again after a stop."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bots.sentiment.blend import FIRST, Blend, Floats
from bots.sentiment.grams import Grams
from bots.sentiment.heads import kinds_head, label_head
from bots.sentiment.local_encoding import Encoder, arrays_of, bare
from bots.sentiment.local_trunks import TrunkName, trunk
from bots.sentiment.local_tuning import Recipe, tune
from bots.sentiment.manner import manner_of
from bots.sentiment.tables import TALKS, Row, check, kept_back, some
from bots.sentiment.weights import Arrays, Weights, save

GRAMS: Mapping[str, float] = {"zh": 8.0}
"""Of the hashed runs how freely they learn, by language: chosen on the texts that are kept back."""
GRAMS_MOST = 8_000  # texts of one source and language
PARTS: Mapping[str, tuple[str, ...]] = {
    "en": ("bge", "e5"),
    "zh": ("e5", "grams-zh"),
    "other": ("e5",),
}
MESSAGES = "messages"  # what customers write in a chat, in bots/sentiment/messages.csv: such texts are to be read
GRAMS_TIMES = 3  # so each of them is learnt from as often as so many reviews
BLEND_MOST: Mapping[str, int] = {"en": 1_000, "zh": 3_000, "other": 1_000}
"""By group: kept-back texts of one source and language that weigh its parts."""
KINDS_MOST = 1_200  # texts of one source and language that teach an encoder what kind they are of
TOGETHER = 256  # texts that are encoded at once


@dataclass(frozen=True, slots=True)
class Plan:
    """Which texts an encoder learns from (`most` of one source and language; of every language, or `english` ones
    only; each message `times` over), and how; without a recipe only its head learns."""

    recipe: Recipe | None
    english: bool
    most: int
    times: int


PLANS: Mapping[TrunkName, Plan] = {
    "bge": Plan(Recipe(first=4, rate=8e-4, rounds=3), english=True, most=1_000_000, times=1),
    "e5": Plan(Recipe(first=8, rate=1e-3, rounds=2), english=False, most=8_000, times=3),
}


class Step(Protocol):
    def step(self, done: int) -> None: ...


Progress = Callable[[str, int], AbstractContextManager[Step]]


@dataclass(frozen=True, slots=True)
class Judged:
    """Kept-back texts of one group, and what each part says of them."""

    rows: Sequence[Row]
    opinions: Mapping[str, Floats]

    @property
    def manner(self) -> Floats:
        return manner_of([row.text for row in self.rows])

    @property
    def answers(self) -> NDArray[np.int64]:
        return np.array([row.answer for row in self.rows])


@dataclass(frozen=True, slots=True)
class Trained:
    weights: Weights
    judged: Mapping[str, Judged]


def train(rows: Sequence[Row], out: Path, *, progress: Progress) -> Trained:
    """Writes `out`; its stages lie beside it until it is whole. `BadTable` for what cannot be learnt.

    What was said in dialogues teaches what kind of text that is and how opinions of it weigh, not the opinions: runs
    of letters that learn from it are less sure of reviews.
    """
    check(rows)
    every = [row for row in rows if not kept_back(row)]
    fit = [row for row in every if row.source != TALKS]
    back = [row for row in rows if kept_back(row)]
    check(fit)
    beside = out.with_name(f".{out.stem}-{fingerprint(rows)}")
    beside.mkdir(parents=True, exist_ok=True)
    grams = {name: _grams(name, fit, beside, progress) for name in GRAMS}
    tuned: dict[str, Arrays] = {name: _tuned(name, fit, beside, progress) for name in PLANS}
    for name in PLANS:
        tuned[name] = {**tuned[name], **_kinds(name, tuned[name], every, beside, progress)}
    judged = _judged(tuned, grams, back, progress)
    blends = {
        group: Blend.fitted(PARTS[group], one.opinions, one.answers, one.manner)
        for group, one in judged.items()
    }
    first = {
        group: Blend.fitted(
            asked.parts, judged[group].opinions, judged[group].answers, judged[group].manner
        )
        for group, asked in FIRST.items()
    }
    weights = Weights(tuned, grams, blends, first)
    save(weights, out)
    shutil.rmtree(beside)
    return Trained(weights, judged)


def fingerprint(rows: Sequence[Row]) -> str:
    """Of the texts and the plan: other ones begin anew."""
    digest = sha256(
        repr(
            (GRAMS, GRAMS_TIMES, KINDS_MOST, {name: asdict(plan) for name, plan in PLANS.items()})
        ).encode()
    )
    for row in rows:
        said = f"{row.answer}{row.language}{row.source}\1{row.text}\0"
        digest.update(said.encode("utf-8", "replace"))
    return digest.hexdigest()[:12]


def texts_for(name: TrunkName, fit: Sequence[Row]) -> list[Row]:
    plan = PLANS[name]
    rows = [row for row in some(fit, plan.most) if row.language == "en" or not plan.english]
    return _more_of_messages(rows, plan.times)


def _more_of_messages(rows: Sequence[Row], times: int) -> list[Row]:
    return [*rows, *[row for row in rows if row.source == MESSAGES] * (times - 1)]


def opinions_of(
    tuned: Mapping[str, Arrays], grams: Mapping[str, Grams], rows: Sequence[Row], group: str
) -> dict[str, Floats]:
    """What each part that this group asks says of them, as it serves."""
    texts = [row.text for row in rows]
    found: dict[str, Floats] = {}
    for part in PARTS[group]:
        if part.startswith("grams-"):
            found[part] = grams[part.removeprefix("grams-")].logits(texts)
        else:
            name: TrunkName = "bge" if part == "bge" else "e5"
            found[part] = Encoder(trunk(name), tuned[name]).opinions(texts)
    return found


def in_group(row: Row, group: str) -> bool:
    return row.language == group if group != "other" else row.language not in {"en", "zh"}


def _grams(name: str, fit: Sequence[Row], beside: Path, progress: Progress) -> Grams:
    file = beside / f"grams-{name}.npz"
    if file.exists():
        with np.load(file, allow_pickle=False) as read:
            return Grams(
                chinese=bool(read["chinese"]),
                **{key: read[key] for key in ("rarity", "weights", "scale", "bias")},
            )
    rows = _more_of_messages(
        some((row for row in fit if row.language == name), GRAMS_MOST), GRAMS_TIMES
    )
    with progress(f"runs of letters, {name}", 1) as shown:
        found = Grams.fitted(
            [row.text for row in rows],
            np.array([row.answer for row in rows]),
            chinese=name == "zh",
            strength=GRAMS[name],
        )
        shown.step(1)
    _keep(file, {**{key: getattr(found, key) for key in ("rarity", "weights", "scale", "bias")},
                 "chinese": np.array(found.chinese)})  # fmt: skip
    return found


def _tuned(name: TrunkName, fit: Sequence[Row], beside: Path, progress: Progress) -> Arrays:
    file = beside / f"{name}.npz"
    if file.exists():
        with np.load(file, allow_pickle=False) as read:
            return {key: read[key] for key in read.files}
    rows, recipe = texts_for(name, fit), PLANS[name].recipe
    texts, answers = [row.text for row in rows], np.array([row.answer for row in rows])
    rounds = recipe.rounds if recipe else 1
    with progress(f"layers beside {name}", rounds * len(rows)) as shown:
        if recipe:
            found = arrays_of(tune(trunk(name), texts, answers, recipe, step=shown.step))
        else:
            found = label_head(_vectors(bare(trunk(name)), texts, shown.step), answers)
    _keep(file, found)
    return found


def _kinds(
    name: TrunkName, tuned: Arrays, fit: Sequence[Row], beside: Path, progress: Progress
) -> Arrays:
    """A head that tells from which set a text could be, where this encoder is the first to read."""
    file = beside / f"{name}-kinds.npz"
    if file.exists():
        with np.load(file, allow_pickle=False) as read:
            return {key: read[key] for key in read.files}
    groups = [group for group, parts in PARTS.items() if parts[0] == name]
    rows = some((r for r in fit if any(in_group(r, group) for group in groups)), KINDS_MOST)
    with progress(f"kinds of text, {name}", len(rows)) as shown:
        vectors = _vectors(Encoder(trunk(name), tuned), [row.text for row in rows], shown.step)
        found = kinds_head(vectors, [f"{row.source} {row.language}" for row in rows])
    _keep(file, found)
    return found


def _vectors(encoder: Encoder, texts: Sequence[str], step: Callable[[int], None]) -> Floats:
    parts = []
    for start in range(0, len(texts), TOGETHER):
        parts.append(encoder.pooled(texts[start : start + TOGETHER]))
        step(len(parts[-1]))
    return np.concatenate(parts) if parts else np.zeros((0, 1), np.float32)


def _judged(
    tuned: Mapping[str, Arrays],
    grams: Mapping[str, Grams],
    back: Sequence[Row],
    progress: Progress,
) -> dict[str, Judged]:
    found = {}
    with progress("weighing", len(PARTS)) as shown:
        for group in PARTS:
            rows = some((row for row in back if in_group(row, group)), BLEND_MOST[group])
            found[group] = Judged(rows, opinions_of(tuned, grams, rows, group))
            shown.step(1)
    return found


def _keep(file: Path, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Whole or not at all."""
    fresh = file.with_suffix(".fresh")
    with fresh.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)
    fresh.replace(file)
