"""Guessing the next words of an answer from the prompt that it copies from.

A good answer repeats its article. Where its newest words stand in the prompt, the words that follow
there are likely to follow here; the network then checks several guesses in one pass, which costs
little more than one word does. What is said is word for word what it would have said without them.
"""

from __future__ import annotations

from collections.abc import Sequence

LONG, SHORT = 3, 2  # how many of the newest words must agree: rather three than two
MOST = 6  # guesses at a time: on a CPU seven words cost a third more than one


class Drafter:
    """Knows one prompt. Not shared between answers."""

    def __init__(self, prompt: Sequence[int]) -> None:
        self._prompt = prompt
        self._after: dict[tuple[int, ...], int] = {}
        for count in (SHORT, LONG):
            for at in range(count, len(prompt)):
                self._after[tuple(prompt[at - count : at])] = at  # the last place wins

    def guess(self, said: Sequence[int]) -> list[int]:
        """Up to `MOST` words; none when the newest ones do not stand in the prompt."""
        for count in (LONG, SHORT):
            at = self._after.get(tuple(said[-count:])) if len(said) >= count else None
            if at is not None:
                return list(self._prompt[at : at + MOST])
        return []
