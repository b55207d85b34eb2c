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
_settled_at = float("-inf")


def _help() -> None:
    global _settled_at  # noqa: PLW0603 -- one helper for each process

    from agents.assist.actions.settle import settle
    from agents.assist.actions.suggest import suggest

    if time.monotonic() - _settled_at > _SETTLE_EVERY:
        settle(at=timezone.now())
        _settled_at = time.monotonic()
    if settings.SUGGESTIONS:
        suggest(model=_model, clock=timezone.now)


# It rests most of the time by itself; a suggestion that is late is of no use.
_helper = Indexer(_help, name="helper", nice=13)


@shared_task(name="assist.help")
def help_agents(**_: Any) -> None:
    """Somebody wrote in a conversation of an agent; also what a lost task left behind."""
    _helper.wake()


@shared_task(name="assist.forget")
def forget(**_: Any) -> None:
    from agents.assist.actions.settle import forget_words

    forget_words(at=timezone.now())
