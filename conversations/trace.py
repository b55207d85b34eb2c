"""What caused a line of a log: one request, one frame, one task, and whatever follows from it."""

import uuid
from contextvars import ContextVar

trace: ContextVar[str] = ContextVar("trace", default="")
"""Carried by log lines, by `X-Request-ID`, and from who queues a task to the task."""


def begin(known: str = "") -> str:
    """From here on everything has this cause, or a new one."""
    cause = known or uuid.uuid4().hex
    trace.set(cause)
    return cause
