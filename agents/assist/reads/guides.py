"""The procedure that a conversation at an agent came out of, or is for: its steps, what is gathered ticked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from agents.assist.reads.similar import what_it_is_about
from agents.assist.rules.guide import NOTHING, Item, Known, items
from bots.actions.procedures.candidates import Here, live_here, shape_of
from bots.actions.procedures.selecting import chosen
from bots.models import ProcedureRun
from bots.procedures.engine.summary import shown
from bots.procedures.loading import BadFile
from bots.procedures.shapes import Procedure
from bots.procedures.state import State
from conversations.models import Conversation


@dataclass(frozen=True, slots=True)
class Guide:
    """`how`: run (the bot was in it) or match (the customer's words are for it)."""

    key: str
    name: str
    how: str
    reason: str
    items: tuple[Item, ...]

    def frame(self) -> dict[str, Any]:
        return {
            "procedure": self.key,
            "name": self.name,
            "how": self.how,
            "reason": self.reason,
            "steps": [
                {
                    "text": one.text,
                    "value": one.value,
                    "done": one.done,
                    "final": one.is_final,
                    "line": one.line(),
                }
                for one in self.items
            ],
        }


def guide_for(conversation: Conversation, *, at: datetime) -> Guide | None:
    run = (
        ProcedureRun.objects.filter(conversation=conversation)
        .exclude(state=ProcedureRun.State.DONE)
        .select_related("version")
        .order_by("-started_at", "-pk")
        .first()
    )
    try:
        return _of_run(run) if run else _matched(conversation, at=at)
    except BadFile:  # written by an older house
        return None


def _of_run(run: ProcedureRun) -> Guide | None:
    shape, state = shape_of(run.version.text), State.of(run.data)
    known = Known(
        {name: shown(shape, state, name) for name in shape.slots if name in state.slots},
        frozenset(name for name, _ in state.called),
        state.confirmed,
    )
    return _guide(shape, known, "run", state.reason or run.reason)


def _matched(conversation: Conversation, *, at: datetime) -> Guide | None:
    about = what_it_is_about(conversation)
    if not about:
        return None
    inbox = conversation.inbox
    language = conversation.language.split("-", maxsplit=1)[0].lower() or "en"
    here = Here(inbox.pk, inbox.key, inbox.kind, conversation.customer_id)
    candidates = live_here(here, at=at, language=language)
    match = chosen(about, candidates)
    if match is None or match.others:
        return None
    return _guide(match.candidate.procedure, NOTHING, "match", "")


def _guide(shape: Procedure, known: Known, how: str, reason: str) -> Guide | None:
    steps = tuple(items(shape, known))
    return Guide(shape.key, shape.name.of("en"), how, reason, steps) if len(steps) > 1 else None
