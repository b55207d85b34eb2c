"""Who is answered next: a bounded line for each inbox, and the lines take turns. Knows no model."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Mapping
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Admission(Generic[Item]):
    """Not safe for several threads by itself: whoever shares it holds a lock.

    One share with a hundred in line costs another share nothing: `take` serves the share that has
    the fewest answers under way and, among equals, the one that was served longest ago. When the
    whole is full, the newest of the longest line gives way to somebody from a shorter one.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        # In the order of turns: who was served last stands last. Empty lines are not kept.
        self._lines: OrderedDict[str, deque[Item]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, item: Item, share: str) -> Item | None:
        """Stand in line. Returns who must go because of it: None, another, or `item` itself."""
        gone: Item | None = None
        if self._count >= self.limit:
            longest = max(self._lines, key=lambda name: len(self._lines[name]), default=share)
            if len(self._lines.get(longest, ())) <= len(self._lines.get(share, ())) + 1:
                return item
            gone = self._lines[longest].pop()
            self._count -= 1
        self._lines.setdefault(share, deque()).append(item)
        self._count += 1
        return gone

    def take(self, under_way: Mapping[str, int]) -> Item | None:
        """The next to be served, out of the line; `under_way` counts the answers of each share."""
        if not self._lines:
            return None
        share = min(self._lines, key=lambda name: under_way.get(name, 0))  # the first among equals
        line = self._lines[share]
        item = line.popleft()
        self._count -= 1
        if line:
            self._lines.move_to_end(share)
        else:
            del self._lines[share]
        return item

    def leave(self, item: Item, share: str) -> bool:
        """Step out of the line; false when not in it (any more)."""
        line = self._lines.get(share)
        if line is None or item not in line:
            return False
        line.remove(item)
        self._count -= 1
        if not line:
            del self._lines[share]
        return True

    def clear(self) -> list[Item]:
        """Everybody who waited."""
        everybody = [item for line in self._lines.values() for item in line]
        self._lines.clear()
        self._count = 0
        return everybody
