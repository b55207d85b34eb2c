"""Reads what somebody would like to eat: "two pork dumplings, a mapo tofu and rice", 两份猪肉饺子.

Pure: dishes go in as names, what was meant comes out as counts, and what was not understood as the
customer's own words, so that it can be asked about and is never guessed away.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Final

MOST: Final = 20  # of one dish
NEAR: Final = 0.8  # how alike a name and a slip of the pen are
_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "couple": 2, "dozen": 12,
}  # fmt: skip
_HAN_NUMBERS: Final = {
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10,
}  # fmt: skip
_LIST: Final = re.compile(
    r"[,;，；、。\n+&]|\.(?:\s|$)|\band\b|\bplus\b|和|还有|再来|另外|跟|以及", re.IGNORECASE
)
_HAN_COUNT: Final = re.compile(r"(\d{1,2}|[一两二三四五六七八九十])\s*[份个碗盘笼壶瓶杯例客]?")
_WORDS: Final = re.compile(r"[a-zß-ÿ]+|\d+", re.IGNORECASE)
_FILLERS: Final = frozenset(
    [
        "i",
        "we",
        "would",
        "like",
        "to",
        "want",
        "have",
        "order",
        "get",
        "please",
        "the",
        "of",
        "some",
        "can",
        "could",
        "for",
        "me",
        "us",
        "portion",
        "portions",
        "plate",
        "plates",
        "bowl",
        "bowls",
        "x",
        "times",
        "pot",
        "pots",
        "bottle",
        "bottles",
        "also",
        "with",
        "then",
        "just",
        "take",
        "ll",
        "d",
        "my",
        "our",
        "hi",
        "hello",
        "hey",
        "thanks",
        "thank",
        "you",
        "it",
        "is",
        "that",
        "all",
        "menu",
        "um",
        "uh",
        "er",
        "hmm",
        "well",
        "so",
        "ok",
        "okay",
        "let",
        "give",
        "bring",
        "dish",
        "dishes",
        "food",
        "pieces",
        "actually",
        "no",
        "i'd",
        "i'll",
        "need",
        "off",
        "from",
        "few",
    ]
)
_HAN_FILLERS: Final = re.compile(
    r"(我们|我|想要|想|要|来|点|请|给|麻烦|帮|吃|订|的|吧|一下|外卖|谢谢|就|呢|啊|嗯|下单|您好|你好|那个)"
)


@dataclass
class Reading:
    """`counts` by the code of a dish; `unknown` in the customer's words."""

    counts: dict[str, int] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)


def read_basket(said: str, names: Mapping[str, Sequence[str]]) -> Reading:
    """What is meant by what was said; `names` has all names of each dish by its code."""
    reading = Reading()
    for part in _parts(said, names):
        if re.search(r"[\u3400-\u9fff]", part):
            _read_han(part, names, reading)
        else:
            _read_latin(part, names, reading)
    return reading


def _parts(said: str, names: Mapping[str, Sequence[str]]) -> list[str]:
    """Cut at commas and "and", but not within "salt and pepper prawns", spelled well or not."""
    pieces = [piece for piece in _LIST.split(said) if piece.strip()]
    long_names = {
        code: [name for name in known if " and " in name] for code, known in names.items()
    }
    parts: list[str] = []
    for piece in pieces:
        joined = f"{parts[-1]} {piece}" if parts else ""
        wanted, _ = _wanted(joined)
        whole = [w for w in _WORDS.findall(piece.lower()) if w.isdigit() or w in _NUMBERS]
        if joined and not whole and _nearest(wanted, long_names, han=False):
            parts[-1] = joined
        else:
            parts.append(piece)
    return parts


def _add(reading: Reading, code: str, count: int) -> None:
    reading.counts[code] = min(MOST, reading.counts.get(code, 0) + count)


def _read_han(part: str, names: Mapping[str, Sequence[str]], reading: Reading) -> None:
    """Several dishes may stand in one part without anything between: 两份饺子一碗米饭."""
    rest = re.sub(r"\s+", "", part)
    pieces = [p for p in re.split(rf"(?={_HAN_COUNT.pattern.replace('(', '(?:', 1)})", rest) if p]
    for place, piece in enumerate(pieces):
        counted = _HAN_COUNT.match(piece)
        count = _number(counted.group(1)) if counted else 1
        wanted = _HAN_FILLERS.sub("", piece[counted.end() :] if counted else piece)
        if not wanted:
            continue
        behind = _HAN_COUNT.fullmatch(pieces[place + 1]) if place + 1 < len(pieces) else None
        if not counted and behind:  # 宫保鸡丁两份
            count = _number(behind.group(1))
        code = _nearest(wanted, names, han=True)
        if code:
            _add(reading, code, count)
        else:
            reading.unknown.append(wanted)


def _read_latin(part: str, names: Mapping[str, Sequence[str]], reading: Reading) -> None:
    wanted, count = _wanted(part)
    if not wanted:
        return
    code = _nearest(wanted, names, han=False)
    if code:
        _add(reading, code, max(1, count))
    else:
        reading.unknown.append(wanted)


def _wanted(part: str) -> tuple[str, int]:
    """The words that may name a dish, and how many of it."""
    count, wanted = 1, []
    for word in _WORDS.findall(part.lower()):
        if word.isdigit() or word in _NUMBERS:
            count = _number(word)
        elif word not in _FILLERS:
            wanted.append(word)
    return " ".join(wanted), count


def _number(said: str) -> int:
    if said.isdigit():
        return max(1, min(MOST, int(said)))
    return _NUMBERS.get(said) or _HAN_NUMBERS.get(said, 1)


def _nearest(wanted: str, names: Mapping[str, Sequence[str]], *, han: bool) -> str:
    """The dish with the best name, if one is good enough and no other is as good."""
    scores: dict[str, float] = {}
    for code, known in names.items():
        scores[code] = max((_alike(wanted, name.lower(), han=han) for name in known), default=0.0)
    best = sorted(scores.items(), key=lambda item: -item[1])[:2]
    if not best or best[0][1] < NEAR:
        return ""
    if len(best) > 1 and best[1][1] >= best[0][1] - 0.01:
        return ""
    return best[0][0]


def _alike(wanted: str, name: str, *, han: bool) -> float:
    if wanted == name:
        return 1.0
    if han:
        shorter, longer = sorted((wanted, name), key=len)
        if len(shorter) >= 2 and shorter in longer:
            return 0.9 + 0.09 * len(shorter) / len(longer)
        return SequenceMatcher(None, wanted, name).ratio()
    ours, theirs = _stems(name), _stems(wanted)
    # Every word of theirs must be one of ours, a slip of the pen allowed; more of ours is better.
    hits = [max((_word_alike(w, o) for o in ours), default=0.0) for w in theirs]
    if not hits or min(hits) < NEAR:
        return 0.0
    covered = len({max(ours, key=lambda o: _word_alike(w, o)) for w in theirs}) / len(ours)
    return min(0.99, 0.8 * sum(hits) / len(hits) + 0.19 * covered + 0.02)


def _word_alike(one: str, other: str) -> float:
    return 1.0 if one == other else SequenceMatcher(None, one, other).ratio()


def _stems(said: str) -> list[str]:
    words = [w for w in _WORDS.findall(said) if w not in {"and", "with", "of", "the"}]
    return [w[:-1] if len(w) > 3 and w.endswith("s") else w for w in words]
