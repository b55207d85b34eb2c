"""What the value of a typed field may be, and how it is kept."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

import regex

from conversations.errors import WrongFields
from conversations.words import clean_line, clean_text

TEXT_LIMIT = 1000
PATTERN_LIMIT = 200
MATCHED_LIMIT = 200
_MATCH_SECONDS = 0.05  # a pattern that is slower than this is at fault, not the value
_MOST_NUMBER = 2**53
_EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,189}\.[^@\s,;<>\".]{2,63}")
_PHONE = re.compile(r"\+?[0-9][0-9 ()./-]{4,30}")

Value = str | int | float | bool


class WrongValue(ValueError):
    """In words for whoever typed it."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a definition says of its values."""

    key: str
    kind: str
    choices: tuple[str, ...] = ()
    regex: str = ""


def settle(
    fields: Sequence[Field], before: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """`before` with what was given, each value as it is kept; null or "" takes one away.

    Raises WrongFields, which names every key that is not known or whose value is not right.
    """
    known = {field.key: field for field in fields}
    after = dict(before)
    wrong: dict[str, list[str]] = {}
    for key, value in given.items():
        try:
            if value is None or value == "":
                after.pop(key, None)
            elif key in known:
                after[key] = normal(known[key], value)
            else:
                wrong[key] = ["This field is not known."]
        except WrongValue as error:
            wrong[key] = [str(error)]
    if wrong:
        raise WrongFields("Some fields are not right.", fields=wrong)
    return after


def believed(fields: Sequence[Field], given: Mapping[str, Any]) -> dict[str, Any]:
    """What a site says of its customer: unknown keys as they are, known ones if they are right."""
    known = {field.key: field for field in fields}
    kept: dict[str, Any] = {}
    for key, value in given.items():
        try:
            kept[key] = normal(known[key], value) if key in known and value is not None else value
        except WrongValue:
            continue
    return kept


def normal(field: Field, value: Any) -> Value:
    """The value as it is kept. Raises WrongValue."""
    kept = _KINDS[field.kind](value)
    if field.kind == "list" and kept not in field.choices:
        raise WrongValue(f"One of: {', '.join(field.choices)}.")
    if field.kind == "text" and field.regex:
        _match(field.regex, str(kept))
    return kept


def check_pattern(pattern: str) -> None:
    """Raises WrongValue unless this is a pattern that can be used."""
    if len(pattern) > PATTERN_LIMIT:
        raise WrongValue(f"A pattern has at most {PATTERN_LIMIT} characters.")
    try:
        regex.compile(pattern)
        _match(pattern, "a" * MATCHED_LIMIT)
    except WrongValue as error:
        if "too slow" in str(error):
            raise
    except (regex.error, OverflowError, RecursionError, MemoryError) as error:
        raise WrongValue("This pattern can't be read.") from error


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """{key: {"old", "new"}} of everything that differs."""
    return {
        key: {"old": before.get(key), "new": after.get(key)}
        for key in sorted(before.keys() | after.keys())
        if before.get(key) != after.get(key)
    }


def _match(pattern: str, value: str) -> None:
    if len(value) > MATCHED_LIMIT:
        raise WrongValue(f"At most {MATCHED_LIMIT} characters.")
    try:
        fits = regex.fullmatch(pattern, value, timeout=_MATCH_SECONDS)
    except TimeoutError as error:
        raise WrongValue("The pattern of this field is too slow; ask who set it up.") from error
    except regex.error as error:
        raise WrongValue("The pattern of this field can't be read.") from error
    if not fits:
        raise WrongValue("This does not look as it should.")


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise WrongValue("A text, please.")
    if len(value) > TEXT_LIMIT:
        raise WrongValue(f"At most {TEXT_LIMIT} characters.")
    cleaned = clean_text(value)
    if not cleaned:
        raise WrongValue("A text, please.")
    return cleaned


def _number(value: Any) -> float | int:
    if isinstance(value, str) and len(value) <= 40:
        try:
            value = int(value) if re.fullmatch(r"\s*[+-]?[0-9]+\s*", value) else float(value)
        except ValueError:
            value = None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or abs(value) > _MOST_NUMBER:
        raise WrongValue("A number, please.")
    number: float | int = value
    return number


def _integer(value: Any) -> int:
    try:
        number = _number(value)
    except WrongValue as error:
        raise WrongValue("A whole number, please.") from error
    if number != int(number):
        raise WrongValue("A whole number, please.")
    return int(number)


def _checkbox(value: Any) -> bool:
    if not isinstance(value, bool):
        raise WrongValue("Yes or no: true or false.")
    return value


def _date(value: Any) -> str:
    try:
        return date.fromisoformat(value).isoformat()
    except (TypeError, ValueError) as error:
        raise WrongValue("A date such as 2026-01-31.") from error


def _datetime(value: Any) -> str:
    try:
        moment = datetime.fromisoformat(value)
        utc = moment.astimezone(UTC).isoformat(timespec="seconds")
    except (TypeError, ValueError, OverflowError) as error:
        raise WrongValue("A time such as 2026-01-31T09:30:00Z.") from error
    if moment.tzinfo is None:
        raise WrongValue("A time with its zone, such as 2026-01-31T09:30:00Z.")
    return utc.replace("+00:00", "Z")


def _link(value: Any) -> str:
    link = clean_line(_text(value), limit=TEXT_LIMIT)
    try:
        parts = urlsplit(link)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and " " not in link
    except ValueError:
        fits = False
    if not fits:
        raise WrongValue("A link such as https://example.com/.")
    return link


def _email(value: Any) -> str:
    address = _text(value)
    if not _EMAIL.fullmatch(address):
        raise WrongValue("An address such as ann@example.com.")
    local, _, host = address.rpartition("@")
    return f"{local}@{host.lower()}"


def _phone(value: Any) -> str:
    number = _text(value)
    if not _PHONE.fullmatch(number):
        raise WrongValue("A number such as +49 30 1234567.")
    return number


_KINDS: Mapping[str, Callable[[Any], Value]] = {
    "text": _text,
    "number": _number,
    "integer": _integer,
    "checkbox": _checkbox,
    "date": _date,
    "datetime": _datetime,
    "list": _text,
    "link": _link,
    "email": _email,
    "phone": _phone,
}
