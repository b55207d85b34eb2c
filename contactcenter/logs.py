"""One JSON object a line: time, level, logger, message, and the ids of what it is about."""

import json
import logging
from datetime import UTC, datetime

from conversations.trace import trace as cause

# Django hands over the whole request, whose text holds the address with the tokens in it.
_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {
    "message",
    "asctime",
    "taskName",
    "request",
}


class JsonLines(logging.Formatter):
    """`logger.info("Routed", extra={"conversation": 7})` → `{…,"conversation":7}`.

    An exception is told by its type and the place it came from. Its own text stays out:
    drivers and vendors like to repeat there what a customer wrote.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if cause.get():
            line["request"] = cause.get()
        line |= {k: v for k, v in vars(record).items() if k not in _STANDARD}
        if record.exc_info and record.exc_info[0]:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = _places(record)
        return json.dumps(line, default=str, ensure_ascii=False)


def _places(record: logging.LogRecord) -> list[str]:
    assert record.exc_info
    places = []
    trace = record.exc_info[2]
    while trace:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return places[-8:]
