"""The steps of a file as one flat program: conditions and outcomes become jumps."""

from __future__ import annotations

from dataclasses import replace

from bots.procedures.loading import Node
from bots.procedures.reader import KEY, Reader, check_name, nearest, texts
from bots.procedures.shapes import NOTHING, Step, Text

OPS = ("ask", "say", "call", "if", "confirm", "set", "clear", "goto", "hand_over", "done")
_BESIDE = {
    "ask": (), "say": ("buttons", "list", "line"), "call": ("cases",), "if": ("then", "else"),
    "confirm": ("declined",), "set": (), "clear": (), "goto": (), "hand_over": ("say", "queue"),
    "done": (),
}  # fmt: skip
MOST_STEPS = 500


class Compiler:
    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.steps: list[Step] = []
        self.ids: dict[str, int] = {}
        self.jumps: list[tuple[int, str, int]] = []
        self.sets: dict[str, int] = {}

    def block(self, node: Node | None, where: str) -> None:
        for one in self.reader.items(node, where):
            self.step(one)

    def emit(self, step: Step) -> int:
        self.steps.append(step)
        return len(self.steps) - 1

    def patch(self, place: int, **changes: object) -> None:
        self.steps[place] = replace(self.steps[place], **changes)  # type: ignore[arg-type]

    @property
    def here(self) -> int:
        return len(self.steps)

    def step(self, node: Node) -> None:
        if len(self.steps) > MOST_STEPS:
            return
        if node.value == "done":
            self.emit(Step("done", node.line))
            return
        op, keys = self._taken(node)
        if op is None:
            return
        if "id" in keys:
            self._named(keys["id"])
        getattr(self, f"_{'branch' if op == 'if' else op}")(keys[op], keys)

    def _taken(self, node: Node) -> tuple[str | None, dict[str, Node]]:
        """Which step it is, with what stands beside it."""
        if not isinstance(node.value, dict):
            said = f"“{node.value}”" if isinstance(node.value, str) else node.kind
            self.reader.bad(node.line, f"A step is one of {', '.join(OPS)}, not {said}.")
            return None, {}
        found = [name for name in node.value if name in OPS]
        # `say` beside `hand_over` belongs to it.
        if "hand_over" in found:
            found = [name for name in found if name != "say"]
        if len(found) != 1:
            if not found:
                name = next(iter(node.value), "")
                near = nearest(name, OPS)
                self.reader.bad(node.line, f"“{name}” is no step{near}.")
            else:
                self.reader.bad(node.line, f"Two steps in one: {' and '.join(found)}.")
            return None, {}
        allowed = ("id", found[0], *_BESIDE[found[0]])
        return found[0], self.reader.map(node, f"A step “{found[0]}”", allowed)

    def _named(self, node: Node) -> None:
        name = self.reader.string(node, "id")
        if not KEY.fullmatch(name):
            self.reader.bad(node.line, f"“{name}” is not a name: lower-case letters, digits and _.")
        elif name in self.ids:
            self.reader.bad(node.line, f"Another step has the id “{name}”.")
        else:
            self.ids[name] = self.here

    # --- one each -----------------------------------------------------------------------------

    def _ask(self, node: Node, _keys: dict[str, Node]) -> None:
        names = tuple(said for said, _ in self.reader.strings(node, "ask"))
        if not names:
            self.reader.bad(node.line, "“ask” names a slot.")
        self.emit(Step("ask", node.line, slots=names))

    def _say(self, node: Node, keys: dict[str, Node]) -> None:
        if "list" in keys and "line" not in keys:
            self.reader.bad(keys["list"].key_line, "Beside “list” stands “line”: one for each.")
        self.emit(
            Step(
                "say",
                node.line,
                text=self.reader.text(node, "say"),
                buttons=texts(self.reader, keys.get("buttons"), "buttons"),
                each=self.reader.expression(keys.get("list"), "list"),
                row=self.reader.text(keys.get("line"), "line"),
            )
        )

    def _call(self, node: Node, keys: dict[str, Node]) -> None:
        place = self.emit(Step("call", node.line, action=self.reader.string(node, "call")))
        cases: dict[str, int] = {}
        ends: list[int] = []
        over = self.emit(Step("jump", node.line))
        given = self.reader.map(keys["cases"], "cases") if "cases" in keys else {}
        for name, inner in given.items():
            cases[name] = self.here
            self.block(inner, f"The case “{name}”")
            ends.append(self.emit(Step("jump", inner.line)))
        for end in (over, *ends):
            self.patch(end, to=self.here)
        self.patch(place, cases=cases)

    def _branch(self, node: Node, keys: dict[str, Node]) -> None:
        test = self.reader.expression(node, "if")
        place = self.emit(Step("branch", node.line, test=test))
        if "then" not in keys:
            self.reader.bad(node.line, "“if” has no “then”.")
        self.block(keys.get("then"), "then")
        if "else" in keys:
            over = self.emit(Step("jump", node.line))
            self.patch(place, to=self.here)
            self.block(keys["else"], "else")
            self.patch(over, to=self.here)
        else:
            self.patch(place, to=self.here)

    def _confirm(self, node: Node, keys: dict[str, Node]) -> None:
        place = self.emit(Step("confirm", node.line, text=self.reader.text(node, "confirm")))
        if "declined" in keys:
            over = self.emit(Step("jump", node.line))
            self.patch(place, to=self.here)
            self.block(keys["declined"], "declined")
            self.patch(over, to=self.here)

    def _set(self, node: Node, _keys: dict[str, Node]) -> None:
        sets = {}
        for name, inner in self.reader.map(node, "set").items():
            check_name(self.reader, name, inner.key_line)
            sets[name] = self.reader.expression(inner, "set")
            self.sets[name] = inner.key_line
        self.emit(Step("set", node.line, sets=sets))

    def _clear(self, node: Node, _keys: dict[str, Node]) -> None:
        names = tuple(said for said, _ in self.reader.strings(node, "clear"))
        self.emit(Step("clear", node.line, slots=names))

    def _goto(self, node: Node, _keys: dict[str, Node]) -> None:
        name = self.reader.string(node, "goto")
        self.jumps.append((self.emit(Step("jump", node.line)), name, node.line))

    def _hand_over(self, node: Node, keys: dict[str, Node]) -> None:
        self.emit(
            Step(
                "hand_over",
                node.line,
                text=self.reader.text(node, "hand_over"),
                words=self.reader.text(keys.get("say"), "say"),
                action=self.reader.string(keys.get("queue"), "queue", most=120),
            )
        )

    def _done(self, node: Node, _keys: dict[str, Node]) -> None:
        text: Text = NOTHING if node.value is None else self.reader.text(node, "done")
        self.emit(Step("done", node.line, text=text))


def compile_steps(reader: Reader, node: Node | None) -> tuple[tuple[Step, ...], dict[str, int]]:
    """The program, and what `set` names with the line. Its last step always ends it."""
    made = Compiler(reader)
    made.block(node, "steps")
    if node is not None and isinstance(node.value, list) and not node.value:
        reader.bad(node.line, "There are no steps.")
    if made.here > MOST_STEPS:
        reader.bad(node.line if node else 1, f"There are more than {MOST_STEPS} steps.")
    for place, name, line in made.jumps:
        if name in made.ids:
            made.patch(place, to=made.ids[name])
        else:
            reader.bad(line, f"No step has the id “{name}”{nearest(name, tuple(made.ids))}.")
            made.patch(place, to=made.here)
    made.emit(Step("done", made.steps[-1].line if made.steps else 1))
    return tuple(made.steps), made.sets
