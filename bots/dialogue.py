"""Answer, ask back or step aside? A rule over a few numbers; pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bots.wishes import Wish

Choice = Literal["answer", "clarify", "handoff"]
Reason = Literal[
    "found",
    "close_call",
    "asked",
    "complaint",
    "unsure",
    "greeting",
    "thanks",
    "goodbye",
    "unclear",
]


@dataclass(frozen=True)
class Evidence:
    """What search found. Probabilities are calibrated.

    `answerable`: some article answers this; `right`: the first one does. Below `floor` (of
    `answerable`) nothing found is good enough; from `sure` (of `right`) on one article is.
    `rivals`: articles nearly as near as the first.
    """

    answerable: float
    right: float
    floor: float
    sure: float
    rivals: int = 0


@dataclass(frozen=True)
class Decision:
    """What to do, how sure (0 no idea … 1 certain that the article is right), and why."""

    choice: Choice
    confidence: float
    reason: Reason


_WISHES: dict[Wish, Decision] = {
    Wish.HUMAN: Decision("handoff", 1.0, "asked"),
    Wish.COMPLAINT: Decision("handoff", 0.9, "complaint"),
    Wish.GREETING: Decision("clarify", 1.0, "greeting"),
    Wish.THANKS: Decision("clarify", 1.0, "thanks"),
    Wish.GOODBYE: Decision("clarify", 1.0, "goodbye"),
    Wish.UNCLEAR: Decision("clarify", 0.0, "unclear"),
}


def decide(evidence: Evidence | None, wish: Wish | None = None) -> Decision:
    """A plain wish comes first; then the evidence speaks; without any, a person is asked."""
    if wish is not None:
        return _WISHES[wish]
    if evidence is None:
        return Decision("handoff", 0.0, "unsure")
    if evidence.answerable < evidence.floor:
        return Decision("handoff", evidence.right, "unsure")
    if evidence.right >= evidence.sure or not evidence.rivals:
        return Decision("answer", evidence.right, "found")
    return Decision("clarify", evidence.right, "close_call")


# --- follow-ups ---------------------------------------------------------------------------

_CONTINUES = re.compile(
    r"^\W*(?:and|but|also|or|so|then|what about|how about|what if|and if|same for|only|even|ok(?:ay)?,? (?:and|but))\b"
    r"|^\W*(?:那|那么|还有|如果|要是|那如果|但|但是|而|另外)"
    r"|(?:呢)[?？。!！]*$"
)
_POINTS_BACK = re.compile(
    r"\b(?:it|its|that|this|they|them|those|these|there|one|ones|he|she)\b|[它这那](?:个|些|种|样|里)?|他们|她们"
)
_QUOTED = re.compile(r"[“「]([^”」]{2,300})[”」]")
_ORDINALS: tuple[tuple[re.Pattern[str], int], ...] = (
    (re.compile(r"^\W*(?:the )?(?:first|1st|1|one|former|a)(?: one)?\W*$|第一|前一个|前者"), 0),
    (re.compile(r"^\W*(?:the )?(?:second|2nd|2|two|b)(?: one)?\W*$|第二|后者"), 1),
    (re.compile(r"^\W*(?:the )?(?:third|3rd|3|three|last|c)(?: one)?\W*$|第三|最后"), 2),
)
_YES = re.compile(
    r"^\W*(?:yes|yeah|yep|yup|sure|correct|right|exactly|that one|是|是的|对|对的|嗯|没错)\W*$"
)
SHORT = 6  # words; a Chinese character counts as half


def resolved(question: str, history: Sequence[tuple[str, str]]) -> str:
    """A question that can stand alone: what it leaves out is taken from what was said before.

    `history` is (role, text), oldest first, roles `customer`, `bot` and `agent`. Picking one of the
    articles that the bot offered (“the first one”) gives that article's title.
    """
    if picked := _picked(question, history):
        return picked
    before = [
        text
        for role, text in history
        if (role == "customer" and len(text.split()) > 1) or (role == "customer" and len(text) > 3)
    ]
    if not before or not _leans_back(question):
        return question
    return f"{before[-1].strip()} {question.strip()}"


def _picked(question: str, history: Sequence[tuple[str, str]]) -> str | None:
    if not history or history[-1][0] == "customer":
        return None
    offered = _QUOTED.findall(history[-1][1])
    said = question.strip().casefold()
    if len(offered) == 1 and _YES.match(said):
        return str(offered[0])
    for pattern, place in _ORDINALS:
        if pattern.search(said) and len(said) <= 20 and place < len(offered):
            return str(offered[place])
    return None


def _leans_back(question: str) -> bool:
    """Too short to stand alone, and worded as a continuation."""
    said = question.strip().casefold()
    size = sum(0.5 if "\u3400" <= c <= "\u9fff" else 0 for c in said) + len(
        re.findall(r"[^\W\u3400-\u9fff]+", said)
    )
    if size > 2 * SHORT:
        return False
    if _CONTINUES.search(said):
        return True
    return size <= SHORT and bool(_POINTS_BACK.search(said))
