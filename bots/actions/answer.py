"""The bot's turn: it reads what was asked, answers what the knowledge supports, or steps aside."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import connection

from bots.actions.looking_up import MINDS, asked_between, look_up
from bots.actions.procedures.asking import Offered
from bots.actions.procedures.running import take_procedure
from bots.actions.procedures.talk import Taken
from bots.actions.remembered import greeting
from bots.actions.saying import Aside, say, say_taken, step_aside
from bots.actions.speech import Speech, Spoken
from bots.actions.tracing import Notes
from bots.actions.turn import BotTurn, begin_turn, end_turn
from bots.actions.write import may_write, turns_read, write_answer
from bots.answering.mood import felt
from bots.answering.proposals import Proposal
from bots.behaviour.keywords import said_first
from bots.behaviour.ladder import Limits, Rung, rung_for_model, rung_for_wait
from bots.behaviour.profiles import profile_of
from bots.behaviour.quotas import spend_answer, too_many_for
from bots.knowledge.text import language_of
from bots.language.model import LanguageModel
from bots.models import BotKeyword, BotProfile
from bots.privacy.vault import Vault
from conversations.errors import NotYourTurn
from conversations.metrics import DECISIONS, TOKENS
from conversations.models import Handoff

logger = logging.getLogger(__name__)

# Reasons to step aside that only say that the articles have nothing: a procedure that may be meant is offered then.
_NOT_KNOWN = frozenset({"no_article", "out_of_scope", "unsupported", "low_chance", "person_free"})


def answer(
    *,
    conversation_id: int,
    model: Callable[[], LanguageModel | None],
    clock: Callable[[], datetime],
) -> str | None:
    """Says what the bot has to say, or asks for a person. Answers the decision; None: not its turn.

    Whatever breaks, the customer is somebody's: an error here asks for a person at once, and a
    process that dies leaves `due_at` behind, which the sweep finds.
    """
    turn = begin_turn(conversation_id=conversation_id, at=clock())
    connection.close()  # understanding takes a while, and there are more turns than connections
    if turn is None:
        return None
    notes = Notes(turn)
    try:
        return _take(turn, notes, model, clock)
    except NotYourTurn:
        notes.keep("lost", reason="", at=clock())
        return None
    except Exception:
        logger.exception("The bot failed", extra={"conversation": turn.conversation_id})
        step_aside(turn, notes, Aside(Handoff.Reason.FAILED), at=clock())
        return "handoff"
    finally:
        end_turn(turn)


def _take(
    turn: BotTurn,
    notes: Notes,
    model: Callable[[], LanguageModel | None],
    clock: Callable[[], datetime],
) -> str:
    with notes.stage("line"):
        MINDS.acquire()
    try:
        with notes.stage("rules"):
            profile = profile_of(turn.inbox_id)
            aside = _not_for_the_bot(turn, notes, profile, at=clock())
    finally:
        MINDS.release()
        connection.close()
    offered: Offered | None = None
    if aside is None:
        with notes.stage("procedure"):  # it may wait for a business, and holds up nobody meanwhile
            taken = take_procedure(
                turn, clock=clock, ask=partial(asked_between, turn, profile, clock)
            )
        if isinstance(taken, Taken):
            return say_taken(turn, notes, taken, profile, at=clock())
        offered = taken
        with MINDS, notes.stage("understand"):
            look_up(turn, notes, profile, at=clock())
        connection.close()  # the model may take seconds; others need the connection
    if aside is not None or notes.proposal is None:
        step_aside(turn, notes, aside or Aside(Handoff.Reason.FAILED), at=clock())
        return "handoff"
    proposal = notes.proposal
    if offered is not None:
        if proposal.decision == "handoff" and proposal.reason in _NOT_KNOWN:
            notes.proposal = None
            return say_taken(turn, notes, offered.asked(), profile, at=clock())
        proposal = replace(proposal, suggestions=(*offered.names, *proposal.suggestions))
        notes.proposal = proposal
    DECISIONS.labels(proposal.decision).inc()
    if proposal.decision == "handoff":
        aside = Aside(Handoff.Reason.of(proposal.reason), offers_call=proposal.offers_callback)
        if proposal.claims:  # part of the message has an answer
            claims, cited = proposal.claims, tuple(proposal.citations)
            notes.spoken = Spoken(proposal.answer, cited, "quote", claims=claims)
        step_aside(turn, notes, aside, at=clock())
        return "handoff"
    if not _may_spend(turn, notes, profile, at=clock()):
        step_aside(turn, notes, Aside(Handoff.Reason.QUOTA), at=clock())
        return "handoff"
    spoken = _speak(turn, notes, model, clock)
    with notes.stage("store"):
        say(turn, notes, proposal, spoken, profile, at=clock())
    return proposal.decision


# --- whether ----------------------------------------------------------------------------------


def _not_for_the_bot(
    turn: BotTurn, notes: Notes, profile: BotProfile, *, at: datetime
) -> Aside | None:
    """What decides before anything is looked up; also how far down the ladder this turn begins."""
    notes.rung = rung_for_wait((at - turn.asked_at).total_seconds(), _limits())
    if not turn.bot_enabled:
        return Aside(Handoff.Reason.NO_BOT)
    if aside := _by_keyword_or_hours(turn, profile, at=at):
        return aside
    if not turn.question:  # a file without a word: nobody here can look at it
        return Aside(Handoff.Reason.FILE)
    if profile.languages and _language(turn) not in profile.languages:
        return Aside(Handoff.Reason.LANGUAGE)
    if too_many_for(profile, turn.customer_id, at=at):
        notes.quota = "customer_answers_an_hour"
        return Aside(Handoff.Reason.QUOTA)
    return Aside(Handoff.Reason.BUSY) if notes.rung.step == "person" else None


def _by_keyword_or_hours(turn: BotTurn, profile: BotProfile, *, at: datetime) -> Aside | None:
    keyword = _keyword(profile, turn.question)
    if keyword is not None and keyword.then == BotKeyword.Then.PERSON:
        return Aside(Handoff.Reason.KEYWORD, keyword.queue_id)
    if keyword is not None or profile.is_on(at) or _was_called(turn, profile):
        return None
    has_hours = profile.when in {BotProfile.When.OPEN, BotProfile.When.CLOSED}
    return Aside(Handoff.Reason.HOURS if has_hours else Handoff.Reason.NO_BOT)


def _keyword(profile: BotProfile, question: str) -> BotKeyword | None:
    return said_first(profile.keywords.all(), question) if profile.pk else None


def _was_called(turn: BotTurn, profile: BotProfile) -> bool:
    """Once a keyword has called it, it goes on until the conversation is over."""
    return profile.when == BotProfile.When.CALLED and any(one.role == "bot" for one in turn.history)


def _language(turn: BotTurn) -> str:
    return language_of(turn.question, otherwise=turn.language.split("-")[0].lower())


def _limits() -> Limits:
    return Limits(
        shorter_above=settings.BOT_SHORTER_ABOVE,
        quote_above=settings.BOT_QUOTE_ABOVE,
        quote_after=settings.BOT_QUOTE_AFTER,
        person_after=settings.BOT_PERSON_AFTER,
    )


def _may_spend(turn: BotTurn, notes: Notes, profile: BotProfile, *, at: datetime) -> bool:
    """Counts the answer. False: no more today, and the profile wants a person then."""
    aside = profile.beyond == BotProfile.Beyond.ASIDE
    if notes.quota and aside:
        return False
    if spend_answer(profile, turn.inbox_id, at=at):
        return True
    notes.quota = notes.quota or "answers"
    if aside:
        return False
    return spend_answer(BotProfile(), turn.inbox_id, at=at)


# --- what -------------------------------------------------------------------------------------


def _speak(
    turn: BotTurn,
    notes: Notes,
    model: Callable[[], LanguageModel | None],
    clock: Callable[[], datetime],
) -> Spoken:
    """The model's words where there is time for them and they are borne out, else the articles'."""
    proposal = notes.proposal
    assert proposal is not None
    with notes.stage("redact"):
        vault = notes.vault
    text = greeting(proposal, turn.customer_id)
    spoken = Spoken(text, tuple(proposal.citations), "quote", claims=proposal.claims)
    writer = _writer(notes, proposal, model)
    speech = Speech(turn, clock, short=notes.rung.step == "shorter")
    if writer is not None:
        with notes.stage("write"):
            spoken = _write(turn, proposal, writer, speech, vault) or spoken
    with notes.stage("show"):
        speech.rest(spoken, at_once=notes.rung.step == "quote")
    notes.first_word_seconds, notes.spoken = speech.first_word_seconds, spoken
    return spoken


def _writer(
    notes: Notes, proposal: Proposal, model: Callable[[], LanguageModel | None]
) -> LanguageModel | None:
    """The model, if it has something to say here and time to say it."""
    if proposal.decision != "answer" or not notes.may_generate:
        notes.rung = Rung("generate")  # nothing was to be written
        return None
    if notes.rung.step == "quote" or notes.quota or not may_write(proposal):
        return None
    writer = model()
    if writer is not None:
        notes.describe(writer)
    notes.rung = rung_for_model(notes.load, _limits())
    return None if notes.rung.step == "quote" else writer


def _write(
    turn: BotTurn, proposal: Proposal, writer: LanguageModel, speech: Speech, vault: Vault
) -> Spoken | None:
    written = write_answer(
        proposal,
        turns_read(turn.question, turn.history, turn.before),
        model=lambda: writer,
        vault=vault,
        on_text=speech.say,
        is_over=speech.is_over,
        share=turn.inbox_key,
        cross=felt(turn.sentiment),
    )
    if speech.is_lost():
        raise NotYourTurn
    if written is None:
        return None
    TOKENS.inc(written.tokens)
    return Spoken(
        written.text, written.citations, "model", written.tokens, written.claims, written.dropped
    )
