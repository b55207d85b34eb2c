"""How a conversation goes: is the customer losing patience, is it going in circles? Pure, words only."""

import re
from collections.abc import Sequence

from bots.knowledge.text import COMMON_WORDS, normal, tokens

SAME = 0.7  # of the words that tell something: the same question once more
CROSS = 0.6  # from here on a customer is cross
READS = 0.6  # of a message that surely reads as negative

_CROSS = re.compile(
    r"\b(?:useless|ridiculous|terrible|horrible|awful|worst|pathetic|unacceptable|disgusting|disgrace\w*|joke|stupid"
    r"|angry|furious|annoy\w+|frustrat\w+|fed up|sick of|waste of (?:my )?time|disappoint\w+|hate|nonsense|incompetent"
    r"|wtf|damn|hell|crap)\b"
    r"|太差|垃圾|差劲|气死|生气|愤怒|失望|无语|骗子|忽悠|敷衍|浪费(?:我的?)?时间|什么破|烦死|受不了|离谱|坑人|恶心"
    r"|\b(?:unverschämt|frech|nutzlos|schrecklich|furchtbar|inacceptable|inutile|nul|horrible|inaceptable|inútil|pésimo)\b"
)
_AGAIN = re.compile(
    r"\b(?:(?:i(?:'ve| have)?) (?:already|just) (?:said|told|asked|tried)|still (?:not|no|doesn'?t|don'?t|isn'?t|can'?t|waiting|nothing)"
    r"|(?:second|third|fourth|fifth|\d+(?:nd|rd|th)) time|(?:how )?many times|over and over|again and again|for (?:days|weeks|months|hours))\b"
    r"|还是(?:不|没)|说了(?:多少|几|好几)[次遍]|第[二三四五]次|都(?:几天|一个?[周月]|好久)了|反复|又(?:来|是这)"
)
_UNHELPED = re.compile(
    r"^\W*(?:(?:no|nope|sorry|well|but)\W+)*(?:(?:that|this|it|your answer)(?:'s| is| was| did| does)?(?:n'?t| not)?(?: really| at all)?"
    r" (?:help(?:ful|ed|s)?|work(?:ed|ing|s)?|what i (?:asked|meant|mean|want(?:ed)?|need(?:ed)?)|answer(?:s|ed)?(?: my question)?|useful|right|it|correct)"
    r"(?: (?:me|for me|at all|either|what i (?:asked|meant|need(?:ed)?)))*"
    r"|(?:not|wrong|doesn'?t|didn'?t|don'?t) (?:help(?:ful|ing)?|work(?:ing)?|what i (?:asked|meant|want(?:ed)?|need(?:ed)?)|answer(?: my question)?|it|understand(?: me)?|get it)"
    r"(?: (?:me|at all))*|wrong answer|you (?:don'?t|didn'?t|did not|do not) (?:understand|answer|help)(?: (?:me|my question))*)\W*$"
    r"|^\W*(?:这?(?:个|样|还是)?)?(?:没用|没有用|没帮助|没有帮助|不对|答非所问|不是这个(?:意思|问题)?|我(?:问|说)的不是这个|没(?:有)?解决|你没(?:听|看)?懂|听不懂)\W*(?:啊|呀|吧|的)?\W*$"
)
_DENIED = re.compile(r"(?:n'?t\b|\bnot\b|\bwrong\b|\bno\b|没|不|非)")


def crossness(text: str) -> float:
    """0 calm … 1 furious, by the words, the capitals and the exclamation marks."""
    said = _folded(text)
    worth = 0.45 * len(_CROSS.findall(said)) + 0.3 * len(_AGAIN.findall(said))
    letters = [c for c in text if c.isalpha() and c.isascii()]
    if len(letters) >= 12 and sum(c.isupper() for c in letters) > 0.7 * len(letters):
        worth += 0.35
    if re.search(r"[!！]{2,}|[?？][!！]|[!！][?？]", text):
        worth += 0.2
    return min(worth, 1.0)


def upset(text: str, negative: float | None) -> float:
    """0 calm … 1 furious, by the words and, where a model has read the message, by the chance that a person would
    call it negative: three in four is as much as one cross word."""
    return max(crossness(text), READS * (negative or 0.0))


def felt(score: float | None) -> float:
    """The same of a whole conversation, by how its messages read (-1 … 1, an estimate; None: not yet)."""
    return max(0.0, -score) if score is not None else 0.0


def trend(question: str, earlier: Sequence[str]) -> float:
    """How much crosser the customer is than before, -1 … 1. `earlier` are their own words."""
    before = [crossness(text) for text in earlier]
    return crossness(question) - (sum(before) / len(before) if before else 0.0)


def says_it_did_not_help(text: str) -> bool:
    """Nothing but that the last answer was none."""
    said = _folded(text)
    return bool(_UNHELPED.match(said) and _DENIED.search(said))


def repeats(question: str, earlier: Sequence[str]) -> int:
    """How often the customer has asked this before."""
    now = _telling(question)
    return sum(_alike(now, _telling(text)) for text in earlier) if now else 0


def was_said(text: str, earlier: Sequence[str]) -> bool:
    """Whether the bot has given this answer before. `earlier` are the bot's words."""
    plain = _folded(re.sub(r"\s*\[\d+\]", "", text))
    return bool(plain) and any(plain in _folded(re.sub(r"\s*\[\d+\]", "", one)) for one in earlier)


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and len(one & other) >= SAME * len(one | other)


def _telling(text: str) -> frozenset[str]:
    return frozenset(tokens(text)) - COMMON_WORDS


def _folded(text: str) -> str:
    return " ".join(normal(text).replace("’", "'").split())
