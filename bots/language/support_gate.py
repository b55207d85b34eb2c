"""The gate between a model and a customer: it lets through what the passages say, sentence by sentence."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bots.language.model import Passage
from bots.language.support import Support, retells, supported, translates
from bots.language.words import first_sentence, is_closed

REFUSED = 3  # sentences in a row: what comes after so many is not worth waiting for
# A sentence that begins so speaks of the one before; without that one nobody knows of what.
_LEANS = re.compile(
    r"\s*(?:(?:it|its|this|that|they|these|those|he|she|otherwise|then|so|however|but|also|instead|therefore)\b|[这那它]|否则|因此|但)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Released:
    """A sentence that a customer has seen, and the number of the passage that says it, from 0."""

    text: str
    passage: int
    score: float


class SupportGate:
    """Lets only whole, supported sentences through and drops the others.

    Feed it what a model writes; `on_text` gets the sentences, with their spaces, as they are cleared.
    Once `stopped` is true the rest is not worth writing: hand `lambda: gate.stopped` to the model.
    """

    def __init__(
        self,
        passages: Sequence[Passage],
        on_text: Callable[[str], None],
        *,
        closely: bool = False,
        restored: Callable[[str], str] = str,
        breaks: Callable[[str], str] = lambda _sentence: "",
        longest: int = 0,
        likeness: Callable[[str, Sequence[str]], Sequence[float]] | None = None,
        language: str = "",
    ) -> None:
        """`closely`: each sentence must also retell one of its passage, and the first that does not is
        the end. `restored` puts back what was kept from the model; sentences are judged, and shown, with
        it. `breaks` tells a word that may not be said; `longest` limits the characters, unless it is 0.
        With `likeness`, passages in another language than `language` bear out what translates them.
        """
        self._breaks = breaks
        self._longest = longest
        self._likeness = likeness
        self._language = language
        self._in_a_row = 0
        self._restored = restored
        self._closely = closely
        self._passages = passages
        self._on_text = on_text
        self._held = ""
        self.stopped = False
        self.released: list[Released] = []
        self.refused: str | None = None
        self.dropped: list[str] = []

    def feed(self, text: str) -> None:
        self._held += text
        while not self.stopped:
            sentence, rest = first_sentence(self._held)
            if not sentence:
                return
            self._held = rest
            self._judge(self._restored(sentence))

    def finish(self) -> None:
        """The model has said all it will. What it left without an end is not a sentence."""
        rest, self._held = self._held, ""
        if not self.stopped and rest.strip():
            if is_closed(rest):
                self._judge(self._restored(rest))
            else:
                self.stopped = True

    @property
    def text(self) -> str:
        """What the customer has seen."""
        return "".join(released.text for released in self.released).strip()

    def cited(self) -> list[int]:
        """The passages behind the text, each once, in the order of their first sentence."""
        return list(dict.fromkeys(released.passage for released in self.released))

    def marked(self) -> str:
        """The text with `[n]` after each sentence: n counts `cited()` from 1."""
        order = self.cited()
        return " ".join(f"{r.text.strip()} [{order.index(r.passage) + 1}]" for r in self.released)

    def _judge(self, sentence: str) -> None:
        plain = " ".join(sentence.split()).casefold()
        if any(plain == " ".join(r.text.split()).casefold() for r in self.released):
            self._refuse(sentence)  # it goes round in circles
            self.stopped = True
            return
        support = self._supported(sentence)
        orphan = self._in_a_row > 0 and _LEANS.match(sentence)
        if support.passage is None or not support.is_enough or orphan or self._breaks(sentence):
            self._refuse(sentence)
            return
        if self._longest and len(self.text) + len(sentence) > self._longest and self.released:
            self.stopped = True
            return
        self._in_a_row = 0
        text = sentence if self.released else sentence.lstrip()
        self.released.append(Released(text, support.passage, support.score))
        self._on_text(text)

    def _refuse(self, sentence: str) -> None:
        self.refused = sentence.strip()
        self.dropped.append(self.refused)
        self._in_a_row += 1
        self.stopped = self.stopped or self._closely or self._in_a_row >= REFUSED

    def _supported(self, sentence: str) -> Support:
        best = supported(sentence, self._passages)
        if best.is_enough and best.passage is not None:
            far = self._closely and not retells(sentence, self._passages[best.passage])
            return Support(0.0, None) if far else best
        if self._likeness is None or self._closely or sentence.rstrip().endswith(("?", "？")):
            return best
        for number, passage in enumerate(self._passages):
            if passage.language.split("-")[0] == self._language.split("-")[0]:
                continue
            near = translates(sentence, passage, self._likeness)
            if near > (best.score if best.is_enough else 0.0):
                best = Support(near, number)
        return best
