"""How much of an answer there is time for: everything, less, a quote, or a person. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bots.language.model import Load

Step = Literal["generate", "shorter", "quote", "person"]
Why = Literal["", "busy", "down", "late"]


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds. `shorter_above` and `quote_above` are until the model's first word; `quote_after`
    and `person_after` since the customer has been waiting."""

    shorter_above: float
    quote_above: float
    quote_after: float
    person_after: float


@dataclass(frozen=True, slots=True)
class Rung:
    step: Step
    why: Why = ""


def rung_for_wait(waited: float, limits: Limits) -> Rung:
    """What is still possible for somebody who has waited so long already."""
    if waited >= limits.person_after:
        return Rung("person", "late")
    return Rung("quote", "late") if waited >= limits.quote_after else Rung("generate")


def rung_for_model(load: Load | None, limits: Limits) -> Rung:
    """What the model has time for; None: it is not there."""
    if load is None:
        return Rung("quote", "down")
    if load.seconds_to_first > limits.quote_above:
        return Rung("quote", "busy")
    return (
        Rung("shorter", "busy")
        if load.seconds_to_first > limits.shorter_above
        else Rung("generate")
    )
