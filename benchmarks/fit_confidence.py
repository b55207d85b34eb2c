"""Fit how sure the bot may be; writes `bots/knowledge/calibration.json` with its card.

    script/manage shell -c "from benchmarks.fit_confidence import main; main()"    # or main("bilingual")

Many small knowledge bases are made from public intent sets: some intents become articles from a few
examples, the others' requests have no answer there. The real search runs over each, and two logistic
regressions learn from its signals: is there an answer at all, and is the first article the right one.
BANKING77-OOS is never fitted on; only `LOST`, one round number, was chosen by looking at it.

It replaces the articles of the database it runs on, so it refuses one that holds others.
"""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from benchmarks import sets
from benchmarks.remembered import remembered
from bots.knowledge import calibration as calibrations
from bots.knowledge.corpus import corpus
from bots.knowledge.index import index_articles
from bots.knowledge.questions import encode
from bots.knowledge.search import features, search
from bots.knowledge.text import language_of
from bots.knowledge.vectors import Encoders
from bots.models import Article

PREFIX = "fit:"
FITTED_ON = {
    "clinc150": "CC BY 3.0",
    "hwu64": "CC BY 4.0",
    "hint3": "ODbL 1.0 / DbCL 1.0",
    "bitext_intents_8k": "CDLA-Sharing 1.0",
}
HELD_BACK = "banking77_oos"
TERMS = {
    "bilingual": {
        "answerable": ("nearest",),
        "right": ("nearest", "near", "words", "covered", "margin", "lead"),
    },
    "alone": {
        "answerable": ("nearest", "words"),
        "right": ("nearest", "near", "words", "covered", "margin", "lead"),
    },
}
KEPT = 0.925  # of what can be answered stays with the bot
# Of the rehearsed questions. It keeps 90 % of BANKING77-OOS' public requests, over several
# choices of examples, and of held-out requests of CLINC150 and HINT3.
LOST = 0.09
PER_INTENT = 20
BODIES = (
    "This page explains: {}.",
    "{}.",
    "What you need to know about “{}”. If it does not help, write to us.",
)


@dataclass(frozen=True)
class Base:
    """One small knowledge base: intents as articles, and requests with their right article."""

    name: str
    articles: list[dict[str, Any]]
    requests: list[tuple[str, str | None]]


@dataclass
class Seen:
    """What search said about the requests of one base."""

    name: str
    judge: str
    rows: list[dict[str, float]]
    answerable: NDArray[np.bool_]
    right: NDArray[np.bool_]
    kinds: list[str]


def by_intent(name: str) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """Examples of each intent (the same ones in every run), and what no intent covers."""
    dice = random.Random(1)
    inside: dict[str, list[str]] = {}
    outside: list[tuple[str, str]] = []
    for row in sets.rows(f"intent/{name}.csv.gz"):
        intent = row["intent"]
        if intent in {"oos", "NO_NODES_DETECTED"}:
            outside.append((row["text"], row.get("kind", "oos")))
        else:
            inside.setdefault(f"{row.get('bot', '')}/{intent}", []).append(row["text"])
    for intent in sorted(inside):
        texts = list(dict.fromkeys(inside[intent]))
        dice.shuffle(texts)
        inside[intent] = texts[:PER_INTENT]
    dice.shuffle(outside)
    return inside, outside


def make_base(name: str, *, supported: int, examples: int, seed: int) -> Base:
    """`examples` 0 makes an article of one question, as FAQ lists have them."""
    dice = random.Random(seed)
    inside, outside = by_intent(name)
    intents = [key for key in sorted(inside) if len(inside[key]) > max(examples, 1) + 1]
    dice.shuffle(intents)
    base = Base(name, [], [])
    for place, intent in enumerate(intents):
        texts = inside[intent][:]
        dice.shuffle(texts)
        if place >= supported:
            base.requests.extend((text, None) for text in texts[:3])
            continue
        taken = texts[: max(examples, 1)]
        label = intent.split("/")[1].replace("_", " ").strip().capitalize()
        title = label if examples else taken[0]
        body = BODIES[(seed + place) % len(BODIES)].format(title.lower())
        base.articles.append({"id": PREFIX + intent, "title": title, "body": body, "of": taken})
        base.requests.extend((text, PREFIX + intent) for text in texts[len(taken) :][:5])
    base.requests.extend((text, None) for text, kind in outside[:150] if kind != "id_oos")
    return base


def install(articles: Sequence[dict[str, Any]], known: Encoders) -> dict[int, str]:
    """Make these the only articles; the import id of each primary key."""
    if Article.objects.exclude(external_id__startswith=PREFIX).exists():
        raise SystemExit("This database holds articles of its own; use an empty one.")
    Article.objects.all().delete()
    now = timezone.now()
    made = Article.objects.bulk_create(
        Article(
            external_id=a["id"],
            title=a["title"][:300],
            body=a["body"],
            questions=a["of"],
            language=a.get("language", "en"),
            state=Article.State.PUBLISHED,
            created_at=now,
            updated_at=now,
        )
        for a in articles
    )
    index_articles(made, encoders=known, at=now)
    return {article.pk: str(article.external_id) for article in made}


def observe(base: Base, known: Encoders, judge: str) -> Seen:
    ids = install(base.articles, known)
    used = known if judge == "bilingual" else Encoders(known.every)
    texts = [text for text, _ in base.requests]
    languages = ["en" if judge == "bilingual" else language_of(text) for text in texts]
    seen = Seen(base.name, judge, [], np.zeros(0, bool), np.zeros(0, bool), [])
    answerable, right = [], []
    for question, (_, gold) in zip(encode(texts, languages, used), base.requests, strict=True):
        hits = search(question, known=corpus(), inbox_id=None)
        seen.rows.append(features(hits))
        answerable.append(gold is not None)
        right.append(ids[hits[0].article_id] == gold)
    seen.answerable, seen.right = np.array(answerable), np.array(right)
    return seen


# --- logistic regression ------------------------------------------------------------------


def table(seen: Sequence[Seen], terms: Sequence[str]) -> NDArray[np.float64]:
    return np.array([[row[term] for term in terms] for one in seen for row in one.rows])


def fit(seen: Sequence[Seen], terms: Sequence[str], truth: str) -> dict[str, Any]:
    """Newton's method with a little shrinkage; each data set weighs the same."""
    x = table(seen, terms)
    y = np.concatenate([getattr(one, truth) for one in seen]).astype(float)
    sizes = {n: sum(len(o.rows) for o in seen if o.name == n) for n in {o.name for o in seen}}
    weight = np.concatenate([np.full(len(o.rows), 1000 / sizes[o.name]) for o in seen])
    mean, scale = x.mean(0), x.std(0) + 1e-9
    design = np.hstack([(x - mean) / scale, np.ones((len(x), 1))])
    beta = np.zeros(design.shape[1])
    shrink = np.diag(np.r_[np.ones(len(terms)), 0.0])
    for _ in range(40):
        p = 1 / (1 + np.exp(-design @ beta))
        slope = design.T @ (weight * (p - y)) + shrink @ beta
        bend = (design * (weight * p * (1 - p) + 1e-9)[:, None]).T @ design + shrink
        beta -= np.linalg.solve(bend, slope)
    numbers = zip(terms, mean, scale, beta[:-1], strict=True)
    return {
        "terms": {t: [round(float(v), 5) for v in (m, s, b)] for t, m, s, b in numbers},
        "bias": round(float(beta[-1]), 5),
    }


def probabilities(one: Seen, weighing: dict[str, Any]) -> NDArray[np.float64]:
    ready = calibrations._weighing(weighing)
    return np.array([ready.probability(row) for row in one.rows])


def auc(p: NDArray[np.float64], y: NDArray[np.bool_]) -> float:
    order = p.argsort().argsort()
    return float((order[y].mean() - (y.sum() - 1) / 2) / (~y).sum())


def gap(p: NDArray[np.float64], y: NDArray[np.bool_]) -> float:
    """Expected calibration error in ten bins of equal size."""
    bins = np.array_split(p.argsort(), 10)
    return float(sum(len(b) * abs(p[b].mean() - y[b].mean()) for b in bins) / len(p))


# --- the whole run ------------------------------------------------------------------------

PLAN = [
    ("clinc150", (40, 60, 90, 75, 100, 50), (1, 3, 5, 10, 5, 0)),
    ("hwu64", (25, 35, 40, 20, 45, 30), (1, 3, 5, 8, 5, 0)),
    ("hint3", (60, 80, 50, 40), (3, 5, 5, 0)),
    ("bitext_intents_8k", (14, 18, 12), (3, 5, 0)),
]


def bases() -> Iterator[Base]:
    for name, supported, examples in PLAN:
        for seed, (some, few) in enumerate(zip(supported, examples, strict=True)):
            yield make_base(name, supported=some, examples=few, seed=seed)


def write(data: dict[str, Any]) -> None:
    calibrations.FILE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    calibrations.calibration.cache_clear()


def middles(known: Encoders) -> tuple[list[float], list[float]]:
    """Where texts of this kind lie for each encoder; stands in for a small knowledge base's own."""
    texts = [t for n in FITTED_ON for some in by_intent(n)[0].values() for t in some[:5]]
    assert known.english is not None
    pair = (known.every.queries(texts).mean(0), known.english.queries(texts).mean(0))
    return tuple([round(float(v), 5) for v in middle] for middle in pair)  # type: ignore[return-value]


def judge(
    name: str, seen: Sequence[Seen], signals: dict[str, float]
) -> tuple[dict[str, Any], dict[str, Any]]:
    terms = TERMS[name]
    answerable = fit(seen, terms["answerable"], "answerable")
    right = fit(seen, terms["right"], "right")
    floors, report = [], {}
    for group in sorted({one.name for one in seen}):
        rest = [one for one in seen if one.name != group]
        mine = [one for one in seen if one.name == group]
        blind = fit(rest, terms["answerable"], "answerable")
        p = np.concatenate([probabilities(one, blind) for one in mine])
        y = np.concatenate([one.answerable for one in mine])
        q = np.concatenate([probabilities(one, fit(rest, terms["right"], "right")) for one in mine])
        r = np.concatenate([one.right for one in mine])
        final = np.concatenate([probabilities(one, answerable) for one in mine])
        floors.append(float(np.quantile(final[y], 1 - KEPT)))
        report[group] = {
            "left out while fitting": True,
            "answerable_auc": round(auc(p, y), 3),
            "right_auc": round(auc(q, r), 3),
            "right_calibration_error": round(gap(q, r), 3),
        }
    data = {
        "signals": signals,
        "answerable": answerable,
        "right": right,
        "floor": round(float(np.mean(floors)), 4),
    }
    return data, report


def main(*names: str) -> None:
    """Fit the judges of these names; with none, all of them. The others stay as they are, and so do the weights of the
    signals, which were chosen by hand, in round numbers, held against public FAQ sets and fitted to none."""
    known = remembered()
    before = json.loads(calibrations.FILE.read_text(encoding="utf-8"))
    names = names or tuple(TERMS)
    middle, english_middle = middles(known)
    nothing = {"terms": {}, "bias": 0.0}
    data: dict[str, Any] = {
        "card": {},
        "same_language": 0.1,
        "sure": 0.5,
        "lost": LOST,
        **{
            name: {**before[name], "answerable": nothing, "right": nothing, "floor": 0.0}
            if name in names
            else before[name]
            for name in TERMS
        },
        "middle": middle,
        "english_middle": english_middle,
    }
    write(data)
    card: dict[str, Any] = {
        "what": "Weights of the answer's confidence, fitted by benchmarks/fit_confidence.py",
        "encoders": known.name,
        "fitted on": FITTED_ON,
        "never fitted on": HELD_BACK,
        "chosen by the public part of that": "lost",
        "validation, each set left out in turn": {
            name: before["card"]["validation, each set left out in turn"][name]
            for name in TERMS
            if name not in names
        },
    }
    for name in names:
        seen = [observe(base, known, name) for base in bases()]
        fitted = judge(name, seen, before[name]["signals"])
        data[name], card["validation, each set left out in turn"][name] = fitted
        print(name, json.dumps(card["validation, each set left out in turn"][name], indent=1))
        print(json.dumps(data[name], indent=1))
    data["card"] = card
    write(data)
    Article.objects.filter(external_id__startswith=PREFIX).delete()
