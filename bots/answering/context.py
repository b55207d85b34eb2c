"""A question against what was said before it: follow-ups, new topics, what was picked. Pure.

`history` is always (role, text), oldest first, roles `customer`, `bot` and `agent`, of one conversation since
it was last resolved: what was settled then is no context for what is asked now.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bots.answering.wishes import wish_of
from bots.knowledge.text import COMMON_WORDS, tokens

History = Sequence[tuple[str, str]]

SHORT = 6  # words; a Chinese character counts as half
FAR_BACK = 8  # messages of the customer among which a topic is looked for

_CONTINUES = re.compile(
    r"^\W*(?:and|but|also|or|so|then|what about|how about|what if|and if|same for|only|even|ok(?:ay)?,? (?:and|but)"
    r"|und|aber|oder|et|mais|ou|y|pero|o|e)\b"
    r"|^\W*(?:那|那么|还有|如果|要是|那如果|但|但是|而|另外)"
    r"|(?:呢)[?？。!！]*$"
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these|there|one|ones|he|she|das|dies|davon|dafür|ça|cela|celui|eso|esto)\b"
    r"|[它这那](?:个|些|种|样|里)?|他们|她们"
)
# So little by itself that it must be about what was said: “how long?”, “why?”, “多久？”.
_BARE = re.compile(
    r"^\W*(?:how (?:long|much|many|often|far|soon|fast)|when|where|why|who|which(?: one)?|how|what time|since when|until when"
    r"|wie lange|wie viel|wann|warum|wo|combien|quand|pourquoi|où|cuánto|cuándo|por qué|dónde)(?: exactly| then| please)?\W*$"
    r"|^\W*(?:要?多久|多少钱?|为什么|为何|什么时候|几[天个号]|在?哪里?|怎么(?:办|弄|做|操作)?|多长时间|费用|收费)(?:呢|呀|啊|吗)?\W*$"
)
_QUOTED = re.compile(r"[“「]([^”」]{2,300})[”」]")
_ORDINALS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"^\W*(?:the )?(?:first|1st|1|one|former|a)(?: one)?\W*$|第一|前一个|前者"), 0),
    (re.compile(r"^\W*(?:the )?(?:second|2nd|2|two|b)(?: one)?\W*$|第二|后者"), 1),
    (re.compile(r"^\W*(?:the )?(?:third|3rd|3|three|last|c)(?: one)?\W*$|第三|最后"), 2),
)
_YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|correct|right|exactly|that one|ja|oui|sí|si|是|是的|对|对的|嗯|没错)\W*$"
)


@dataclass(frozen=True)
class Reading:
    """A question that can stand alone. `apart`: it may be a new topic as well, so that both
    readings should be looked up; else what it leaves out is known to be in what was said before.
    `loosely`: nothing in it points back, it is only short; what it says by itself comes first."""

    text: str
    apart: bool = False
    loosely: bool = False


def told_before(history: History, before: str = "") -> list[tuple[str, str]]:
    """What a follow-up can be about: no greeting and no word of thanks. `before` is the summary of a time that
    is over (questions between dots, newest last), which counts as long as nothing has been said since."""
    settled = [("customer", one.strip()) for one in before.split(" · ") if one.strip()]
    return [
        (role, text)
        for role, text in history or settled
        if role != "customer" or wish_of(text) is None
    ]


def resolved(question: str, history: History) -> str:
    """A question that can stand alone: what it leaves out is taken from what was said before."""
    reading = read(question, history)
    return question if reading.loosely else reading.text


def read(question: str, history: History) -> Reading:
    """Picking one of the articles that the bot offered (“the first one”) gives that article's title."""
    if picked := _picked(question, history):
        return Reading(picked)
    leans = leans_back(question)
    if not leans and _size(question.casefold()) > SHORT:
        return Reading(question)
    before = topic(history)
    if not before:
        return Reading(question)
    if not leans:
        return Reading(f"{before} {question.strip()}", apart=True, loosely=True)
    return Reading(f"{before} {question.strip()}", apart=_could_stand_alone(question))


def topic(history: History) -> str:
    """What the customer is asking about: the newest question that stood alone, with the follow-ups since.

    Empty when there is none. Of many follow-ups only the newest counts.
    """
    said = [text.strip() for role, text in history if role == "customer" and len(text.strip()) > 3]
    follow_up = ""
    for text in reversed(said[-FAR_BACK:]):
        if leans_back(text):
            follow_up = follow_up or text
        elif len(text.split()) > 1 or len(text) > 3:
            return f"{text} {follow_up}".strip()
    return follow_up


def summary(history: History, *, longest: int = 300) -> str:
    """What a conversation was about when it ended, in the customer's own words: each question that stood
    alone, newest kept."""
    asked = [
        " ".join(text.split())
        for role, text in history
        if role == "customer" and not leans_back(text) and set(tokens(text)) - COMMON_WORDS
    ]
    kept: list[str] = []
    for text in reversed(list(dict.fromkeys(asked))):
        if sum(map(len, kept)) + len(text) > longest:
            break
        kept.insert(0, text)
    return " · ".join(kept) or (asked[-1][:longest] if asked else "")


def _picked(question: str, history: History) -> str | None:
    if not history or history[-1][0] == "customer":
        return None
    # What it asks back stands last, after the answers to anything else that was asked.
    offered = _QUOTED.findall(history[-1][1].rstrip().rsplit("\n\n", 1)[-1])
    said = question.strip().casefold()
    if len(offered) == 1 and _YES.match(said):
        return str(offered[0])
    for pattern, place in _ORDINALS:
        if pattern.search(said) and len(said) <= 20 and place < len(offered):
            return str(offered[place])
    return None


def leans_back(question: str) -> bool:
    """Too short to stand alone, and worded as a continuation."""
    said = question.strip().casefold()
    if points_back(said):
        return True
    return _size(said) <= 2 * SHORT and bool(_CONTINUES.search(said))


def points_back(question: str) -> bool:
    """Short, and about something that it does not name."""
    said = question.strip().casefold()
    return bool(_BARE.match(said)) or (_size(said) <= SHORT and bool(_POINTS_BACK.search(said)))


def _size(said: str) -> float:
    """In words; a Chinese character counts as half of one."""
    han = sum(0.5 for c in said if "\u3400" <= c <= "\u9fff")
    return han + len(re.findall(r"[^\W\u3400-\u9fff]+", said))


def _could_stand_alone(question: str) -> bool:
    """“And how do I pay by invoice?” says all that is needed; “and how long does it take?” does not."""
    said = question.strip().casefold()
    if _POINTS_BACK.search(said) or _BARE.match(said):
        return False
    telling = set(tokens(said)) - COMMON_WORDS
    return len(telling) >= (4 if any("\u3400" <= c <= "\u9fff" for c in said) else 2)
