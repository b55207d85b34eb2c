"""What one process tells its customers of their place in line: what is new, and no oftener than
anybody can read it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass

from conversations.frames import waiting_state
from conversations.live import Push, customer_room
from conversations.queries import Place

_EVERY = ((10, 0.9), (100, 5.0))  # (places up to, seconds between two words)
_FAR = 15.0
_READABLE = 15  # seconds: a wait is told again when it is so much shorter


@dataclass(slots=True)
class _Told:
    queue_id: int
    what: tuple[int, bool, int | None, int | None]
    at: float


class Places:
    """Remembers what each customer here was told. `behind` are queues with news held back."""

    def __init__(self) -> None:
        self._told: dict[int, _Told] = {}
        self.behind: set[int] = set()

    def news(
        self, queue_id: int, found: Mapping[int, Place], *, staffed: bool, now: float
    ) -> list[Push]:
        """A frame for everybody of this queue who does not know yet where they stand."""
        self.behind.discard(queue_id)
        pushes = []
        for pk, place in found.items():
            what = (place.position, staffed, _steps(place.wait_low), _steps(place.wait_high))
            before = self._told.get(pk)
            if before is not None and before.queue_id == queue_id:
                if before.what == what:
                    continue
                if now - before.at < _gap(place.position, pk):
                    self.behind.add(queue_id)
                    continue
            self._told[pk] = _Told(queue_id, what, now)
            shown = {**asdict(place), "staffed": staffed}
            pushes.append(Push((customer_room(pk),), waiting_state(shown)))
        return pushes

    def due(self, here: Collection[int], *, now: float) -> list[int]:
        """Of those here, whoever may be told something now: of the others nothing need be read."""
        return [
            pk
            for pk in here
            if (told := self._told.get(pk)) is None or now - told.at >= _gap(told.what[0], pk)
        ]

    def forget_all_but(self, here: Collection[int]) -> None:
        """Whoever has gone is told everything when they come again."""
        for pk in self._told.keys() - set(here):
            del self._told[pk]


def customers_here(rooms: Iterable[str]) -> set[int]:
    """The conversations whose customers have a socket, by the names of the rooms."""
    return {int(room[1:]) for room in rooms if room[0] == "c" and room[1:].isdecimal()}


def _steps(seconds: int | None) -> int | None:
    return None if seconds is None else -(-seconds // _READABLE)


def _gap(position: int, pk: int) -> float:
    """Not the same for everybody, so that those who came together do not all hear together."""
    seconds = next((seconds for most, seconds in _EVERY if position <= most), _FAR)
    return seconds * (0.7 + pk % 20 * 0.03) if seconds > 1 else seconds
