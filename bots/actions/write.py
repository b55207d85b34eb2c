"""The model's own words for an answer, as far as the articles bear them out."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bots.language.model import LanguageModel, ModelUnavailable, Turn
from bots.language.support import SupportGate
from bots.privacy.vault import Vault
from bots.queries import Citation, Proposal

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """Sentences with their marks; `[n]` counts `citations` from 1. `tokens` is what it cost."""

    text: str
    citations: tuple[Citation, ...]
    tokens: int


def _unheard(_text: str) -> None:
    """Nobody watches."""


def _never() -> bool:
    return False


def write_answer(
    proposal: Proposal,
    turns: Sequence[Turn],
    *,
    model: Callable[[], LanguageModel | None],
    vault: Vault | None = None,
    on_text: Callable[[str], None] = _unheard,
    is_over: Callable[[], bool] = _never,
    share: str = "",
) -> Written | None:
    """Lets the model answer the last turn; only supported sentences reach `on_text`.

    The model reads placeholders for personal data, those of `vault` if the conversation has one; what
    comes back has the values again.
    None when nothing it had to say is supported, or when it is not there: then the articles speak
    for themselves. If it breaks off, what it has said so far stands.
    """
    writer = model()
    if writer is None:
        return None
    vault = vault or Vault()
    gate = SupportGate(
        proposal.passages, on_text, closely=not writer.rephrases, restored=vault.restored
    )
    tokens = 0
    try:
        completion = writer.write(
            turns=_without_persons(turns, vault),
            passages=proposal.passages,
            language=proposal.language,
            on_text=gate.feed,
            cancelled=lambda: gate.stopped or is_over(),
            share=share,
        )
        tokens = completion.tokens
        gate.finish()
    except ModelUnavailable as error:
        logger.info("The model broke off", extra={"why": error.code})
    if not gate.released:
        return None
    cited = tuple(proposal.citations[place] for place in gate.cited())
    return Written(gate.marked(), cited, tokens)


def _without_persons(turns: Sequence[Turn], vault: Vault) -> list[Turn]:
    befores = ("", *(turn.text for turn in turns))
    return [
        Turn(
            turn.role,
            vault.covered(turn.text)
            if turn.role == "bot"
            else vault.redacted(turn.text, after=before),
        )
        for before, turn in zip(befores, turns, strict=False)
    ]
