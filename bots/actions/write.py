"""The model's own words for an answer, as far as the articles bear them out."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from bots.answering.manner import Mode, breaks, forbidden, guidance, holding
from bots.answering.mood import crossness
from bots.answering.phrases import language_name, phrase
from bots.answering.proposals import Citation, Claim, Proposal, Source
from bots.knowledge.text import same_language
from bots.knowledge.vectors import likeness
from bots.knowledge.windows import LENGTH
from bots.language.model import LanguageModel, ModelUnavailable, Passage, Turn
from bots.language.support import stands
from bots.language.support_gate import Released, SupportGate
from bots.privacy.vault import Vault

_AGAIN = 4  # lines before the question that the model reads
_CROSS = 0.4  # of `crossness`: guidelines for angry customers hold

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """Sentences with their marks; `[n]` counts `citations` from 1. `tokens` is what it cost.

    `claims` tell where each sentence stands, `dropped` what no article bore out or no guideline allows.
    """

    text: str
    citations: tuple[Citation, ...]
    tokens: int
    claims: tuple[Claim, ...] = ()
    dropped: tuple[str, ...] = ()
    seconds_to_first: float | None = None


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
    cross: float = 0.0,
) -> Written | None:
    """Lets the model answer the last turn; only supported sentences reach `on_text`.

    The model reads placeholders for personal data, those of `vault` if the conversation has one; what
    comes back has the values again. `cross`: how cross the customer was before this turn, 0 … 1; their
    words of this turn count by themselves.
    None when nothing it had to say is supported, when it may not write here, or when it is not there:
    then the articles speak for themselves. If it breaks off, what it has said so far stands.
    """
    if not may_write(proposal):
        return None
    writer = model()
    if writer is None or not _is_worth_it(proposal, writer):
        return None
    vault = vault or Vault()
    asked = turns[-1].text if turns else ""
    held = holding(proposal.manner.guidelines, asked, cross=max(cross, crossness(asked)) >= _CROSS)
    passages = _passages(proposal, writer)
    gate = SupportGate(
        passages,
        on_text,
        closely=not writer.rephrases,
        restored=vault.restored,
        breaks=partial(breaks, never=forbidden(proposal.manner, held)),
        longest=proposal.manner.longest,
        likeness=likeness,
        language=proposal.language,
    )
    tokens, first = 0, None
    try:
        completion = writer.write(
            turns=_without_persons(turns, vault),
            passages=passages,
            language=proposal.language,
            on_text=gate.feed,
            cancelled=lambda: gate.stopped or is_over(),
            share=share,
            guidance=guidance(held),
        )
        tokens, first = completion.tokens, completion.seconds_to_first
        gate.finish()
    except ModelUnavailable as error:
        logger.info("The model broke off", extra={"why": error.code})
    if not gate.released:
        return None
    citations, claims = _borne_out(proposal, gate)
    text = gate.marked()
    foreign = [one for one in citations if not same_language(one.language, proposal.language)]
    if foreign:
        other = language_name(foreign[0].language, proposal.language)
        text += "\n" + phrase("translated", proposal.language, other=other)
    return Written(text, citations, tokens, claims, tuple(gate.dropped), first)


def turns_read(question: str, history: Sequence[Turn], before: str = "") -> list[Turn]:
    """What a model reads of a conversation: `before` is the summary of what was settled when it was
    resolved."""
    settled = [Turn("summary", before)] if before else []
    return [*settled, *history[-_AGAIN:], Turn("customer", question)]


def may_write(proposal: Proposal) -> bool:
    """Whether the words of this answer are a model's to choose: not where they are fixed, or where the
    manner says that people choose them."""
    if proposal.decision != "answer" or proposal.manner.mode != Mode.GENERATE:
        return False
    return bool(proposal.passages) and not any(one.is_fixed for one in proposal.sources[:1])


def _is_worth_it(proposal: Proposal, writer: LanguageModel) -> bool:
    """A model that must retell its passage can only shorten what was written to be said whole, and
    says nothing in a language that the article is not in."""
    if writer.rephrases or not proposal.sources:
        return True
    first = proposal.sources[0]
    short = len(first.quote.text) <= LENGTH
    return short and same_language(first.citation.language, proposal.language)


def _passages(proposal: Proposal, writer: LanguageModel) -> tuple[Passage, ...]:
    """What a model may read: one that can be trusted with more, the articles; a small one, the quote."""
    if not writer.rephrases or not proposal.sources:
        return proposal.passages
    return tuple(source.whole for source in proposal.sources)


def _borne_out(
    proposal: Proposal, gate: SupportGate
) -> tuple[tuple[Citation, ...], tuple[Claim, ...]]:
    """What the sentences cite, in the order of the marks, and where each of them stands."""
    order = gate.cited()
    if not proposal.sources:
        return tuple(proposal.citations[place] for place in order), ()
    claims = tuple(
        _claim(one, order.index(one.passage), proposal.sources[one.passage])
        for one in gate.released
    )
    return tuple(
        _widened(proposal.sources[place], [one for one in claims if one.citation == number])
        for number, place in enumerate(order)
    ), claims


def _claim(said: Released, number: int, source: Source) -> Claim:
    cited = source.citation
    first, last = stands(said.text, [line.text for line in source.lines])
    start, end = (source.lines[first].start, source.lines[last].end) if source.lines else (0, 0)
    support = round(said.score, 3)
    return Claim(said.text.strip(), number, cited.article, cited.version, start, end, support)


def _widened(source: Source, claims: Sequence[Claim]) -> Citation:
    """A citation that holds every sentence that rests on it."""
    cited = source.citation
    if all(cited.start <= one.start and one.end <= cited.end for one in claims):
        return cited
    start, end = min(one.start for one in claims), max(one.end for one in claims)
    said = [line.text for line in source.lines if start <= line.start and line.end <= end]
    return replace(
        cited, start=start, end=end, quote=" ".join(said), verbatim=source.body[start:end]
    )


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
