"""Real dialogues that are known to have gone wrong or not, as the mood alert hears them: customers' own messages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import fmean, median
from typing import Any
from zlib import crc32

from benchmarks import sets

ANNOYED = "become aggressive or annoyed during the dialogue?"
CALM = "stay calm and helpful throughout the dialogue?"
PRIVATE = re.compile(r"\b(?:DM|PM)s?\b|(?i:direct message|private(?:ly)? message)")


@dataclass(frozen=True, slots=True)
class Talk:
    """`wrong`: whether it went wrong, by whoever said so; `at`: the customer's message at which, where that is
    known; `seconds`: when each message was said."""

    key: str
    messages: tuple[str, ...]
    wrong: bool
    at: int | None = None
    seconds: tuple[float, ...] = ()


def judged(source: str) -> Callable[[], Iterator[Talk]]:
    """Task dialogues of which three to six judges rated each message: wrong from the first that most of them
    rate below 3. They read the message and what was said before it."""

    def talks() -> Iterator[Talk]:
        for row, said, _ in _rated(source):
            low = [place for place, turn in enumerate(said) if median(turn["satisfaction"]) < 3]
            yield Talk(row["id"], _texts(said), bool(low), low[0] if low else None)

    return talks


def judged_overall() -> Iterator[Talk]:
    """The same, by what the judges say of the whole: wrong if their mean is below 3."""
    for source in ("MWOZ", "SGD"):
        for row, said, overall in _rated(source):
            yield Talk(row["id"], _texts(said), fmean(overall) < 3)


def annoyed() -> Iterator[Talk]:
    """Of people who play the assistant: whether the user "became aggressive or annoyed", asked afterwards."""
    yield from _played("agent_q", ANNOYED, wrong=True)


def not_helped() -> Iterator[Talk]:
    """Of the users themselves, asked afterwards: the assistant did not "stay calm and helpful"."""
    yield from _played("user_q", CALM, wrong=False)


def moved_to_private() -> Iterator[Talk]:
    """Complaints in public, where the agent asks for a private message: mostly what a company does anyway, or
    needs an account number for. Wrong at the customer's last message before it."""
    for row in sets.rows("dialogue/tweetsumm.jsonl.gz"):
        said: list[str] = []
        asked: int | None = None
        for turn in row["turns"]:
            if turn["role"] == "customer":
                said.append(turn["text"])
            elif asked is None and said and PRIVATE.search(turn["text"]):
                asked = len(said) - 1
        if said:
            yield Talk(row["id"], tuple(said), asked is not None, asked)


def tourists() -> Iterator[Talk]:
    """Chinese task dialogues of paid and polite people, nobody of whom is said to be cross: each alert is one
    too many. Those that the weights have not seen."""
    for row in sets.rows("dialogue/crosswoz_zh.jsonl.gz"):
        if not _is_learnt(row):
            said = tuple(turn["text"] for turn in row["turns"] if turn["role"] == "usr")
            yield Talk(row["id"], said, False)


def requests() -> Iterator[str]:
    """What tourists ask for and tell in the other half, greetings and thanks aside: `train_sentiment --talks` learns
    from it that such words say no feeling."""
    for row in sets.rows("dialogue/crosswoz_zh.jsonl.gz"):
        for turn in row["turns"] if _is_learnt(row) else ():
            acts = {act[0] for act in turn["acts"]}
            if turn["role"] == "usr" and acts and "General" not in acts:
                yield turn["text"]


def _is_learnt(row: dict[str, Any]) -> bool:
    return crc32(row["id"].encode()) % 2 == 0


SETS: dict[str, Callable[[], Iterator[Talk]]] = {
    "judged MultiWOZ": judged("MWOZ"),
    "judged SGD": judged("SGD"),
    "judged as a whole": judged_overall,
    "STAR, annoyed": annoyed,
    "STAR, not helped": not_helped,
    "TweetSumm, to private": moved_to_private,
    "CrossWOZ": tourists,
}


def _rated(source: str) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]], list[int]]]:
    for row in sets.rows("dialogue/uss_satisfaction.jsonl.gz"):
        rated = [turn for turn in row["turns"] if turn["role"] == "user" and turn["satisfaction"]]
        said = [turn for turn in rated if turn["text"] != "OVERALL"]
        overall = [turn for turn in rated if turn["text"] == "OVERALL"]
        if row["source"] == source and said and overall:
            yield row, said, overall[0]["satisfaction"]


def _played(who: str, question: str, *, wrong: bool) -> Iterator[Talk]:
    for row in sets.rows("dialogue/star_dialogues.jsonl.gz"):
        answers = [answer for asked, answer in (row[who] or {}).items() if question in asked]
        said = [turn for turn in row["turns"] if turn["who"] == "user" and turn["text"].strip()]
        if answers and said and isinstance(answers[0], bool):
            seconds = tuple(float(turn["sec"] or 0) for turn in said)
            texts = tuple(turn["text"] for turn in said)
            yield Talk(str(row["id"]), texts, answers[0] is wrong, None, seconds)


def _texts(turns: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(turn["text"] for turn in turns)
