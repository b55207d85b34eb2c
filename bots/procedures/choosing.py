"""Which of some options a message means. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from bots.procedures.cues import spaced
from bots.procedures.numbers import Found, apart, numbers
from bots.procedures.said import folded

_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4,
    "fifth": 5, "5th": 5, "last": -1,
}  # fmt: skip
_ORDINAL = re.compile(
    rf"\b(?:the )?(?P<en>{'|'.join(_ORDINALS)})(?: (?:one|option|item))?\b|第(?P<zh>[一二三四五六七八九十\d]+)|(?P<last>最后)(?:一个)?",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^\W*(?:number|no\.?|option|#|选|选择|要)?\s*(?P<number>\d{1,2}|[一二三四五六七八九])\W*(?:个|号)?\W*$",
    re.IGNORECASE,
)
_LIKE = 0.82  # of letters: a slip of the pen
_PART = re.compile(r"[a-z0-9]+|[\u4e00-\u9fff]+")
_SHORTEST = 3  # letters of a word by which an option is told from the others
_SMALL_TALK = frozenset(
    [
        "let",
        "me",
        "see",
        "that",
        "would",
        "be",
        "it",
        "is",
        "i",
        "think",
        "okay",
        "ok",
        "so",
        "um",
        "hmm",
        "the",
        "well",
        "please",
        "then",
    ]
)


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is compared: its value, and every word for it."""

    value: Any
    label: str
    words: tuple[str, ...] = ()


def named(said: str, choices: Sequence[Choice]) -> Iterator[Found]:
    """Options whose words are said, whole."""
    lowered = said.lower()
    for choice in choices:
        for word in words_of(choice):
            ends = (r"(?<![a-z0-9])", r"(?![a-z0-9])") if word.isascii() else ("", "")
            found = re.search(ends[0] + spaced(word.lower()) + ends[1], lowered)
            if found:
                yield Found(choice.value, *found.span())


def words_of(choice: Choice) -> list[str]:
    given = [str(choice.value), choice.label, *choice.words]
    given.append(str(choice.value).replace("_", " "))
    return [word for word in dict.fromkeys(folded(one).strip() for one in given) if word]


def chosen(said: str, choices: Sequence[Choice]) -> Iterator[Found]:
    """Named; else by its place; else with a slip of the pen, or by a word that only it has."""
    said_whole = apart(list(named(said, choices)))
    if said_whole:
        yield from said_whole
        return
    place = _place(said, len(choices))
    if place is not None:
        yield Found(choices[place].value, 0, len(said))
        return
    scored = sorted(((_likeness(said, one), n) for n, one in enumerate(choices)), reverse=True)
    if scored and scored[0][0] >= _LIKE and (len(scored) < 2 or scored[0][0] - scored[1][0] > 0.04):
        yield Found(choices[scored[0][1]].value, 0, len(said))
        return
    telling = _told_apart(said, choices)
    if telling is not None:
        yield Found(telling, 0, len(said))


def _told_apart(said: str, choices: Sequence[Choice]) -> Any:
    """The one option of which something is said that no other has: “debit” of two cards."""
    parts = [set(_PART.findall(" ".join(words_of(one)).lower())) for one in choices]
    parts = [_bigrams(one) for one in parts]
    spoken = _bigrams(set(_PART.findall(said.lower())))
    meant = [
        n
        for n, own in enumerate(parts)
        if spoken & own.difference(*(other for m, other in enumerate(parts) if m != n))
    ]
    return choices[meant[0]].value if len(meant) == 1 else None


def _bigrams(parts: set[str]) -> set[str]:
    """Words as they are; of Chinese runs each two characters."""
    found = {part for part in parts if len(part) >= _SHORTEST or part.isdecimal()}
    found = {part for part in found if part.isascii()}
    for part in parts:
        if not part.isascii():
            found |= {part[n : n + 2] for n in range(len(part) - 1)}
    return found


def _place(said: str, count: int) -> int | None:
    ordinal, bare = _ORDINAL.search(said), _BARE.match(said)
    if ordinal:
        if ordinal["last"]:
            number = count
        elif ordinal["zh"]:
            number = _small(ordinal["zh"])
        else:
            number = _ORDINALS[ordinal["en"].lower()]
        number = count if number == -1 else number
    elif bare:
        number = _small(bare["number"])
    else:
        number = _alone(said)
    return number - 1 if 1 <= number <= count else None


def _alone(said: str) -> int:
    """The one number of a message that says hardly anything else; 0 if there is none."""
    found = apart(list(numbers(said)))
    words = re.findall(r"[A-Za-z]+|[\u4e00-\u9fff]", said)
    others = [word for word in words if word.lower() not in _SMALL_TALK]
    return _small(str(found[0].value)) if len(found) == 1 and len(others) <= 5 else 0


def _small(said: str) -> int:
    found = next(iter(numbers(said)), None)
    return int(str(found.value).split(".", maxsplit=1)[0]) if found else 0


def _likeness(said: str, choice: Choice) -> float:
    """The best of its words against the message, and against each run of as many words in it."""
    spoken = re.findall(r"[\w']+", said.lower())
    best = 0.0
    for word in words_of(choice):
        wanted = word.lower()
        size = len(wanted.split())
        runs = {" ".join(spoken[i : i + size]) for i in range(max(len(spoken) - size + 1, 1))}
        for run in runs:
            if len(run) >= 4 and len(wanted) >= 4:
                best = max(best, SequenceMatcher(None, run, wanted).ratio())
        best = max(best, _shares(spoken, wanted))
    return best


def _shares(spoken: Sequence[str], wanted: str) -> float:
    """“heron” is “Heron 2 tent” when no other option has it: a long word of its own."""
    own = [one for one in re.findall(r"\w+", wanted) if len(one) >= 4]
    return 0.86 if any(one in spoken for one in own) else 0.0
