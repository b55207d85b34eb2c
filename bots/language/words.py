"""Sentences and the words in them, in English and Chinese: pure, and quick enough for each token."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

# A full stop ends a sentence when a space follows; a Chinese one ends it by itself.
_END = re.compile(r"[.!?…]+[\"'”’)\]]*(?=\s)|[。！？；]+[”’」』）]*|\n+")
_SHORT = re.compile(
    r"(?:\b(?:e\.g|i\.e|etc|approx|incl|max|min|no|nr|mr|mrs|ms|dr|st|vs|a\.m|p\.m)|\b[A-Z]|(?:^|\s)\d+)\.$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"[,;:，；：、]\s*|\s+[-–—]\s+|\b(?:but|unless|however|although)\b|但是?|除非|然而"
)
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>，。；）)]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\b[\w-]+\.(?:com|org|net|de|cn|io|uk|example)\b[^\s<>，。；）)]*",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[€$£¥]?\s?\d+(?:[.,:/-]\d+)*\s?(?:%|‰|°|[€$£¥])?")
_LETTER = r"[^\W\d_\u3400-\u4dbf\u4e00-\u9fff]"
_WORD = re.compile(f"{_LETTER}+(?:['’]{_LETTER}+)*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_NUMBER = r"[一二三四五六七八九十两](?=个?[天日周月年小分次件元折工])"
_HAN_RUN = f"(?:(?!{_HAN_NUMBER}){_HAN.pattern})+"
_DENIAL = re.compile(
    r"\b(?:not|never|no|none|nor|neither|cannot|without|nobody|nothing|unable)\b|n['’]t\b|不(?![仅但只])|没|[無无](?!理由)|[未勿莫]",
    re.IGNORECASE,
)

_SPOKEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
)
_COUNTS = {word: str(number) for number, word in enumerate(_SPOKEN.split())} | {
    "thirty": "30",
    "forty": "40",
    "fifty": "50",
    "sixty": "60",
    "ninety": "90",
    "hundred": "100",
}
_HAN_COUNTS = {sign: str(n) for n, sign in enumerate("零一二三四五六七八九十")} | {"两": "2"}
_TOKEN = re.compile(
    f"{_ADDRESS.pattern}|{_NUMBER.pattern}|{_WORD.pattern}|{_HAN_NUMBER}|{_HAN_RUN}", re.IGNORECASE
)

# Words that carry no claim of their own; "can", "must" and the denials are judged elsewhere.
_EMPTY_WORDS = """a about after all also am an and any are as at be been before being both but by can could did do
    does doing down during each either else for from further get gets had has have having he her here
    hers him his how i if in into is it its itself just let like may me might more most must my need
    no nor not now of off on once only or other our ours out over own per please same she should so
    some such than that the their theirs them then there these they this those through to too under
    until up us very want was we were what when where whether which while who whom why will with
    within would yes you your yours yourself however unless although cannot without never none
    neither unable nothing nobody re ve ll don doesn didn isn aren won wasn"""
_EMPTY = frozenset(_EMPTY_WORDS.split())
_ENDINGS = (
    "ations",
    "ation",
    "ingly",
    "ings",
    "ing",
    "ies",
    "ied",
    "edly",
    "ed",
    "es",
    "s",
    "ly",
    "e",
)


@dataclass(frozen=True)
class Words:
    """What a text claims: stems and pairs of Chinese characters, names, figures and addresses."""

    meaning: frozenset[str]
    names: frozenset[str]
    facts: frozenset[str]
    counted: frozenset[tuple[str, str]]
    order: tuple[str, ...]
    denied: bool

    def __or__(self, other: Words) -> Words:
        return Words(
            self.meaning | other.meaning,
            self.names | other.names,
            self.facts | other.facts,
            self.counted | other.counted,
            self.order + other.order,
            denied=self.denied or other.denied,
        )


@lru_cache(maxsize=2_048)
def words_of(text: str) -> Words:
    text = unicodedata.normalize("NFKC", text)
    meaning: set[str] = set()
    names: set[str] = set()
    facts: set[str] = set()
    counted: set[tuple[str, str]] = set()
    order: list[str] = []
    number = ""
    for at, token in enumerate(_TOKEN.findall(text)):
        fact = _fact(token)
        if fact:
            facts.add(fact)
            order.append(fact)
            number = fact
            continue
        claims = _pairs(token) if _HAN.match(token) else [stem_of(token)]
        claims = [claim for claim in claims if claim]
        order.extend(claims)
        meaning.update(claims)
        if number and claims:
            counted.add((number, claims[0][:1] if _HAN.match(token) else claims[0]))
            number = ""
        if at and token[:1].isupper():
            names.update(claims)
    return Words(
        frozenset(meaning),
        frozenset(names),
        frozenset(facts),
        frozenset(counted),
        tuple(order),
        denied=bool(_DENIAL.search(text)),
    )


def _pairs(run: str) -> list[str]:
    """Chinese is not spaced: its characters are taken two by two, overlapping."""
    return [run[at : at + 2] for at in range(max(1, len(run) - 1))]


def _fact(token: str) -> str:
    """What must be found as it stands: an address, a figure; empty for any other word."""
    if "@" in token or "/" in token or _ADDRESS.fullmatch(token):
        return token.rstrip(".,;:!?").casefold()
    return _figure(token)


def _figure(token: str) -> str:
    """A number as it is compared: no spaces, no thousands' commas, words as digits."""
    if any(character.isdigit() for character in token):
        return re.sub(r"(?<=\d),(?=\d{3}\b)", "", re.sub(r"\s", "", token))
    return _COUNTS.get(token.casefold()) or _HAN_COUNTS.get(token, "")


def stem_of(word: str) -> str:
    """A word without its English ending; empty for a word that claims nothing."""
    word = re.sub(r"['’](?:s|t|re|ve|ll|d|m)$", "", word.casefold())
    if word in _EMPTY or len(word) < 2:
        return ""
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word.removesuffix(ending)
            if len(word) > 3 and word[-1] == word[-2]:
                word = word[:-1]  # shipped → ship
            break
    return word.removesuffix("y").removesuffix("i") if len(word) > 3 else word


def sentences(text: str) -> list[str]:
    """A text's sentences, trimmed, in order."""
    found = []
    while text.strip():
        sentence, text = first_sentence(text + " " if not text.endswith((" ", "\n")) else text)
        if not sentence:
            found.append(text.strip())
            break
        found.append(sentence.strip())
    return [sentence for sentence in found if sentence]


def first_sentence(text: str) -> tuple[str, str]:
    """The first whole sentence of a text that may still grow, and what follows; or ("", text)."""
    for end in _END.finditer(text):
        sentence = text[: end.end()]
        if not sentence.strip() or _SHORT.search(sentence.rstrip()):
            continue
        return sentence, text[end.end() :]
    return "", text


def is_closed(text: str) -> bool:
    """Ends as a sentence does."""
    return bool(re.search(r"[.!?…。！？][\"'”’)\]」』）]*$", text.strip()))


def clauses(sentence: str) -> list[str]:
    return [clause for clause in _CLAUSE.split(sentence) if clause and clause.strip()]
