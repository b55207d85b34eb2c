"""Letting a model write all of some examples' answers, many at once as in service."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from bots.language.model import LanguageModel, Turn
from bots.training.cleaning import passage_of
from bots.training.examples import Example
from bots.training.scores import Said, shown_of

TOGETHER = 8


def written(
    model: LanguageModel,
    examples: Sequence[Example],
    progress: Callable[[int], None] = lambda _done: None,
) -> tuple[list[Said], float]:
    """What it says to each, as it would be asked in service, and the seconds that all took together.

    Raises `ModelUnavailable` when one of them could not be written.
    """
    begun = time.perf_counter()

    def one(example: Example) -> Said:
        passage = passage_of(example)
        answer = model.write(
            turns=[Turn("customer", example.question)],
            passages=[passage],
            language=passage.language,
            on_text=lambda _text: None,
            cancelled=lambda: False,
        )
        progress(1)
        shown = shown_of(answer.text, [passage], closely=not model.rephrases)
        return Said(answer.text, shown, answer.tokens, answer.seconds, answer.seconds_to_first)

    with ThreadPoolExecutor(TOGETHER) as pool:
        said = list(pool.map(one, examples))
    return said, time.perf_counter() - begun
