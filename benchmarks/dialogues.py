"""Procedures written from the flow descriptions of public dialogue collections, against what people did there.

    .venv/bin/python benchmarks/dialogues.py [--show N] [--task ride_book]

*STAR* (5,820 dialogues of a customer and an agent who follows a flow chart): at each of the agent's actions
the procedure says what comes next, knowing all that was said and done before; what the agent really did
is then taken over, so that one mistake does not become many (as in the published baselines). Words that the
agent typed freely have no action and are not counted; a query to the knowledge base counts as one.
Slots are compared when the agent asks the knowledge base: name and value, the values read by the same code.

The files are in benchmarks/procedures/star/: each text is the name of the agent's action. Nothing was learnt from
the dialogues.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.sets import rows  # noqa: E402 -- the project's folder first
from bots.procedures.engine.advance import advance, begin  # noqa: E402
from bots.procedures.engine.run import Run  # noqa: E402
from bots.procedures.engine.steps import go  # noqa: E402
from bots.procedures.reading import read  # noqa: E402
from bots.procedures.said import only_greets  # noqa: E402
from bots.procedures.shapes import Procedure, Step  # noqa: E402
from bots.procedures.state import (  # noqa: E402
    Answered,
    Begun,
    Call,
    Consult,
    End,
    Happening,
    Move,
    Outcome,
    Said,
    State,
    Tell,
    World,
)
from bots.procedures.understanding import Surroundings, answered  # noqa: E402

FILES = Path(__file__).resolve().parent / "procedures" / "star"
TODAY = date(2020, 4, 1)  # a Wednesday, as most of them suppose
QUERY = "query"
_FREE = {"FREE_TEXT", "custom", None, ""}
# What their knowledge base calls a value, and our slots.
SLOTS: dict[str, dict[str, str]] = {
    "apartment_schedule": {"Name": "apartment", "RenterName": "name", "Day": "day", "StartTimeHour": "time", "ApplicationFeePaid": "fee"},
    "apartment_search": {"NumRooms": "rooms", "Price": "price", "HasBalcony": "balcony", "HasElevator": "elevator"},
    "bank_balance": {"FullName": "name", "AccountNumber": "account", "PIN": "pin", "DateOfBirth": "dob", "SecurityAnswer1": "maiden", "SecurityAnswer2": "pet"},
    "bank_fraud_report": {"FullName": "name", "AccountNumber": "account", "PIN": "pin", "DateOfBirth": "dob", "SecurityAnswer1": "maiden", "SecurityAnswer2": "pet", "FraudReport": "details"},
    "doctor_followup": {"Name": "doctor", "PatientName": "name"},
    "doctor_schedule": {"Name": "doctor", "PatientName": "name", "Day": "day", "StartTimeHour": "time", "Symptoms": "symptoms"},
    "hotel_book": {"Name": "hotel", "StartDate": "arrive", "EndDate": "leave", "CustomerName": "name", "CustomerRequest": "wish"},
    "hotel_search": {"Cost": "price", "Location": "place"},
    "hotel_service_request": {"Name": "hotel", "RoomNumber": "room", "Time": "time", "CustomerName": "name", "CustomerRequest": "wish"},
    "meeting_schedule": {"Name": "guest", "UserName": "name", "Day": "day", "StartTimeHour": "start", "EndTimeHour": "end", "MeetingReason": "reason"},
    "party_plan": {"Name": "venue", "HostName": "name", "Day": "day", "StartTimeHour": "time", "NumberGuests": "guests", "FoodRequest": "food", "DrinksRequest": "drinks"},
    "party_rsvp": {"Name": "venue", "HostName": "host", "GuestName": "name", "ArrivalTime": "time", "NumberGuests": "guests", "NeedParking": "parking", "DietaryRestrictions": "diet"},
    "plane_book": {"id": "flight", "CustomerName": "name"},
    "plane_search": {"DepartureCity": "origin", "ArrivalCity": "destination", "Date": "day"},
    "restaurant_book": {"Name": "restaurant", "Time": "time", "PartySize": "size", "CustomerName": "name"},
    "restaurant_search": {"Food": "food", "Location": "place"},
    "ride_book": {"CustomerName": "name", "DepartureLocation": "origin", "ArrivalLocation": "destination"},
    "ride_change": {"id": "number", "CustomerName": "name", "ChangeDescription": "change"},
    "ride_status": {"id": "number", "CustomerName": "name"},
    "spaceship_access_codes": {"UserName": "name", "UserRank": "rank", "Code": "code", "CodeType": "kind"},
    "spaceship_life_support": {"LockManufacturer": "lock", "ColorOfTopCable": "top", "ColorOfSecondCable": "second"},
    "trip_directions": {"DepartureLocation": "origin", "ArrivalLocation": "destination", "TravelMode": "mode", "DepartureTime": "time"},
    "trivia": {"QuestionNum": "number"},
    "weather": {"City": "place", "Day": "day"},
}  # fmt: skip


@dataclass(slots=True)
class Follower:
    """A procedure beside a dialogue that others lead: what it would do next, and then what they did."""

    procedure: Procedure
    state: State = field(default_factory=lambda: begin("en"))
    next: list[str] = field(default_factory=list)
    _has_begun: bool = False

    def hear(self, text: str) -> None:
        if not self._has_begun and only_greets(text):
            self.next = ["hello"]
            return
        self._play(Said(text) if self._has_begun else Begun(text))
        self._has_begun = True

    def expect(self) -> str:
        return self.next[0] if self.next else ""

    def take(self, action: str, item: Any) -> None:
        """What the agent did."""
        if self.next and self.next[0] == action and action != QUERY:
            self.next.pop(0)
            return
        self.state.ending = ""
        place = self._place_of(action)
        if place is None:
            return
        step = self.procedure.steps[place]
        self.state.place, self.next = place, []
        match step.op:
            case "call":
                self.state.waiting = "call"
                self._play(Outcome("ok", {"r": item or {}}))
            case "ask":
                name = next(
                    one
                    for one in step.slots
                    if self.procedure.slots[one].ask.said.get("") == action
                )
                self.state.slots.pop(name, None)
                self.state.waiting = f"slot:{name}"
            case "confirm":
                self.state.waiting = "confirm"
            case _:
                self.state.place += 1
                self.state.waiting = ""
                self._go_on()

    def _place_of(self, action: str) -> int | None:
        """The step that does this: the next one from here, else the first."""
        fitting = [
            place for place, step in enumerate(self.procedure.steps) if self._does(step, action)
        ]
        ahead = [place for place in fitting if place >= self.state.place]
        return next(iter(ahead or fitting), None)

    def _does(self, step: Step, action: str) -> bool:
        if step.op == "call":
            return action == QUERY
        if step.op == "ask":
            return any(self.procedure.slots[one].ask.said.get("") == action for one in step.slots)
        return step.op in {"say", "confirm", "done"} and step.text.said.get("") == action

    def _go_on(self) -> None:
        if self.state.place >= len(self.procedure.steps):
            return
        run = Run(self.procedure, self.state, World(TODAY, "", "en"))
        need = go(run)
        self._took(Move(run.state, tuple(run.tells), need))

    def _play(self, happening: Happening) -> None:
        self.next = []
        for _ in range(4):
            move = advance(self.procedure, self.state, happening, World(TODAY, "", "en"))
            self._took(move)
            if not isinstance(move.need, Consult):
                return
            happening = Answered(known=True)  # whatever the agent says to it; then it goes on

    def _took(self, move: Move) -> None:
        self.state = move.state
        self.state.told, self.state.tries, self.state.calls = [], {}, 0
        self.next += [one for tell in move.tells if (one := _action_in(tell))]
        if isinstance(move.need, Call):
            self.next.append(QUERY)
        if isinstance(move.need, End) and move.need.how == "cancelled":  # the customer has gone
            self.next.append(self.procedure.steps[-1].text.said.get("", ""))


def _action_in(tell: Tell) -> str:
    """The texts of the files are names of actions; what the engine says besides is none."""
    first = tell.text.split("\n", maxsplit=1)[0]
    return first if " " not in first and "_" in first else ""


def slot_f1(counts: Counter[str]) -> str:
    precision = counts["right"] / max(counts["ours"], 1)
    recall = counts["right"] / max(counts["theirs"], 1)
    both = 2 * precision * recall / max(precision + recall, 1e-9)
    return (
        f"{counts['theirs']} slots: precision {precision:.3f}, recall {recall:.3f}, F1 {both:.3f}"
    )


@dataclass(slots=True)
class Score:
    said: list[tuple[str, str]] = field(default_factory=list)
    slots: Counter[str] = field(default_factory=Counter)

    def lines(self) -> Iterator[str]:
        right = sum(a == b for a, b in self.said)
        yield f"{len(self.said)} actions: accuracy {right / max(len(self.said), 1):.3f}, weighted F1 {self.f1():.3f}"
        yield f"at queries, {slot_f1(self.slots)}"

    def f1(self) -> float:
        """Each action's F1, weighed by how often it was right to do it."""
        wanted, given = Counter(a for a, _ in self.said), Counter(b for _, b in self.said)
        right = Counter(a for a, b in self.said if a == b)
        return sum(
            count * 2 * right[action] / (count + given[action]) for action, count in wanted.items()
        ) / max(len(self.said), 1)


def _follow(dialogue: dict[str, Any], task: str, procedure: Procedure, score: Score) -> list[str]:
    follower, shown = Follower(procedure), []
    turns = dialogue["turns"]
    for place, turn in enumerate(turns):
        if turn["who"] == "user":
            if turn["text"].strip():
                shown.append(f"  user   {turn['text'][:110]}")
                follower.hear(turn["text"])
        elif turn["who"] == "api_call" or (
            turn["who"] == "agent" and turn.get("action") not in _FREE
        ):
            wanted = QUERY if turn["who"] == "api_call" else turn["action"]
            score.said.append((wanted, follower.expect()))
            shown.append(f"  {wanted:44} {follower.expect()}")
            if wanted == QUERY:
                _compare(turn.get("constraints") or [], task, follower, score)
                answer = turns[place + 1] if place + 1 < len(turns) else {}
                follower.take(QUERY, answer.get("item"))
            else:
                follower.take(wanted, None)
    return shown


def _compare(given: list[dict[str, Any]], task: str, follower: Follower, score: Score) -> None:
    theirs = {
        SLOTS[task][name]: str(value).removeprefix("api.is_equal_to(").strip('")')
        for one in given
        for name, value in one.items()
        if name in SLOTS[task]
    }
    known = set(SLOTS[task].values())
    ours = {name: value for name, value in follower.state.slots.items() if name in known}
    score.slots["theirs"] += len(theirs)
    score.slots["ours"] += len(ours)
    score.slots["right"] += sum(
        _same(follower.procedure, name, value, ours[name])
        for name, value in theirs.items()
        if name in ours
    )


def _same(procedure: Procedure, name: str, theirs: str, ours: Any) -> bool:
    if str(ours).casefold().strip(" .") == theirs.casefold().strip(" ."):
        return True
    slot = procedure.slots[name]
    day = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)", theirs.strip())
    if day and slot.kind == "date":  # they kept no month
        return int(str(ours)[-2:]) == int(day[1])
    read_so = answered(slot, theirs, Surroundings(TODAY))
    return bool(read_so) and str(read_so[0].value).casefold() == str(ours).casefold()


def star(*, only: str = "", show: int = 0) -> None:
    shapes = {
        one.stem: read(one.read_text(encoding="utf-8")) for one in sorted(FILES.glob("*.yaml"))
    }
    every = [
        one
        for one in rows("dialogue/star_dialogues.jsonl.gz")
        if one["completion"] == "Complete" and not one["multitask"]
    ]
    for name, is_happy in (("happy paths", True), ("unhappy paths", False)):
        total, by_task = Score(), Counter[str]()
        for one in every:
            task = one["tasks"][0]
            if one["happy"] != is_happy or task not in shapes or (only and task != only):
                continue
            mine = Score()
            lines = _follow(one, task, shapes[task], mine)
            by_task[task] += 1
            if show and by_task[task] <= show:
                print(task, one["id"], *lines, sep="\n")
            total.said += mine.said
            total.slots += mine.slots
        print(
            f"{name}: {by_task.total()} dialogues of {len(by_task)} tasks",
            *total.lines(),
            sep="\n  ",
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--task", default="")
    parser.add_argument("--show", type=int, default=0)
    arguments = parser.parse_args()
    star(only=arguments.task, show=arguments.show)


if __name__ == "__main__":
    main()
