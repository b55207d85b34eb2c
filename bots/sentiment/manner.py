"""The manner of a text, where no encoder has said of which kind it is: what tells a message from a review. Pure.

The same log-odds mean something else in a review, which has no neutral ones, than in a tweet or a question.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
SIZE = 4
_MARKED = re.compile(r"[@#]\w|https?:")
_SPACED = re.compile(r"\s[.,!?]|\s'[a-z]|\sn't")
_ASKS = re.compile(r"[?\uff1f]")
_CHINESE_WORD = 1.6  # letters
_USUAL = 2.5  # log of words: about twelve


def manner_of(texts: Sequence[str]) -> Floats:
    """Shape (texts, `SIZE`): length, handles or links, spaces before its stops, a question."""
    return np.array([_manner(text) for text in texts], dtype=np.float32).reshape(len(texts), SIZE)


def _manner(text: str) -> tuple[float, float, float, float]:
    chinese = sum("\u4e00" <= letter <= "\u9fff" for letter in text) / _CHINESE_WORD
    words = max(len(text.split()), chinese, 1.0)
    return (
        math.log(words) - _USUAL,
        float(bool(_MARKED.search(text))),
        float(bool(_SPACED.search(text))),
        float(bool(_ASKS.search(text))),
    )
