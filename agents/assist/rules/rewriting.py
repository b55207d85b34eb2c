"""An agent's own words, corrected, shorter or friendlier: by rules, and never at the price of a fact. Pure.

Rules change little, and what they change can be looked through at a glance. Whatever they make is held against
the original: a number, name, address, date or negation that is lost or new, and it is not offered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from typing import Literal

How = Literal["correct", "shorter", "friendlier"]
Better = Callable[[str], str | None]

_SENTENCE = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*%?")
_ADDRESS = re.compile(r"https?://\S+|\S+@\S+\.\S+|\{\{.*?\}\}")
_NEGATION = re.compile(
    r"\b(?:not|never|no|none|nothing|nobody|neither|nor|without|cannot|\w+n['’]t"
    r"|(?:does|do|did|is|are|was|were|has|have|had|would|could|should|ca|wo)nt)\b|不|没|無|无|未|别|勿",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?<![.!?…。！？\n] )(?<!^)(?<!\n)\b[A-Z][\w’'-]*")
_PRONOUN = frozenset({"I", "I'm", "I'll", "I've", "I'd", "Please", "Hi", "Hello", "Dear"})
_TWICE = re.compile(
    r"\b(the|a|an|to|of|in|on|at|is|are|and|or|we|you|your|our|for|with|this|it|will|can|be)\s+\1\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\w@/.#{-])[a-z]{3,}(?:['’][a-z]+)?(?![\w@/#}-]|\.\w)")
_LONG: tuple[tuple[str, str], ...] = (
    (r"\bin order to\b", "to"),
    (r"\bdue to the fact that\b", "because"),
    (r"\bat this (?:point in time|moment in time)\b", "now"),
    (r"\bin the event (?:that|of)\b", "if"),
    (r"\bwith (?:regard|regards|respect) to\b", "about"),
    (r"\ba (?:large|great) number of\b", "many"),
    (r"\b(is|are|am) able to\b", "can"),
    (r"\bprior to\b", "before"),
    (r"\bsubsequent to\b", "after"),
    (r"\bas soon as possible\b", "soon"),
    (r"\b(?:please (?:be advised|note|be informed) that|i (?:would like|want|am writing) to (?:inform|let) you(?: know)?(?: that)?)\s+", ""),
    (r"\b(?:basically|actually|as a matter of fact|to be honest|needless to say),?\s+", ""),
    (r"\b(?:very|really|quite|simply)\s+(?=[a-z])", ""),
    (r"为了能够", "为了"), (r"在此期间内", "期间"), (r"的话(?=[，,])", ""), (r"非常(?=抱歉|感谢)", ""),
)  # fmt: skip
_FILLER = re.compile(
    r"^\W*(?:thank you (?:very much )?for (?:contacting|reaching|getting in touch|writing|your (?:message|patience|understanding|e?-?mail))"
    r"|(?:i|we) hope (?:this|that|you)|(?:please )?(?:do not|don['’]t) hesitate|please feel free|have a (?:nice|great|good|lovely|wonderful)"
    r"|(?:i|we) (?:completely |fully |totally )?understand (?:your|how|that (?:this|it))|(?:i|we) appreciate your"
    r"|(?:if you have|should you have) any (?:other|further|more)|is there anything else|let me know if"
    r"|感谢您的(?:来信|咨询|耐心|理解)|希望(?:以上|这|对您)|祝您|如(?:有|果您有)(?:其他|任何)|还有(?:其他|什么))",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|您好|你好)", re.IGNORECASE
)
_ORDER = re.compile(
    r"^(?:you (?:must|have to|need to|should) (?!not\b)|(?=(?:send|give|tell|wait|check|write|call|fill|bring|use|go|try|click|open|enter)\b))",
    re.IGNORECASE,
)
_CLOSING = {
    "en": "Let me know if I can help with anything else.",
    "zh": "如果还有其他问题，请随时告诉我。",
}  # fmt: skip
SAVES = 0.06  # of the letters: less is not worth a change


def correct(text: str, better: Better | None = None) -> str:
    """Blanks, doubled words, capitals at the beginning, and what `better` knows a better spelling for:
    it is asked for lower-case words only, so that names stay."""
    said = re.sub(r"[ \t]{2,}", " ", text)
    said = re.sub(r" +([,.;!?])(?=[\s\w]|$)", r"\1", said)
    said = re.sub(r"(?<=[A-Za-z]),(?=[A-Za-z])", ", ", said)
    said = _TWICE.sub(r"\1", said)
    if better is not None:
        said = _WORD.sub(lambda word: better(word.group()) or word.group(), said)
        said = re.sub(r"(?<![\w'’])i(?=['’](?:m|ll|ve|d)\b|\s|[,.;!?])", "I", said)
    return _capitals(said.strip())


def shorter(text: str) -> str:
    """Long-winded phrases by short ones, and without sentences that only keep a letter polite."""
    said = text.strip()
    for long, short in _LONG:
        said = re.sub(long, short, said, flags=re.IGNORECASE)
    sentences = _SENTENCE.split(said)
    kept = [one for one in sentences if not _FILLER.match(one) or facts(_POLITE_NOT.sub("", one))]
    joined = "".join(one if _is_chinese(one) else f"{one} " for one in (kept or sentences)).strip()
    found = _capitals(re.sub(r"[ \t]{2,}", " ", joined))
    return found if len(found) <= (1 - SAVES) * len(text.strip()) else text.strip()


def friendlier(text: str, *, name: str = "", language: str = "en") -> str:
    """A greeting and an offer where there are none, and a request instead of an order."""
    said = text.strip()
    closing = _CLOSING.get(language)
    if closing is None or not said:
        return said
    pieces = [_asked(one) if language == "en" else one for one in _SENTENCE.split(said)]
    said = "".join(one if _is_chinese(one) else f"{one} " for one in pieces).strip()
    if language == "zh":
        said = re.sub(r"你(?!们)", "您", said)
    said = _capitals(said)
    first = name.split(maxsplit=1)[0] if name.split() else ""
    if not _GREETING.match(said):
        hello = (
            (f"您好{first}，" if first else "您好，")
            if language == "zh"
            else f"Hi {first}, "
            if first
            else "Hello, "
        )
        said = hello + (said if language == "zh" or not _is_plain(said) else _small(said))
    if (
        len(said) > 60
        and not _FILLER.match(_SENTENCE.split(said.strip())[-1])
        and not said.endswith(("?", "？"))
    ):
        end = "" if said[-1] in ".!…。！" else "。" if language == "zh" else "."
        said += end + (closing if language == "zh" else f" {closing}")
    return said


def _asked(sentence: str) -> str:
    """“You must send it” and “Send it” → “Please send it”."""
    order = _ORDER.match(sentence)
    return f"Please {_small(sentence[order.end() :])}" if order else sentence


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def facts(text: str) -> Counter[str]:
    """What may neither be lost nor come in: numbers, addresses, negations, and names within a sentence."""
    found: Counter[str] = Counter()
    found.update(_NUMBER.findall(text))
    found.update(_ADDRESS.findall(text))
    found["not"] = len(_NEGATION.findall(text))
    found.update(word for word in _NAME.findall(text) if word not in _PRONOUN)
    return +found


_POLITE_NOT = re.compile(r"\b(?:do not|don['’]t) hesitate\b", re.IGNORECASE)


def keeps(before: str, after: str, *, may_come: str = "") -> bool:
    """Whether the facts are the same; `may_come` are words that may be new (the customer's name)."""
    new = facts(_POLITE_NOT.sub("", after))
    old = facts(_POLITE_NOT.sub("", before))
    lost, come = old - new, new - old
    allowed = {*may_come.split(), *re.findall(r"[A-Z][\w’'-]*", before)}
    # A name at the beginning of a sentence is one within it afterwards, and the other way round.
    gone = {word for word in lost if word not in re.findall(r"[A-Z][\w’'-]*", after)}
    return not gone and all(word in allowed for word in come)


def _capitals(text: str) -> str:
    """Each sentence begins with a capital, unless it begins with an address or a name written small."""

    def raised(match: re.Match[str]) -> str:
        return match.group(1) + match.group(2).upper()

    return re.sub(
        r"(^|(?<=\w\w)(?<!\betc)(?<!\bvs)(?<!incl)(?<!approx)(?<!\bca)[.!?…]\s+|\n)([a-zà-öø-ÿ])(?=[a-zà-öø-ÿ]*[\s,.!?'’])",
        raised,
        text,
    )


def _is_plain(text: str) -> bool:
    """Begins with a common word, which is written small within a sentence."""
    first = re.match(r"[A-Za-z'’]+", text)
    return first is not None and first.group().lower() in _STARTS


_STARTS = frozenset(
    re.findall(
        r"\S+",
        "thank thanks sorry the a an you your we our it this that these please to if for in on of course yes no there here then after before once as when with all they their",
    )
)


def _is_chinese(text: str) -> bool:
    return bool(re.search(r"[\u4e00-\u9fff]", text))
