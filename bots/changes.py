"""What changed between two texts, word by word. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]

AROUND = 2  # unchanged lines shown on each side of a change
TOO_LONG = 2_000  # words of one changed stretch: beyond it the stretch is exchanged whole
# A word, a Chinese character, a run of white space, or one sign.
_PARTS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]|[^\W\u3400-\u9fff\uf900-\ufaff]+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    kind: Kind
    text: str

    @property
    def words(self) -> str:
        """Without the line's end, which is not to be marked."""
        return self.text.removesuffix("\n")

    @property
    def end(self) -> str:
        return self.text[len(self.words) :]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some lines. `skipped` counts the unchanged ones that are left out here; then there are no
    pieces."""

    pieces: tuple[Piece, ...] = ()
    skipped: int = 0


def changed_words(before: str, after: str) -> tuple[Piece, ...]:
    """Both texts in one: what is the same, what was removed, what was added, in reading order."""
    old, new = _PARTS.findall(before), _PARTS.findall(after)
    if max(len(old), len(new)) > TOO_LONG:
        return _joined([("removed", before), ("added", after)])
    found: list[tuple[Kind, str]] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(("same", "".join(old[a:b])))
        else:
            found += [("removed", "".join(old[a:b])), ("added", "".join(new[c:d]))]
    return _joined(_without_islands(found))


def changed_lines(before: str, after: str) -> tuple[Stretch, ...]:
    """The same for long texts: changed lines word by word, with a few lines around them."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Stretch] = []
    # Lines that come again and again (blank ones) tell nothing, and would take for ever.
    blocks = SequenceMatcher(None, old, new, autojunk=True).get_opcodes()
    for place, (tag, a, b, c, d) in enumerate(blocks):
        if tag == "equal":
            found += _unchanged(old[a:b], is_first=place == 0, is_last=place == len(blocks) - 1)
        else:
            found.append(Stretch(changed_words("".join(old[a:b]), "".join(new[c:d]))))
    return tuple(found)


def _unchanged(lines: Sequence[str], *, is_first: bool, is_last: bool) -> Iterator[Stretch]:
    head = 0 if is_first else AROUND
    tail = 0 if is_last else AROUND
    left_out = len(lines) - head - tail
    if left_out < 2:
        yield Stretch((Piece("same", "".join(lines)),))
        return
    if head:
        yield Stretch((Piece("same", "".join(lines[:head])),))
    yield Stretch(skipped=left_out)
    if tail:
        yield Stretch((Piece("same", "".join(lines[-tail:])),))


def _without_islands(found: Sequence[tuple[Kind, str]]) -> list[tuple[Kind, str]]:
    """A lone space between two changes belongs to both: a reader sees phrases, not crumbs."""
    result: list[tuple[Kind, str]] = []
    for place, (kind, text) in enumerate(found):
        inside = 0 < place < len(found) - 1
        if kind == "same" and inside and text.strip() == "" and "\n" not in text:
            result += [("removed", text), ("added", text)]
        else:
            result.append((kind, text))
    return result


def _joined(found: Sequence[tuple[Kind, str]]) -> tuple[Piece, ...]:
    """Neighbours of one kind as one piece; of a change what was removed comes first."""
    pieces: list[Piece] = []
    gone = come = ""
    for kind, text in [*found, ("same", "")]:
        if kind == "removed":
            gone += text
        elif kind == "added":
            come += text
        else:
            pieces += [Piece("removed", gone)] if gone else []
            pieces += [Piece("added", come)] if come else []
            gone = come = ""
            if text:
                pieces.append(Piece("same", text))
    return tuple(pieces)
