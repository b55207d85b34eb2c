"""An agent's words written anew: offered only where every fact of them stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agents.assist.models import Suggestion
from agents.assist.reads.spelling import better_spelling
from agents.assist.rules.rewriting import How, correct, friendlier, keeps, shorter
from bots.knowledge.text import language_of
from conversations.models import Conversation

LANGUAGES = frozenset({"en", "zh"})


@dataclass(frozen=True, slots=True)
class Rewritten:
    """`row` is its line in the log; None when the words stay as they are, and `why` then says so."""

    text: str
    why: str
    row: Suggestion | None = None


def rewrite(
    text: str, how: How, *, conversation: Conversation, agent_id: int, at: datetime
) -> Rewritten:
    """Nothing of it is sent."""
    language = language_of(text, otherwise=conversation.language.split("-")[0].lower())
    if language not in LANGUAGES:
        return Rewritten(text, "This is offered for English and Chinese only.")
    name = conversation.customer.name
    if how == "correct":
        new = correct(text, better_spelling if language == "en" else None)
    elif how == "shorter":
        new = shorter(text)
    else:
        new = friendlier(text, name=name, language=language)
    if not keeps(text, new, may_come=name if how == "friendlier" else ""):
        return Rewritten(text, "It would have changed a number, a name or a “not”, so it stays.")
    if new == text.strip():
        return Rewritten(text, _NOTHING[how])
    row = Suggestion.objects.create(
        conversation=conversation,
        agent_id=agent_id,
        kind=Suggestion.Kind.REWRITE,
        text=new,
        language=language,
        by=Suggestion.By.RULES,
        confidence=1.0,
        at=at,
        shown_at=at,
    )
    return Rewritten(new, "", row)


_NOTHING = {
    "correct": "No mistake was found.",
    "shorter": "There is nothing to leave out.",
    "friendlier": "It is friendly already.",
}
