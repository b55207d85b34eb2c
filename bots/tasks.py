"""Doors for later: ids in, the clock read here, one action called.

What answers is imported when it is needed: the web processes queue these tasks, and must not carry
encoders and models for it.
"""

import logging
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bots.indexer import Indexer
from conversations.later import queue_task

if TYPE_CHECKING:
    from bots.language.model import LanguageModel

logger = logging.getLogger(__name__)


def configured_model() -> "LanguageModel | None":
    """The chat model with its adapter, loaded once; None when it can't be had: then articles speak for
    themselves."""
    from bots.actions.serving import served_model
    from bots.language.model import ModelUnavailable

    try:
        return served_model(at=timezone.now())
    except ModelUnavailable as error:
        logger.warning("No language model: %s (%s)", error, error.code)
        return None


def model_trouble() -> str:
    """Loads the model if it is not, and the adapter that is live by now; why it cannot answer, as a code of
    `ModelUnavailable`, or ""."""
    from bots.actions.serving import follow, served_model
    from bots.language.model import ModelUnavailable

    try:
        model = served_model(at=timezone.now())
    except ModelUnavailable as error:
        logger.warning("No language model: %s (%s)", error, error.code)
        return error.code
    follow(at=timezone.now())
    return "" if model.ready() else "unreachable"


def model_at_hand() -> "LanguageModel | None":
    """None also while its weights are loading: a customer who waits is answered by the articles."""
    from bots.language.loader import language_model_at_hand

    return language_model_at_hand(
        settings.BOT_MODEL, device=settings.DEVICE, cache_dir=settings.MODELS_DIR
    )


def learn_procedures() -> None:
    """What begins them, before the first customer says so."""
    from bots.actions.procedures.selecting import learn_all

    learn_all(at=timezone.now())


def pick_up(*, seconds: float) -> int:
    """What workers had begun that died before we came, so many seconds ago."""
    from bots.actions.left import left_by_the_dead

    at = timezone.now()
    return left_by_the_dead(since=at - timedelta(seconds=seconds), at=at)


def _index() -> None:
    from bots.actions.articles import index_everything
    from bots.actions.procedures.candidates import read_examples

    index_everything(clock=timezone.now)
    read_examples()
    learn_procedures()


_indexer = Indexer(_index)


def _replay() -> None:
    from bots.actions.gate import conclude, passed_but_not_live
    from bots.actions.replay import run_next
    from bots.knowledge.vectors import encoders

    for left in passed_but_not_live():
        conclude(left, at=timezone.now())
    while (
        done := run_next(encoders=encoders(), clock=timezone.now, model=model_at_hand)
    ) is not None:
        conclude(done, at=timezone.now())


def _learn() -> None:
    from bots.actions.examples import gather
    from bots.actions.learned import learn_everything
    from bots.knowledge.vectors import light_encoders

    learn_everything(encoders=light_encoders(), at=timezone.now())
    gather(at=timezone.now())


def _shadow() -> None:
    from bots.actions.shadowing import run_new

    run_new(live=model_at_hand, clock=timezone.now)


def _refit() -> None:
    from bots.actions.refit import tend

    tend(at=timezone.now())


def _train() -> None:
    from bots.actions.training import run_next

    while run_next(clock=timezone.now):
        pass


def _feel() -> None:
    from bots.actions.feelings import read_new, reader
    from bots.language.model import ModelUnavailable

    try:
        read_new(with_reader=reader, clock=timezone.now)
    except ModelUnavailable as error:
        _say_why_not(f"{error} ({error.code})")


@cache
def _say_why_not(why: str) -> None:
    """Once for each cause: it would be said every two seconds."""
    logger.warning("Feelings cannot be read: %s", why)


_feeler = Indexer(_feel, name="feeler")
_trainer = Indexer(_train, name="trainer")
_refitter = Indexer(_refit, name="refitter")
_shadower = Indexer(_shadow, name="shadower")
_replayer = Indexer(_replay, name="replayer")
_learner = Indexer(_learn, name="learner")


@shared_task(name="bots.replay")
def replay(**_: Any) -> None:
    """A change is to be held against past questions; also what a lost task or worker left behind."""
    _replayer.wake()


@shared_task(name="bots.learn")
def learn(**_: Any) -> None:
    """What customers asked since the last time."""
    _learner.wake()


@shared_task(name="bots.shadow")
def shadow(**_: Any) -> None:
    """An adapter that is tried writes beside the live one, when nobody waits."""
    _shadower.wake()


@shared_task(name="bots.refit")
def refit(**_: Any) -> None:
    """Weights are fitted to what became of the bot's turns, where enough of that is new."""
    _refitter.wake()


@shared_task(name="bots.feel")
def feel(**_: Any) -> None:
    """What customers have written since the last time; also what a lost worker left behind."""
    _feeler.wake()


@shared_task(name="bots.train")
def train(**_: Any) -> None:
    """Somebody asked for a training; also one whose worker was killed."""
    _trainer.wake()


@shared_task(name="bots.answer")
def answer(*, conversation_id: int, **_: Any) -> None:
    from bots.actions.answer import answer as answer_conversation

    answer_conversation(conversation_id=conversation_id, model=model_at_hand, clock=timezone.now)


@shared_task(name="bots.index_article")
def index_article(**_: Any) -> None:
    """Somebody saved an article. Which one does not matter: all that is not indexed will be."""
    _indexer.wake()


@shared_task(name="bots.index_stale")
def index_stale(**_: Any) -> None:
    """Repairs what a lost task left behind, and reads everything again after a new encoder."""
    _indexer.wake()


@shared_task(name="bots.forget_old_turns")
def forget_old_turns(**_: Any) -> None:
    from bots.actions.tracing import forget_old_turns as forget

    forget(at=timezone.now())


@shared_task(name="bots.read_import")
def read_import(*, import_id: int, **_: Any) -> None:
    """The files of an import that somebody sent; what hangs there is ended by its own limits."""
    from bots.actions.importing import read_import as read_files

    read_files(import_id=import_id, clock=timezone.now)


@shared_task(name="bots.tidy_imports")
def tidy_imports(**_: Any) -> None:
    """Reads again what a worker that died has begun, and forgets what nobody confirmed."""
    from bots.actions.importing import tidy_imports as tidy

    for import_id in tidy(at=timezone.now()):
        queue_task(read_import, import_id=import_id)


@shared_task(name="bots.rerun")
def rerun(*, rerun: str, **_: Any) -> None:
    from bots.actions.rerun import take_again

    take_again(rerun=UUID(rerun), model=configured_model, at=timezone.now())


@shared_task(name="bots.count_asked")
def count_asked(*, conversation_id: int, **_: Any) -> None:
    """A person is needed: by a customer who has just read articles?"""
    from bots.actions.readers import count_asked as count

    count(conversation_id=conversation_id)


@shared_task(name="bots.look_at_openings")
def look_at_openings(*, version_id: int, **_: Any) -> None:
    """Would the first words of a draft's customers begin it?"""
    from bots.actions.procedures.openings import look_at_openings as look

    look(version_id, at=timezone.now())


@shared_task(name="bots.close_procedure")
def close_procedure(*, conversation_id: int, **_: Any) -> None:
    """A person is needed in the middle of a procedure: they are told what was gathered."""
    from bots.actions.procedures.closing import close_for_a_person

    close_for_a_person(conversation_id=conversation_id, at=timezone.now())


@shared_task(name="bots.forget_searches")
def forget_searches(**_: Any) -> None:
    from bots.actions.readers import forget_searches as forget
    from bots.actions.searched import forget_words

    forget(at=timezone.now())
    forget_words()
