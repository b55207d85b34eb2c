"""What stands in a frame: its fields, read and judged. All of it raises BadWords or TooLong."""

import uuid
from datetime import datetime
from typing import Any

import orjson

from conversations.errors import BadWords, Refused, TooLong
from conversations.words import TEXT_LIMIT, clean_text, has_unstorable


class UnknownType(Refused):
    code = "unknown_type"


def parse(text: str | bytes | None) -> dict[str, Any]:
    """One JSON object with a type. Raises BadWords."""
    if text is None:
        raise BadWords("Send text frames with one JSON object each.")
    try:
        frame = orjson.loads(text)
    except ValueError as error:
        raise BadWords("That is not JSON.") from error
    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
        raise BadWords('A frame is an object with a "type".')
    return frame


def check_storable(frame: dict[str, Any], text: str | bytes) -> None:
    """Raises BadWords for what PostgreSQL can't hold; looks closer only where the text gives cause."""
    suspicious = b"\\u0000" in text if isinstance(text, bytes) else "\\u0000" in text
    if suspicious and has_unstorable(frame):
        raise BadWords("A NUL byte can't be stored.")


def text_of(frame: dict[str, Any], name: str = "text", *, limit: int = TEXT_LIMIT) -> str:
    value = frame.get(name, "")
    if not isinstance(value, str):
        raise BadWords(f'"{name}" is a text.')
    if len(value) > limit:
        raise TooLong(f"At most {limit} characters.")
    return clean_text(value)


def uuid_of(frame: dict[str, Any], name: str) -> uuid.UUID:
    value = frame.get(name)
    try:
        return uuid.UUID(value) if isinstance(value, str) else _no_uuid(name)
    except ValueError:
        return _no_uuid(name)


def _no_uuid(name: str) -> uuid.UUID:
    raise BadWords(f'"{name}" is a UUID.')


def uuids_of(frame: dict[str, Any], name: str, *, limit: int) -> list[uuid.UUID]:
    value = frame.get(name) or []
    if not isinstance(value, list) or len(value) > limit:
        raise BadWords(f'"{name}" is a list of at most {limit} UUIDs.')
    return [uuid_of({"item": item}, "item") for item in value]


def number_of(frame: dict[str, Any], name: str, *, default: int | None = None) -> int:
    value = frame.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise BadWords(f'"{name}" is a whole number.')
    return value


def flag_of(frame: dict[str, Any], name: str, *, default: bool | None = None) -> bool:
    value = frame.get(name, default)
    if not isinstance(value, bool):
        raise BadWords(f'"{name}" is true or false.')
    return value


def moment_of(frame: dict[str, Any], name: str) -> datetime | None:
    value = frame.get(name)
    if value is None or value == "":
        return None
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise BadWords(f'"{name}" is a time such as 2026-01-31T09:30:00Z, or null.')
    return moment
