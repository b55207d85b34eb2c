"""How much personal data is found, how much else is taken for it, and what it costs.

    .venv/bin/python benchmarks/redaction.py [--part public] [--json FILE]

Reads the invented identities of `safety/pii_presidio_synthetic` beside the repository (or under
EVALUATION_DATA) and, for precision on what customers really ask, four sets of questions. A value counts
as found when every character of it is covered; a find counts as right when it touches a marked value.
Texts are never printed.
"""

import json
import statistics
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks import sets
from bots.privacy.finding import find
from bots.privacy.kinds import Find, Kind
from bots.privacy.vault import Vault

SET = "safety/pii_presidio_synthetic.jsonl.gz"
KINDS = {
    "CREDIT_CARD": Kind.CARD,
    "IBAN_CODE": Kind.IBAN,
    "US_SSN": Kind.IDENTITY,
    "PHONE_NUMBER": Kind.PHONE,
    "EMAIL_ADDRESS": Kind.EMAIL,
    "DOMAIN_NAME": Kind.LINK,
    "IP_ADDRESS": Kind.IP,
    "DATE_TIME": Kind.BIRTH,
}
QUESTIONS = (
    ("intent/banking77.csv.gz", "text"),
    ("intent/hint3.csv.gz", "text"),
    ("faq/stackfaq_queries.jsonl.gz", "query"),
    ("faq/zh_bank_faq_queries.jsonl.gz", "query"),
)


def is_looked_for(row: dict[str, Any], span: dict[str, Any]) -> bool:
    """Dates are, where the sentence speaks of a birth; names and places are not at all."""
    if span["type"] != "DATE_TIME":
        return span["type"] in KINDS
    return "birth" in row["text"].lower() or "born" in row["text"].lower()


def measure(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    wanted, covered, same_kind = Counter[str](), Counter[str](), Counter[str]()
    found, right, other = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        finds = find(row["text"])
        spans = [span for span in row["spans"] if is_looked_for(row, span)]
        for span in spans:
            wanted[span["type"]] += 1
            covered[span["type"]] += is_covered(span, finds)
            same_kind[span["type"]] += any(
                one.kind == KINDS[span["type"]] and touches(one, span) for one in finds
            )
        for one in finds:
            found[one.kind] += 1
            right[one.kind] += any(touches(one, span) for span in spans)
            other[one.kind] += not any(touches(one, span) for span in row["spans"])
    return {
        name: {
            "values": wanted[name],
            "recall": round(covered[name] / wanted[name], 4) if wanted[name] else None,
            "under the right name": same_kind[name],
            "finds": found[kind],
            "precision": round(right[kind] / found[kind], 4) if found[kind] else None,
            "finds outside any mark": other[kind],
        }
        for name, kind in KINDS.items()
    }


def is_covered(span: dict[str, Any], finds: list[Find]) -> bool:
    places = range(span["start"], span["end"])
    return all(any(one.start <= at < one.end for one in finds) for at in places)


def touches(one: Find, span: dict[str, Any]) -> bool:
    return bool(one.start < span["end"] and span["start"] < one.end)


def speed(texts: list[str]) -> dict[str, float]:
    find("warm up 079 0442 1744")
    taken = []
    for text in texts:
        begun = time.thread_time()
        Vault().redacted(text)
        taken.append((time.thread_time() - begun) * 1_000)
    taken.sort()
    return {
        "messages": len(taken),
        "mean ms": round(statistics.fmean(taken), 3),
        "p50 ms": round(taken[len(taken) // 2], 3),
        "p95 ms": round(taken[int(len(taken) * 0.95)], 3),
        "worst ms": round(taken[-1], 3),
    }


def questions(part: str) -> dict[str, dict[str, Any]]:
    """Of what customers ask, which share holds something that is taken for personal data?"""
    told: dict[str, dict[str, Any]] = {}
    for name, column in QUESTIONS:
        if not (sets.FOLDER / name).exists():
            continue
        texts = [r[column] for r in sets.rows(name) if (r.get("part") or "public") == part]
        hit = Counter(kind for text in texts for kind in {one.kind.value for one in find(text)})
        told[name] = {"messages": len(texts), "with a find": dict(hit)}
    return told


def main() -> None:
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="public")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    if not (sets.FOLDER / SET).exists():
        print(f"skipped: there is no {SET} in {sets.FOLDER}; EVALUATION_DATA may say where it is")
        return
    rows = [row for row in sets.rows(SET) if row.get("part", "public") == options.part]
    result = {
        "texts": len(rows),
        "kinds": measure(rows),
        "speed": speed([row["text"] for row in rows]),
        "questions": questions(options.part),
    }
    print(json.dumps(result, indent=2))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
