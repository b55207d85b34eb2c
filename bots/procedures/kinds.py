"""Values that are known by their form: patterns, addresses, telephone numbers, money, names. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import regex

from bots.procedures.numbers import Found
from bots.procedures.shapes import Slot

_SECONDS = 0.05  # a pattern has this long to match
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_PHONE = re.compile(r"(?<![A-Za-z0-9_-])\+?\(?\d[\d ()./-]{4,20}\d(?![A-Za-z0-9_-])")
_BEFORE = re.compile(r"(?:[€$£¥]|\b(?:eur|usd|gbp|cny|rmb))\s?$", re.IGNORECASE)
_AFTER = re.compile(
    r"^\s?(?:[€$£¥]|(?:euros?|eur|dollars?|bucks?|usd|pounds?|gbp|quid|yuan|rmb|cny)\b|块钱?|元|欧元?|美元|英镑|人民币)",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"(?:\b(?:my name(?:'s| is)|name(?: is|:)|i am|i'm|this is|it's|it is|call me|under(?: the name(?: of)?)?|for)\s+(?P<en>[A-Za-zÀ-ÿ'.-]+(?: [A-Za-zÀ-ÿ'.-]+){0,3}))"
    r"|(?:我叫|我是|姓名(?:是|:)?|名字(?:是|叫|:)?|我姓)\s*(?P<zh>[\u4e00-\u9fff·]{2,8}|[A-Za-z]+(?: [A-Za-z]+)*)",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    [
        "a",
        "an",
        "the",
        "not",
        "looking",
        "trying",
        "sorry",
        "sure",
        "here",
        "afraid",
        "having",
        "going",
        "calling",
        "writing",
        "just",
        "still",
        "very",
        "so",
        "in",
        "on",
        "at",
        "to",
        "for",
        "about",
        "my",
        "your",
        "our",
        "his",
        "her",
        "two",
        "three",
        "four",
        "five",
        "six",
        "tonight",
        "tomorrow",
        "today",
        "order",
        "return",
        "wondering",
        "interested",
        "it",
        "that",
        "this",
        "done",
        "fine",
        "ok",
    ]
)


def is_money(one: Found, said: str) -> bool:
    return bool(_BEFORE.search(said[: one.start]) or _AFTER.match(said[one.end :]))


_GOES_ON = frozenset(
    [
        "and",
        "or",
        "but",
        "i",
        "i'm",
        "i'd",
        "i've",
        "im",
        "we",
        "you",
        "he",
        "she",
        "it",
        "my",
        "your",
        "the",
        "a",
        "an",
        "would",
        "want",
        "wants",
        "need",
        "needs",
        "like",
        "have",
        "had",
        "has",
        "am",
        "is",
        "was",
        "can",
        "could",
        "will",
        "here",
        "from",
        "with",
        "to",
        "for",
        "on",
        "at",
        "in",
        "of",
        "please",
        "calling",
        "looking",
        "speaking",
        "writing",
        "thanks",
        "thank",
        "again",
        "who",
        "what",
        "when",
        "where",
        "how",
        "so",
        "because",
        "just",
        "also",
        "that",
        "this",
        "not",
        "ok",
        "okay",
    ]
)


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """Raises regex.error."""
    return regex.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", regex.IGNORECASE)


def patterns(slot: Slot, said: str) -> Iterator[Found]:
    """As it is written; else with hyphens for spaces, and with 0 for O."""
    tight = re.sub(r"(?<=[A-Za-z0-9]) ?- ?(?=[A-Za-z0-9])", "-", said)
    dashed = re.sub(r"(?<=[A-Za-z]) (?=\d)", "-", tight)
    joined = re.sub(r"(?<=[A-Za-z])[ -](?=\d)", "", tight)
    parted = re.sub(r"(?<![A-Za-z])([A-Za-z]{1,4})(?=\d)", r"\1-", tight)
    for form in dict.fromkeys((said, tight, dashed, joined, parted)):
        for zeros in dict.fromkeys((form, _digits(form))):
            found = list(_matches(slot, zeros))
            if found:
                # Forms differ in length by a few signs: the span tells where, about.
                yield from found
                return


def _matches(slot: Slot, said: str) -> Iterator[Found]:
    try:
        for one in compiled(slot.pattern).finditer(said, timeout=_SECONDS):
            value = one.group() if slot.keep_case else one.group().upper()
            yield Found(value, *one.span())
    except TimeoutError:
        return


def _digits(said: str) -> str:
    """The letter O beside digits as the zero that was meant, l and I as ones."""
    swapped = re.sub(r"(?<=\d)[oO](?=[\doO]|\b)|(?<=[-\d])[oO](?=\d)", "0", said)
    return re.sub(r"(?<=\d)[lI](?=\d|\b)", "1", swapped)


def emails(said: str) -> Iterator[Found]:
    for one in _EMAIL.finditer(said):
        yield Found(one.group().rstrip(".").lower(), *one.span())


def phones(said: str) -> Iterator[Found]:
    for one in _PHONE.finditer(said):
        digits = re.sub(r"\D", "", one.group())
        if 7 <= len(digits) <= 15:
            yield Found(("+" if one.group().startswith("+") else "") + digits, *one.span())


def names(said: str) -> Iterator[Found]:
    for one in _NAME.finditer(said):
        part = "en" if one["en"] else "zh"
        value = _to_its_end(one[part]) if part == "en" else one[part]
        if value and value.split()[0].lower() not in _NO_NAMES:
            yield Found(_capitals(value), one.start(part), one.start(part) + len(value))


def _to_its_end(said: str) -> str:
    """The words of a name up to where the sentence goes on: “Alexis. I need a …”, “Angela and I …”."""
    words: list[str] = []
    for word in said.split(" "):
        if words and word.lower().strip(".'") in _GOES_ON:
            break
        words.append(word)
        if word.endswith(".") and len(word) > 3:  # more than an initial or a title
            break
    return " ".join(words).strip(" .'")


def bare_name(said: str) -> Iterator[Found]:
    clean = re.sub(
        r"(?i)^\W*(?:(?:it'?s|it is|sure|yes|yep|yup|yeah|ok|okay|of course|certainly|hi|hello|hey|oh|well)\W+)+",
        "",
        said,
    ).strip(" .,!。，！")
    words = clean.split()
    plain = clean and len(words) <= 5 and not re.search(r"[\d?@？]", clean) and len(clean) <= 80
    if plain and words[0].lower() not in _NO_NAMES:
        yield Found(_capitals(_to_its_end(clean)), 0, len(said))


def _capitals(name: str) -> str:
    return name.title() if name.islower() else name
