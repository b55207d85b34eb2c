"""What the predictions of calls are worth: telephone calls of a bank, campaigns of a grocer, waits of a centre.

    .venv/bin/python -m benchmarks.callbacks [cv] [line] [later] [grocery] [patience] [--pictures docs/models]

Everything is measured on rows that the model had not seen: parts drawn by chance, and later rows. Beside it stand
boosting and logistic regression of scikit-learn as they come, on the same parts.
"""

import argparse
import csv
import gzip
import json
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from agents.callbacks.rules.assigning import assign
from agents.prediction.learning import Asked, learn, predict, prepare
from agents.prediction.measures import auc, bands, caught, gains, measured
from agents.prediction.table import Table, read_table
from benchmarks.sets import FOLDER as DATA

AFTERWARDS = frozenset(
    {"duration", "row", "year", "part"}
)  # known only later, or not in the original
SHARES = (0.6, 0.7, 0.8, 0.9)


def some(table: Table, places: Any) -> Table:
    picked = [int(one) for one in places]
    columns = {name: [cells[at] for at in picked] for name, cells in table.columns.items()}
    return Table(columns, list(range(len(picked))), [])


def judged(table: Table, asked: Asked, earlier: Any, later: Any, *, whole: bool) -> dict[str, Any]:
    """Learnt from `earlier` rows, measured on the others. `whole`: also what is for another time."""
    began = time.monotonic()
    prepared = prepare(some(table, earlier), asked)
    model = learn(prepared, asked, lambda _: None, with_later=whole)
    learnt = time.monotonic() - began
    rest = some(table, later)
    outcome = np.array([cell == "yes" for cell in rest.columns[asked.target]], dtype=np.int64)
    found = predict(model, rest)
    return {
        "ours": measured(outcome, found.chances),
        "plain": plain(prepared, table, later, outcome),
        "rate": round(float(outcome.mean()), 4),
        "drifted": found.verdict.has_drifted,
        "members": (model.card["validation"]["rolling_origin"] or {}).get("members")
        if found.verdict.has_drifted
        else model.card["validation"]["random"]["members"],
        "factor": factors(outcome, found.chances),
        "seconds": round(learnt, 1),
        "outcome": outcome,
        "chances": found.chances,
    }


def plain(prepared: Any, table: Table, later: Any, outcome: Any) -> dict[str, float]:
    """AUC of boosting and of logistic regression as they come."""
    rest = some(table, later)
    columns = prepared.setting.columns
    rows = np.column_stack([prepared.values[c.name] for c in columns])
    other = np.column_stack([c.read(rest.columns[c.name]) for c in columns])
    words = [at for at, c in enumerate(columns) if c.kind == "words"]
    boosted = HistGradientBoostingClassifier(random_state=0).fit(rows, prepared.outcome)

    def spread(values: Any, like: Any) -> Any:
        blocks = []
        for at in range(values.shape[1]):
            if at in words:
                blocks.append(values[:, at][:, None] == np.unique(like[:, at])[None, :])
            else:
                blocks.append(np.nan_to_num(values[:, at], nan=np.nanmedian(like[:, at]))[:, None])
        return np.hstack(blocks).astype(float)

    scale = StandardScaler().fit(spread(rows, rows))
    linear = LogisticRegression(max_iter=500).fit(
        scale.transform(spread(rows, rows)), prepared.outcome
    )
    return {
        "boosting": round(auc(outcome, boosted.predict_proba(other)[:, 1]), 4),
        "logistic": round(
            auc(outcome, linear.decision_function(scale.transform(spread(other, rows)))), 4
        ),
    }


def factors(outcome: Any, chances: Any) -> dict[str, float]:
    """Successes against calling in the order of arrival, at an equal number of calls."""
    told = {}
    for share in (0.2, 0.5):
        calls = int(share * len(outcome))
        best = np.argsort(-chances, kind="stable")[:calls]
        first = max(1, int(outcome[:calls].sum()))
        told[f"{share:.0%}"] = round(float(outcome[best].sum()) / first, 2)
    return told


WINDOW, ROOM, WAITS = (
    200,
    100,
    3,
)  # calls that come, calls that can be made, windows that somebody waits


def worked_off(outcome: Any, chances: Any) -> dict[str, Any]:
    """Calls come in the order of the rows, twice as many as can be made; nobody waits for more than three windows.
    In turn: who has waited longest. By the forecast: as the product assigns them. Equally many calls in both."""
    won = {"in turn": 0, "by the forecast": 0}
    made = dict.fromkeys(won, 0)
    for way in won:
        line: list[tuple[int, int]] = []
        for window, begins in enumerate(range(0, len(outcome) - WINDOW + 1, WINDOW)):
            line = [(row, came) for row, came in line if window - came < WAITS]
            line += [(row, window) for row in range(begins, begins + WINDOW)]
            if way == "in turn":
                picked = set(range(min(ROOM, len(line))))
            else:
                said = np.array([[chances[row]] for row, _ in line])
                placed = assign(said, np.zeros(said.shape), [ROOM])
                picked = {at for at, slot in enumerate(placed) if slot == 0}
            won[way] += sum(int(outcome[line[at][0]]) for at in picked)
            made[way] += len(picked)
            line = [one for at, one in enumerate(line) if at not in picked]
    return {
        "calls": made,
        "successes": won,
        "factor": round(won["by the forecast"] / max(1, won["in turn"]), 3),
    }


def line(seed: int) -> None:
    """Each row's chance comes from a model of the four folds that it is not in."""
    table, asked = bank()
    outcome = np.zeros(table.rows, dtype=np.int64)
    chances = np.zeros(table.rows)
    for earlier, later in folds(table.rows, seed):
        one = judged(table, asked, earlier, later, whole=False)
        outcome[later], chances[later] = one["outcome"], one["chances"]
    print(json.dumps({"part": "line", **worked_off(outcome, chances)}), flush=True)


def folds(rows: int, seed: int) -> Iterator[tuple[Any, Any]]:
    order = np.random.default_rng(seed).permutation(rows)
    for fold in range(5):
        later = np.sort(order[fold::5])
        yield np.setdiff1d(np.arange(rows), later), later


def bank() -> tuple[Table, Asked]:
    return read_table(DATA / "callback" / "bank_marketing_full.csv.gz"), Asked("y", AFTERWARDS)


def cv(seed: int) -> list[dict[str, Any]]:
    table, asked = bank()
    return [judged(table, asked, *pair, whole=False) for pair in folds(table.rows, seed)]


def later() -> list[dict[str, Any]]:
    table, asked = bank()
    rows = table.rows
    return [
        judged(table, asked, np.arange(int(s * rows)), np.arange(int(s * rows), rows), whole=True)
        for s in SHARES
    ]


def grocery() -> list[dict[str, Any]]:
    """Campaigns in the order of their beginning: learnt from the first 70 % of the contacts; and by chance."""
    table, asked = grocery_table()
    cut = int(0.7 * table.rows)
    found = [judged(table, asked, np.arange(cut), np.arange(cut, table.rows), whole=True)]
    return found + [judged(table, asked, *pair, whole=False) for pair in folds(table.rows, 0)]


def _rows_of(name: str) -> list[dict[str, str]]:
    with gzip.open(DATA / "callback" / name, "rt", encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def grocery_table() -> tuple[Table, Asked]:
    """One row for each household and campaign: what was known of the household before it began."""
    campaigns = {row["campaign_id"]: row for row in _rows_of("grocery_campaigns.csv.gz")}
    redeemed: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for row in _rows_of("grocery_coupon_redemptions.csv.gz"):
        redeemed[row["household_id"]].append((row["redemption_date"], row["campaign_id"]))
    weeks: dict[str, dict[int, dict[str, float]]] = defaultdict(dict)
    for row in _rows_of("grocery_household_weeks.csv.gz"):
        weeks[row["household_id"]][int(row["week"])] = {
            name: float(row[name]) for name in ("baskets", "spend", "items", "coupon_disc")
        }
    contacts = sorted(
        _rows_of("grocery_campaign_households.csv.gz"),
        key=lambda row: (campaigns[row["campaign_id"]]["start_date"], row["campaign_id"]),
    )
    asked_before: Counter[str] = Counter()
    columns: dict[str, list[str]] = defaultdict(list)
    for contact in contacts:
        campaign, household = campaigns[contact["campaign_id"]], contact["household_id"]
        begins = date.fromisoformat(campaign["start_date"])
        week = min(53, (begins - date(2017, 1, 1)).days // 7 + 1)
        lately = [weeks[household][w] for w in range(week - 8, week) if w in weeks[household]]
        earlier = [c for day, c in redeemed[household] if day < campaign["start_date"]]
        told = {
            "type": campaign["campaign_type"],
            "days": (date.fromisoformat(campaign["end_date"]) - begins).days,
            "begins": campaign["start_date"][5:7],
            "asked before": asked_before[household],
            "redeemed before": len(earlier),
            "campaigns redeemed before": len(set(earlier)),
            "weeks with baskets": len(lately),
            **{
                f"{name} in 8 weeks": round(sum(one[name] for one in lately), 2)
                for name in ("baskets", "spend", "items", "coupon_disc")
            },
            "redeems": "yes"
            if any(c == contact["campaign_id"] for _, c in redeemed[household])
            else "no",
        }
        for name, value in told.items():
            columns[name].append(str(value))
        asked_before[household] += 1
    return Table(dict(columns), list(range(len(contacts))), []), Asked("redeems")


def shown(name: str, found: list[dict[str, Any]]) -> None:
    for one in found:
        print(json.dumps({"part": name, **{k: v for k, v in one.items() if k not in {"outcome", "chances"}}}), flush=True)  # fmt: skip
    if len(found) > 1 and name != "later":
        some_of = found[1:] if name == "grocery" else found
        print(json.dumps({
            "part": f"{name}, mean of {len(some_of)} drawn by chance",
            "ours": {key: round(float(np.mean([one["ours"][key] for one in some_of])), 4) for key in found[0]["ours"]},
            "plain": {key: round(float(np.mean([one["plain"][key] for one in some_of])), 4) for key in found[0]["plain"]},
        }), flush=True)  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["cv", "later", "grocery", "patience"])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--pictures", type=Path)
    options = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is absent: nothing to measure on.", file=sys.stderr)
        return
    for part in options.parts:
        if part == "patience":
            from benchmarks.patience import measure

            print(json.dumps({"part": part, **measure(DATA)}), flush=True)
            continue
        if part == "line":
            line(options.seed)
            continue
        found = {"cv": lambda: cv(options.seed), "later": later, "grocery": grocery}[part]()
        shown(part, found)
        if options.pictures:
            from benchmarks.pictures import calibration, gains_of

            outcome = np.concatenate([one["outcome"] for one in found[-5:]])
            chances = np.concatenate([one["chances"] for one in found[-5:]])
            if part == "later":
                outcome, chances = found[2]["outcome"], found[2]["chances"]
            options.pictures.mkdir(parents=True, exist_ok=True)
            said = [(b.said, b.came) for b in bands(outcome, chances)]
            file = options.pictures / f"callbacks-{part}-calibration.svg"
            file.write_text(calibration(said), encoding="utf-8")
            x, y = gains(outcome, chances)
            file = options.pictures / f"callbacks-{part}-gains.svg"
            half = caught(outcome, chances)
            file.write_text(gains_of(x.tolist(), y.tolist(), half), encoding="utf-8")


if __name__ == "__main__":
    main()
