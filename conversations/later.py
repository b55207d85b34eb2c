"""Queues a task; a dead broker costs a warning, not the request: the sweeper repairs it."""

import logging
from typing import Any

from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def queue_task(task: Any, **arguments: Any) -> bool:
    """True if the broker took it."""
    try:
        task.apply_async(kwargs=arguments, retry=False)
    except (OperationalError, OSError) as error:
        logger.warning("Not queued", extra={"task": task.name, "error": type(error).__name__})
        return False
    return True
