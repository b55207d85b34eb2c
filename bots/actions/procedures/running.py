"""A bot's turn within a procedure: begun or gone on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.apps import apps

from bots.actions.procedures.asking import Offered, asked_back, named, which, whole
from bots.actions.procedures.calling import Sender, send
from bots.actions.procedures.candidates import live_here
from bots.actions.procedures.following import pending, played
from bots.actions.procedures.runs import active_run, end_run
from bots.actions.procedures.selecting import chosen, urgent_one
from bots.actions.procedures.talk import Ask, Taken, Talk, begun, going_on
from bots.actions.turn import BotTurn
from bots.models import ProcedureRun
from bots.procedures.matching import Candidate
from bots.procedures.state import Begun, Said
from conversations.models import Message

_ASKS_BACK = 2  # questions which one is meant; then the likeliest begins, and says what it does


def take_procedure(
    turn: BotTurn, *, clock: Callable[[], datetime], ask: Ask, send: Sender = send
) -> Taken | Offered | None:
    """Goes on with the procedure of this conversation, or begins the one that its message is for.

    None: there is none, and the articles are asked as ever. Offered: they are asked first, and it is offered
    beside what they say. `ask` asks them for a question in between.
    """
    run = active_run(turn.conversation_id, at=clock())
    language = turn.language.split("-", maxsplit=1)[0].lower() or "en"
    text = turn.question if run is None else _unread(turn, run.read_seq)
    candidates = live_here(turn, at=clock(), language=language)
    if run is not None:
        return _gone_on(going_on(turn, run, clock, ask, send), text, candidates)
    if not candidates or not text:
        return None
    match = named(turn, text, candidates) or chosen(text, candidates)
    if match is None:
        return None
    if not match.is_sure:
        return None if asked_back(turn) else Offered(turn, match)
    if match.others and asked_back(turn) < _ASKS_BACK:
        return which(turn, match)
    return played(begun(turn, match.candidate, clock, ask, send), Begun(whole(turn, text)))


def _gone_on(talk: Talk, text: str, candidates: list[Candidate]) -> Taken:
    other = urgent_one(text, candidates) if text else None
    if other is not None and other.pk != talk.run.version_id:
        end_run(talk.run, ProcedureRun.State.CANCELLED, "Something urgent came.", at=talk.clock())
        urgent = begun(talk.turn, other, talk.clock, talk.ask, talk.send)
        return played(urgent, Begun(text))
    resumed = pending(talk)
    return played(talk, resumed or Said(text), then=text if resumed else "", others=candidates)


def _unread(turn: BotTurn, after: int) -> str:
    """What the customer has written since the run took something in."""
    rows = Message.objects.filter(
        conversation=turn.conversation_id, author_kind="customer", note=False,
        seq__gt=after, seq__lte=turn.asked_seq,
    )  # fmt: skip
    return "\n".join(text for text in rows.order_by("seq").values_list("text", flat=True) if text)


def queue_named(name: str) -> int | None:
    """Where a step says that customers wait; None: where they would anyway."""
    if not name:
        return None
    queues = apps.get_model("agents", "Queue").objects
    return queues.filter(name=name).values_list("pk", flat=True).first()
