"""What a question can be, and between which numbers its answer lies: pure."""

from typing import NamedTuple


class Kind(NamedTuple):
    """`least` to `most` are the numbers that can be answered; None: it is answered in words."""

    name: str
    least: int | None = None
    most: int | None = None
    chooses: bool = False


KINDS = {
    "csat": Kind("Satisfaction, 1 to 5 (CSAT)", 1, 5),
    "nps": Kind("Would recommend us, 0 to 10 (NPS)", 0, 10),
    "ces": Kind("It was easy, 1 to 7 (CES)", 1, 7),
    "scale": Kind("A scale from 1 to 5", 1, 5),
    "yes_no": Kind("Yes or no", 0, 1),
    "choice": Kind("One of several", chooses=True),
    "choices": Kind("Any of several", chooses=True),
    "text": Kind("In own words"),
}
SCORED = tuple(key for key, kind in KINDS.items() if kind.most is not None)
CHOSEN = tuple(key for key, kind in KINDS.items() if kind.chooses)
TEXT_LIMIT = 1000
