"""Which sentences of an article may be said in one breath. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from bots.knowledge.article import Sentence
from bots.knowledge.chunk import Kind

SENTENCES = 3  # in a row, in an answer
LENGTH = 360  # characters of an answer, unless one sentence alone is longer
LIST = 6  # items that may follow a sentence that announces them, rows of a table that is told whole
LIST_LENGTH = 600


def ends_of(said: Sequence[Sentence], first: int, longest: int) -> list[int]:
    """Where a window that begins here may end: not on a colon, and not in the middle of a list.

    Nowhere, when it would hold words that are not meant for readers.
    """
    if (table := _table(said, first)) is not None and table.fits(said, longest):
        # Three rows of four are a wrong answer: who wants one is told it, or all of them.
        return [first, table.last] if first == table.first < table.last else [first]
    most, room = SENTENCES, min(LENGTH, longest or LENGTH)
    ends: list[int] = []
    length = 0
    for last in range(first, len(said)):
        sentence = said[last]
        if sentence.is_injected:
            break
        length += len(sentence.text) + 1
        if last > first and (
            last - first >= most or length > room or _parts(said[last - 1], sentence, said[first])
        ):
            break
        if sentence.announces:
            most, room = last - first + 1 + LIST, min(LIST_LENGTH, longest or LIST_LENGTH)
        ends.append(last)
    whole = [last for last in ends if not _goes_on(said, first, last)]
    return whole or ends[-1:]


@dataclass(frozen=True)
class _Table:
    first: int
    last: int

    def fits(self, said: Sequence[Sentence], longest: int) -> bool:
        """Whether all of it may be said in one breath."""
        rows = said[self.first : self.last + 1]
        length = sum(len(one.text) + 1 for one in rows)
        return (
            len(rows) <= LIST
            and length <= min(LIST_LENGTH, longest or LIST_LENGTH)
            and not any(one.is_injected for one in rows)
        )


def _table(said: Sequence[Sentence], place: int) -> _Table | None:
    """The table whose row this sentence is."""
    if said[place].span.kind != Kind.ROW:
        return None

    def goes_on(at: int) -> bool:
        return said[at].span.kind == Kind.ROW and said[at].heading == said[place].heading

    first = last = place
    while first > 0 and goes_on(first - 1):
        first -= 1
    while last + 1 < len(said) and goes_on(last + 1):
        last += 1
    return _Table(first, last)


def _goes_on(said: Sequence[Sentence], first: int, last: int) -> bool:
    """Whether something is cut off here that was announced inside the window."""
    if last + 1 == len(said):
        return False
    listed = any(one.announces for one in said[first:last]) and said[last].span.kind != Kind.PROSE
    return said[last].announces or (listed and said[last + 1].span.kind == said[last].span.kind)


def _parts(before: Sentence, sentence: Sentence, first: Sentence) -> bool:
    """Whether a reader would be surprised to hear these two in one breath."""
    if sentence.heading != first.heading:
        return True
    listed = sentence.span.kind != Kind.PROSE
    if listed and before.span.kind == Kind.PROSE:
        return not before.announces
    return not listed and before.span.kind != Kind.PROSE
