"""Answer, ask back or step aside? A rule over a few numbers; pure.

The bot answers when that is expected to cost the customer less than waiting for a person. A wrong
answer costs FAILURE seconds of a customer's patience, and then the wait comes all the same; a person costs the
wait, and PERSON seconds of an agent. So the chance that is needed is FAILURE / (FAILURE + PERSON + wait): with
a queue of two minutes the bot steps aside early, with one of forty it tries first.

Whether any article speaks of it at all is another question, and the wait moves its answer little: a person who is
free is no reason to leave an article unsaid that has the answer, nor is a long queue one to say what has nothing to
do with the question.
"""

from dataclasses import dataclass, replace
from math import exp, log
from typing import Literal

from bots.answering.manner import NEUTRAL, Manner
from bots.answering.wishes import Wish

Choice = Literal["answer", "clarify", "handoff"]
# Why; a reason that is not here means a person. The first line goes with answers and questions back,
# the others with handovers.
Reason = Literal[
    "found", "fixed", "close_call", "greeting", "about_bot", "thanks", "goodbye", "unclear",
    "asked", "complaint", "no_article", "low_chance", "person_free", "unsupported",
    "out_of_scope", "loop", "frustrated", "part", "policy",
]  # fmt: skip

FAILURE, PERSON = 90.0, 190.0  # seconds
USUAL_WAIT = 320.0  # when nobody knows
# Log-odds: how far the wait may move the floor of what counts as an answer.
RAISED, LOWERED = 0.2, 1.0
CROSS = 0.6  # of `bots.answering.mood.crossness`
LONG_WAIT = 1_200.0  # seconds: from here on a callback is the better offer


@dataclass(frozen=True)
class Evidence:
    """What search found, and how the conversation went. Probabilities are calibrated.

    `answerable`: some article answers this; `right`: the first one does; `chance`: the bot resolves
    it. Below `floor` (of `answerable`) nothing found is good enough; from `sure` (of `right`) on one
    article is. `rivals`: articles nearly as near as the first. `repeats`: how often the customer asked
    this before, `told`: and the bot said something to it; `asked_back`: the bot's last words were a question;
    `cross`: how cross the customer is, 0 to 1, in a conversation in which the bot has spoken.
    """

    answerable: float
    right: float
    floor: float
    sure: float
    rivals: int = 0
    chance: float = 1.0
    repeats: int = 0
    told: bool = False
    asked_back: bool = False
    cross: float = 0.0


@dataclass(frozen=True)
class Decision:
    """What to do, how sure (0 no idea … 1 certain that the article is right), and why."""

    choice: Choice
    confidence: float
    reason: Reason


_WISHES: dict[Wish, Decision] = {
    Wish.HUMAN: Decision("handoff", 1.0, "asked"),
    Wish.COMPLAINT: Decision("handoff", 0.9, "complaint"),
    Wish.CROSS: Decision("handoff", 0.9, "frustrated"),
    Wish.UNHELPED: Decision("handoff", 0.0, "loop"),
    Wish.GREETING: Decision("clarify", 1.0, "greeting"),
    Wish.ABOUT: Decision("clarify", 1.0, "about_bot"),
    Wish.THANKS: Decision("clarify", 1.0, "thanks"),
    Wish.GOODBYE: Decision("clarify", 1.0, "goodbye"),
    Wish.UNCLEAR: Decision("clarify", 0.0, "unclear"),
}


def needed(manner: Manner = NEUTRAL) -> float:
    """The chance from which an answer costs less than a person, at the present wait."""
    failure = FAILURE * max(manner.caution, 0.01)
    wait = USUAL_WAIT if manner.expected_wait is None else max(manner.expected_wait, 0.0)
    return failure / (failure + PERSON + wait)


def decide(
    evidence: Evidence | None, wish: Wish | None = None, manner: Manner = NEUTRAL
) -> Decision:
    """A plain wish comes first; then the evidence speaks; without any, a person is asked."""
    if wish is not None:
        return _WISHES[wish]
    if evidence is None:
        return Decision("handoff", 0.0, "no_article")
    if against := _against(evidence, manner):
        return _aside(against, evidence, manner)
    if _asks_back(evidence):
        return Decision("clarify", evidence.right, "close_call")
    return Decision("answer", evidence.right, "found")


def _asks_back(evidence: Evidence) -> bool:
    return evidence.right < evidence.sure and evidence.rivals > 0 and not evidence.asked_back


def _aside(against: Reason, evidence: Evidence, manner: Manner) -> Decision:
    """To a person; that one is free is the reason where that is all that speaks against an answer. It speaks against
    no question back, which costs a customer little."""
    if _against(evidence, replace(manner, expected_wait=None)):
        return Decision("handoff", evidence.right, against)
    if _asks_back(evidence):
        return Decision("clarify", evidence.right, "close_call")
    return Decision("handoff", evidence.right, "person_free")


def _against(evidence: Evidence, manner: Manner) -> Reason | None:
    """Why there is no use in saying anything."""
    # Who would wait long is told once more.
    patience = 1 if (manner.expected_wait or 0.0) >= LONG_WAIT else 0
    if evidence.told and evidence.repeats > patience:
        return "loop"
    if evidence.cross >= CROSS:
        return "frustrated"
    if evidence.answerable < floor_at(evidence.floor, manner):
        return "no_article"
    return "low_chance" if evidence.chance < needed(manner) else None


def floor_at(floor: float, manner: Manner) -> float:
    """A floor that was chosen for the usual wait and caution, moved by the odds of both; by the wait only within
    RAISED and LOWERED."""
    wait = USUAL_WAIT if manner.expected_wait is None else max(manner.expected_wait, 0.0)
    by_wait = log((PERSON + USUAL_WAIT) / (PERSON + wait))
    moved = log(max(manner.caution, 0.01)) + min(max(by_wait, -LOWERED), RAISED)
    return 1 / (1 + exp(-(_logit(floor) + moved)))


def _logit(chance: float) -> float:
    chance = min(max(chance, 1e-6), 1 - 1e-6)
    return log(chance / (1 - chance))
