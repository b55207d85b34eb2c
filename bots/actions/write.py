"""The model's own words for an answer, outside any conversation."""

from collections.abc import Callable, Sequence

from bots.language.model import LanguageModel, ModelUnavailable, Turn
from bots.language.support import SupportGate
from bots.queries import Proposal


def written_answer(
    proposal: Proposal, turns: Sequence[Turn], *, model: Callable[[], LanguageModel | None]
) -> str:
    """What the model says and the articles bear out; "" when that is nothing."""
    try:
        writer = model()
        if writer is None:
            return ""
        gate = SupportGate(passages=proposal.passages, on_text=lambda text: None)
        writer.write(
            turns=turns,
            passages=proposal.passages,
            language=proposal.language,
            on_text=gate.feed,
            cancelled=lambda: gate.stopped,
        )
        gate.finish()
    except ModelUnavailable:
        return ""
    if not gate.released:
        return ""
    return f"{gate.text} {''.join(f'[{place + 1}]' for place in gate.cited())}"
