"""Slots of procedures written from flow descriptions, against what people marked in MultiDoGO's turns.

    .venv/bin/python benchmarks/slots.py [--show N] [--domain airline]

Six businesses; only the customers' turns, in small letters and without signs: which words of a
turn are which slot, whole spans or not at all, the turns of a conversation one after another; what the agent asked
is not in the data, so the procedure's own order of questions stands for it.

The files are in benchmarks/procedures/multidogo/, written from the names of the slots and a look at the training
turns; measured on the development turns.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.dialogues import TODAY, slot_f1  # noqa: E402 -- the project's folder first
from benchmarks.sets import rows  # noqa: E402
from bots.procedures.engine.advance import advance, begin  # noqa: E402
from bots.procedures.filling import listen  # noqa: E402
from bots.procedures.reading import read  # noqa: E402
from bots.procedures.shapes import Procedure  # noqa: E402
from bots.procedures.state import Answered, Begun, Consult, Said, State, World  # noqa: E402

FILES = Path(__file__).resolve().parent / "procedures" / "multidogo"
Span = tuple[str, int, int]  # slot, first token, the one after the last


def multidogo(*, only: str = "", show: int = 0) -> None:
    total = Counter[str]()
    for file in sorted(FILES.glob("*.yaml")):
        if only and file.stem != only:
            continue
        procedure = read(file.read_text(encoding="utf-8"))
        mine, shown = Counter[str](), 0
        for turns in _conversations(file.stem):
            state = begin("en")
            for turn in turns:
                tokens, labels = turn["text"].split(" "), turn["slot_labels"].split(" ")
                if len(tokens) != len(labels):
                    continue
                theirs = {one for one in _spans(labels) if one[0] in procedure.slots}
                ours, state = _heard(procedure, state, tokens)
                mine["right"] += len(ours & theirs)
                mine["ours"] += len(ours)
                mine["theirs"] += len(set(_spans(labels)))
                if shown < show and ours != theirs:
                    shown += 1
                    print(
                        f"  {turn['text'][:90]}\n    theirs {sorted(theirs)}\n    ours   {sorted(ours)}"
                    )
        total += mine
        print(f"{file.stem:10}", slot_f1(mine))
    print(f"{'all':10}", slot_f1(total))


def _conversations(domain: str) -> Iterator[list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in rows("dialogue/multidogo_turns.csv.gz"):
        if one["domain"] == domain and one["split"] == "dev":
            found.setdefault(one["conversation_id"], []).append(one)
    for turns in found.values():
        yield sorted(turns, key=lambda one: int(one["turn"]))


def _spans(labels: list[str]) -> Iterator[Span]:
    """Neighbours with the same label are one value."""
    first = 0
    for place in range(1, len(labels) + 1):
        if place == len(labels) or labels[place] != labels[first]:
            if labels[first] != "O":
                yield labels[first], first, place
            first = place


def _heard(procedure: Procedure, state: State, tokens: list[str]) -> tuple[set[Span], State]:
    """What a turn fills, as places among its words; and the state after it."""
    text, world = " ".join(tokens), World(TODAY, "", "en")
    fills = listen(procedure, state, world, text)
    starts = [0]
    for token in tokens:
        starts.append(starts[-1] + len(token) + 1)
    names = [*fills.fresh, *fills.changed]
    found = set()
    for name, (begins, ends) in zip(names, fills.spans, strict=False):
        first = max(place for place, start in enumerate(starts) if start <= begins)
        after = next((place for place, start in enumerate(starts) if start >= ends), len(tokens))
        found.add((name, first, min(after, len(tokens))))
    move = advance(procedure, state, Said(text) if state.waiting else Begun(text), world)
    if isinstance(move.need, Consult):
        move = advance(procedure, move.state, Answered(known=True), world)
    if move.state.ending:
        move.state.ending, move.state.waiting = "", "slot:none"
    move.state.tries = {}
    return found, move.state


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--domain", default="")
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    multidogo(only=arguments.domain, show=arguments.show)


if __name__ == "__main__":
    main()
