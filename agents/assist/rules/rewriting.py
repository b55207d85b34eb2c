"""An agent's own words, corrected, shorter or friendlier: by rules, and never at the price of a fact. Pure.

Rules change little, and what they change can be looked through at a glance. Whatever they make is held against
the original: a number, name, address, date or negation that is lost or new, and it is not offered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Literal

How = Literal["correct", "shorter", "friendlier"]
Better = Callable[[str], str | None]

_SENTENCE = re.compile(r"(?<=[^\d\s][.!?…])\s+|(?<=\d{3}[.!?…])\s+|(?<=[。！？])")
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
    r"\b(the|a|an|to|of|at|are|and|or|we|you|your|our|for|with|this|it|be)[ \t]+\1\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"(?<![\w@/.#{-])[a-z]{3,}(?:['’][a-z]+)?(?![\w@/#}-]|\.\w)")
_DAY = re.compile(
    r"(?<![\w@/.#{-])(?:monday|tuesday|wednesday|thursday|friday|saturday|sunday|january|february|april|june|july"
    r"|august|september|october|november|december)s?\b(?![@/#}-]|\.\w)"
)
_LONG: tuple[tuple[str, str], ...] = (
    (r"\bin order to\b", "to"),
    (r"\bdue to the fact that\b", "because"),
    (r"\bat this (?:point in time|moment in time)\b", "now"),
    (r"\bin the event that\b", "if"),
    (r"\bwith (?:regard|regards|respect) to\b", "about"),
    (r"\ba (?:large|great) number of\b", "many"),
    (r"\b(is|are|am) able to\b", "can"),
    (r"\bprior to\b", "before"),
    (r"\bsubsequent to\b", "after"),
    (r"\b(?:please (?:be advised|note|be informed) that|i (?:would like|want|am writing) to (?:inform|let) you(?: know)?(?: that)?)\s+", ""),
    (r"(?<!not )(?<!n't )(?<!n’t )\b(?:basically|actually),?\s+|\b(?:as a matter of fact|to be honest|needless to say),\s+", ""),
    # “Not very warm” is not “not warm”, and “the very same” is another word.
    (r"(?<!not )(?<!n't )(?<!n’t )(?<!the )(?<!so )\b(?:very|really)\s+(?!much|few|little|a\b)(?=[a-z])", ""),
    (r"为了能够", "为了"), (r"在此期间内", "期间"), (r"的话(?=[，,])", ""), (r"非常(?=抱歉|感谢)", ""),
)  # fmt: skip
# Only what says nothing but that: an offer of more help is left out, “let me know if the blue one is fine” is not.
_MORE = r"(?:(?:any|some) )?(?:other |further |more )?(?:questions?|concerns?|quer(?:y|ies)|doubts?|issues?|assistance|help|information)"
_FILLER = re.compile(
    r"^\W*(?:thank you (?:very much )?for (?:contacting|reaching(?: out)?|getting in touch|writing|your (?:message|patience|understanding|e?-?mail))[^,;:]*"
    r"|(?:i|we) hope (?:this|that|it) (?:helps|answers|clarifies|finds)[^,;:]*|(?:i|we) hope you (?:are|have) (?:well|an? )[^,;:]*"
    r"|(?:please )?(?:do not|don['’]t) hesitate to (?:contact|reach|ask|write|get in touch|let us)[^;:]*"
    r"|please feel free to (?:contact|reach|ask|write to us|get in touch|let us)[^;:]*"
    r"|have an? (?:nice|great|good|lovely|wonderful) (?:rest of )?(?:the |your )?(?:day|evening|afternoon|morning|night|week|weekend|one|time)[^,;:]*"
    r"|(?:i|we) (?:completely |fully |totally )?understand (?:your (?:frustration|concerns?|disappointment)|how |that (?:this|it) (?:is|must be) (?:\w+ )?(?:annoying|frustrating|difficult|upsetting))(?:(?!\b(?:so|but|and|because)\b)[^,;:])*"
    r"|(?:i|we) appreciate your (?:patience|understanding|feedback|loyalty|time|cooperation|business)[^,;:]*"
    r"|(?:if you have|should you have) "
    + _MORE
    + r",? (?:please |just |do not |don['’]t |feel free to |hesitate to )*(?:let us know|contact|reach|ask|write|get in touch)[^,;:]*"
    r"|is there anything else[^,;:]*|let me know if (?:there is anything|i can|we can|you (?:have|need) "
    + _MORE
    + r")[^,;:]*"
    r"|感谢您的(?:来信|咨询|耐心|理解)[^，；：]{0,8}|希望(?:以上|这|对您)[^；：]{0,12}(?:帮助|帮到您|满意)|祝您[^，；：]{0,8}"
    r"|如(?:有|果您有)(?:其他|任何)[^，]{0,2}(?:问题|疑问|需要)，?[^，；：]{0,4}(?:随时|联系|告诉|咨询)[^，；：]{0,10}"
    r"|(?:您)?还有(?:其他|什么)[^，；：]{0,14}[吗？])[.!?…。！？\s]*$",
    re.IGNORECASE,
)
_OFFERS = re.compile(
    r"let (?:me|us) know|anything else|hesitate to|feel free to|hope (?:this|that|it) helps|any (?:other|further|more) questions|随时|还有(?:其他|什么)",
    re.IGNORECASE,
)
_GREETING = re.compile(
    r"^\W*(?:hi|hello|hey|dear|good (?:morning|afternoon|evening)|(?:\w{1,6}[，,])?(?:您好|你好))",
    re.IGNORECASE,
)
# What somebody is asked to do, known by what follows: “Open the box”, but “Open invoices are listed below” and
# “You should have received it” ask for nothing.
_DO = (
    r"(?:(?:send|give|tell|write|call|fill|bring|use|try|open|enter|check|print|return|keep|choose|confirm|sign|show|pay|put|click|reply to)"
    r" (?:the|an?|your|our|us|me|it|them|this|these|those|both|all|out|in|again|\d)"
    r"|wait (?:until|for|a)|go (?:to|back)|click on|try to|check (?:if|whether)|get in touch)\b"
)
_ORDER = re.compile(rf"^(?:you (?:must|have to|need to|should) )?(?={_DO})", re.IGNORECASE)
_TITLES = frozenset(
    {"dr", "mr", "mrs", "ms", "miss", "prof", "herr", "frau", "sir", "madam"}
    | {"dr.", "mr.", "mrs.", "ms.", "prof."}
)
_CLOSING = {
    "en": "Let me know if I can help with anything else.",
    "zh": "如果还有其他问题，请随时告诉我。",
}  # fmt: skip
SAVES = 0.06  # of the letters: less is not worth a change


def correct(text: str, better: Better | None = None) -> str:
    """Blanks, doubled words, capitals at the beginning, and what `better` knows a better spelling for:
    it is asked for lower-case words only, so that names stay. Addresses are not touched."""
    pieces = re.split(f"({_ADDRESS.pattern})", text)
    pieces[::2] = [_corrected(one, better) for one in pieces[::2]]
    return _capitals("".join(pieces).strip())


def _corrected(text: str, better: Better | None) -> str:
    said = re.sub(r"(?<=\S)[ \t]{2,}", " ", text)
    said = re.sub(r"(?<=\w) +([,;!?](?=[\s\w]|$)|\.(?=\s|$))", r"\1", said)
    said = re.sub(r"(?<=[A-Za-z]),(?=[A-Za-z])", ", ", said)
    said = _TWICE.sub(r"\1", said)
    if better is not None:
        said = _DAY.sub(lambda day: day.group().capitalize(), said)
        said = _WORD.sub(lambda word: better(word.group()) or word.group(), said)
        said = re.sub(r"(?<![\w'’.])i(?=['’](?:m|ll|ve|d)\b|\s|[,;!?]|\.(?!\w))", "I", said)
    return said


def shorter(text: str) -> str:
    """Long-winded phrases by short ones, and without sentences that only keep a letter polite; lines stay lines."""
    said = text.strip()
    for long, short in _LONG:
        said = re.sub(long, short, said, flags=re.IGNORECASE)
    lines = said.split("\n")
    kept = [line for line in map(_without_filler, lines) if line is not None]
    joined = "\n".join(kept).strip() or said
    found = _capitals(re.sub(r"(?<=\S)[ \t]{2,}", " ", re.sub(r"\n{3,}", "\n\n", joined)))
    return found if len(found) <= (1 - SAVES) * len(text.strip()) else text.strip()


def _without_filler(line: str) -> str | None:
    """None: nothing else stood in this line."""
    sentences = _SENTENCE.split(line)
    kept = [one for one in sentences if not _FILLER.match(one) or facts(_POLITE_NOT.sub("", one))]
    if len(kept) == len(sentences):
        return line
    return _joined(kept) or None


def friendlier(text: str, *, name: str = "", language: str = "en") -> str:
    """A greeting and an offer where there are none, and a request instead of an order; lines stay lines."""
    said = text.strip()
    closing = _CLOSING.get(language)
    if closing is None or not said:
        return said
    if language == "en":
        said = "\n".join(_joined(map(_asked, _SENTENCE.split(line))) for line in said.split("\n"))
    else:
        said = re.sub(r"你(?!们)", "您", said)
    said = _capitals(said)
    lines = "\n" in said
    if not _GREETING.match(said):
        said = _greeted(said, _first_name(name), language)
    if len(said) > 60 and not _OFFERS.search(said) and not said.endswith(("?", "？", ":", "：")):
        if lines or re.search(rf"(?:{_ADDRESS.pattern})$", said):  # a stop would be part of it
            return f"{said}\n\n{closing}"
        end = "" if said[-1] in ".!…。！" else "。" if language == "zh" else "."
        said += end + (closing if language == "zh" else f" {closing}")
    return said


def _greeted(said: str, first: str, language: str) -> str:
    if language == "zh":
        hello = f"{first}，您好！" if first else "您好！"
        return f"{hello}\n{said}" if "\n" in said else hello + said
    hello = f"Hi {first}" if first else "Hello"
    if "\n" in said:
        return f"{hello},\n\n{said}"
    if _is_plain(said):
        return f"{hello}, {_small(said)}"
    return f"{hello}, {said}" if re.match(r"I\b", said) else f"{hello}! {said}"


def _first_name(name: str) -> str:
    """What somebody is greeted by; nothing where it is no plain name."""
    first = name.split(maxsplit=1)[0] if name.split() else ""
    plain = first.replace("-", "").replace("'", "").replace("’", "").isalpha()
    return first if plain and first.lower() not in _TITLES else ""


def _joined(sentences: Iterable[str]) -> str:
    return "".join(one if re.search(r"[。！？]$", one) else f"{one} " for one in sentences).rstrip()


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
    allowed |= {day.capitalize() for day in _DAY.findall(before)}
    # A name at the beginning of a sentence is one within it afterwards, and the other way round.
    gone = {word for word in lost if word not in re.findall(r"[A-Z][\w’'-]*", after)}
    return not gone and all(word in allowed for word in come)


def _capitals(text: str) -> str:
    """Each sentence begins with a capital, unless it begins with an address or a name written small."""

    def raised(match: re.Match[str]) -> str:
        if _ABBREVIATED.search(text[: match.start(2)]):
            return match.group()
        return match.group(1) + match.group(2).upper()

    return re.sub(
        r"(^|(?<=\w\w)[.!?…]\s+|[.!?…:]\s*\n|\n\n)([a-zà-öø-ÿ])(?=[a-zà-öø-ÿ]*[\s,.!?'’])",
        raised,
        text,
    )


_ABBREVIATED = re.compile(
    r"\b(?:etc|vs|incl|excl|approx|ca|max|min|tel|ext|no|nr|dr|mr|mrs|ms|st|str|resp)\.\s+$",
    re.IGNORECASE,
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
