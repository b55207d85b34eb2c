"""Which procedure is meant is asked, or one is offered: nothing begins before the customer has said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bots.actions.procedures.talk import Taken
from bots.actions.turn import BotTurn
from bots.procedures.matching import Candidate, Match
from bots.procedures.phrases import phrase
from bots.procedures.said import yes_or_no


@dataclass(frozen=True, slots=True)
class Offered:
    """Procedures that may be meant, or not: the articles are asked first."""

    turn: BotTurn
    match: Match

    @property
    def names(self) -> tuple[str, ...]:
        """Quick replies beside what the articles say; whoever presses one begins it."""
        return _names(self.turn, self.match)

    def asked(self) -> Taken:
        """What is said where the articles have nothing."""
        language = self.turn.language
        text = phrase("offer", language, options=_listed(self.names, language))
        return _said(text, (*self.names, phrase("person", language)), {"offered": list(self.names)})


def which(turn: BotTurn, match: Match) -> Taken:
    """Two come as near."""
    names = _names(turn, match)
    text = phrase("which", turn.language, options=_listed(names, turn.language))
    return _said(text, names, {"which": list(names)})


def named(turn: BotTurn, text: str, candidates: Sequence[Candidate]) -> Match | None:
    """By its name, as the quick replies have it, or by a yes to the only one that was offered."""
    said = text.casefold().strip()
    for one in candidates:
        if any(said == name.casefold() for name in one.procedure.name.said.values()):
            return Match(one, 1.0, "name")
    if asked_back(turn) and yes_or_no(text):
        last = turn.history[-1].text
        meant = [c for c in candidates if any(n in last for n in c.procedure.name.said.values())]
        return Match(meant[0], 1.0, "name") if len(meant) == 1 else None
    return None


def whole(turn: BotTurn, text: str) -> str:
    """With what was asked before the bot asked back."""
    before = [one.text for one in turn.history if one.role == "customer"]
    return f"{before[-1]}\n{text}" if before and len(text) < 60 and asked_back(turn) else text


def asked_back(turn: BotTurn) -> bool:
    """Whether the last that the bot said is one of our questions."""
    begins = [
        phrase(name, code, options="\0").split("\0")[0]
        for name in ("which", "offer")
        for code in ("en", "zh")
    ]
    last = turn.history[-1] if turn.history else None
    return last is not None and last.role == "bot" and any(map(last.text.startswith, begins))


def _names(turn: BotTurn, match: Match) -> tuple[str, ...]:
    return tuple(one.procedure.name.of(turn.language) for one in (match.candidate, *match.others))


def _listed(names: Sequence[str], language: str) -> str:
    marks = [f"“{one}”" for one in names]
    if language.startswith("zh"):
        return "、".join(marks)
    return " or ".join(marks) if len(marks) < 3 else ", ".join(marks)


def _said(text: str, buttons: tuple[str, ...], trace: dict[str, list[str]]) -> Taken:
    return Taken(text, buttons, (), None, "", dict(trace), lambda _held, _at: None)
