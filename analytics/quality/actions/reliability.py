"""How far the machine agrees with people, and people with each other: measured anew, and acted upon."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import combinations

from django.db import transaction

from analytics.quality.actions.total import add_up_card
from analytics.quality.models import Answer, CardQuestion, Example, Limit, Reliability, ScoreCard
from analytics.quality.rules.agreement import Agreement, Pair, agreement, best_limit
from analytics.quality.rules.registry import JUDGES, VERSION

LEAST_EXAMPLES = 40  # of a judge, before its limit is looked for
WORTH = 0.05  # of kappa, that a new limit must bring

_Key = tuple[str, int]  # code, version of the judges
_Told = dict[_Key, dict[tuple[int, int | None], dict[int, tuple[int | None, float]]]]


def measure_all(*, at: datetime) -> int:
    """Of every card; answers how many questions changed whether they count."""
    return sum(measure(card, at=at) for card in ScoreCard.objects.all())


def measure(card: ScoreCard, *, at: datetime) -> int:
    """Kappa of each question with people and between people, blind scores only, for each version of the
    judges. Where a question becomes unreliable, or reliable again, totals follow."""
    scales = dict(
        CardQuestion.objects.filter(version__card=card).order_by("version__number").values_list("code", "highest")
    )  # fmt: skip
    machine, people = _told(card, by="machine"), _told(card, by="person")
    changed = 0
    with transaction.atomic():
        before = {
            (row.code, row.against, row.judges): row.state
            for row in Reliability.objects.select_for_update().filter(card=card)
        }
        for (code, judges), parts in people.items():
            highest = scales.get(code)
            theirs = machine.get((code, judges), {})
            for against, pairs in (
                ("people", _with_machine(theirs, parts)),
                ("between", _between(parts)),
            ):
                found = agreement(pairs, highest=highest)
                state = _state(found, card.least_kappa)
                _keep(card, code, against, judges, found, state, at=at)
                was = before.get((code, against, judges), "unmeasured")
                changed += against == "people" and (was == "unreliable") != (state == "unreliable")
        if changed:
            add_up_card(card.pk)
    return changed


def _told(card: ScoreCard, *, by: str) -> _Told:
    """Answers by question and version, then by part of a conversation, then by who gave them: 0 is the
    machine. With the weight of the part: one over its chance to be drawn."""
    rows = (
        Answer.objects.filter(score__version__card=card, score__by=by)
        .exclude(question__kind="text")
        .filter(**({"score__is_blind": True} if by == "person" else {}))
        .values_list(
            "question__code", "score__judges", "score__conversation_id", "score__agent_id",
            "score__reviewer_id", "value", "score__chance", "is_corrected", "corrections__before",
        )
    )  # fmt: skip
    if by == "machine":
        rows = rows.filter(score__conversation__scores__by="person").distinct()
    found: _Told = defaultdict(lambda: defaultdict(dict))
    for code, judges, talk, agent, who, value, chance, corrected, before in rows:
        said = before if corrected else value  # what the machine said, not what became of it
        found[(code, judges)][(talk, agent)][who or 0] = (said, 1 / chance if chance else 1.0)
    return found


def _with_machine(
    machine: dict[tuple[int, int | None], dict[int, tuple[int | None, float]]],
    people: dict[tuple[int, int | None], dict[int, tuple[int | None, float]]],
) -> list[Pair]:
    return [
        Pair(machine[part][0][0], said, part[0], weight)
        for part, given in people.items()
        if 0 in machine.get(part, {})
        for said, weight in given.values()
    ]


def _between(
    people: dict[tuple[int, int | None], dict[int, tuple[int | None, float]]],
) -> list[Pair]:
    found = []
    for part, given in people.items():
        for (one, weight), (other, _) in combinations([given[who] for who in sorted(given)], 2):
            found.append(Pair(one, other, part[0], weight))
    return found


def _state(found: Agreement, least: float) -> str:
    if found.low is None:
        return "unmeasured"
    return "reliable" if found.low >= least else "unreliable"


def _keep(
    card: ScoreCard,
    code: str,
    against: str,
    judges: int,
    found: Agreement,
    state: str,
    *,
    at: datetime,
) -> None:
    Reliability.objects.update_or_create(
        card=card,
        code=code,
        against=against,
        judges=judges,
        defaults={
            "pairs": found.pairs,
            "agreed": found.agreed,
            "kappa": found.kappa,
            "low": found.low,
            "high": found.high,
            "state": state,
            "measured_at": at,
        },
    )


def move_limits(*, at: datetime) -> list[str]:
    """Where people's answers say so, a judge says yes from another signal on: only if that agrees better on
    examples it was not found with. Answers the names of the judges that moved."""
    moved = []
    for judge in JUDGES:
        rows = Example.objects.filter(judge=judge, judges=VERSION, highest=None)
        told = list(rows.values_list("signal", "value"))
        if len(told) < LEAST_EXAMPLES:
            continue
        found = best_limit(*_columns(told))
        if found is None or found[2] < found[1] + WORTH:
            continue
        limit, before, after = found
        Limit.objects.update_or_create(
            judge=judge,
            defaults={
                "at_least": limit,
                "examples": len(told),
                "before": before,
                "after": after,
                "set_at": at,
            },
        )
        moved.append(judge)
    return moved


def _columns(rows: Iterable[tuple[float, int]]) -> tuple[Sequence[float], Sequence[int]]:
    signals, values = zip(*rows, strict=True)
    return list(signals), list(values)
