"""Turns of the bot as people read them: stages as bars, passages with scores, what decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bots.changes import Piece, changed_words
from bots.models import BotRerun, BotTrace
from conversations.models import Handoff

_STAGES = {
    "line": "Waited for others",
    "rules": "Looked at the profile and its quotas",
    "procedure": "Looked for a procedure, or went on with one",
    "understand": "Understood, searched and decided",
    "redact": "Hid personal data from the model",
    "write": "Wrote, and checked each sentence",
    "show": "Showed the rest",
    "store": "Stored it",
}
_REASONS = {
    "found": "An article answers it",
    "close_call": "Several articles come close",
    "greeting": "A greeting",
    "thanks": "The customer said thanks",
    "goodbye": "The customer said goodbye",
    "about_bot": "The customer asked what they are talking to",
    "unclear": "It could not be understood",
    "procedure": "A procedure is being followed",
}
_CHOICES = {"answer": "answered", "clarify": "asked back", "handoff": "asked for a person"}
_BY = {
    "steps": "in a procedure's words",
    "model": "in the model's words",
    "quote": "in the article's words",
}
_AGAIN = {
    BotRerun.Kind.SAME: "Once more, as it was",
    BotRerun.Kind.LIVE: "Once more, with today's knowledge, settings and wait",
}
_WHY = {
    "busy": "the model had too much to do",
    "down": "the model was not there",
    "late": "the customer had waited long",
}
_SIGNALS = {
    "nearest": "how near the nearest article comes",
    "near": "how near the chosen article comes",
    "words": "words that the question and the article share",
    "covered": "how much of the question the article covers",
    "named": "how many of the names in the question the article has",
    "margin": "how far it is ahead of the second",
    "lead": "how far it is ahead of all others",
    "answerable": "that any article answers it",
    "right": "that this article answers it",
    "above": "how far that is above what this knowledge base usually gives",
    "floor": "what this knowledge base usually gives",
    "entropy": "how evenly the articles share it",
    "share": "the chosen article's share",
    "agreement": "how many parts of the search chose the same",
    "asked": "likeness to its example questions",
    "said": "likeness to its text",
    "english": "the same by the English encoder",
    "vectors_place": "place by meaning",
    "english_place": "place by meaning in English",
    "words_place": "place by words",
    "length": "length of the question",
    "language": "question and article are in one language",
    "articles": "size of the knowledge base",
    "bilingual": "a second encoder was asked, too",
}
_QUOTAS = {
    "answers": "The answers of this day or month were used up.",
    "answers_a_day": "The answers of this day were used up.",
    "answers_a_month": "The answers of this month were used up.",
    "tokens_a_day": "The tokens of this day were used up.",
    "tokens_a_month": "The tokens of this month were used up.",
    "customer_answers_an_hour": "This customer had as many answers as one may have in an hour.",
}


@dataclass(frozen=True, slots=True)
class Bar:
    """`start` and `width` in percent of the whole."""

    label: str
    seconds: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Signal:
    """`start` and `width` are of its contribution, in percent; 50 is neither for nor against."""

    label: str
    value: float
    weighs: float | None = None
    start: float = 50.0
    width: float = 0.0

    @property
    def speaks(self) -> str:
        return "for it" if (self.weighs or 0) >= 0 else "against it"


@dataclass(frozen=True, slots=True)
class Comparison:
    """A turn beside the same one taken again."""

    rerun: BotRerun
    title: str
    then: str
    decision: str
    by: str
    pieces: tuple[Piece, ...]
    is_same: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage, its share of the best one's score in per cent, and what each part of search said."""

    passage: Mapping[str, Any]
    share: float
    parts: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    turn: BotTrace
    data: Mapping[str, Any]
    headline: str
    bars: tuple[Bar, ...]
    scores: tuple[Scored, ...]
    weighed: tuple[Signal, ...]
    others: tuple[Signal, ...]
    remarks: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    waits: bool
    revealed: bool = False


def reason_in_words(code: str) -> str:
    """Why the bot did what it did; codes of handoffs are said as everywhere."""
    words = dict(Handoff.Reason.choices)
    return _REASONS.get(code) or str(words.get(code, code.replace("_", " ")))


def shown(turn: BotTrace, *, data: Mapping[str, Any] | None = None) -> Shown:
    """`data`: with the values behind the placeholders, for whoever may see them."""
    facts = turn.data if data is None else data
    reruns = list(turn.reruns.all()[:6])
    passages = facts.get("passages", [])
    best = max((abs(one["score"]) for one in passages), default=0.0) or 1.0
    features, contributions = facts.get("features", {}), facts.get("contributions", {})
    return Shown(
        turn=turn,
        data=facts,
        headline=_headline(turn),
        bars=_bars(facts.get("stages", [])),
        scores=tuple(
            Scored(one, max(0.0, 100 * one["score"] / best), _parts(one)) for one in passages
        ),
        weighed=_weighed(features, contributions),
        others=tuple(
            Signal(_word(name), features[name])
            for name in sorted(features)
            if name not in contributions
        ),
        remarks=_remarks(turn, facts),
        comparisons=tuple(
            _comparison(turn, facts, one) for one in reruns if one.state == BotRerun.State.DONE
        ),
        waits=any(one.state == BotRerun.State.WAITING for one in reruns),
        revealed=data is not None,
    )


def _weighed(
    features: Mapping[str, float], contributions: Mapping[str, float]
) -> tuple[Signal, ...]:
    """What weighed most comes first."""
    most = max(map(abs, contributions.values()), default=0.0) or 1.0
    found = []
    for name in sorted(contributions, key=lambda one: -abs(contributions[one])):
        weighs = contributions[name]
        width = round(50 * abs(weighs) / most, 2)
        start = 50.0 if weighs >= 0 else 50.0 - width
        found.append(Signal(_word(name), features.get(name, weighs), weighs, start, width))
    return tuple(found)


def _word(name: str) -> str:
    return _SIGNALS.get(name, name.replace("_", " "))


def _parts(passage: Mapping[str, Any]) -> tuple[tuple[str, float], ...]:
    """What each part of search said of it; the sum is shown as its score."""
    parts = passage.get("parts", {})
    return tuple((_word(name), value) for name, value in parts.items() if name != "score")


def _headline(turn: BotTrace) -> str:
    what = {
        "answer": "Answered",
        "clarify": "Asked back",
        "handoff": "Asked for a person",
        "lost": "Overtaken",
    }[turn.outcome]
    why = reason_in_words(turn.reason) if turn.reason else "the customer wrote on, or it was taken"
    return f"{what}: {why}"


def _bars(stages: list[dict[str, Any]]) -> tuple[Bar, ...]:
    whole = max((one["at"] + one["seconds"] for one in stages), default=0.0) or 1.0
    return tuple(
        Bar(
            _STAGES.get(one["name"], one["name"]),
            one["seconds"],
            round(100 * one["at"] / whole, 2),
            max(0.5, round(100 * one["seconds"] / whole, 2)),
        )
        for one in stages
    )


def _remarks(turn: BotTrace, facts: Mapping[str, Any]) -> tuple[str, ...]:
    found = []
    if turn.step != BotTrace.Step.GENERATE:
        why = _WHY.get(facts.get("why", ""), "")
        found.append(f"{turn.get_step_display()}: {why}." if why else f"{turn.get_step_display()}.")
    if quota := facts.get("quota"):
        found.append(_QUOTAS.get(quota, "A quota was used up."))
    if facts.get("before"):
        found.append("It had been closed before; of that only a summary was known.")
    return tuple(found)


def _comparison(turn: BotTrace, facts: Mapping[str, Any], rerun: BotRerun) -> Comparison:
    before, after = str(facts.get("answer", "")), str(rerun.data.get("answer", ""))
    then, now = facts.get("model") or {}, rerun.data.get("model") or {}
    notes = []
    if turn.by == "model" and (then.get("name"), then.get("digest")) != (
        now.get("name"),
        now.get("digest"),
    ):
        notes.append("The model is another one now.")
    if turn.by == "model" and facts.get("prompt") != rerun.data.get("prompt"):
        notes.append("Its instructions are others now.")
    if rerun.data.get("searched", rerun.kind == BotRerun.Kind.LIVE):
        notes += _other_articles(facts, rerun.data)
    else:
        notes.append("The knowledge is another one now: it was decided by what was found then.")
    notes += _decided_otherwise(turn, facts, rerun)
    if False in rerun.data.get("verbatim", []):
        notes.append("A version that was cited is not kept any more.")
    decision = str(rerun.data.get("decision", ""))
    return Comparison(
        rerun=rerun,
        title=_AGAIN[BotRerun.Kind(rerun.kind)],
        then=_CHOICES.get(str(facts.get("decision", "")), turn.get_outcome_display()),
        decision=_CHOICES.get(decision, decision),
        by=_BY.get(str(rerun.data.get("by", "")), ""),
        pieces=changed_words(before, after),
        is_same=before == after and decision == (facts.get("decision") or turn.outcome),
        notes=tuple(notes),
    )


def _decided_otherwise(turn: BotTrace, facts: Mapping[str, Any], rerun: BotRerun) -> list[str]:
    """What of the decision is not as it was."""
    found = []
    reason = str(rerun.data.get("reason", ""))
    if reason and turn.outcome != BotTrace.Outcome.LOST and reason != turn.reason:
        found.append(f"The reason is another one now: {reason_in_words(reason)}.")
    then, now = turn.chance, rerun.data.get("chance")
    if then is not None and now is not None and abs(then - now) >= 0.005:
        found.append(f"The chance to settle it is {now:.2f} now, not {then:.2f}.")
    waited = (facts.get("manner") or {}).get("expected_wait")
    waits = (rerun.data.get("manner") or {}).get("expected_wait", waited)
    if waits != waited:
        found.append(
            f"A person would be there in {_seconds(waits)} now, then in {_seconds(waited)}."
        )
    return found


def _seconds(wait: float | None) -> str:
    return "nobody knows when" if wait is None else f"{wait:.0f} s"


def _other_articles(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    old = {one["article"]: one for one in before.get("passages", [])}
    new = {one["article"]: one for one in after.get("passages", [])}
    found = [f"Found now: {one['title']}." for key, one in new.items() if key not in old]
    found += [f"No longer found: {one['title']}." for key, one in old.items() if key not in new]
    return found + [
        f"{one['title']} is at version {one['version']} now, not {old[key]['version']}."
        for key, one in new.items()
        if key in old and old[key]["version"] != one["version"]
    ]
