"""Whoever dials: the protocol of a provider, and the one that only rings inside the house.

A provider keeps its own record of a call under a name of its own, which is stored before anything else happens;
so whoever asks later, in whatever process, hears what became of it.
"""

from datetime import UTC, datetime
from typing import Protocol


class CannotDial(Exception):
    """The provider would not take the number, or did not answer."""


class Provider(Protocol):
    def dial(self, number: str, *, at: datetime) -> str:
        """Begins to ring; the provider's name of the call. Raises CannotDial."""

    def outcome(self, call: str, *, at: datetime) -> str:
        """reached, no_answer, busy or voicemail; empty while it rings."""

    def hang_up(self, call: str) -> None:
        """It rings no longer. Doing it twice changes nothing."""


RINGS = 4.0  # seconds
_BY_LAST_DIGIT = {"0": "no_answer", "1": "voicemail", "2": "busy"}


class Loopback:
    """Rings for some seconds and answers by the last digit: 0 nobody, 1 a machine, 2 busy, else a person.

    All it knows is in the name of the call, so that a killed process forgets nothing."""

    def dial(self, number: str, *, at: datetime) -> str:
        digits = [sign for sign in number if sign.isdigit()]
        if len(digits) < 5:
            raise CannotDial("That is no number.")
        return f"loopback:{at.timestamp():.3f}:{digits[-1]}"

    def outcome(self, call: str, *, at: datetime) -> str:
        _, began, digit = call.split(":")
        if (at - datetime.fromtimestamp(float(began), UTC)).total_seconds() < RINGS:
            return ""
        return _BY_LAST_DIGIT.get(digit, "reached")

    def hang_up(self, call: str) -> None:
        return


_provider: list[Provider] = [Loopback()]


def provider() -> Provider:
    return _provider[0]


def take_provider(fresh: Provider) -> None:
    """Telephony comes in; called once, when the apps are ready."""
    _provider[:] = [fresh]
