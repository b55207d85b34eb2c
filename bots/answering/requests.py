"""Several requests in one message: where one ends and the next begins. Pure, English and Chinese.

What is found here are candidates; whether they are requests of their own is decided when it is known
which articles answer them (`bots.queries`).
"""

import re

from bots.answering.context import points_back
from bots.knowledge.text import COMMON_WORDS, tokens

MOST = 4  # of a message; what follows stays with the last one
FEWEST = 2  # words that tell something

_HEADS = (
    r"(?:how|what|when|where|why|who|whom|whose|which|can|could|do|does|did|is|are|am|was|were|will|would|may"
    r"|should|shall|must|has|have|i (?:also )?(?:want|need|would like|wonder|have to)|i['’]d (?:also )?like|please"
    r"|tell me|let me know|wie|was|wann|wo|warum|kann|können|comment|quand|où|pourquoi|est-ce|cómo|cuándo|dónde|qué|puedo)"
)
_DEEDS = (
    r"(?:cancel|change|track|return|refund|reset|update|delete|create|send|order|exchange|activate|block|close|open|pay"
    r"|get|find|check|see|buy|book|report|register|unsubscribe|subscribe|download|add|remove|switch|transfer)"
)
_HEAD = re.compile(rf"^\W*(?:(?:and|also|or|plus|then|und|et|y)\b\W*)*{_HEADS}\b", re.IGNORECASE)
_DEED = re.compile(rf"^\W*(?:(?:and|also|plus|then)\b\W*)*{_DEEDS}\b", re.IGNORECASE)
_ENDS = re.compile(
    r"(?<=[?!])\s+|(?<=[a-zà-ÿ)\"”])(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)(?<!\bno)(?<!\bvs)(?<!\bst)\.\s+|(?<=[？！。；?!;])|\n+",
    re.IGNORECASE,
)
_JOINS = re.compile(
    rf"\s*[,;]?\s+(?:and|plus|und|et|y)(?:\s+(?:also|then|auch|aussi|también))?,?\s+(?={_HEADS}\b)"
    rf"|\s*[,;]\s+(?:also|plus|besides|another (?:thing|question),?)\s+(?={_HEADS}\b)"
    rf"|\s*,?\s+and\s+(?:also\s+|then\s+)?(?={_DEEDS}\s+\w+)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\S+@\S+|https?://\S+|www\.\S+|\[[A-Z]+ \d+\]")
_HAN = re.compile("[\u4e00-\u9fff]")
_HAN_JOINS = re.compile(
    r"[，,、]\s*(?:另外|还有|顺便(?:问一下|问下|问)?|以及|同时|此外|然后|再问一下|还想(?:问|知道))[，,：:]?\s*|[，,]\s*"
)
_HAN_ASKS = re.compile(
    r"怎么|如何|怎样|多久|多少|多长|什么|哪|吗|呢|能不能|可不可以|是否|是不是|有没有|几[天个点小次]|为什么|为何|可以|我[想要]|请|帮我|需要"
)
_FILLERS = re.compile(
    r"^\W*(?:(?:can|could) you (?:please )?(?:help|tell|assist)(?: me)?(?: (?:please|with (?:this|that|it)))?"
    r"|please (?:help|advise|assist)(?: me)?|thank(?:s| you).*|is that (?:ok|right|possible)|any ideas?|what (?:do|should|can) i do"
    r"|why is that|how come|请问|谢谢.*|帮帮我|怎么办|为什么)\W*$",
    re.IGNORECASE,
)


def parts_of(message: str) -> tuple[str, ...]:
    """The requests of a message, in order, each with what was said around it; the message itself if
    it seems to be one."""
    held, found = "", list[str]()
    for piece in _pieces(message):
        if found and not held and points_back(piece):  # it asks more about the same
            found[-1] = f"{found[-1]} {piece}"
            continue
        held = f"{held} {piece}".strip() if held else piece
        if asks(piece):
            found.append(held)
            held = ""
    if held and found:
        found[-1] = f"{found[-1]} {held}"
    if len(found) < 2:
        return (message.strip(),)
    if len(found) > MOST:
        found[MOST - 1 :] = [" ".join(found[MOST - 1 :])]
    return tuple(found)


def asks(piece: str) -> bool:
    """Whether it could be a request by itself: worded as one, and about something."""
    if _FILLERS.match(piece):
        return False
    if _HAN.search(piece):
        return bool(_HAN_ASKS.search(piece)) and len(_HAN.findall(piece)) >= 2 * FEWEST
    telling = _telling(piece)
    if len(telling) < FEWEST and not (telling and piece.rstrip().endswith("?")):
        return False
    return piece.rstrip().endswith("?") or bool(_HEAD.match(piece) or _DEED.match(piece))


def says_what_about(piece: str) -> bool:
    """Whether it tells enough of what it is about to be handed to a person by itself."""
    return len(_HAN.findall(piece)) >= 3 * FEWEST or len(_telling(piece)) >= FEWEST


def _telling(piece: str) -> list[str]:
    bare = _ADDRESS.sub(" ", piece)
    return [word for word in tokens(bare) if word not in COMMON_WORDS and not word.isdigit()]


def _pieces(message: str) -> list[str]:
    """Sentences, and the halves of those that ask twice."""
    found: list[str] = []
    for sentence in _ENDS.split(message):
        if not sentence or not sentence.strip():
            continue
        joins = _HAN_JOINS if _HAN.search(sentence) else _JOINS
        halves = [half.strip() for half in joins.split(sentence) if half.strip()]
        if sentence.rstrip().endswith(("?", "？")):  # then each half of it is a question
            halves = [half if half.endswith(("?", "？")) else f"{half}?" for half in halves]
        found.extend(halves if sum(map(asks, halves)) > 1 else [sentence.strip()])
    return found
