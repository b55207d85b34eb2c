"""Simulated customers: by a seed they speak, mistype, interrupt, hesitate and change their minds. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from bots.procedures.expressions import as_date
from bots.procedures.filling import choices_of, value_of
from bots.procedures.moments import days, times
from bots.procedures.playing import LONGEST, Heard, same
from bots.procedures.shapes import Procedure, Slot
from bots.procedures.state import State, World
from bots.procedures.stories import Goal
from bots.procedures.templates import MONTHS, plain

MOODS = ("plain", "curt", "chatty", "cross", "hesitant")
_MOODS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "en": {
        "plain": ("{}", "it's {}", "{} please"),
        "curt": ("{}",),
        "chatty": ("Let me see, that would be {}", "Oh sure! {}", "okay, so {} :)"),
        "cross": ("{}!!", "as I said, {}", "{} and please hurry"),
        "hesitant": ("um, {}", "I think {}", "hmm... {}"),
    },
    "zh": {
        "plain": ("{}", "是{}", "{}，谢谢"),
        "curt": ("{}",),
        "chatty": ("我看看，{}", "好的，{}", "嗯嗯，{}"),
        "cross": ("{}！！", "我说了，{}", "{}，快点"),
        "hesitant": ("嗯，{}", "应该{}吧", "大概{}"),
    },
}
_YES = {
    "en": ("yes", "yes please", "sure", "ok", "that's right", "go ahead", "Yes, do it"),
    "zh": ("是的", "好的", "确认", "对", "可以", "没问题", "是"),
}
_NO = {
    "en": ("no", "no thanks", "rather not", "please don't"),
    "zh": ("不用了", "不", "不要", "先不"),
}
_RATHER = {
    "en": ("no, I meant {}", "sorry, it's {}", "wait, actually {}", "oops, {} - my mistake"),
    "zh": ("不对，是{}", "说错了，是{}", "等等，应该是{}", "改成{}"),
}
_NAMED = {"en": "the {slot} should be {value}", "zh": "{slot}应该是{value}"}
_QUITS = {
    "en": ("never mind", "forget it", "cancel", "I changed my mind", "stop please"),
    "zh": ("算了", "不弄了", "取消", "不要了", "我改主意了"),
}
_DUNNO = {"en": "I don't know", "zh": "不知道"}


@dataclass(frozen=True, slots=True)
class Customer:
    """One of them: the same seed is the same customer."""

    goal: Goal
    seed: int
    language: str
    mood: str
    slips: bool
    asks: bool
    rushes: bool
    changes: bool
    quits_after: int

    @classmethod
    def of(cls, goal: Goal, seed: int) -> Customer:
        dice = random.Random(f"{goal.name}-{seed}")
        return cls(
            goal=goal,
            seed=seed,
            language=dice.choice(goal.languages),
            mood=dice.choice(MOODS),
            slips=dice.random() < 0.35,
            asks=dice.random() < 0.4,
            rushes=dice.random() < 0.4,
            changes=bool(goal.changes),
            quits_after=dice.randint(1, 3) if goal.quits else LONGEST,
        )


def openings(procedure: Procedure, goal: Goal, *, today: date) -> list[tuple[str, str]]:
    """(language, first words) of everybody who comes for this, with the values that they name."""
    found = []
    for code, lines in goal.opens.items():
        talk = Talk(procedure, replace(Customer.of(goal, 0), language=code, slips=False), today)
        for line in lines:
            said = line
            for name in goal.knows:
                if "{" + name + "}" in said:
                    value = talk.written(name, talk.said_first(name))
                    said = said.replace("{" + name + "}", value)
            found.append((code, said))
    return found


@dataclass(slots=True)
class Talk:
    """One customer with one bot."""

    procedure: Procedure
    customer: Customer
    today: date
    dice: random.Random = field(init=False)
    corrected: set[str] = field(default_factory=set)
    has_asked: bool = False
    named: set[tuple[str, str]] = field(default_factory=set)
    instead: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.customer.seed * 7919 + 1)

    # --- what they want -----------------------------------------------------------------------

    def wanted(self, name: str) -> Any:
        """The value in the end."""
        goal = self.customer.goal
        return self.worked_out(goal.changes.get(name, goal.knows.get(name)))

    def said_first(self, name: str) -> Any:
        goal = self.customer.goal
        first = name in goal.changes and name not in self.corrected
        return self.worked_out(goal.knows.get(name)) if first else self.wanted(name)

    def worked_out(self, given: Any) -> Any:
        """“=today + 3” is worked out; a day that was refused is the one that was taken instead."""
        if isinstance(given, str) and given.startswith("="):
            given = value_of(given[1:], {"today": self.today.isoformat()})
        while isinstance(given, str) and given in self.instead:
            given = self.instead[given]
        return given

    def takes_another(self, slot: Slot, text: str) -> None:
        """Who is asked again for a day or a time has heard why theirs does not do: they take the first that
        is named to them, else the next day."""
        said = str(self.said_first(slot.name))
        if (slot.name, said) not in self.named or slot.past:
            return
        read = times(text) if slot.kind == "time" else days(text, today=self.today)
        offered = [str(one.value) for one in sorted(read, key=lambda one: one.start)]
        free = [one for one in offered if one != said and one not in self.instead]
        day = as_date(said) if slot.kind == "date" else None
        if free:
            self.instead[said] = free[0]
        elif day is not None:
            self.instead[said] = (day + timedelta(days=1)).isoformat()

    # --- what they say ------------------------------------------------------------------------

    def opening(self) -> str:
        goal, language = self.customer.goal, self.customer.language
        said = self.dice.choice(goal.opens.get(language) or next(iter(goal.opens.values())))
        for name in goal.knows:
            said = said.replace("{" + name + "}", self.written(name, self.said_first(name)))
        if self.customer.rushes:
            loud = [
                name
                for name in goal.knows
                if name in self.procedure.slots
                and self.procedure.slots[name].kind in {"pattern", "email"}
                and self.written(name, self.said_first(name)) not in said
            ]
            said += "".join(f", {self.written(name, self.said_first(name))}" for name in loud[:2])
        return self._slipped(said) if not self.customer.rushes and "{" not in said else said

    def answer(self, heard: Heard, turn: int) -> str:
        customer, state = self.customer, heard.state
        if turn >= customer.quits_after:
            return self.dice.choice(_QUITS[customer.language])
        questions = customer.goal.asks.get(customer.language, ())
        if customer.asks and questions and not self.has_asked and turn >= 1:
            self.has_asked = True
            return self.dice.choice(questions)
        if state.waiting == "confirm":
            return self._at_confirm(state)
        return self._value_for(heard)

    def _at_confirm(self, state: State) -> str:
        language = self.customer.language
        for name in self.customer.goal.knows:
            if name in state.slots and not same(state.slots[name], self.wanted(name)):
                again = name in self.corrected
                self.corrected.add(name)
                written = self.written(name, self.wanted(name))
                if again:
                    called = self.procedure.slots[name].called
                    slot = (called[0] if called else name).replace("_", " ")
                    return _NAMED[language].format(slot=slot, value=written)
                return self.dice.choice(_RATHER[language]).format(written)
        return self.dice.choice((_NO if self.customer.goal.declines else _YES)[language])

    def _value_for(self, heard: Heard) -> str:
        state = heard.state
        name, language = state.asked_slot, self.customer.language
        slot = self.procedure.slots.get(name)
        if slot is not None and slot.kind in {"date", "time"}:
            self.takes_another(slot, heard.text)
        value = self.said_first(name) if name else None
        if slot is None or value is None:
            return "skip" if slot is not None and slot.optional else _DUNNO[language]
        if slot.kind == "yes_no":
            return self.dice.choice((_YES if value is True or value == "yes" else _NO)[language])
        written = self.written(name, value, state)
        if slot.kind == "text" or (slot.kind == "name" and language == "zh"):
            return written
        if slot.kind == "name":
            return self.dice.choice(("{}", "my name is {}", "I'm {}")).format(written)
        mood = self.dice.choice(_MOODS[language][self.customer.mood])
        if slot.kind == "choice" and language == "en" and len(written) > 6:
            written = self._slipped(written)
        return mood.format(written)

    def written(self, name: str, value: Any, state: State | None = None) -> str:
        """The value in one of the ways in which people write it."""
        slot = self.procedure.slots.get(name)
        self.named.add((name, str(value)))
        if slot is None:
            return plain(value)
        match slot.kind:
            case "choice":
                return self._option(slot, value, state)
            case "date":
                return self._day(value)
            case "pattern" if self.customer.slips:
                return str(value).lower()
            case "amount":
                return f"{plain(value)} {slot.currency}"
        return plain(value)

    def _option(self, slot: Slot, value: Any, state: State | None) -> str:
        shown = state or State(language=self.customer.language)
        world = World(self.today, "", shown.language)
        choices = choices_of(slot, self.procedure, shown, world)
        for number, choice in enumerate(choices, 1):
            if same(choice.value, value):
                place = slot.options_from and self.dice.random() < 0.5
                return str(number) if place else choice.label
        return plain(value)

    def _day(self, value: Any) -> str:
        day = as_date(value)
        if day is None:
            return plain(value)
        if self.customer.language == "zh":
            return self.dice.choice((f"{day.year}年{day.month}月{day.day}日", day.isoformat()))
        forms = (
            day.isoformat(),
            f"{day.day} {MONTHS[day.month - 1]} {day.year}",
            f"{MONTHS[day.month - 1]} {day.day}, {day.year}",
        )
        return self.dice.choice(forms)

    def _slipped(self, text: str) -> str:
        """Two letters in the middle of a long word change places."""
        words = text.split(" ")
        plain_words = [
            n
            for n, word in enumerate(words)
            if len(word) >= 6 and word.isascii() and word.isalpha()
        ]
        if not self.customer.slips or not plain_words or self.customer.language != "en":
            return text
        n = self.dice.choice(plain_words)
        word = words[n]
        place = self.dice.randint(2, len(word) - 3)
        words[n] = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        return " ".join(words)
