"""What the value of each rule of routing is, once it has been read. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Overflow:
    """After `after` seconds in a queue, on to another one."""

    after: int
    queue: UUID


@dataclass(frozen=True, slots=True)
class Limit:
    """No more than `waiting` customers; whoever comes then hears `text`, or goes to `queue`."""

    waiting: int
    text: Mapping[str, str]
    queue: UUID | None = None


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    after: int
    text: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MaxWait:
    """After `after` seconds: offer a callback, give it back to the bot, or let it go."""

    after: int
    do: str  # callback | bot | abandon


@dataclass(frozen=True, slots=True)
class Joins:
    """Who says one of `says`, speaks `language` and has `label` (each if it is set) joins `queue`."""

    queue: UUID
    says: tuple[str, ...] = ()
    language: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Fairness:
    """No agent is offered more than `most` in `seconds`."""

    most: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Sticky:
    """Who served this customer within `days` is asked first, and alone for `wait_seconds`."""

    days: int
    wait_seconds: int = 0


@dataclass(frozen=True, slots=True)
class Language:
    """Required: only who speaks it, until `relax_after` seconds have passed."""

    required: bool = False
    relax_after: int | None = None


@dataclass(frozen=True, slots=True)
class Need:
    skill: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class SkillStep:
    """Who may be asked during these `seconds`: all of `all`, and one of `any` if it names any.

    The last step may have no end.
    """

    all: tuple[Need, ...] = ()
    any: tuple[Need, ...] = ()
    seconds: int | None = None


@dataclass(frozen=True, slots=True)
class WrapUp:
    """What an agent does after the talk. See `WRAP_UP_MODES`; `required`: never without a code."""

    mode: str = "requested"
    seconds: int = 60
    required: bool = False


@dataclass(frozen=True, slots=True)
class AutoResolve:
    """Ends after so many seconds of the customer's silence, once they were answered."""

    after: int
    text: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    bot_too: bool = True


@dataclass(frozen=True, slots=True)
class Webhook:
    """A program of the company's own that may choose; after `seconds` we choose ourselves."""

    url: str
    seconds: float = 2.0
    secret: str = ""
