"""When nothing is offered, whatever the model says. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

CROSS = 0.45  # one cross word, from 0 calm to 1 furious
UNHAPPY = 0.35  # of how the messages read: from where the console says that somebody sounds unhappy
COMPLAINT = re.compile(
    r"\b(?:complain\w*|refund\w*|money back|broken|damaged|faulty|defect\w*|wrong (?:item|size|order)|never arrived|"
    r"missing|lawyer|sue|scam|fraud|beschwer\w*|reklam\w*|kaputt|erstattung|plainte|remboursement|queja|reembolso)\b"
    r"|投诉|退款|坏了|破损|有问题|假货|没收到|赔",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How the conversation and the house stand. `crossness` is 0 to 1, the highest of the newest messages by their
    words; `unhappy` likewise, by how the messages read, known a few seconds after they came. `complains_elsewhere`: another
    conversation of theirs is open and a complaint. `waiting` customers in queues and `online` agents count only for the widget."""

    words: Sequence[str]
    crossness: float
    labels: Sequence[str]
    urgent: bool
    shown_this_week: int
    most_a_week: int
    waiting: int = 0
    online: int = 0
    unhappy: float = 0.0
    complains_elsewhere: bool = False
    busy_from: float | None = None  # None: who waits does not matter here


def silence(standing: Standing) -> str:
    """Why nothing is offered: mood, complaint, often or busy; "" when something may be."""
    if standing.crossness >= CROSS or standing.unhappy >= UNHAPPY:
        return "mood"
    if (
        standing.complains_elsewhere
        or standing.urgent
        or any("complaint" in label.lower() for label in standing.labels)
    ):
        return "complaint"
    if any(COMPLAINT.search(text) for text in standing.words):
        return "complaint"
    if standing.shown_this_week >= standing.most_a_week:
        return "often"
    if standing.busy_from is not None and _is_busy(standing, standing.busy_from):
        return "busy"
    return ""


def _is_busy(standing: Standing, busy_from: float) -> bool:
    """An offer brings questions: nobody is invited to wait."""
    return standing.online == 0 or standing.waiting >= busy_from * standing.online
