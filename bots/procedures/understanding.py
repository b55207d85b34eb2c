"""What of a message is a slot's value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Any

import regex

from bots.procedures.moments import days, times
from bots.procedures.numbers import Found, numbers
from bots.procedures.said import folded, yes_or_no
from bots.procedures.shapes import Slot

_SECONDS = 0.05  # a pattern has this long to match
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
_PHONE = re.compile(r"(?<![A-Za-z0-9_-])\+?\(?\d[\d ()./-]{4,20}\d(?![A-Za-z0-9_-])")
_SIGNS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "CNY"}
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


@dataclass(frozen=True, slots=True)
class Choice:
    """An option as it is compared: its value, and every word for it."""

    value: Any
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Surroundings:
    today: date
    choices: Sequence[Choice] = field(default=())


def heard(slot: Slot, text: str, around: Surroundings) -> list[Found]:
    """Values that any sentence may hold, in its order, without overlaps."""
    said = folded(text)
    found = list(_cued(slot, said, around))
    plain = not slot.cues or slot.kind in {"pattern", "email", "phone", "choice"}
    if not found and slot.listen and plain:
        found = [*_listened(slot, said, around)]
    return apart(found)


def answered(slot: Slot, text: str, around: Surroundings) -> list[Found]:
    """Values in a message that answers the slot's question; more is believed then."""
    said = folded(text)
    cued = list(_cued(slot, said, around))
    return apart(cued or list(_answers(slot, said, around)))


def apart(found: Sequence[Found]) -> list[Found]:
    """The longest first where they overlap; those that stay, in the order of the text."""
    kept: list[Found] = []
    for one in sorted(found, key=lambda one: (one.start - one.end, one.start)):
        if all(one.end <= other.start or one.start >= other.end for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda one: one.start)


def _listened(slot: Slot, said: str, around: Surroundings) -> Iterator[Found]:  # noqa: C901 -- a case a kind
    match slot.kind:
        case "pattern":
            yield from _patterns(slot, said)
        case "email":
            for mail in _EMAIL.finditer(said):
                yield Found(mail.group().rstrip(".").lower(), *mail.span())
        case "phone":
            yield from _phones(said)
        case "date":
            yield from days(said, today=around.today, past=slot.past)
        case "time":
            yield from times(said)
        case "amount":
            yield from (found for found in numbers(said) if _is_money(found, said))
        case "choice":
            yield from _named(said, around.choices)
        case "name":
            yield from _names(said)
        case "number" | "integer":
            yield from _numbers(slot, said)


def _answers(slot: Slot, said: str, around: Surroundings) -> Iterator[Found]:
    match slot.kind:
        case "text":
            if said.strip():
                yield Found(said.strip(), 0, len(said))
        case "yes_no":
            value = yes_or_no(said)
            if value is not None:
                yield Found(value, 0, len(said))
        case "number" | "integer" | "amount":
            yield from _numbers(slot, said)
        case "date":
            yield from days(said, today=around.today, past=slot.past, asked=True)
        case "time":
            yield from times(said, asked=True)
        case "choice":
            yield from _chosen(said, around.choices)
        case "name":
            yield from list(_names(said)) or _bare_name(said)
        case _:
            yield from _listened(slot, said, around)


def _numbers(slot: Slot, said: str) -> Iterator[Found]:
    for one in numbers(said):
        value = one.value
        if slot.kind == "integer":
            if isinstance(value, float) and not value.is_integer():
                continue
            value = (
                int(str(value).removesuffix(".0"))
                if isinstance(value, int)
                else int(float(str(value)))
            )
        yield Found(value, one.start, one.end)


def _is_money(one: Found, said: str) -> bool:
    return bool(_BEFORE.search(said[: one.start]) or _AFTER.match(said[one.end :]))


# --- cues -------------------------------------------------------------------------------------


def _cued(slot: Slot, said: str, around: Surroundings) -> Iterator[Found]:
    """Values with the words around them that the operator wrote: “table for {}”."""
    if not slot.cues:
        return
    if slot.kind in {"text", "name"}:
        for cue in slot.cues:
            for match in _cue(cue, r"(?P<value>[^,.;!?，。；！？\n]{1,80}?)").finditer(said):
                value = match["value"].strip()
                if value:
                    yield Found(value, *match.span("value"))
        return
    candidates = list(_answers(slot, said, around))
    for cue in slot.cues:
        before, _, after = cue.partition("{}")
        for one in candidates:
            if _ends(said[: one.start], before) and _begins(said[one.end :], after):
                yield one


def _ends(said: str, words: str) -> bool:
    words = words.strip()
    pattern = r"(?<![a-z])" * words[:1].isascii() + _spaced(words) + r"\s*$"
    return not words or bool(re.search(pattern, said, re.IGNORECASE))


def _begins(said: str, words: str) -> bool:
    words = words.strip()
    pattern = r"^\s*" + _spaced(words) + r"(?![a-z])" * words[-1:].isascii()
    return not words or bool(re.search(pattern, said, re.IGNORECASE))


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(one) for one in words.split())


@lru_cache(maxsize=1024)
def _cue(cue: str, value: str) -> re.Pattern[str]:
    before, _, after = (part.strip() for part in cue.partition("{}"))
    ends = _spaced(after) if after else r"(?=$|[,.;!?，。；！？\n])"
    begins = r"(?<![A-Za-z])" * before[:1].isascii() + _spaced(before)
    return re.compile(rf"{begins}\s*{value}\s*{ends}", re.IGNORECASE)


# --- kinds ------------------------------------------------------------------------------------


@lru_cache(maxsize=1024)
def compiled(pattern: str) -> Any:
    """Raises regex.error."""
    return regex.compile(rf"(?<![A-Za-z0-9])(?:{pattern})(?![A-Za-z0-9])", regex.IGNORECASE)


def _patterns(slot: Slot, said: str) -> Iterator[Found]:
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


def _phones(said: str) -> Iterator[Found]:
    for one in _PHONE.finditer(said):
        digits = re.sub(r"\D", "", one.group())
        if 7 <= len(digits) <= 15:
            yield Found(("+" if one.group().startswith("+") else "") + digits, *one.span())


def _names(said: str) -> Iterator[Found]:
    for one in _NAME.finditer(said):
        value = (one["en"] or one["zh"]).strip(" .'")
        if value and value.split()[0].lower() not in _NO_NAMES:
            part = "en" if one["en"] else "zh"
            yield Found(_capitals(value), *one.span(part))


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


def _bare_name(said: str) -> Iterator[Found]:
    clean = re.sub(r"(?i)^\W*(?:it'?s|sure|yes|ok|of course|certainly)\W+", "", said).strip(
        " .,!。，！"
    )
    words = clean.split()
    plain = clean and len(words) <= 5 and not re.search(r"[\d?@？]", clean) and len(clean) <= 80
    if plain and words[0].lower() not in _NO_NAMES:
        yield Found(_capitals(clean), 0, len(said))


def _capitals(name: str) -> str:
    return name.title() if name.islower() else name


# --- choices ----------------------------------------------------------------------------------


def _named(said: str, choices: Sequence[Choice]) -> Iterator[Found]:
    """Options whose words are said, whole."""
    lowered = said.lower()
    for choice in choices:
        for word in _words(choice):
            ends = (r"(?<![a-z0-9])", r"(?![a-z0-9])") if word.isascii() else ("", "")
            found = re.search(ends[0] + _spaced(word.lower()) + ends[1], lowered)
            if found:
                yield Found(choice.value, *found.span())


def _words(choice: Choice) -> list[str]:
    given = [str(choice.value), choice.label, *choice.words]
    given.append(str(choice.value).replace("_", " "))
    return [word for word in dict.fromkeys(folded(one).strip() for one in given) if word]


def _chosen(said: str, choices: Sequence[Choice]) -> Iterator[Found]:
    """Named; else by its place; else with a slip of the pen, or by a word that only it has."""
    named = apart(list(_named(said, choices)))
    if named:
        yield from named
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
    parts = [set(_PART.findall(" ".join(_words(one)).lower())) for one in choices]
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


def _small(said: str) -> int:
    found = next(iter(numbers(said)), None)
    return int(str(found.value).split(".", maxsplit=1)[0]) if found else 0


def _likeness(said: str, choice: Choice) -> float:
    """The best of its words against the message, and against each run of as many words in it."""
    spoken = re.findall(r"[\w']+", said.lower())
    best = 0.0
    for word in _words(choice):
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
