"""How sure may the bot be, and when should a person take over? Collected, fitted, measured, drawn.

    DATA_DIR=DIR script/manage shell -c "from benchmarks.handover import collect; collect('DIR/seen')"
    DATA_DIR=DIR script/manage shell -c "from benchmarks.handover import report
    report('DIR/seen', fitted=True, drawn='docs/handover.svg')"

The first command asks the real search of small knowledge bases, one file of signals for each; what is there
already is not collected again. It replaces the articles of the database it runs on, so it refuses one that
holds others. The second one fits `bots/answering/chance.json` on FITTED and measures on everything else:
expected calibration error, Brier score, and what share of answers is right for each share of customers answered.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks import sets
from bots.answering.chance import FILE, prepared
from bots.knowledge.calibration import Weighing

Numbers = NDArray[np.float64]

ROOT = Path(__file__).resolve().parent.parent
ASKED = 200  # requests of each base at most
OUTSIDE = 0.25  # of the requests of an FAQ set: as many more that no article answers

# name → (set, intents that become articles, examples of each: 0 for a title alone)
FITTED: dict[str, tuple[str, int, int]] = {
    "clinc-a": ("clinc150", 75, 5),
    "clinc-c": ("clinc150", 100, 0),
    "hwu-a": ("hwu64", 35, 5),
    "hint3-a": ("hint3", 40, 5),
    "hint3-b": ("hint3", 40, 0),
    "bitext-a": ("bitext_intents_8k", 18, 4),
    "bitext-b": ("bitext_intents_8k", 20, 0),
}
MEASURED: dict[str, tuple[str, int, int]] = {
    "banking77-a": ("banking77_oos", 35, 5),
    "covidfaq": ("covidfaq", 0, 0),
    "banking77-b": ("banking77_oos", 40, 0),
    "insurance": ("dstc11_insurance", 15, 4),
    "stackfaq": ("stackfaq", 0, 0),
    "zh_bank_faq": ("zh_bank_faq", 0, 0),
    "feedbackqa": ("feedbackqa", 0, 0),
}


def collect(folder: str, *first: str, seconds: float = 400.0) -> None:
    """Signals of every base into `folder`, one JSON Lines file each, until the time is over."""
    from benchmarks.fit_confidence import install
    from benchmarks.remembered import remembered

    known, begun = remembered(), time.monotonic()
    bases = {**MEASURED, **FITTED}
    for name in sorted(bases, key=lambda name: name not in first):
        source, supported, examples = bases[name]
        if time.monotonic() - begun > seconds:
            return
        files = {
            judge: Path(folder) / f"{name}.{judge}.jsonl"
            for judge in (("alone",) if source.startswith("zh") else ("bilingual", "alone"))
        }
        if all(file.exists() for file in files.values()):
            continue
        base = _base(name, source, supported, examples)
        ids = install(base.articles, known)
        for judge, file in files.items():
            file.parent.mkdir(parents=True, exist_ok=True)
            rows = list(_asked(base.requests, ids, judge, known))
            file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
            print(name, judge, len(rows), sum(row["is_right"] for row in rows), flush=True)


def _base(name: str, source: str, supported: int, examples: int) -> Any:
    from benchmarks.fit_confidence import Base, make_base

    dice = random.Random(name)
    if supported:
        base = make_base(source, supported=supported, examples=examples, seed=len(name))
    elif source == "feedbackqa":
        base = Base(name, [], [])
        for row in sets.rows("faq/feedbackqa_passages.jsonl.gz"):
            if row["source"] == "WHO":
                title = (
                    row["headers"] if isinstance(row["headers"], str) else " ".join(row["headers"])
                )
                title = title.strip() or str(row["page_title"])
                base.articles.append(
                    {
                        "id": f"fit:{row['passage_id']}",
                        "title": title[:200],
                        "body": row["content"],
                        "of": [],
                    }
                )
        base.requests.extend(
            (row["question"], f"fit:{row['passage_id']}")
            for row in sets.rows("faq/feedbackqa_questions.jsonl.gz")
            if row["source"] == "WHO"
        )
    else:
        base = Base(name, [], [])
        for row in sets.rows(f"faq/{source}_docs.jsonl.gz"):
            body = row.get("answer") or "\n\n".join(row.get("answers", ())) or row["question"]
            base.articles.append(
                {
                    "id": f"fit:{row['faq_id']}",
                    "title": row["question"][:290],
                    "body": body,
                    "of": [],
                }
            )
        base.requests.extend(
            (row["query"], f"fit:{row['faq_id']}")
            for row in sets.rows(f"faq/{source}_queries.jsonl.gz")
        )
    if source.startswith("zh"):
        base.articles[:] = [{**one, "language": "zh"} for one in base.articles]
    dice.shuffle(base.requests)
    del base.requests[ASKED:]
    if not supported:
        base.requests.extend(
            (text, None) for text in _elsewhere(source, int(OUTSIDE * ASKED), dice)
        )
    return base


def _elsewhere(source: str, many: int, dice: random.Random) -> Iterator[str]:
    """Requests of other trades, in the set's language."""
    if source.startswith("zh"):
        rows = [
            turn["text"]
            for row in sets.rows("dialogue/crosswoz_zh.jsonl.gz")
            for turn in row["turns"][:1]
            if turn["role"] == "usr"
        ]
    else:
        rows = [row["text"] for row in sets.rows("intent/hwu64.csv.gz")]
    yield from dice.sample(rows, many)


def _asked(
    requests: Sequence[tuple[str, str | None]], ids: dict[int, str], judge: str, known: Any
) -> Iterator[dict[str, Any]]:
    from bots.answering.chance import signals
    from bots.knowledge.corpus import corpus
    from bots.knowledge.questions import encode
    from bots.knowledge.search import search
    from bots.knowledge.text import language_of
    from bots.knowledge.vectors import Encoders

    used = known if judge == "bilingual" else Encoders(known.every)
    texts = [text for text, _ in requests]
    languages = ["en" if judge == "bilingual" else language_of(text) for text in texts]
    for question, (_, gold) in zip(encode(texts, languages, used), requests, strict=True):
        hits = search(question, known=corpus(), inbox_id=None)
        yield {
            "has_answer": gold is not None,
            "is_right": ids[hits[0].article_id] == gold,
            **{k: round(v, 5) for k, v in signals(question, hits, corpus()).items()},
        }


# --- fitted -----------------------------------------------------------------------------------

TERMS = {
    "bilingual": ("right", "above", "margin", "share", "entropy", "agreement", "words", "length"),
    # Words are counted otherwise where no spaces stand between them, and few such bases can rehearse.
    "alone": ("right", "margin", "share", "entropy", "agreement"),
}
CARD = {
    "clinc150": "CC BY 3.0",
    "hwu64": "CC BY 4.0",
    "hint3": "ODbL 1.0 / DbCL 1.0",
    "bitext_intents_8k": "CDLA-Sharing 1.0",
}


def seen(folder: Path, names: Sequence[str], judge: str) -> dict[str, list[dict[str, float]]]:
    """The collected rows of each base that is judged so."""
    found = {}
    for name in names:
        file = folder / f"{name}.{judge}.jsonl"
        if file.exists():
            found[name] = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return found


def fit(bases: dict[str, list[dict[str, float]]], terms: Sequence[str]) -> dict[str, Any]:
    """Newton's method with a little shrinkage; each base weighs the same. The fit is calibrated on what
    it was fitted to by construction; how far that carries is what `measure` tells."""
    rows = [prepared(row) for one in bases.values() for row in one]
    x = np.array([[row[term] for term in terms] for row in rows])
    y = np.array([float(row["is_right"]) for row in rows])
    weight = np.concatenate([np.full(len(one), 200 / len(one)) for one in bases.values()])
    mean, scale = x.mean(0), x.std(0) + 1e-9
    design = np.hstack([(x - mean) / scale, np.ones((len(x), 1))])
    beta = np.zeros(design.shape[1])
    shrink = np.diag(np.r_[np.full(len(terms), 5.0), 0.0])
    for _ in range(50):
        p = 1 / (1 + np.exp(-design @ beta))
        slope = design.T @ (weight * (p - y)) + shrink @ beta
        bend = (design * (weight * p * (1 - p) + 1e-9)[:, None]).T @ design + shrink
        beta -= np.linalg.solve(bend, slope)
    numbers = zip(terms, mean, scale, beta[:-1], strict=True)
    return {
        "terms": {t: [round(float(v), 5) for v in (m, s, b)] for t, m, s, b in numbers},
        "bias": round(float(beta[-1]), 5),
    }


def chances(rows: Sequence[dict[str, float]], judge: dict[str, Any]) -> Numbers:
    ready = Weighing({t: (v[0], v[1], v[2]) for t, v in judge["terms"].items()}, judge["bias"])
    return np.array([ready.probability(prepared(row)) for row in rows])


def error(p: Numbers, y: Numbers) -> float:
    """Expected calibration error: ten bins of equal size."""
    bins = np.array_split(p.argsort(), 10)
    return float(sum(len(b) * abs(p[b].mean() - y[b].mean()) for b in bins) / len(p))


def ranking(p: Numbers, y: Numbers) -> float:
    order = p.argsort().argsort()
    right = y > 0
    if right.all() or not right.any():
        return float("nan")
    return float((order[right].mean() - (right.sum() - 1) / 2) / (~right).sum())


def figures(p: Numbers, y: Numbers) -> dict[str, float]:
    order = (-p).argsort()
    found = {"n": len(p), "right": float(y.mean()), "said": float(p.mean()), "ece": error(p, y)}
    found |= {"brier": float(((p - y) ** 2).mean()), "auc": ranking(p, y)}
    for share in (0.5, 0.7, 0.9):
        found[f"right at {share:.0%}"] = float(y[order[: max(1, int(share * len(p)))]].mean())
    return {name: round(value, 3) for name, value in found.items()}


def fit_all(folder: Path) -> dict[str, Any]:
    every = {name: seen(folder, list(FITTED), name) for name in TERMS}
    judges = {name: fit(bases, TERMS[name]) for name, bases in every.items() if bases}
    left_out = {}
    for name, terms in TERMS.items():
        bases = seen(folder, list(FITTED), name)
        for source in sorted({FITTED[one][0] for one in bases}):
            rest = {one: rows for one, rows in bases.items() if FITTED[one][0] != source}
            mine = [row for one, rows in bases.items() if FITTED[one][0] == source for row in rows]
            p, y = chances(mine, fit(rest, terms)), truth(mine)
            left_out[f"{source}, {name}"] = figures(p, y)
    card = {
        "what": "The chance that the bot resolves a request, fitted by benchmarks/handover.py",
        "fitted on": {
            source: licence
            for source, licence in CARD.items()
            if any(FITTED[name][0] == source for bases in every.values() for name in bases)
        },
        "each set left out in turn": left_out,
    }
    return {"card": card, "judges": judges}


def truth(rows: Sequence[dict[str, float]]) -> Numbers:
    return np.array([float(row["is_right"]) for row in rows])


def measure(folder: Path, data: dict[str, Any]) -> dict[str, Any]:
    """On sets that nothing was fitted to, each by itself and all of them together."""
    report, curves = {}, {}
    every_p, every_y = [], []
    for judge in ("bilingual", "alone"):
        for name, rows in seen(folder, list(MEASURED), judge).items():
            if judge == "alone" and not name.startswith("zh"):
                continue  # what is English is judged by both encoders
            p, y = chances(rows, data["judges"][judge]), truth(rows)
            report[name] = figures(p, y)
            curves[name] = curve(p, y)
            every_p.append(p)
            every_y.append(y)
    p, y = np.concatenate(every_p), np.concatenate(every_y)
    report["all"] = figures(p, y)
    report["all, by the old rule (right)"] = figures(
        np.array([row["right"] for row in _measured(folder)]), y
    )
    curves = {"all": curve(p, y), **curves}
    bins = [(float(p[b].mean()), float(y[b].mean())) for b in np.array_split(p.argsort(), 10)]
    return {"figures": report, "curves": curves, "bins": bins}


def _measured(folder: Path) -> list[dict[str, float]]:
    return [
        row
        for judge in ("bilingual", "alone")
        for name, rows in seen(folder, list(MEASURED), judge).items()
        if judge == "bilingual" or name.startswith("zh")
        for row in rows
    ]


def curve(p: Numbers, y: Numbers) -> list[tuple[float, float]]:
    """(share answered, share of these that is wrong), the surest answered first."""
    wrong = 1 - y[(-p).argsort()]
    counts = np.arange(1, len(p) + 1)
    risk = wrong.cumsum() / counts
    places = np.unique(np.linspace(max(1, len(p) // 20), len(p), 60).astype(int))
    return [(float(n / len(p)), float(risk[n - 1])) for n in places]


# --- drawn ------------------------------------------------------------------------------------


def picture(report: dict[str, Any]) -> str:
    """Risk by coverage, and what was promised beside what came, as one SVG."""
    colours = (
        "#1f2937",
        "#2563eb",
        "#d97706",
        "#059669",
        "#dc2626",
        "#7c3aed",
        "#0891b2",
        "#be185d",
    )
    parts = [_frame(60, "Wrong among answered", "Share answered", 0.8)]
    parts.append(_frame(480, "Right answers", "Chance that was stated", 1.0))
    for number, (name, points) in enumerate(report["curves"].items()):
        line = " ".join(
            f"{60 + 320 * x:.1f},{360 - 300 * min(y, 0.8) / 0.8:.1f}" for x, y in points
        )
        colour, width = colours[number % len(colours)], 3 if name == "all" else 1.2
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="{width}"/>'
            f'<rect x="690" y="{228 + 16 * number}" width="12" height="4" fill="{colour}"/>'
            f'<text x="708" y="{234 + 16 * number}" font-size="11">{name}</text>'
        )
    parts.append('<line x1="480" y1="360" x2="800" y2="60" stroke="#9ca3af" stroke-dasharray="4"/>')
    dots = [(480 + 320 * p, 360 - 300 * y) for p, y in report["bins"]]
    parts.append(
        f'<polyline points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in dots)}" fill="none"'
        ' stroke="#1f2937" stroke-width="2"/>'
        + "".join(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#1f2937"/>' for x, y in dots)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 840 420" font-family="sans-serif"'
        ' fill="#111827"><rect width="840" height="420" fill="#ffffff"/>'
        + "\n".join(parts)
        + "</svg>\n"
    )


def _frame(left: int, up: str, along: str, most: float) -> str:
    ticks = "".join(
        f'<text x="{left - 6}" y="{364 - 300 * n / 4:.0f}" font-size="11" text-anchor="end">'
        f"{most * n / 4:.0%}</text>"
        f'<text x="{left + 320 * n / 4:.0f}" y="376" font-size="11" text-anchor="middle">{n / 4:.0%}</text>'
        for n in range(5)
    )
    return (
        f'<path d="M{left} 60V360H{left + 320}" fill="none" stroke="#6b7280"/>{ticks}'
        f'<text x="{left}" y="44" font-size="13" font-weight="bold">{up}</text>'
        f'<text x="{left + 160}" y="400" font-size="12" text-anchor="middle">{along}</text>'
    )


def report(folder: str, *, fitted: bool = False, drawn: str = "") -> dict[str, Any]:
    """What `collect` has written, measured; first `fitted` into bots/answering/chance.json; `drawn` into a file."""
    if fitted:
        data = fit_all(Path(folder))
        # Pairs of languages have a judge of their own: benchmarks/cross_language.py.
        before = json.loads(FILE.read_text(encoding="utf-8"))
        data["judges"]["foreign"] = before["judges"]["foreign"]
        data["card"]["between two languages"] = before["card"]["between two languages"]
        FILE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    data = json.loads(FILE.read_text(encoding="utf-8"))
    found = measure(Path(folder), data)
    print(json.dumps({"fitted": data["card"], "measured": found["figures"]}, indent=1))
    if drawn:
        Path(drawn).write_text(picture(found), encoding="utf-8")
    return found
