"""Whether the alert that a conversation falls comes where one went wrong, how early, and how often for nothing.

    .venv/bin/python benchmarks/mood_alerts.py [SET …] [--weights FILE] [--read FILE] [--json FILE] [--draws 1000]
    .venv/bin/python benchmarks/mood_alerts.py --talks FILE

Each customer's messages are read as the product reads them, without personal data, and played to the alert in
order. Beside it stand simpler ways to be alarmed by the same messages. `at recall` has the precision where so many of
the conversations that went wrong are found, whatever level of alarm that takes; intervals are of 95 %, conversations
drawn anew. `--read FILE` keeps what was read, for the next time. `--talks FILE` writes what `train_sentiment --talks`
learnt from, none of which is asked here.
"""

import json
import os
import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
from numpy.typing import NDArray

from benchmarks import sets
from benchmarks.mood_talks import SETS, Talk, requests
from bots.knowledge.text import language_of
from bots.privacy.vault import Vault
from bots.sentiment.course import HALVED, Heard, course, unhappiness

RECALLS = (0.25, 0.5, 0.75)
CROSS = re.compile(
    r"\b(?:angry|annoy\w*|awful|bad|disappoint\w*|disgust\w*|fed up|frustrat\w*|hate|horrible|idiots?|joke|pathetic"
    r"|poor|ridiculous|rude|shocking|stupid|terrible|unacceptable|useless|waste|worst|wtf)\b"
    r"|差|骗|垃圾|失望|太慢|投诉|恶心|生气|糟|讨厌|难吃",
    re.IGNORECASE,
)
Floats = NDArray[np.float64]
Level = Callable[[Sequence[str], Sequence[Heard]], Sequence[float]]


def _so_far(heard: Sequence[Heard], halved: float) -> list[float]:
    """How unhappy all messages so far are in the mean, an old one weighing half after so many."""
    found, above, below = list[float](), 0.0, 0.0
    for one in heard:
        above, below = above * 0.5 ** (1 / halved) - one.score, below * 0.5 ** (1 / halved) + 1
        found.append(above / below)
    return found


ALERTS: Mapping[str, Level] = {
    "the alert": lambda _, heard: unhappiness(heard),
    "newest message": lambda _, heard: [-one.score for one in heard],
    "mean so far": lambda _, heard: _so_far(heard, 1e9),
    "weighted mean": lambda _, heard: _so_far(heard, HALVED),
    "words": lambda said, _: np.cumsum([len(CROSS.findall(one)) for one in said]).tolist(),
    "length": lambda said, _: range(1, len(said) + 1),
}


def measured(talks: Sequence[Talk], heard: Mapping[str, Heard], draws: int) -> dict[str, Any]:
    played = [(talk, [heard[text] for text in talk.messages]) for talk in talks]
    wrong = np.array([talk.wrong for talk in talks])
    fell = [course(said).fell for _, said in played]
    found: dict[str, Any] = {
        "talks": len(talks),
        "wrong": float(wrong.mean()),
        "own": _own(wrong, np.array([bool(one) for one in fell]), draws),
        "lead": _lead(talks, fell),
    }
    if wrong.any() and not wrong.all():
        found["at"] = {
            name: _at_recalls(
                wrong, np.array([max(level(talk.messages, said)) for talk, said in played]), draws
            )
            for name, level in ALERTS.items()
        }
    return found


def _own(wrong: NDArray[np.bool_], told: NDArray[np.bool_], draws: int) -> dict[str, Any]:
    """At the level that the product is alarmed at."""

    def figures(places: Any) -> list[float]:
        hits = (wrong[places] & told[places]).sum()
        alerts, bad = told[places].sum(), wrong[places].sum()
        for_nothing = 100 * (alerts - hits) / len(wrong[places])
        return [hits / alerts if alerts else np.nan, hits / bad if bad else np.nan, for_nothing]

    names = ("precision", "recall", "for_nothing_in_100")
    return {"alerts": int(told.sum()), **_with_intervals(names, figures, len(wrong), draws)}


def _at_recalls(wrong: NDArray[np.bool_], level: Floats, draws: int) -> dict[str, Any]:
    """Of conversations with the same level all are told of, or none."""

    def figures(places: Any) -> list[float]:
        bad, high = wrong[places], level[places]
        levels, where = np.unique(-high, return_inverse=True)
        hits = np.cumsum(np.bincount(where, bad, len(levels)))
        told = np.cumsum(np.bincount(where, minlength=len(levels)))
        if not hits[-1]:
            return [np.nan] * len(RECALLS)
        enough = [int(np.searchsorted(hits, recall * hits[-1])) for recall in RECALLS]
        return [float(hits[place] / told[place]) for place in enough]

    names = [f"{recall:.2f}" for recall in RECALLS]
    return _with_intervals(names, figures, len(wrong), draws)


def _with_intervals(
    names: Sequence[str], figures: Callable[[Any], list[float]], size: int, draws: int
) -> dict[str, list[float | None]]:
    """Of each its value and the ends of its interval."""
    chance = np.random.default_rng(1)
    drawn = np.array([figures(chance.integers(0, size, size)) for _ in range(draws)])
    said = figures(slice(None))
    ends = [
        np.nanquantile(column, (0.025, 0.975)) if np.isfinite(column).any() else (np.nan, np.nan)
        for column in drawn.T
    ]
    return {
        name: [round(float(one), 4) if np.isfinite(one) else None for one in (value, *both)]
        for name, value, both in zip(names, said, ends, strict=True)
    }


def _lead(talks: Sequence[Talk], fell: Sequence[Sequence[int]]) -> dict[str, Any]:
    """Of conversations that went wrong and were told of. `messages`: from the first alert to where it went wrong
    (below nothing: told afterwards), where that is known; `left`: from it to the customer's last message, which
    may be minutes of `seconds`."""
    hits = [
        (talk, places[0]) for talk, places in zip(talks, fell, strict=True) if talk.wrong and places
    ]
    early = [talk.at - place for talk, place in hits if talk.at is not None]
    left = [len(talk.messages) - 1 - place for talk, place in hits]
    seconds = [talk.seconds[-1] - talk.seconds[place] for talk, place in hits if talk.seconds]
    return {
        "messages": _quarters(early),
        "in_time": sum(one >= 0 for one in early) / len(early) if early else None,
        "left": _quarters(left),
        "seconds": _quarters(seconds),
    }


def _quarters(values: Sequence[float]) -> list[float] | None:
    """The median and the quartiles beside it."""
    if not values:
        return None
    low, high = np.quantile(values, (0.25, 0.75))
    return [float(median(values)), float(low), float(high)]


def heard_in(texts: Sequence[str], file: Path | None, weights: Path | None) -> dict[str, Heard]:
    kept = json.loads(file.read_text("utf-8")) if file and file.exists() else {}
    if new := [text for text in texts if text not in kept]:
        import torch

        from bots.sentiment.reader import Reader
        from bots.sentiment.weights import load

        torch.set_num_threads(1)
        reader = Reader(
            load(weights) if weights else None, language_of=partial(language_of, otherwise="")
        )
        read = reader.read([Vault().redacted(text) for text in new])
        kept |= {text: (one.negative, one.positive) for text, one in zip(new, read, strict=True)}
        if file:
            file.write_text(json.dumps(kept, ensure_ascii=False), "utf-8")
    return {text: Heard(*kept[text]) for text in texts}


def main() -> None:
    options = _options()
    if not sets.have():
        raise SystemExit(f"{sets.FOLDER} is not there: nothing was measured.")
    if options.talks:
        line = {"questions": list(requests()), "language": "zh"}
        options.talks.write_text(json.dumps(line, ensure_ascii=False) + "\n", "utf-8")
        return
    asked = {name: list(SETS[name]()) for name in options.sets or SETS}
    texts = list({text: None for talks in asked.values() for one in talks for text in one.messages})
    heard = heard_in(texts, options.read, options.weights)
    figures = {name: measured(talks, heard, options.draws) for name, talks in asked.items()}
    for name, found in figures.items():
        print(f"{name}: {found['talks']} conversations, {found['wrong']:.3f} went wrong")
        print(f"    alerts {json.dumps(found['own'])}")
        print(f"    lead {json.dumps(found['lead'])}")
        for way, at in found.get("at", {}).items():
            told = "  ".join(f"{one[0]:.3f} ({one[1]:.3f}-{one[2]:.3f})" for one in at.values())
            print(f"    {way:16} precision at recall {'/'.join(at)}: {told}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=2) + "\n")


def _options() -> Namespace:
    parser = ArgumentParser()
    parser.add_argument("sets", nargs="*", choices=[[], *SETS], metavar="SET")
    parser.add_argument("--talks", type=Path, help="write what is learnt from, and nothing else")
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--read", type=Path, help="where what was read is kept")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--draws", type=int, default=1000)
    return parser.parse_args()


if __name__ == "__main__":
    main()
