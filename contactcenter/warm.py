"""The model's worker loads its weights when it starts, not when the first customer waits."""

import logging
import os
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.db import connection

from conversations import heartbeat

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 15


def warm_up(sender: Any, **_: Any) -> None:
    """Begins to load in the background, in that worker only which takes the queue `model`."""
    if "model" in sender.app.amqp.queues.consume_from:
        began = time.monotonic()
        threading.Thread(target=_load, name="warm-up", daemon=True).start()
        threading.Thread(target=_pick_up, args=(sender, began), name="pick-up", daemon=True).start()


def _pick_up(sender: Any, began: float) -> None:
    """A predecessor that died has left turns behind: they need not wait until they are overdue."""
    from bots.tasks import pick_up

    try:
        queues = sender.app.control.inspect(timeout=1.0).active_queues() or {}
        if answers_alone(queues, sender.hostname) and (
            left := pick_up(seconds=time.monotonic() - began)
        ):
            logger.info("Picked up what a worker left", extra={"conversations": left})
    except Exception:
        logger.warning("What a worker left waits for the sweep", exc_info=True)
    finally:
        connection.close()


def answers_alone(queues: Mapping[str, Sequence[Mapping[str, Any]]], own: str) -> bool:
    """Whether no other worker takes the queue `model`, by what the workers say."""
    return not any(
        queue["name"] == "model"
        for worker, taken in queues.items()
        if worker != own
        for queue in taken
    )


def _load() -> None:
    from bots.knowledge.vectors import encoders
    from bots.queries import consult
    from bots.tasks import learn_procedures

    while True:
        try:
            # What a first question loads besides (the corpus, the judges, what begins
            # procedures) is not left to a customer.
            consult(question="What can you do for me?", known=encoders())
            learn_procedures()
            connection.close()
            break
        except Exception:
            # Until then the bot quotes articles; /readyz goes on saying that it is loading.
            logger.exception("The models can't be loaded")
        time.sleep(_RETRY_SECONDS)
    _step_back()
    logger.info("The encoders are loaded")
    watch_model()
    _quicken()  # once customers are answered: it loads for a second
    while True:
        time.sleep(_RETRY_SECONDS)
        watch_model()


def _quicken() -> None:
    from bots.knowledge.vectors import quicken

    try:
        if quicken():
            logger.info("Questions are read by the quicker form of the encoder")
    except Exception:
        logger.exception("Questions are read by the slower form of the encoder")


def watch_model() -> None:
    """Loads the language model, tries again where that failed, and notices a server that went away."""
    from bots.tasks import model_trouble

    try:
        trouble = model_trouble()
    except Exception:
        logger.exception("The language model can't be loaded")
        trouble = "failed"
    if trouble:
        heartbeat.mark_trouble(trouble)
    else:
        heartbeat.mark_loaded()


def _step_back() -> None:
    """The session of this process, where it has one of its own: the launcher says how far."""
    nice = os.environ.get("SESSION_NICE")
    if nice and os.getsid(0) == os.getpid():
        with suppress(OSError):  # no such thing on this system
            Path("/proc/self/autogroup").write_text(nice)
