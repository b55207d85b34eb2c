"""All personal data in a text, each character of it claimed once."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator

from bots.privacy.contacts import emails, links, networks, phones
from bots.privacy.folding import fold
from bots.privacy.identity import identities
from bots.privacy.kinds import Find, Kind
from bots.privacy.payments import accounts, cards, ibans
from bots.privacy.personal import births, secrets

PLACEHOLDER = re.compile(rf"\[(?:{'|'.join(Kind)}) \d{{1,6}}\]")

_RECOGNISERS: tuple[Callable[[str], Iterator[Find]], ...] = (
    links,
    emails,
    ibans,
    cards,
    identities,
    births,
    secrets,
    accounts,
    networks,
    phones,
)


def find(text: str) -> list[Find]:
    """In the order of the text, without overlaps; the places are those of the text as it was given.

    A text that looks like one of our placeholders is found, too: nobody shall write one of theirs.
    """
    folded = fold(text)
    found = [one for recognise in _RECOGNISERS for one in recognise(folded.text)]
    spans = [(one, *folded.original(one.start, one.end)) for one in found]
    placed = [Find(one.kind, start, end, one.proof) for one, start, end in spans]
    placed += [Find(Kind.LITERAL, *written.span()) for written in PLACEHOLDER.finditer(text)]
    return apart(placed)


def apart(found: list[Find]) -> list[Find]:
    """The best proven first, of equals the longest; what overlaps one of those is left out."""
    kept: list[Find] = []
    for one in sorted(found, key=lambda find: (find.proof, -find.length, find.start)):
        at = bisect_left(kept, one.start, key=lambda other: other.start)
        clear_before = at == 0 or kept[at - 1].end <= one.start
        clear_after = at == len(kept) or kept[at].start >= one.end
        if clear_before and clear_after:
            kept.insert(at, one)
    return kept
