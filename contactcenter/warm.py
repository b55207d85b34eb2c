"""The model's worker loads its weights when it starts, not when the first customer waits."""

import logging
import threading
import time
from typing import Any

from conversations import heartbeat

logger = logging.getLogger(__name__)

_RETRY_SECONDS = 15


def warm_up(sender: Any, **_: Any) -> None:
    """Begins to load in the background, in that worker only which takes the queue `model`."""
    if "model" in sender.app.amqp.queues.consume_from:
        threading.Thread(target=_load, name="warm-up", daemon=True).start()


def _load() -> None:
    from bots.knowledge.vectors import encoders
    from bots.tasks import configured_model

    while True:
        try:
            encoders()
            if configured_model() is not None:
                break
        except Exception:
            # Until then the bot quotes articles; /readyz goes on saying that it is loading.
            logger.exception("The models can't be loaded")
        time.sleep(_RETRY_SECONDS)
    heartbeat.mark_loaded()
    logger.info("The models are loaded")
