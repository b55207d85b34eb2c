"""Placeholders for the personal data of one conversation, and the way back."""

import re
from collections import Counter

from bots.privacy.finding import PLACEHOLDER, apart, find
from bots.privacy.kinds import Find, Kind, Proof

_CONTEXT = 60  # characters of what was said before: “your phone number?” speaks for “5551234567”
_SHORTEST = (
    4  # characters: a shorter value is hidden where it was found, and not looked for elsewhere
)


class Vault:
    """The same value has the same placeholder, `[CARD 1]`, whatever text of the conversation it is in.

    Lives in memory for as long as one answer takes and is never stored: the same lines in the same
    order give the same placeholders again. Never log it, nor what `restored` gives.
    """

    def __init__(self) -> None:
        self._names: dict[tuple[Kind, str], str] = {}
        self._values: dict[str, str] = {}
        self._counts: Counter[Kind] = Counter()

    def __repr__(self) -> str:
        return f"<Vault of {len(self._values)}>"

    def redacted(self, text: str, *, after: str = "") -> str:
        """What a person wrote, with a placeholder for each piece of personal data.

        `after` is what was said before it. What was found earlier in the conversation is found again,
        also where nothing beside it says what it is.
        """
        before = after[-_CONTEXT:] + "\n" if after else ""
        shift = len(before)
        found = [
            Find(one.kind, one.start - shift, one.end - shift, one.proof)
            for one in find(before + text)
            if one.start >= shift
        ]
        return self._replaced(text, apart(found + self._known(text)))

    def covered(self, text: str) -> str:
        """What the bot said: only what a person had written is replaced, not the shop's hotline."""
        return self._replaced(text, apart(self._known(text)))

    def restored(self, text: str) -> str:
        """The text with the values for the placeholders that it repeats."""
        return PLACEHOLDER.sub(lambda m: self._values.get(m.group(), m.group()), text)

    def _known(self, text: str) -> list[Find]:
        kinds = {value: kind for kind, value in self._names if len(value) >= _SHORTEST}
        present = sorted((value for value in kinds if value in text), key=len, reverse=True)
        if not present:
            return []
        any_of = "|".join(map(re.escape, present))
        return [
            Find(kinds[again.group()], *again.span(), Proof.SAID)
            for again in re.finditer(rf"(?<![A-Za-z0-9])(?:{any_of})(?![A-Za-z0-9])", text)
        ]

    def _replaced(self, text: str, finds: list[Find]) -> str:
        pieces: list[str] = []
        last = 0
        for one in finds:
            pieces += (text[last : one.start], self._name(one.kind, text[one.start : one.end]))
            last = one.end
        return "".join([*pieces, text[last:]])

    def _name(self, kind: Kind, value: str) -> str:
        name = self._names.get((kind, value))
        if name is None:
            self._counts[kind] += 1
            name = f"[{kind} {self._counts[kind]}]"
            self._names[kind, value] = name
            self._values[name] = value
        return name
