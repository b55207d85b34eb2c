"""Doors for later: they wake one thread of the model's worker."""

import time
from typing import TYPE_CHECKING, Any

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from bots.indexer import Indexer

if TYPE_CHECKING:
    from bots.language.model import LanguageModel


def _model() -> "LanguageModel | None":
    from bots.tasks import model_at_hand

    return model_at_hand()


# Who uses what may be known a little later: on a busy day settling would be most of the work.
_SETTLE_EVERY = 2.0
_BREATH = 0.4  # seconds between two looks, however many are writing


def _help() -> None:
    """Until nobody is writing. Its connection stays meanwhile: another one for each look would cost
    whoever chats beside it more than the look."""
    from agents.assist.actions.hinting import settle_hints
    from agents.assist.actions.settle import settle
    from agents.assist.actions.suggest import next_pause, suggest

    settled_at = float("-inf")
    while True:
        if time.monotonic() - settled_at > _SETTLE_EVERY:
            settle(at=timezone.now())
            settle_hints(at=timezone.now())
            settled_at = time.monotonic()
        if not settings.SUGGESTIONS:
            return
        suggest(model=_model, clock=timezone.now)
        left = next_pause(at=timezone.now())
        if left is None:
            return
        # The task that woke us came with their words, before they had paused.
        _helper.rest(max(left.total_seconds(), _BREATH))


def _teach() -> None:
    from agents.assist.actions.teaching import propose_edits

    propose_edits(at=timezone.now())


_teacher = Indexer(_teach, name="teacher")
# It rests most of the time by itself; a suggestion that is late is of no use.
_helper = Indexer(_help, name="helper", nice=13)


@shared_task(name="assist.help")
def help_agents(**_: Any) -> None:
    """Somebody wrote in a conversation of an agent; also what a lost task left behind."""
    _helper.wake()


def _read() -> None:
    from agents.assist.actions.reading import read_new
    from bots.language.hearing import hearing

    read_new(hearing=hearing(settings.SPEECH_MODEL), clock=timezone.now)


# No further back than the model: a busy machine would not get to it at all.
_reader = Indexer(_read, name="reader", nice=10)


@shared_task(name="assist.read_files")
def read_files(**_: Any) -> None:
    """Pictures and voice notes that customers sent."""
    _reader.wake()


@shared_task(name="assist.remember")
def remember(**_: Any) -> None:
    """What customers said of themselves since the last time."""
    from agents.assist.actions.remembering import read_new

    if settings.CUSTOMER_MEMORY:
        read_new(at=timezone.now())


@shared_task(name="assist.teach")
def teach(**_: Any) -> None:
    """What agents changed in suggestions becomes training examples for people to look through."""
    _teacher.wake()


@shared_task(name="assist.forget")
def forget(**_: Any) -> None:
    from agents.assist.actions.settle import forget_words
    from conversations.actions.memory import forget_old

    at = timezone.now()
    forget_words(at=at)
    forget_old(at=at, days=settings.CUSTOMER_MEMORY_DAYS)
