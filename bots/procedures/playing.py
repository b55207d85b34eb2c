"""A procedure played without a database: the business's answers are given, articles know everything."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from bots.procedures.answers import outcome_of
from bots.procedures.engine.advance import advance, begin
from bots.procedures.shapes import Procedure
from bots.procedures.state import (
    Answered,
    Begun,
    Call,
    Consult,
    Happening,
    Outcome,
    Said,
    State,
    Tell,
    World,
)
from bots.procedures.stories import Story, Wanted

Replies = Mapping[str, Any]
LONGEST = 60  # turns of one conversation


@dataclass(frozen=True, slots=True)
class Heard:
    """What came of one message: the words, the state after it, and the calls that were made."""

    text: str
    state: State
    buttons: tuple[str, ...] = ()
    calls: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    interrupted: bool = False


class Bot(Protocol):
    """Whoever a conversation is played with."""

    def hear(self, text: str) -> Heard: ...


def reply_to(replies: Replies, action: str, nth: int) -> tuple[int, Any]:
    """Status and body that a file gives: a body, a list of them one after another, or {http: 404}."""
    given = replies.get(action)
    if isinstance(given, list):
        given = given[min(nth, len(given) - 1)] if given else None
    if given is None:
        return 0, None
    if isinstance(given, Mapping) and "http" in given:
        status = given["http"]
        body = {key: value for key, value in given.items() if key != "http"}
        return (status if isinstance(status, int) else 0), body
    return 200, given


@dataclass(slots=True)
class Player:
    """The engine alone. `answer` may change what the business says: status and body → the same."""

    procedure: Procedure
    replies: Replies
    today: date
    language: str = "en"
    customer: Mapping[str, Any] = field(default_factory=dict)
    answer: Callable[[str, int, Any], tuple[int, Any]] = lambda _action, status, body: (
        status,
        body,
    )
    state: State | None = None
    _asked: dict[str, int] = field(default_factory=dict)

    def hear(self, text: str) -> Heard:
        first = self.state is None
        state = self.state or begin(self.language)
        happening: Happening = Begun(text) if first else Said(text)
        tells: list[Tell] = []
        calls: list[tuple[str, Mapping[str, Any]]] = []
        interrupted = False
        while True:
            move = advance(self.procedure, state, happening, self._world(state))
            state = move.state
            tells += move.tells
            match move.need:
                case Call() as call:
                    calls.append((call.action, dict(state.slots)))
                    happening = self._called(call)
                case Consult():
                    interrupted = interrupted or move.need.plainly
                    happening = Answered(known=move.need.plainly)
                case _:
                    break
        self.state = state
        buttons = next((one.buttons for one in reversed(tells) if one.buttons), ())
        said = "\n\n".join(one.text for one in tells)
        return Heard(said, state, buttons, tuple(calls), interrupted)

    def _world(self, state: State) -> World:
        return World(self.today, f"{self.today}T12:00", state.language, self.customer)

    def _called(self, call: Call) -> Outcome:
        nth = self._asked.get(call.action, 0)
        self._asked[call.action] = nth + 1
        status, body = self.answer(call.action, *reply_to(self.replies, call.action, nth))
        return outcome_of(self.procedure.actions[call.action], status, body)


@dataclass(frozen=True, slots=True)
class Played:
    """One conversation of a test: what was said, and every problem as a sentence."""

    name: str
    problems: tuple[str, ...]
    lines: tuple[tuple[str, str], ...]

    @property
    def passed(self) -> bool:
        return not self.problems


def play(story: Story, bot: Bot) -> Played:
    lines: list[tuple[str, str]] = []
    problems: list[str] = []
    for turn in story.turns:
        heard = bot.hear(turn.customer)
        lines += [("customer", turn.customer), ("bot", heard.text)]
        problems += [f"line {turn.line}: {one}" for one in wrong(turn.wanted, heard)]
        if heard.state.ending and turn is not story.turns[-1]:
            problems.append(f"line {turn.line}: it has ended here: {heard.state.ending}")
            break
    return Played(story.name, tuple(problems), tuple(lines))


def wrong(wanted: Wanted, heard: Heard) -> list[str]:
    """What is not as it was expected."""
    state, found = heard.state, []
    if wanted.asks is not None and state.asked_slot != wanted.asks:
        found.append(
            f"it asks for {state.asked_slot or state.waiting or 'nothing'}, not {wanted.asks}"
        )
    if wanted.confirms is not None and (state.waiting == "confirm") != wanted.confirms:
        found.append("it asks for no confirmation" if wanted.confirms else "it asks to confirm")
    said = heard.text.casefold()
    found += [f"it does not say “{one}”" for one in wanted.says if one.casefold() not in said]
    found += [f"it says “{one}”" for one in wanted.never if one.casefold() in said]
    for name, value in wanted.slots.items():
        if not same(state.slots.get(name), value):
            found.append(f"{name} is {state.slots.get(name)!r}, not {value!r}")
    called = [name for name, _ in heard.calls]
    if wanted.calls is not None and sorted(called) != sorted(wanted.calls):
        found.append(f"it calls {_listed(called)}, not {_listed(wanted.calls)}")
    if wanted.interrupted is not None and heard.interrupted != wanted.interrupted:
        found.append("the articles were not asked" if wanted.interrupted else "articles were asked")
    if wanted.ends is not None and state.ending != wanted.ends:
        found.append(f"it is {state.ending or 'not over'}, not {wanted.ends}")
    if wanted.reason is not None and wanted.reason.casefold() not in state.reason.casefold():
        found.append(f"the reason is “{state.reason}”, not “{wanted.reason}”")
    return found


def same(one: Any, other: Any) -> bool:
    """Numbers by value, all else by how it is written."""
    numbers = all(isinstance(v, int | float) and not isinstance(v, bool) for v in (one, other))
    return bool(one == other) if numbers else str(one).casefold() == str(other).casefold()


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
