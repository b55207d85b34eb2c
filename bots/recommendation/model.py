"""A trained recommender: asked for a history's next items, kept as plain arrays in a folder. Pure."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from bots.recommendation.because import NOTHING_KNOWN, because
from bots.recommendation.candidates import Rows, best, rows
from bots.recommendation.events import Ints, Log, Moments
from bots.recommendation.factors import Factors
from bots.recommendation.habits import Habits
from bots.recommendation.neighbours import Neighbours
from bots.recommendation.parts import Parts
from bots.recommendation.popular import Popular
from bots.recommendation.ranking import Ranking
from bots.recommendation.sequence import Sequence as Transformer

CARD, ARRAYS, NAMES = "card.json", "arrays.npz", "names.json"
FUSED = "fused"
FORMAT = 1


class NoModel(Exception):
    """The folder holds no recommender that can be read; the sentence says why."""


@dataclass(frozen=True)
class Recommended:
    item: str
    score: float  # the estimated probability of being the next
    because: str


@dataclass(frozen=True)
class Recommender:
    """`served` is FUSED or the name of the part that won; `histories` is empty where nobody is to be remembered."""

    items: list[str]
    parts: Parts
    ranking: Ranking | None
    served: str
    customers: list[str]
    histories: Log | None
    basket: int = 1  # items that a customer usually takes at one moment

    @cached_property
    def known_items(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.items)}

    @cached_property
    def known_customers(self) -> Mapping[str, int]:
        return {name: place for place, name in enumerate(self.customers)}

    def remembered(self, customer: str) -> list[tuple[str, float]]:
        """What the training saw of a customer."""
        place = self.known_customers.get(customer)
        if place is None or self.histories is None:
            return []
        items, at = self.histories.history(place)
        return [(self.items[item], float(when)) for item, when in zip(items, at, strict=True)]

    def recommended(
        self,
        history: Sequence[tuple[str, float]],
        *,
        many: int = 10,
        only: frozenset[str] | None = None,
    ) -> list[Recommended]:
        """The best next items after a history in order of time; items that were never seen count for nothing.

        With `only`, nothing else is offered, however far down it stands.
        """
        seen = [(self.known_items[item], at) for item, at in history if item in self.known_items]
        if not seen:
            return self._popular(many, only)
        items = np.array([item for item, _ in seen], dtype=np.int32)
        at = np.maximum.accumulate(np.array([at for _, at in seen], dtype=np.float64))
        found = self.rows(items, at)
        scores = self.scored(found)
        order = best(scores, many if only is None else len(scores))
        if only is not None:
            order = np.array([p for p in order if self.items[found.items[p]] in only][:many], int)
        chances = self._chances(found)
        return [
            Recommended(
                self.items[found.items[place]],
                round(float(chances[place]), 5),
                because(self.parts, found, int(place), items, self.items),
            )
            for place in order
        ]

    def rows(self, items: Ints, at: Moments) -> Rows:
        return rows(self.parts, items, at)

    def scored(self, found: Rows) -> NDArray[np.float32]:
        """What orders the candidates: the fused score, or that of the part that won."""
        if self.served == FUSED and self.ranking is not None:
            return self.ranking.scored(found.known)
        return found.by[self.served]

    def _chances(self, found: Rows) -> NDArray[np.float32]:
        if self.served == FUSED and self.ranking is not None:
            return self.ranking.chances(found.known)
        scores = found.by[self.served]
        weight = np.exp(scores - scores.max())
        return np.asarray(weight / weight.sum())

    def _popular(self, many: int, only: frozenset[str] | None) -> list[Recommended]:
        share = np.exp(self.parts.popular.recent)
        order = best(share, many if only is None else len(share))
        names = [(self.items[place], float(share[place])) for place in order]
        kept = [one for one in names if only is None or one[0] in only][:many]
        return [Recommended(name, round(chance, 5), NOTHING_KNOWN) for name, chance in kept]


def joined(
    remembered: Sequence[tuple[str, float]], given: Sequence[tuple[str, float]]
) -> list[tuple[str, float]]:
    """One history out of what was remembered and what is told now: told wholly, in part, or as what came later."""
    if not given or not remembered:
        return [*(given or remembered)]
    old, new = Counter(item for item, _ in remembered), Counter(item for item, _ in given)
    if old <= new:
        return list(given)
    if new <= old:
        return list(remembered)
    before, after = [item for item, _ in remembered], [item for item, _ in given]
    most = min(len(before), len(after))
    shared = next((n for n in range(most, 0, -1) if before[-n:] == after[:n]), 0)
    return [*remembered, *given[shared:]]


# --- the folder -------------------------------------------------------------------------------


def arrays_of(model: Recommender) -> dict[str, NDArray[Any]]:
    """Everything but names, as arrays by name."""
    parts = model.parts
    found: dict[str, NDArray[Any]] = {
        **_of("popular", parts.popular),
        **_of("together", parts.together),
        **_of("following", parts.following),
    }
    if parts.habits is not None:
        found |= _of("habits", parts.habits)
    if parts.factors is not None:
        factors = parts.factors
        found |= {"factors.item": factors.item, "factors.gram": factors.gram}
        found["factors.numbers"] = np.array([factors.alpha, factors.held])
    if parts.sequence is not None:
        found |= {f"sequence.{name}": value for name, value in parts.sequence.weights.items()}
        found["heads"] = np.array(parts.sequence.heads)
    if model.ranking is not None:
        found |= {"ranking.mean": model.ranking.mean, "ranking.spread": model.ranking.spread}
        found["ranking.covered"] = np.array(model.ranking.covered)
        for number, weights in enumerate(model.ranking.weights):
            found |= {f"network{number}.{name}": value for name, value in weights.items()}
    if model.histories is not None:
        log = model.histories
        found |= {"log.start": log.start, "log.item": log.item, "log.at": log.at}
    return found


def _of(name: str, part: Any) -> dict[str, NDArray[Any]]:
    return {f"{name}.{field.name}": getattr(part, field.name) for field in fields(part)}


def write(model: Recommender, folder: Path) -> None:
    """Into an empty folder; nothing in it can run when it is read."""
    np.savez(folder / ARRAYS, **arrays_of(model))  # type: ignore[arg-type]
    named = {
        "format": FORMAT,
        "served": model.served,
        "repeats": model.parts.repeats,
        "baskets": model.parts.baskets,
        "basket": model.basket,
        "items": model.items,
        "customers": model.customers if model.histories is not None else [],
    }
    (folder / NAMES).write_text(json.dumps(named, ensure_ascii=False), encoding="utf-8")


def load(folder: Path) -> Recommender:
    """Raises NoModel with a sentence."""
    try:
        named = json.loads((folder / NAMES).read_text(encoding="utf-8"))
        with (folder / ARRAYS).open("rb") as file, np.load(file, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
        if named["format"] != FORMAT:
            raise NoModel(f"{folder}: made by another version.")
        return _read(named, arrays)
    except FileNotFoundError as problem:
        raise NoModel(f"{folder} holds no recommender ({Path(problem.filename).name} is missing).") from None  # fmt: skip
    except (OSError, ValueError, KeyError, TypeError, EOFError, BadZipFile) as problem:
        raise NoModel(f"{folder} cannot be read: {problem}") from None


def _read(named: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Recommender:
    def under(name: str) -> dict[str, Any]:
        return {key[len(name) :]: value for key, value in arrays.items() if key.startswith(name)}

    factors, sequence, ranking = None, None, None
    if "factors.item" in arrays:
        alpha, held = (float(number) for number in arrays["factors.numbers"])
        factors = Factors(arrays["factors.item"], arrays["factors.gram"], alpha, held)
    if "heads" in arrays:
        sequence = Transformer(under("sequence."), int(arrays["heads"]))
    if "ranking.mean" in arrays:
        networks = sorted({name.split(".")[0] for name in arrays if name.startswith("network")})
        ranking = Ranking(
            arrays["ranking.mean"],
            arrays["ranking.spread"],
            [under(f"{name}.") for name in networks],
            float(arrays["ranking.covered"]),
        )
    parts = Parts(
        Popular(**under("popular.")),
        Neighbours(**under("together.")),
        Neighbours(**under("following.")),
        factors,
        sequence,
        bool(named["repeats"]),
        Habits(**under("habits.")) if "habits.known" in arrays else None,
        bool(named.get("baskets", False)),  # unsaid by older models
    )
    histories = None
    if "log.start" in arrays:
        histories = Log(named["customers"], named["items"], **under("log."))
    return Recommender(
        named["items"],
        parts,
        ranking,
        named["served"],
        named["customers"],
        histories,
        int(named["basket"]),
    )
