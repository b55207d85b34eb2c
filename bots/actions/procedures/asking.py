"""Which procedure is meant is asked, or one is offered: nothing begins before the customer has said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from bots.actions.procedures.talk import Taken
from bots.actions.turn import BotTurn
from bots.procedures.choosing import Choice
from bots.procedures.choosing import chosen as choices_in
from bots.procedures.comparing import only_names_a_thing, without_numbers
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
    """By its name, as the quick replies have it; or what answers our question: a yes to the only one that was
    offered, a word that only one of them has. Who says a number or an address instead leaves it open which."""
    said = text.casefold().strip()
    for one in candidates:
        if any(said == name.casefold() for name in one.procedure.name.said.values()):
            return Match(one, 1.0, "name")
    meant = _asked_about(turn, candidates)
    if len(meant) == 1 and (yes_or_no(text) or only_names_a_thing(text)):
        return Match(meant[0], 1.0, "name")
    if len(meant) > 1:
        options = [Choice(n, "", tuple(_all_names(one))) for n, one in enumerate(meant)]
        told = list(choices_in(without_numbers(text), options))
        if len(told) == 1:
            return Match(meant[int(str(told[0].value))], 1.0, "name")
        if only_names_a_thing(text):
            return Match(meant[0], 1.0, "name", tuple(meant[1:]))
    return None


def whole(turn: BotTurn, text: str) -> str:
    """With everything that the customer has said since before we asked back."""
    said, asked = [text], 0
    for one in reversed(turn.history):
        if one.role == "bot":
            if not _is_ours(one.text):
                break
            asked += 1
        elif asked:
            said.append(one.text)
    return "\n".join(reversed(said))


def asked_back(turn: BotTurn) -> int:
    """How often in a row the last that the bot said was one of our questions."""
    spoken = [one.text for one in turn.history if one.role == "bot"]
    return sum(1 for _ in takewhile(_is_ours, reversed(spoken)))


def _is_ours(text: str) -> bool:
    begins = (
        phrase(name, code, options="\0").split("\0")[0]
        for name in ("which", "offer")
        for code in ("en", "zh")
    )
    return any(map(text.startswith, begins))


def _asked_about(turn: BotTurn, candidates: Sequence[Candidate]) -> list[Candidate]:
    """Those that our question names, in its order."""
    if not asked_back(turn):
        return []
    last = next(one.text for one in reversed(turn.history) if one.role == "bot")
    found = [
        (min(last.find(f"“{name}”") for name in _all_names(one) if f"“{name}”" in last), n)
        for n, one in enumerate(candidates)
        if any(f"“{name}”" in last for name in _all_names(one))
    ]
    return [candidates[n] for _, n in sorted(found)]


def _all_names(one: Candidate) -> list[str]:
    return [name for name in one.procedure.name.said.values() if name]


def _names(turn: BotTurn, match: Match) -> tuple[str, ...]:
    return tuple(one.procedure.name.of(turn.language) for one in (match.candidate, *match.others))


def _listed(names: Sequence[str], language: str) -> str:
    marks = [f"“{one}”" for one in names]
    if language.startswith("zh"):
        return "、".join(marks)
    return " or ".join(marks) if len(marks) < 3 else ", ".join(marks)


def _said(text: str, buttons: tuple[str, ...], trace: dict[str, list[str]]) -> Taken:
    return Taken(text, buttons, (), None, "", dict(trace), lambda _held, _at: None)
