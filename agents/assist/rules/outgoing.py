"""Words and personal data that are not to be sent to customers: what of it a text holds. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bots.privacy.finding import find
from bots.privacy.folding import fold
from bots.privacy.kinds import Kind

NAMES: dict[str, str] = {
    Kind.CARD: "a payment card",
    Kind.IBAN: "an IBAN",
    Kind.ACCOUNT: "a bank account",
    Kind.IDENTITY: "an identity number",
    Kind.PHONE: "a telephone number",
    Kind.EMAIL: "an e-mail address",
    Kind.LINK: "a web address",
    Kind.IP: "an IP address",
    Kind.BIRTH: "a date of birth",
    Kind.SECRET: "a password or code",
}
_WORDLIKE = re.compile(r"[^\W\d_]|\d")


@dataclass(frozen=True, slots=True)
class Rule:
    """`words` and `kinds` are what it looks for; `blocks`: it holds the message back, else it only warns."""

    key: int
    name: str
    words: tuple[str, ...]
    kinds: frozenset[str]
    blocks: bool
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """`text[start:end]` is what a rule is about; `what` names it without repeating personal data."""

    rule: Rule
    what: str
    start: int
    end: int


def found_in(text: str, rules: Sequence[Rule]) -> list[Found]:
    """In the order of the text, once for each rule and place."""
    hits = [hit for rule in rules for hit in _words(text, rule)]
    wanted = frozenset[str]().union(*(rule.kinds for rule in rules))
    if wanted:
        hits += [
            Found(rule, NAMES[one.kind], one.start, one.end)
            for one in find(text)
            if one.kind in wanted
            for rule in rules
            if one.kind in rule.kinds
        ]
    return sorted(hits, key=lambda hit: (hit.start, hit.end))


def _words(text: str, rule: Rule) -> Iterable[Found]:
    if not rule.words:
        return
    folded = fold(text)
    lower = folded.text.lower()  # of the same length, but for a few letters that grow
    if len(lower) != len(folded.text):
        lower = "".join(c if len(c.lower()) > 1 else c.lower() for c in folded.text)
    for word in rule.words:
        pattern = _pattern(word)
        for hit in pattern.finditer(lower) if pattern else ():
            yield Found(rule, f"“{word}”", *folded.original(*hit.span()))


@lru_cache(maxsize=4_096)
def _pattern(word: str) -> re.Pattern[str] | None:
    """Whole words where words are spaced; any blanks between them. None for a word that nobody sees."""
    bare = fold(word).text.lower().split()
    if not bare:
        return None
    body = r"\s+".join(re.escape(part) for part in bare)
    first, last = bare[0][0], bare[-1][-1]
    before = r"(?<!\w)" if _is_spaced(first) else ""
    after = r"(?!\w)" if _is_spaced(last) else ""
    return re.compile(before + body + after)


def _is_spaced(letter: str) -> bool:
    """Chinese and Japanese put no blanks between words, nor does Thai."""
    return bool(_WORDLIKE.match(letter)) and not (
        "\u0e00" <= letter <= "\u0eff" or letter >= "\u2e80"
    )


def says(found: Sequence[Found]) -> str:
    """What is wrong, in a sentence or two, without repeating personal data."""
    what = list(dict.fromkeys(one.what for one in found))
    advice = list(dict.fromkeys(one.rule.advice for one in found if one.rule.advice))
    named = what[0] if len(what) == 1 else f"{', '.join(what[:-1])} and {what[-1]}"
    verb = "is" if len(what) == 1 else "are"
    return " ".join([f"{named[0].upper()}{named[1:]} {verb} in it.", *advice])
