"""How customers' messages read: the weights, loaded once."""

from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bots.knowledge.text import language_of
from bots.language.embedding import one_thread_each

if TYPE_CHECKING:
    from bots.sentiment.reader import Reader

_loading = Lock()


def reader(*, weights: str | None = None, threads: int = 1) -> "Reader":
    """`ModelUnavailable` when it can't be had."""
    with _loading:
        return _reader(weights, threads)


@cache
def _reader(weights: str | None, threads: int) -> "Reader":
    one_thread_each()
    import torch

    from bots.sentiment.reader import Reader
    from bots.sentiment.weights import load

    torch.set_num_threads(1)
    return Reader(
        load(Path(weights)) if weights else None, language_of=language_of, threads=threads
    )
