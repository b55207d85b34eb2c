"""What the rest of the house asks of a model: three questions, without a vendor and without torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias, runtime_checkable

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Vectors: TypeAlias = "NDArray[np.float32]"
# `summary`: what the customer had asked before the conversation was resolved and opened again.
Role = Literal["customer", "bot", "agent", "summary"]


@dataclass(frozen=True)
class Turn:
    """One thing that was said in a conversation, oldest first in every list of them."""

    role: Role
    text: str


@dataclass(frozen=True)
class Passage:
    """A piece of an article, best first in every list of them. `article` is the article's UUID;
    `score` what search made of it (only to be compared within one list), and `parts` what each
    part of search said."""

    article: str
    title: str
    text: str
    language: str = "en"
    score: float = 0.0
    parts: Mapping[str, float] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Completion:
    """What a model wrote.

    `finished` is true when the model came to its own end, and false when it was cut short: by the
    limit on tokens, by the caller, or because it had begun to repeat itself.
    """

    text: str
    tokens: int
    finished: bool
    seconds_to_first: float
    seconds: float


@dataclass(frozen=True)
class Load:
    """How busy a model is. `seconds_to_first`: what one more answer would wait for its first word,
    as far as the last answers tell; 0 before the first one."""

    running: int
    waiting: int
    seconds_to_first: float


@dataclass(frozen=True)
class Description:
    """What wrote an answer, so that the answer can be written again.

    `digest` names the weights (the first 16 hex digits of a SHA-256), and is empty where they are
    another server's. `backend`: `onnxruntime`, `torch` or `openai`. `precision`: `int8`, `float32`, …
    """

    name: str
    digest: str
    backend: str
    precision: str


class ModelUnavailable(Exception):
    """The model cannot answer now. `code` is for machines; the text is one sentence for people.

    Codes: `wrong_name`, `missing_file`, `broken_file`, `too_little_memory`, `disk_full`,
    `unreachable`, `refused`, `failed`, `closed`, `busy`, `language`, `other_model`.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Overloaded(ModelUnavailable):
    """So many conversations wait for the model that one more would wait too long."""

    def __init__(self, waiting: int) -> None:
        super().__init__("busy", f"{waiting} conversations are waiting for the model already.")
        self.waiting = waiting


class CannotWrite(ModelUnavailable):
    """The model does not write this language well enough to speak to customers in it."""

    def __init__(self, language: str) -> None:
        super().__init__("language", f"The model does not write the language “{language}”.")
        self.language = language


@runtime_checkable
class LanguageModel(Protocol):
    """Words from words. Every method may be called from many threads at once."""

    @property
    def name(self) -> str: ...

    @property
    def languages(self) -> frozenset[str] | None:
        """The languages (two letters) it writes well; None means that it was not limited."""
        ...

    @property
    def rephrases(self) -> bool:
        """Can it be trusted with other words than the passages'? If not, it must retell them."""
        ...

    def write(
        self,
        *,
        turns: Sequence[Turn],
        passages: Sequence[Passage],
        language: str,
        on_text: Callable[[str], None],
        cancelled: Callable[[], bool],
        share: str = "",
        guidance: Sequence[str] = (),
    ) -> Completion:
        """Answer the last turn from the passages, and hand over the words as they come.

        Blocks until the answer is whole. `on_text` gets pieces of it in order, each valid Unicode, on
        the calling thread; `cancelled` is asked between pieces, and while the answer waits for its
        turn; true ends it early. Those who wait with the same `share` (an inbox, say) stand in one
        line, and the lines take turns. `guidance` is how the company wants it to be said.
        Raises `Overloaded`, `CannotWrite` or `ModelUnavailable`; what `on_text` raises comes through.
        """
        ...

    def ready(self) -> bool:
        """True when an answer could begin now."""
        ...

    def load(self) -> Load:
        """How busy it is now. Costs nothing, so anybody may ask before each answer."""
        ...

    def describe(self) -> Description:
        """What it is. Costs nothing."""
        ...

    def close(self) -> None:
        """Give back memory and threads; calls that wait fail with `ModelUnavailable`."""
        ...


@runtime_checkable
class Embedder(Protocol):
    """Sentences as points: near in meaning is near in angle. Safe to call from many threads."""

    @property
    def name(self) -> str:
        """Changes whenever the same text would get another vector: stored with each vector."""
        ...

    @property
    def dimensions(self) -> int: ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """What customers ask: shape (len(texts), dimensions), float32, each of length one."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """What articles say: the same shape; compare with a query by the dot product."""
        ...
