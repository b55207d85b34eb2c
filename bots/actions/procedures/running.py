"""A bot's turn within a procedure: begun or gone on with."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.apps import apps

from bots.actions.procedures.calling import Sender, send
from bots.actions.procedures.following import pending, played
from bots.actions.procedures.runs import active_run, end_run
from bots.actions.procedures.selecting import chosen, live_here, urgent_one
from bots.actions.procedures.talk import Ask, Taken, begun, going_on
from bots.actions.turn import BotTurn
from bots.models import ProcedureRun
from bots.procedures.matching import Candidate, Match
from bots.procedures.phrases import phrase
from bots.procedures.state import Begun, Said
from conversations.models import Message


def take_procedure(
    turn: BotTurn, *, clock: Callable[[], datetime], ask: Ask, send: Sender = send
) -> Taken | None:
    """Goes on with the procedure of this conversation, or begins the one that its message is for.

    None: there is none, and the articles are asked as ever. `ask` asks them for a question in between.
    """
    run = active_run(turn.conversation_id, at=clock())
    language = turn.language.split("-", maxsplit=1)[0].lower() or "en"
    text = turn.question if run is None else _unread(turn, run.read_seq)
    candidates = live_here(turn, at=clock(), language=language)
    if run is not None:
        talk = going_on(turn, run, clock, ask, send)
        other = urgent_one(text, candidates) if text else None
        if other is not None and other.pk != run.version_id:
            end_run(talk.run, ProcedureRun.State.CANCELLED, "Something urgent came.", at=clock())
            talk = begun(turn, other, clock, ask, send)
            return played(talk, Begun(text))
        resumed = pending(talk)
        return played(talk, resumed or Said(text), then=text if resumed else "", others=candidates)
    if not candidates or not text:
        return None
    match = chosen(text, candidates) or _named_before(turn, candidates)
    if match is None:
        return None
    if match.others:
        return _which(turn, match)
    return played(begun(turn, match.candidate, clock, ask, send), Begun(_whole(turn, text)))


def _unread(turn: BotTurn, after: int) -> str:
    """What the customer has written since the run took something in."""
    rows = Message.objects.filter(
        conversation=turn.conversation_id, author_kind="customer", note=False,
        seq__gt=after, seq__lte=turn.asked_seq,
    )  # fmt: skip
    return "\n".join(text for text in rows.order_by("seq").values_list("text", flat=True) if text)


def _whole(turn: BotTurn, text: str) -> str:
    """With what was asked when the bot had asked which procedure is meant."""
    before = [one.text for one in turn.history if one.role == "customer"]
    asked_back = turn.history and turn.history[-1].role == "bot" and before
    return f"{before[-1]}\n{text}" if asked_back and len(text) < 40 and _asked_which(turn) else text


def _asked_which(turn: BotTurn) -> bool:
    begins = [phrase("which", code, options="\0").split("\0")[0] for code in ("en", "zh")]
    last = turn.history[-1].text if turn.history and turn.history[-1].role == "bot" else ""
    return any(last.startswith(one) for one in begins)


def _named_before(turn: BotTurn, candidates: list[Candidate]) -> Match | None:
    """The answer to which of two procedures is meant."""
    if not _asked_which(turn):
        return None
    said = turn.question.casefold().strip()
    for one in candidates:
        if any(said == name.casefold() for name in one.procedure.name.said.values()):
            return Match(one, 1.0, "name")
    return None


def _which(turn: BotTurn, match: Match) -> Taken:
    """Two come as near: nothing begins before the customer has said which."""
    language = turn.language
    names = [one.procedure.name.of(language) for one in (match.candidate, *match.others)]
    options = ("、" if language.startswith("zh") else ", ").join(names)
    return Taken(
        phrase("which", language, options=options),
        tuple(names),
        (),
        None,
        "",
        {"which": names},
        lambda _held, _at: None,
    )


def queue_named(name: str) -> int | None:
    """Where a step says that customers wait; None: where they would anyway."""
    if not name:
        return None
    queues = apps.get_model("agents", "Queue").objects
    return queues.filter(name=name).values_list("pk", flat=True).first()
