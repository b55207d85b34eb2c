"""Numbers as people write them, in English and Chinese: digits, words, numerals."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_UNITS = {
    word: value
    for value, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
            "thirteen",
            "fourteen",
            "fifteen",
            "sixteen",
            "seventeen",
            "eighteen",
            "nineteen",
        ]
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(),  # noqa: SIM905 -- so it is read
        2,
    )
}
_WORDS = {**_UNITS, **_TENS, "a couple of": 2, "a couple": 2, "a pair of": 2, "a dozen": 12}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_ONE = "|".join(sorted((*_WORDS, *_SCALES), key=len, reverse=True))
_IN_WORDS = re.compile(rf"\b(?:{_ONE})(?:[\s-]+(?:and\s+)?(?:{_ONE}))*\b", re.IGNORECASE)
_DIGITS = re.compile(
    r"(?<![A-Za-z0-9_])(?<!\d[.,])[-+]?(?:\d{1,3}(?:[,  ]\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?)(?![A-Za-z0-9_-]*\d)",
    re.IGNORECASE,
)
_HAN = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_HAN_SCALES = {"十": 10, "百": 100, "千": 1000}
_HAN_RUN = re.compile(r"(?:\d+(?:\.\d+)?[万千百])|[零〇一二两俩三四五六七八九十百千万]+")


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` says `value`."""

    value: object
    start: int
    end: int


def apart(found: Sequence[Found]) -> list[Found]:
    """The longest first where they overlap; those that stay, in the order of the text."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def numbers(text: str) -> Iterator[Found]:
    """All numbers of a folded text, in no particular order."""
    for one in _DIGITS.finditer(text):
        yield Found(_of_digits(one.group()), *one.span())
    for one in _IN_WORDS.finditer(text):
        value = _of_words(one.group())
        if value is not None:
            yield Found(value, *one.span())
    for one in _HAN_RUN.finditer(text):
        counted = of_han(one.group())
        if counted is not None:
            yield Found(counted, *one.span())


def _of_digits(said: str) -> float | int:
    said = re.sub(r"[  ]", "", said)
    if re.fullmatch(r"[-+]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", said):
        said = said.replace(",", "")
    said = said.replace(",", ".")
    return float(said) if "." in said else int(said[:18])


def _of_words(said: str) -> int | None:
    """“two hundred and five”; None for “hundred” of nothing that makes sense."""
    whole = part = 0
    lowered = said.lower()
    for word in re.findall(r"a couple(?: of)?|a pair of|a dozen|[a-z]+", lowered):
        if word == "and":
            continue
        if word in _SCALES:
            part = max(part, 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                whole, part = whole + part, 0
        else:
            part += _WORDS[word]
    return whole + part


def of_han(said: str) -> float | int | None:
    """两百三十, 二〇二六, 3万; None for a sign that is no number alone."""
    mixed = re.fullmatch(r"(\d+(?:\.\d+)?)([万千百])", said)
    if mixed:
        return float(mixed[1]) * {"万": 10_000, "千": 1000, "百": 100}[mixed[2]]
    if all(c in _HAN for c in said):
        return int("".join(str(_HAN[c]) for c in said)) if len(said) < 12 else None
    high, _, low = said.rpartition("万")
    above = _below_ten_thousand(high) if high else None
    below = _below_ten_thousand(low) if low else 0
    if below is None or (high and above is None):
        return None
    return (above or (1 if "万" in said else 0)) * 10_000 + below


def _below_ten_thousand(said: str) -> int | None:
    whole = part = 0
    for sign in said:
        if sign in _HAN:
            part = _HAN[sign]
        elif sign in _HAN_SCALES:
            whole += max(part, 1) * _HAN_SCALES[sign]
            part = 0
        else:
            return None
    return whole + part
