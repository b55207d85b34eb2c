"""How good answers are, held against those that were right: figures between 0 and 1. Pure.

BLEU is sacrebleu's, ROUGE-L rouge-score's; both are imported when they are needed.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import mean, median

from bots.language.model import Passage
from bots.language.support import retells, supported
from bots.language.support_gate import SupportGate
from bots.language.words import sentences


@dataclass(frozen=True, slots=True)
class Said:
    """What a model wrote about one example. `shown`: what a customer would have seen of it."""

    text: str
    shown: str
    tokens: int
    seconds: float
    seconds_to_first: float


def shown_of(text: str, passages: Sequence[Passage], *, closely: bool) -> str:
    """What the gate lets through."""
    gate = SupportGate(passages, lambda _text: None, closely=closely)
    gate.feed(text)
    gate.finish()
    return gate.text


def scores(
    said: Sequence[Said],
    wanted: Sequence[str],
    passages: Sequence[Passage],
    *,
    closely: bool,
    seconds: float,
) -> dict[str, float]:
    """`bleu` and `rouge_l` of all that was written; `supported`: the share of its sentences that the
    house's checker bears out (`closely`: that retell the passage); `released`: the share of answers of which
    a customer sees something; `support`: of the sentences that customers see, the share that another
    judge bears out; `tokens_per_second` of all together within `seconds`."""
    texts = [one.text for one in said]
    lines = [
        (line, passage)
        for text, passage in zip(texts, passages, strict=True)
        for line in sentences(text)
        if line.strip()
    ]
    shown = [
        borne_out(line, passage.text)
        for one, passage in zip(said, passages, strict=True)
        for line in sentences(one.shown)
        if line.strip()
    ]
    firsts = [one.seconds_to_first for one in said if one.seconds_to_first]
    return {
        "answers": len(said),
        "bleu": round(bleu(texts, wanted), 4),
        "rouge_l": round(rouge_l(texts, wanted), 4),
        "sentences": len(lines),
        "supported": _share([_is_supported(*one, closely=closely) for one in lines]),
        "released": _share([bool(one.shown) for one in said]),
        "shown_sentences": len(shown),
        "support": _share(shown),
        "words": round(mean([len(text.split()) for text in texts] or [0]), 1),
        "tokens_per_second": round(sum(one.tokens for one in said) / max(seconds, 1e-9), 1),
        "seconds_to_first": round(median(firsts), 3) if firsts else 0.0,
    }


def _share(verdicts: Sequence[bool]) -> float:
    return round(sum(verdicts) / len(verdicts), 4) if verdicts else 0.0


def _is_supported(line: str, passage: Passage, *, closely: bool) -> bool:
    return supported(line, [passage]).is_enough and (not closely or retells(line, passage))


def bleu(said: Sequence[str], wanted: Sequence[str]) -> float:
    from sacrebleu import corpus_bleu

    return float(corpus_bleu(list(said), [list(wanted)]).score) / 100 if said else 0.0


def rouge_l(said: Sequence[str], wanted: Sequence[str]) -> float:
    from rouge_score.rouge_scorer import RougeScorer
    from rouge_score.tokenizers import DefaultTokenizer

    # Its own, and said so: it logs a line for each scorer that is not told.
    scorer = RougeScorer(["rougeL"], tokenizer=DefaultTokenizer(use_stemmer=False))
    found = [
        scorer.score(right, one)["rougeL"].fmeasure for one, right in zip(said, wanted, strict=True)
    ]
    return float(mean(found)) if found else 0.0


# --- another judge than the gate -----------------------------------------------------------------

_DENIES = re.compile(r"\b(?:not|no|never|without|cannot|none)\b|n['’]t\b", re.IGNORECASE)
_LIMITS = re.compile(
    r"\b(?:if|unless|when|while|although|until|except|only|most|some|many|may|might|could|can|should|must|usually)\b",
    re.IGNORECASE,
)
ALIKE = 0.8  # of pairs of letters


def borne_out(sentence: str, text: str) -> bool:
    """Whether a sentence of `text`, or two neighbours, say it: most pairs of letters (Dice), every figure,
    as many denials and conditions. Knows neither order nor stems, unlike the checker of the gate."""
    lines = [" ".join(line.split()) for line in sentences(text)]
    known = [*lines, *(" ".join(two) for two in pairwise(lines))]
    if not known:
        return False
    best = max(known, key=lambda line: _dice(sentence, line))
    figures = set(re.findall(r"\d+", sentence)) <= set(re.findall(r"\d+", text))
    same = all(len(one.findall(sentence)) == len(one.findall(best)) for one in (_DENIES, _LIMITS))
    return figures and same and _dice(sentence, best) >= ALIKE


def _dice(one: str, other: str) -> float:
    a, b = (Counter(zip(t.lower(), t.lower()[1:], strict=False)) for t in (one, other))
    return 2 * sum((a & b).values()) / max(sum(a.values()) + sum(b.values()), 1)
